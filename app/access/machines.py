"""Machines that call with an access token of the provider instead of a key of the register (RFC 9068)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.access.authentication import InvalidToken
from app.access.oidc.provider import Provider
from app.access.oidc.refusals import Refusal, SignInRefused
from app.access.oidc.tokens import Machine, check_access_token
from app.access.permissions import InsufficientScope
from app.access.principal import Principal
from app.access.principal_records import lock_principal, record_principal
from app.access.queries import read_grants
from app.access.tables import MachineIdentity, PrincipalRow
from app.core.errors import Conflict
from app.core.i18n import LocalizedText

SCOPE: Final = "register"
"""The scope that an access token needs; what the machine may do follows from its roles."""


@dataclass(frozen=True, slots=True)
class MachineAccess:
    """The provider whose access tokens are accepted, and their audience; without a provider none are."""

    provider: Provider | None = None
    audience: str = ""


def is_access_token(token: str) -> bool:
    """Whether a token is written as a signed one (header, claims and signature); a key of the register is not."""
    return token.count(".") == 2


def authenticate_machine(session: Session, access: MachineAccess, token: str, now: datetime) -> Principal:
    """The principal of the machine that calls, with its roles as they are now.

    Raises: InvalidToken for a token that cannot be trusted, or of an unknown machine; NotPermitted without the scope;
    Unavailable where the keys of the provider cannot be fetched.
    """
    if access.provider is None:
        raise InvalidToken("unknown", _UNKNOWN)
    machine = _check(access.provider, access.audience, token, now)
    found = session.execute(
        select(PrincipalRow.id, PrincipalRow.name)
        .join(MachineIdentity, MachineIdentity.principal_id == PrincipalRow.id)
        .where(
            MachineIdentity.issuer == access.provider.issuer,
            MachineIdentity.subject == machine.subject,
            PrincipalRow.ended_at.is_(None),
        )
    ).one_or_none()
    if found is None:
        raise InvalidToken("unknown", _UNKNOWN)
    return Principal(found.id, found.name, read_grants(session, found.id))


def recognise_machine(
    session: Session, *, by: UUID | None, principal_id: UUID, issuer: str, subject: str
) -> None:
    """Let the machine with this subject act as a principal. Raises: NotFound; Conflict for one of another principal."""
    lock_principal(session, principal_id)
    session.execute(
        insert(MachineIdentity)
        .values(issuer=issuer, subject=subject, principal_id=principal_id)
        .on_conflict_do_nothing()
    )
    if session.get_one(MachineIdentity, (issuer, subject)).principal_id != principal_id:
        raise Conflict(
            LocalizedText(
                "Deze applicatie hoort al bij een ander in het register.",
                "This application belongs to another principal already.",
            )
        )
    record_principal(
        session, by, "recognise_machine", principal_id, details={"issuer": issuer, "subject": subject}
    )


def _check(provider: Provider, audience: str, token: str, now: datetime) -> Machine:
    try:
        return check_access_token(token, provider, audience=audience, scope=SCOPE, now=int(now.timestamp()))
    except SignInRefused as refused:
        if refused.refusal is Refusal.SCOPE:
            raise InsufficientScope(_NO_SCOPE, SCOPE) from refused
        raise InvalidToken(refused.refusal, _INVALID) from refused


_UNKNOWN: Final = LocalizedText(
    "Deze applicatie kennen wij niet. Laat een beheerder van het register haar toevoegen.",
    "This application is not known. Let an administrator of the register add it.",
)
_INVALID: Final = LocalizedText(
    "Dit toegangstoken is niet geldig. Vraag de identiteitsprovider om een nieuw.",
    "This access token is not valid. Ask the identity provider for a new one.",
)
_NO_SCOPE: Final = LocalizedText(
    f"Vraag de identiteitsprovider om een toegangstoken met de scope '{SCOPE}'.",
    f"Ask the identity provider for an access token with the scope '{SCOPE}'.",
)
