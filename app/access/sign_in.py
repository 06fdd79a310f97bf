"""Signing in by a provider: what is kept between leaving for it and coming back, and who it then is."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.access.invitations import accept_invitation
from app.access.oidc.relying_party import StartedSignIn
from app.access.oidc.tokens import Identity
from app.access.secrets import hash_secret
from app.access.tables import PersonIdentity, PrincipalRow, SignInRow, UsedLogoutToken
from app.core.errors import NotPermitted
from app.core.i18n import LocalizedText

LIFETIME: Final = timedelta(minutes=15)
"""How long a person may take at the provider."""


@dataclass(frozen=True, slots=True)
class PendingSignIn:
    """A sign-in whose browser came back: its secrets, where the person goes, and the invitation that led here."""

    started: StartedSignIn
    return_to: str
    invitation_id: UUID | None


def store_sign_in(  # noqa: PLR0913 - the parts of one row
    session: Session,
    started: StartedSignIn,
    *,
    browser_secret: str,
    return_to: str,
    invitation_id: UUID | None,
    now: datetime,
) -> None:
    """Keep a sign-in for the browser with this secret, and forget those that took too long."""
    session.execute(delete(SignInRow).where(SignInRow.expires_at <= now))
    session.add(
        SignInRow(
            state_hash=hash_secret(started.state),
            browser_hash=hash_secret(browser_secret),
            nonce=started.nonce,
            code_verifier=started.code_verifier,
            return_to=return_to,
            invitation_id=invitation_id,
            expires_at=now + LIFETIME,
        )
    )
    session.flush()


def take_sign_in(session: Session, state: str, browser_secret: str, now: datetime) -> PendingSignIn | None:
    """The sign-in of this state that began in this browser, which is deleted: it serves once. None for any other."""
    row = session.execute(
        delete(SignInRow)
        .where(
            SignInRow.state_hash == hash_secret(state),
            SignInRow.browser_hash == hash_secret(browser_secret),
            SignInRow.expires_at > now,
        )
        .returning(SignInRow.nonce, SignInRow.code_verifier, SignInRow.return_to, SignInRow.invitation_id)
    ).one_or_none()
    if row is None:
        return None
    nonce, code_verifier, return_to, invitation_id = row
    return PendingSignIn(StartedSignIn(state, nonce, code_verifier), return_to, invitation_id)


def recognise_person(session: Session, identity: Identity, invitation_id: UUID | None, now: datetime) -> UUID:
    """The principal of this identity; an invitation gives it a role, and makes someone new a principal.

    A person is recognised by issuer and subject alone: an address of mail can be claimed by someone else.

    Raises: NotPermitted for someone unknown or ended; NotFound for an invitation that is no longer open.
    """
    found = session.execute(
        select(PersonIdentity.principal_id, PrincipalRow.ended_at)
        .join(PrincipalRow, PrincipalRow.id == PersonIdentity.principal_id)
        .where(PersonIdentity.issuer == identity.issuer, PersonIdentity.subject == identity.subject)
        .with_for_update(of=PersonIdentity)
    ).one_or_none()
    principal_id: UUID | None = None
    if found is not None and found.ended_at is None:
        principal_id = found.principal_id
    if invitation_id is not None:
        principal_id = accept_invitation(session, invitation_id, principal_id, now)
        if found is None:
            session.add(
                PersonIdentity(issuer=identity.issuer, subject=identity.subject, principal_id=principal_id)
            )
        elif found.principal_id != principal_id:
            session.get_one(PersonIdentity, (identity.issuer, identity.subject)).principal_id = principal_id
        session.flush()
    if principal_id is None:
        raise NotPermitted(
            LocalizedText(
                "U bent ingelogd, maar u hebt hier nog geen rol. Vraag een beheerder van uw organisatie om u uit te"
                " nodigen, en open de link in die uitnodiging.",
                "You are signed in, but you have no role here yet. Ask an administrator of your organisation to invite"
                " you, and open the link in that invitation.",
            )
        )
    return principal_id


def use_logout_token(session: Session, issuer: str, token_id: str, now: datetime) -> bool:
    """Note that a logout token was used; False where it was before. Those no longer valid are forgotten."""
    session.execute(delete(UsedLogoutToken).where(UsedLogoutToken.used_at <= now - timedelta(days=1)))
    noted = session.scalar(
        insert(UsedLogoutToken)
        .values(issuer=issuer, token_id=token_id, used_at=now)
        .on_conflict_do_nothing()
        .returning(UsedLogoutToken.token_id)
    )
    return noted is not None
