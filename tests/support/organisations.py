"""Organisations, and principals with keys for them."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.actions import KEY_LIFETIME, admit_principal, grant_role, issue_key
from app.access.principal import SCOPES, Principal, Role, Scope
from app.access.queries import get_principal
from app.organisations.actions import register_organisation


def make_organisation(session: Session, **fields: object) -> UUID:
    """A company, or whatever the fields (by their names on the wire) say."""
    given = {
        "name": "Meetbedrijf BV",
        "organisationType": "company",
        "publicEmail": "info@example.org",
    }
    return register_organisation(session, given | fields, principal_id=None)


def make_municipality(session: Session, code: str = "GM0363", name: str = "Gemeente Amsterdam") -> UUID:
    """A municipality, as an organisation."""
    return make_organisation(
        session,
        name=name,
        organisationType="municipality",
        tooiCode=code.lower(),
        publicEmail="gemeente@sensoren-in-de-openbare-ruimte.amsterdam.example.org",
    )


def make_principal(session: Session, organisation_id: UUID | None, role: Role = "editor") -> Principal:
    """A user with a role for an organisation; without one, for the whole register."""
    principal_id = admit_principal(session, admitted_by=None, name=f"An {role}")
    grant_role(
        session, granted_by=None, principal_id=principal_id, role=role, organisation_id=organisation_id
    )
    return get_principal(session, principal_id)


def add_role(session: Session, principal: Principal, organisation_id: UUID | None, role: Role) -> UUID:
    """One more role for a user; gives the id of the grant."""
    return grant_role(
        session, granted_by=None, principal_id=principal.id, role=role, organisation_id=organisation_id
    )


def make_key(
    session: Session,
    organisation_id: UUID | None,
    role: Role = "editor",
    *,
    now: datetime | None = None,
    lifetime: timedelta = KEY_LIFETIME,
    scopes: Collection[Scope] = SCOPES,
) -> str:
    """The key of a new user with a role for an organisation; without one, for the whole register."""
    principal = make_principal(session, organisation_id, role)
    key = issue_key(
        session,
        issued_by=None,
        principal_id=principal.id,
        now=now or datetime.now(UTC),
        lifetime=lifetime,
        scopes=scopes,
    )
    return key.token


def authorise(token: str) -> dict[str, str]:
    """The header that sends a key along."""
    return {"Authorization": f"Bearer {token}"}
