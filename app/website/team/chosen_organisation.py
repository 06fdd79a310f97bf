"""The organisation that a page of people or keys is about: the one of the session, or one an administrator names."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from app.access.permissions import is_administrator, may_see_people
from app.access.principal import ROLES, Role
from app.core.errors import NotFound, NotPermitted
from app.core.i18n import LocalizedText
from app.organisations.queries import find_organisation, get_organisation
from app.website.account.sign_in_page import read_query
from app.website.account.visits import OwnVisit

FIELD: Final = "organisatie"
"""Name of the parameter and the field by which an administrator of the register names another organisation."""


@dataclass(frozen=True, slots=True)
class ChosenOrganisation:
    """An organisation, or the whole register, whose `id` is None and whose name is empty.

    `named` is its id where the page names it, and empty where it is the one of the session.
    """

    id: UUID | None
    name: str
    named: str
    roles: tuple[Role, ...]
    """The roles that people can have for it."""

    def write_link(self, path: str, **values: str) -> str:
        """The Dutch path of a page about the same organisation, with these parameters."""
        parameters = values | ({FIELD: self.named} if self.named else {})
        query = "&".join(f"{name}={value}" for name, value in parameters.items())
        return f"{path}?{query}" if query else path


def read_page(own: OwnVisit, *allowed: str) -> tuple[ChosenOrganisation, dict[str, str]]:
    """The organisation that a page is about, and its parameters. Raises: InvalidRequest; NotFound; NotPermitted."""
    given = read_query(own.visit, (FIELD, *allowed))
    return find_chosen(own, given.get(FIELD, "")), given


def find_chosen(own: OwnVisit, named: str) -> ChosenOrganisation:
    """The organisation with this name or id, or without one that of the session.

    Raises: NotFound for an unknown one; NotPermitted where its people are not shown to this person.
    """
    principal, organisation_id = own.signed_in.principal, own.signed_in.organisation_id
    if named:
        found = find_organisation(own.session, named) if is_administrator(principal) else None
        if found is None:
            raise NotFound(_UNKNOWN)
        organisation_id = found
    if not may_see_people(principal, organisation_id):
        raise NotPermitted(_NOT_CHOSEN)
    if organisation_id is None:
        return ChosenOrganisation(None, "", "", ("auditor", "administrator"))
    organisation = get_organisation(own.session, organisation_id).organisation
    is_municipality = organisation.organisation_type == "municipality"
    return ChosenOrganisation(
        organisation_id,
        organisation.name or str(organisation_id),
        str(organisation_id) if named else "",
        # Only a municipality reviews.
        tuple(role for role in ROLES if is_municipality or role != "reviewer"),
    )


_UNKNOWN: Final = LocalizedText(
    "Deze organisatie kennen wij niet. Geef de hele naam, of de code van een gemeente, zoals GM0363.",
    "This organisation is not known. Give the whole name, or the code of a municipality, such as GM0363.",
)
_NOT_CHOSEN: Final = LocalizedText(
    "Kies eerst op Mijn werkplek voor welke organisatie u werkt. Van het hele register ziet alleen een beheerder dit.",
    "First choose on My workplace which organisation you work for. For the whole register only an administrator sees"
    " this.",
)
