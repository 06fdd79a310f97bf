"""Signing in by a link in a mail, for who has no provider: asked for in a browser, and used once in that browser."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from sqlalchemy import exists, func, select, update
from sqlalchemy.orm import Session

from app.access.invitations import Invitation
from app.access.oidc.tokens import Identity
from app.access.secrets import hash_secret, make_secret
from app.access.sessions import SignedIn, open_session
from app.access.sign_in import recognise_person
from app.access.tables import AccessGrant, PersonIdentity, PrincipalRow, SignInLinkRow
from app.core.errors import InvalidRequest, NotFound, NotPermitted
from app.core.i18n import LocalizedText
from app.mail.mail_address import normalise_address

LIFETIME: Final = timedelta(minutes=10)

ISSUER: Final = "mail"
"""Stands for a provider in the identity of a person whose subject is an address; no provider has this name."""

LinkRefusal = Literal[
    "unknown_link", "other_browser", "used_link", "replaced_link", "expired_link", "no_role"
]

_REFUSALS: Final[dict[LinkRefusal, LocalizedText]] = {
    "unknown_link": LocalizedText(
        "Deze link klopt niet, of is al lang verlopen.", "This link is not right, or expired long ago."
    ),
    "other_browser": LocalizedText(
        "Deze link werkt alleen in de browser waarin u erom vroeg. Open hem daar, of vraag hier een nieuwe.",
        "This link works only in the browser in which you asked for it. Open it there, or ask for a new one here.",
    ),
    "used_link": LocalizedText("Deze link is al gebruikt.", "This link has been used already."),
    "replaced_link": LocalizedText(
        "U vroeg daarna om een nieuwere link. Gebruik die uit de laatste mail.",
        "You asked for a newer link after this one. Use the one in the latest mail.",
    ),
    "expired_link": LocalizedText(
        "Deze link is verlopen: hij werkte tien minuten.", "This link has expired: it worked for ten minutes."
    ),
    "no_role": LocalizedText(
        "U hebt hier geen rol (meer), of uw uitnodiging geldt niet meer. Vraag een beheerder van uw organisatie om u"
        " uit te nodigen.",
        "You have no role here (any more), or your invitation is no longer valid. Ask an administrator of your"
        " organisation to invite you.",
    ),
}


class LinkRefused(InvalidRequest):
    """A link by which no one signs in; the sentence says what to do."""

    def __init__(self, refusal: LinkRefusal) -> None:
        super().__init__(_REFUSALS[refusal])
        self.sentence = _REFUSALS[refusal]
        self.refusal = refusal
        """For the audit trail."""


@dataclass(frozen=True, slots=True)
class UsedLink:
    """A link that was used: the address of its person, and where signing in leads."""

    address: str
    return_to: str
    invitation_id: UUID | None


def make_link(
    session: Session, address: str, *, browser_secret: str, return_to: str, now: datetime
) -> str | None:
    """A link for who signs in with this address, by its secret; None where no one does, or without a role.

    `address` is as `normalise_address` gives it. Earlier links of the address end.
    """
    may_sign_in = select(
        exists().where(
            PersonIdentity.issuer == ISSUER,
            PersonIdentity.subject == address,
            PrincipalRow.id == PersonIdentity.principal_id,
            PrincipalRow.ended_at.is_(None),
            AccessGrant.principal_id == PersonIdentity.principal_id,
            AccessGrant.ended_at.is_(None),
        )
    )
    if not session.scalar(may_sign_in):
        return None
    return _store(session, address, browser_secret, return_to, None, now)


def list_organisations_of(session: Session, address: str) -> list[UUID]:
    """The organisations for which the person who signs in with this address has a role; in no order, may be empty."""
    statement = (
        select(AccessGrant.organisation_id)
        .join(PersonIdentity, PersonIdentity.principal_id == AccessGrant.principal_id)
        .where(
            PersonIdentity.issuer == ISSUER,
            PersonIdentity.subject == address,
            AccessGrant.ended_at.is_(None),
            AccessGrant.organisation_id.is_not(None),
        )
    )
    return [one for one in session.scalars(statement.distinct()) if one is not None]


def make_invitation_link(
    session: Session, invitation: Invitation, *, browser_secret: str, return_to: str, now: datetime
) -> tuple[str, str]:
    """A link for the person of an open invitation: the address that it is sent to, and its secret.

    Who has the invitation and does not read that address, cannot sign in. Raises: NotFound without a usable address.
    """
    address = normalise_address(invitation.email)
    if address is None:
        raise NotFound
    return address, _store(session, address, browser_secret, return_to, invitation.id, now)


def check_link(session: Session, secret: str, browser_secret: str, now: datetime) -> SignInLinkRow:
    """The link, locked, which is not used by this. Raises: LinkRefused."""
    row = session.scalars(
        select(SignInLinkRow).where(SignInLinkRow.token_hash == hash_secret(secret)).with_for_update()
    ).one_or_none()
    refusal: LinkRefusal | None = None
    if row is None:
        raise LinkRefused("unknown_link")
    if row.browser_hash != hash_secret(browser_secret):
        refusal = "other_browser"
    elif row.ending is not None:
        refusal = "used_link" if row.ending == "used" else "replaced_link"
    elif row.expires_at <= now:
        refusal = "expired_link"
    if refusal is not None:
        raise LinkRefused(refusal)
    return row


def use_link(session: Session, secret: str, browser_secret: str, now: datetime) -> UsedLink:
    """Use a link in the browser that asked for it: it serves once. Raises: LinkRefused."""
    row = check_link(session, secret, browser_secret, now)
    row.ended_at, row.ending = now, "used"
    session.flush()
    return UsedLink(row.address, row.return_to, row.invitation_id)


def sign_in_by_link(session: Session, used: UsedLink, browser: str, now: datetime) -> str:
    """Open a session for who used a link; returns its token.

    Raises: LinkRefused where the person, every role or the invitation has ended since the link was sent.
    """
    identity = Identity(ISSUER, used.address, session_id=None, name=None, email=None)
    try:
        principal_id = recognise_person(session, identity, used.invitation_id, now)
        return open_session(session, principal_id=principal_id, signed_in=SignedIn("link", browser), now=now)
    except (NotFound, NotPermitted) as error:
        raise LinkRefused("no_role") from error


def _store(  # noqa: PLR0913, PLR0917 - the parts of one row
    session: Session,
    address: str,
    browser_secret: str,
    return_to: str,
    invitation_id: UUID | None,
    now: datetime,
) -> str:
    # One at a time for each address: of two that are asked for at once, the first ends too.
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"sign-in link {address}", 0))))
    session.execute(
        update(SignInLinkRow)
        .where(SignInLinkRow.address == address, SignInLinkRow.ended_at.is_(None))
        .values(ended_at=now, ending="replaced")
    )
    secret = make_secret()
    session.add(
        SignInLinkRow(
            token_hash=hash_secret(secret),
            browser_hash=hash_secret(browser_secret),
            address=address,
            return_to=return_to,
            invitation_id=invitation_id,
            expires_at=now + LIFETIME,
        )
    )
    session.flush()
    return secret
