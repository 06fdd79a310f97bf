"""The municipality that a page is about: the one of the session, or one that an administrator of the register names."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from app.access.permissions import administers_municipality, is_administrator, require_municipal_role
from app.core.errors import NotFound, NotPermitted
from app.core.i18n import LocalizedText
from app.municipalities.queries import load_directory
from app.organisations.queries import get_face
from app.website.account.sign_in_page import read_query
from app.website.account.visits import OwnVisit

FIELD: Final = "gemeente"
"""Name of the parameter and the field by which an administrator of the register names a municipality."""


@dataclass(frozen=True, slots=True)
class ChosenMunicipality:
    """A municipality; `named` is its code where the page names it, and empty where it is the one of the session."""

    code: str
    name: str
    named: str
    may_change: bool

    def write_link(self, path: str, **values: str) -> str:
        """The Dutch path of a page about the same municipality, with these parameters."""
        parameters = values | ({FIELD: self.named} if self.named else {})
        return f"{path}?{urlencode(parameters)}" if parameters else path


def read_page(own: OwnVisit, *allowed: str) -> tuple[ChosenMunicipality | None, Mapping[str, str]]:
    """The municipality that a page is about, and its parameters.

    The municipality is None where an administrator of the register has to name one.
    Raises: InvalidRequest; NotFound; NotPermitted.
    """
    given = read_query(own.visit, (FIELD, *allowed))
    named = given.get(FIELD, "").strip()
    if not named and own.signed_in.organisation_id is None and is_administrator(own.signed_in.principal):
        return None, given
    return find_chosen(own, named), given


def find_chosen(own: OwnVisit, named: str) -> ChosenMunicipality:
    """The municipality of this name or code, or without one that of the session.

    Raises: NotFound for an unknown one; NotPermitted for someone without a role for it.
    """
    principal = own.signed_in.principal
    directory = load_directory(own.session)
    if named:
        found = directory.list_named(named)
        if len(found) != 1:
            raise NotFound(_UNKNOWN)
        code = found[0].code
    else:
        organisation_id = own.signed_in.organisation_id
        own_code = get_face(own.session, organisation_id).municipality_code if organisation_id else None
        if own_code is None:
            raise NotPermitted(_NO_MUNICIPALITY)
        code = own_code
    require_municipal_role(principal, code)
    municipality = directory.find_by_code(code)
    return ChosenMunicipality(
        code,
        municipality.name if municipality else code,
        code if named else "",
        administers_municipality(principal, code),
    )


_UNKNOWN: Final = LocalizedText(
    "Deze gemeente kennen wij niet. Geef de naam, of de code, zoals GM0363.",
    "This municipality is not known. Give the name, or the code, such as GM0363.",
)
_NO_MUNICIPALITY: Final = LocalizedText(
    "Deze pagina is voor medewerkers van een gemeente. Kies op Mijn werkplek eerst de gemeente voor wie u werkt.",
    "This page is for staff of a municipality. First choose on My workplace the municipality that you work for.",
)
