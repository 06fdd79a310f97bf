"""The persons of the demo: one of each role, for the example organisations."""

from typing import Final, NamedTuple

from sqlalchemy.orm import Session

from app.access.actions import admit_principal, grant_role
from app.access.demo import DEMO_DOMAIN
from app.access.principal import Role
from app.access.queries import find_principal
from app.cli.seeding.seed_files import read_organisations
from app.core.errors import NotPermitted
from app.core.i18n import LocalizedText
from app.core.settings import Settings
from app.organisations.queries import find_organisation


class DemoAccount(NamedTuple):
    """A person of the demo; `organisation` is a heading of the example organisations, or None for everything."""

    handle: str
    name: str
    role: Role
    organisation: str | None


ACCOUNTS: Final = (
    DemoAccount("editor", "Eva, redacteur van de gemeente Amsterdam", "editor", "GM0363"),
    DemoAccount("reviewer", "Bram, beoordelaar van de gemeente Amsterdam", "reviewer", "GM0363"),
    DemoAccount("company", "Carla, redacteur van een bedrijf", "editor", "charging_company"),
    DemoAccount("auditor", "Daan, controleur van het register", "auditor", None),
    DemoAccount("administrator", "Fatima, beheerder van het register", "administrator", None),
)


def ensure_demo_accounts(session: Session, settings: Settings) -> None:
    """Add the persons that are missing, where their organisation is there. Raises: NotPermitted in production."""
    if settings.environment == "production":
        raise NotPermitted(
            LocalizedText(
                "In productie zijn er geen demopersonen.", "There are no demo persons in production."
            )
        )
    organisations = read_organisations()
    for account in ACCOUNTS:
        handle = account.handle + DEMO_DOMAIN
        if find_principal(session, handle) is not None:
            continue
        organisation_id = None
        if account.organisation is not None:
            organisation_id = find_organisation(session, organisations[account.organisation]["name"])
            if organisation_id is None:
                continue
        principal_id = admit_principal(session, admitted_by=None, name=account.name, handle=handle)
        grant_role(
            session,
            granted_by=None,
            principal_id=principal_id,
            role=account.role,
            organisation_id=organisation_id,
        )
