"""Admitting principals, granting roles and issuing keys."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import column, select, table
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.access.keys import make_token
from app.access.principal import SCOPES, SYSTEM, Role, Scope, order_scopes
from app.access.principal_records import describe_grant, lock_principal, record_key, record_principal
from app.access.queries import find_principal
from app.access.tables import AccessGrant, ApiKey, PrincipalRow
from app.core.database_errors import translate_constraint
from app.core.errors import Conflict, InvalidRequest, NotFound
from app.core.i18n import LocalizedText
from app.core.problems import Problem, ProblemCode

KEY_LIFETIME = timedelta(days=365)
MAX_NAME_LENGTH: Final = 200

_HANDLE = re.compile(r"[!-~]{1,254}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")

# Organisations belong to a higher tier; only whether one has ended is read here.
_ORGANISATION = table("organisation", column("id"), column("ended_at"), schema="publication")


@dataclass(frozen=True, slots=True)
class IssuedKey:
    """A new key; `token` is shown once and not stored."""

    id: UUID
    token: str
    prefix: str
    expires_at: datetime


def _refuse_taken_handle() -> Conflict:
    sentence = LocalizedText(
        "Iemand anders in het register heeft dit kenmerk al.", "Another principal has this handle already."
    )
    return Conflict(problems=[Problem(ProblemCode.TAKEN, "/handle", sentence)])


translate_constraint("uq_principal_handle", _refuse_taken_handle)


def admit_principal(
    session: Session, *, admitted_by: UUID | None, name: str, handle: str | None = None
) -> UUID:
    """Add a person or application, without any role. Others may have the same name, no one the same handle.

    Raises: InvalidRequest with all problems of name and handle. The database refuses a handle that is taken.
    """
    name, handle = name.strip(), (handle or "").strip() or None
    problems = [*check_name(name), *_check_handle(handle)]
    if problems:
        raise InvalidRequest(problems=problems)
    return _add_principal(session, admitted_by, name, handle)


def ensure_system_principal(session: Session, name: str) -> UUID:
    """The principal of a part of the register itself, such as its command line; made on first use."""
    handle = SYSTEM + name.lower().replace(" ", "-")
    return find_principal(session, handle) or _add_principal(session, None, name, handle)


def _add_principal(session: Session, admitted_by: UUID | None, name: str, handle: str | None) -> UUID:
    principal = PrincipalRow(name=name, handle=handle)
    session.add(principal)
    session.flush()
    # No name: the audit trail cannot be erased.
    record_principal(session, admitted_by, "admit_principal", principal.id, details={})
    return principal.id


def grant_role(
    session: Session, *, granted_by: UUID | None, principal_id: UUID, role: Role, organisation_id: UUID | None
) -> UUID:
    """Give a principal a role for an organisation, and return the grant. Repeating it is harmless.

    Raises: InvalidRequest for an editor or reviewer of no organisation; NotFound; Conflict where either has ended.
    """
    if organisation_id is None and role not in ("auditor", "administrator"):
        sentence = LocalizedText("Noem voor deze rol een organisatie.", "Name an organisation for this role.")
        raise InvalidRequest(problems=[Problem(ProblemCode.REQUIRED, "/organisation", sentence)])
    lock_principal(session, principal_id)
    if organisation_id is not None:
        _require_organisation(session, organisation_id)
    statement = (
        insert(AccessGrant)
        .values(principal_id=principal_id, role=role, organisation_id=organisation_id)
        .on_conflict_do_nothing()
        .returning(AccessGrant.id)
    )
    if (grant_id := session.scalar(statement)) is None:
        return session.scalars(
            select(AccessGrant.id).where(
                AccessGrant.principal_id == principal_id,
                AccessGrant.role == role,
                AccessGrant.organisation_id.is_not_distinct_from(organisation_id),
                AccessGrant.ended_at.is_(None),
            )
        ).one()
    record_principal(
        session, granted_by, "grant_role", principal_id, details=describe_grant(role, organisation_id)
    )
    return grant_id


def issue_key(  # noqa: PLR0913 - by whom, for whom, for what and how long
    session: Session,
    *,
    issued_by: UUID | None,
    principal_id: UUID,
    now: datetime,
    lifetime: timedelta = KEY_LIFETIME,
    grant_id: UUID | None = None,
    scopes: Collection[Scope] = SCOPES,
) -> IssuedKey:
    """Issue a key for one grant of a principal, or for all that it has and gets; only its hash is stored.

    `scopes`, which is not empty, is what the key may be used for.

    Raises: NotFound; Conflict where the principal has ended.
    """
    lock_principal(session, principal_id)
    token = make_token()
    key = ApiKey(
        principal_id=principal_id,
        issued_by=issued_by,
        scopes=order_scopes(scopes),
        grant_id=grant_id,
        prefix=token.prefix,
        token_hash=token.hashed,
        expires_at=now + lifetime,
    )
    session.add(key)
    session.flush()
    details = {"expiresAt": key.expires_at.isoformat(), "scopes": " ".join(key.scopes)}
    record_key(session, issued_by, "issue_key", key, details)
    return IssuedKey(key.id, token.text, token.prefix, key.expires_at)


def _require_organisation(session: Session, organisation_id: UUID) -> None:
    found = session.execute(
        select(_ORGANISATION.c.ended_at)
        .where(_ORGANISATION.c.id == organisation_id)
        .with_for_update(read=True, key_share=True)
    ).one_or_none()
    if found is None:
        raise NotFound(LocalizedText("Deze organisatie bestaat niet.", "There is no such organisation."))
    if found.ended_at is not None:
        raise Conflict(
            LocalizedText(
                "Deze organisatie is beëindigd. Niemand kan er nog een rol voor krijgen.",
                "This organisation has ended. Nobody can get a role for it.",
            )
        )


def check_name(name: str) -> list[Problem]:
    """The problems of a name that people are shown."""
    if not name:
        sentence = LocalizedText("Vul dit in.", "Fill this in.")
        return [Problem(ProblemCode.REQUIRED, "/name", sentence)]
    if _CONTROL.search(name):
        sentence = LocalizedText(
            "De tekst bevat stuurtekens. Typ de tekst opnieuw, zonder te plakken.",
            "The text contains control characters. Type it again instead of pasting it.",
        )
        return [Problem(ProblemCode.CONTROL_CHARACTERS, "/name", sentence)]
    if len(name) > MAX_NAME_LENGTH:
        sentence = LocalizedText(
            f"Gebruik hoogstens {MAX_NAME_LENGTH} tekens.", f"Use at most {MAX_NAME_LENGTH} characters."
        )
        return [Problem(ProblemCode.TOO_LONG, "/name", sentence)]
    return []


def _check_handle(handle: str | None) -> list[Problem]:
    if handle is None or (_HANDLE.fullmatch(handle) and not handle.lower().startswith(SYSTEM)):
        return []
    sentence = LocalizedText(
        f"Geef een e-mailadres of ander uniek kenmerk zonder spaties, dat niet met {SYSTEM} begint.",
        f"Give an e-mail address or another unique text without spaces that does not start with {SYSTEM}",
    )
    return [Problem(ProblemCode.WRONG_PATTERN, "/handle", sentence, handle[:254])]
