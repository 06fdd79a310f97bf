"""Sessions of persons who signed in with a browser: opened, found by their token, listed and ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, cast
from uuid import UUID

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from app.access.principal import Grant, Principal
from app.access.principal_records import record_principal
from app.access.queries import read_grants
from app.access.secrets import hash_secret, make_secret
from app.access.tables import PrincipalRow, SessionRow
from app.core.clock import dutch_date
from app.core.errors import NotFound, NotPermitted
from app.core.i18n import LocalizedText

SignInMethod = Literal["provider", "demo", "link"]

IDLE: Final = timedelta(hours=2)
"""A session that is not used for this long has ended."""

LIFETIME: Final = timedelta(hours=12)
"""A working day: then the person signs in again, however busy."""

_SEEN_STEP: Final = timedelta(minutes=1)
"""How precise `seen_at` is: not every request writes."""

_MAX_BROWSER_LENGTH: Final = 200


@dataclass(frozen=True, slots=True)
class SignedIn:
    """How a person signed in, and with which browser."""

    method: SignInMethod
    browser: str
    issuer: str | None = None
    subject: str | None = None
    provider_session: str | None = None


@dataclass(frozen=True, slots=True)
class PersonSession:
    """A session in force: the person with the grants that it acts by, and all grants that it can choose from.

    `organisation_id` is the organisation that was chosen; None where there is one to choose, or a role for everything.
    """

    id: UUID
    principal: Principal
    organisation_id: UUID | None
    all_grants: frozenset[Grant]
    method: SignInMethod


@dataclass(frozen=True, slots=True)
class SessionSummary:
    """A session as its person sees it in a list."""

    id: UUID
    browser: str
    created_at: datetime
    seen_at: datetime


def open_session(session: Session, *, principal_id: UUID, signed_in: SignedIn, now: datetime) -> str:
    """Open a session and return its token, which is not stored.

    A person with grants for one organisation acts for it. Raises: NotPermitted without any grant.
    """
    grants = read_grants(session, principal_id)
    if not grants:
        raise _no_role()
    token = make_secret()
    row = SessionRow(
        token_hash=hash_secret(token),
        principal_id=principal_id,
        organisation_id=_choose_only(grants),
        method=signed_in.method,
        issuer=signed_in.issuer,
        subject=signed_in.subject,
        provider_session=signed_in.provider_session,
        browser=signed_in.browser[:_MAX_BROWSER_LENGTH],
        created_at=now,
        seen_at=now,
        expires_at=now + LIFETIME,
    )
    session.add(row)
    session.flush()
    # By the day: a session that ended is forgotten, and when someone last signed in is shown to the own organisation.
    session.get_one(PrincipalRow, principal_id).signed_in_on = dutch_date(now)
    session.flush()
    details = {"session": str(row.id), "method": signed_in.method}
    record_principal(session, principal_id, "sign_in", principal_id, details=details)
    return token


def find_session(session: Session, token: str, now: datetime) -> PersonSession | None:
    """The session of this token, or None where there is none in force.

    A session is not in force when it was not used for long, when its person ended, or without a grant: for the chosen
    organisation, or, where none was chosen, for any.
    """
    row = session.execute(
        select(SessionRow, PrincipalRow.name)
        .join(PrincipalRow, PrincipalRow.id == SessionRow.principal_id)
        .where(
            SessionRow.token_hash == hash_secret(token),
            SessionRow.ended_at.is_(None),
            SessionRow.expires_at > now,
            SessionRow.seen_at > now - IDLE,
            PrincipalRow.ended_at.is_(None),
        )
    ).one_or_none()
    if row is None:
        return None
    found, name = row
    grants = read_grants(session, found.principal_id)
    of_chosen = frozenset(grant for grant in grants if grant.organisation_id == found.organisation_id)
    if not grants or (found.organisation_id is not None and not of_chosen):
        return None
    # Before one of several organisations was chosen, nothing is done for any of them.
    acting = of_chosen | {grant for grant in grants if grant.organisation_id is None}
    if now - found.seen_at >= _SEEN_STEP:
        found.seen_at = now
    principal = Principal(found.principal_id, name, acting)
    return PersonSession(found.id, principal, found.organisation_id, grants, cast(SignInMethod, found.method))


def choose_organisation(
    session: Session, of: PersonSession, organisation_id: UUID | None, now: datetime
) -> str:
    """Act for another organisation, or None for a role for everything; returns the new token, the old one is void.

    Raises: NotPermitted without a grant for it.
    """
    if not any(grant.organisation_id == organisation_id for grant in of.all_grants):
        raise _no_role()
    token = make_secret()
    row = session.get_one(SessionRow, of.id)
    row.token_hash = hash_secret(token)
    row.organisation_id = organisation_id
    row.seen_at = now
    session.flush()
    return token


def list_sessions(session: Session, principal_id: UUID, now: datetime) -> Sequence[SessionSummary]:
    """The sessions of a person that are in force, the one used last first."""
    statement = (
        select(SessionRow.id, SessionRow.browser, SessionRow.created_at, SessionRow.seen_at)
        .where(
            SessionRow.principal_id == principal_id,
            SessionRow.ended_at.is_(None),
            SessionRow.expires_at > now,
            SessionRow.seen_at > now - IDLE,
        )
        .order_by(SessionRow.seen_at.desc(), SessionRow.id)
    )
    return [SessionSummary(*row) for row in session.execute(statement)]


def end_session(session: Session, *, principal_id: UUID, session_id: UUID, now: datetime) -> None:
    """End one session of a person. Raises: NotFound for one of someone else."""
    if not _end(session, now, SessionRow.id == session_id, SessionRow.principal_id == principal_id):
        raise NotFound(
            LocalizedText("Deze sessie is er niet (meer).", "There is no such session (any more).")
        )


def end_sessions_of(session: Session, principal_id: UUID, now: datetime) -> int:
    """End every session of a person; returns how many."""
    return _end(session, now, SessionRow.principal_id == principal_id)


def end_provider_sessions(
    session: Session, *, issuer: str, subject: str | None, provider_session: str | None, now: datetime
) -> int:
    """End the sessions of a subject at a provider, or one session of the provider; returns how many."""
    conditions = [SessionRow.issuer == issuer]
    if provider_session is not None:
        conditions.append(SessionRow.provider_session == provider_session)
    if subject is not None:
        conditions.append(SessionRow.subject == subject)
    if len(conditions) == 1:
        raise ValueError("a subject or a session of the provider")
    return _end(session, now, *conditions)


def _end(session: Session, now: datetime, *conditions: ColumnElement[bool]) -> int:
    ended = session.execute(
        update(SessionRow)
        .where(*conditions, SessionRow.ended_at.is_(None))
        .values(ended_at=now)
        .returning(SessionRow.principal_id, SessionRow.id)
    ).all()
    for principal_id, session_id in ended:
        details = {"session": str(session_id)}
        record_principal(session, principal_id, "sign_out", principal_id, details=details)
    return len(ended)


def _choose_only(grants: frozenset[Grant]) -> UUID | None:
    """The organisation of all grants, where it is one."""
    found = {grant.organisation_id for grant in grants}
    return found.pop() if len(found) == 1 else None


def _no_role() -> NotPermitted:
    return NotPermitted(
        LocalizedText(
            "U hebt hier geen rol. Vraag een beheerder van uw organisatie om u uit te nodigen.",
            "You have no role here. Ask an administrator of your organisation to invite you.",
        )
    )
