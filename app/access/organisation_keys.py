"""The keys of one organisation, or of the whole register: listed, issued to an application, and revoked."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Literal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actions import KEY_LIFETIME, IssuedKey, admit_principal, check_name, grant_role, issue_key
from app.access.endings import revoke_key
from app.access.principal import SCOPES, Role, Scope
from app.access.queries import KeySummary, list_keys
from app.access.tables import AccessGrant, PrincipalRow
from app.core.clock import DUTCH_TIME, dutch_date
from app.core.errors import InvalidRequest, NotFound
from app.core.i18n import LocalizedText
from app.core.problems import Problem, ProblemCode

MAX_DAYS: Final = 3650
"""The longest term of a key, as in the API."""

KeyRole = Literal["editor", "reviewer"]
"""A role that a key for one organisation can have; that of a reviewer only for a municipality."""


@dataclass(frozen=True, slots=True)
class OrganisationKey:
    """A key with its role, and the name of who made it; None where that is not known, or was the command line."""

    key: KeySummary
    role: Role
    made_by: str | None


def list_organisation_keys(session: Session, organisation_id: UUID | None) -> Sequence[OrganisationKey]:
    """The keys for the organisation, the newest first, also those that ended."""
    granted = select(AccessGrant.id, AccessGrant.role).where(
        AccessGrant.organisation_id.is_not_distinct_from(organisation_id)
    )
    roles: dict[UUID | None, Role] = {row.id: row.role for row in session.execute(granted)}
    keys = [key for key in list_keys(session) if key.grant_id in roles]
    makers = {key.issued_by for key in keys}
    named = select(PrincipalRow.id, PrincipalRow.name).where(PrincipalRow.id.in_(makers - {None}))
    names = {row.id: row.name for row in session.execute(named)}
    return [
        OrganisationKey(key, roles[key.grant_id], names.get(key.issued_by) if key.issued_by else None)
        for key in reversed(keys)
    ]


def find_organisation_key(session: Session, organisation_id: UUID | None, prefix: str) -> OrganisationKey:
    """The key of the organisation with this public part. Raises: NotFound."""
    for one in list_organisation_keys(session, organisation_id):
        if one.key.prefix == prefix:
            return one
    raise NotFound(LocalizedText("Deze sleutel bestaat niet.", "There is no such key."))


def issue_organisation_key(  # noqa: PLR0913 - by whom, for what, until when
    session: Session,
    *,
    issued_by: UUID,
    organisation_id: UUID | None,
    role: KeyRole = "editor",
    name: str,
    scopes: Collection[Scope],
    last_day: date | None,
    now: datetime,
) -> IssuedKey:
    """Issue a key to a new application with this name; a key for the whole register only reads.

    It works up to and including `last_day` in the Netherlands, or for a year.
    Raises: InvalidRequest with all problems, also for a reviewer of an organisation that is no municipality.
    """
    problems = check_key(organisation_id, role=role, name=name, scopes=scopes, last_day=last_day, now=now)
    if problems:
        raise InvalidRequest(problems=problems)
    principal_id = admit_principal(session, admitted_by=issued_by, name=name)
    grant_id = grant_role(
        session,
        granted_by=issued_by,
        principal_id=principal_id,
        role=role if organisation_id else "auditor",
        organisation_id=organisation_id,
    )
    return issue_key(
        session,
        issued_by=issued_by,
        principal_id=principal_id,
        now=now,
        lifetime=KEY_LIFETIME if last_day is None else _end_of(last_day) - now,
        grant_id=grant_id,
        scopes=scopes,
    )


def check_key(  # noqa: PLR0913 - what a key is for
    organisation_id: UUID | None,
    *,
    role: KeyRole = "editor",
    name: str,
    scopes: Collection[Scope],
    last_day: date | None,
    now: datetime,
) -> list[Problem]:
    """Everything that is wrong with a key that someone asks for; may be empty."""
    problems = [*check_name(name.strip()), *_check_last_day(last_day, now)]
    if not scopes or not set(scopes) <= set(offer_scopes(organisation_id)):
        sentence = LocalizedText(
            "Kies minstens één ding dat de sleutel mag.", "Choose at least one thing that the key allows."
        )
        problems.append(Problem(ProblemCode.REQUIRED, "/scopes", sentence))
    elif role == "reviewer" and "import" in scopes:
        sentence = LocalizedText(
            "Een sleutel om te beoordelen importeert niets. Maak daarvoor een sleutel om te registreren.",
            "A key for reviewing imports nothing. Make a key for registering for that.",
        )
        problems.append(Problem(ProblemCode.UNKNOWN_VALUE, "/scopes", sentence))
    return problems


def offer_scopes(organisation_id: UUID | None) -> tuple[Scope, ...]:
    """The scopes that a key for the organisation can have."""
    return SCOPES if organisation_id is not None else ("read",)


def revoke_organisation_key(
    session: Session, *, revoked_by: UUID, organisation_id: UUID | None, prefix: str, now: datetime
) -> None:
    """Revoke a key of the organisation; it stops working at once. Raises: NotFound."""
    found = find_organisation_key(session, organisation_id, prefix)
    revoke_key(session, revoked_by=revoked_by, prefix=found.key.prefix, now=now)


def find_last_day(expires_at: datetime) -> date:
    """The last day in the Netherlands on which a key works that ends at this moment."""
    return dutch_date(expires_at - timedelta(microseconds=1))


def _check_last_day(last_day: date | None, now: datetime) -> list[Problem]:
    if last_day is None or timedelta(0) <= last_day - dutch_date(now) <= timedelta(days=MAX_DAYS):
        return []
    sentence = LocalizedText(
        "Kies een dag vanaf vandaag, hoogstens tien jaar vooruit.",
        "Choose a day from today, at most ten years ahead.",
    )
    return [Problem(ProblemCode.OUT_OF_RANGE, "/lastDay", sentence, last_day.isoformat())]


def _end_of(day: date) -> datetime:
    """The moment at which a day has passed in the Netherlands."""
    return datetime.combine(day + timedelta(days=1), time(), DUTCH_TIME).astimezone(UTC)
