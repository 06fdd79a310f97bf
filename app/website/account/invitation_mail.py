"""The mail of an invitation, and the address in it; for the pages and the command line.

Without a mail server a page shows the address once, for who invites to send it.
"""

from datetime import datetime

from sqlalchemy.orm import Session
from starlette.responses import Response

from app.access.invitations import LIFETIME, Invitation, find_invitation
from app.access.principal import Role
from app.core.errors import NotFound
from app.core.i18n import Language
from app.core.templates import localise_path, render_page
from app.mail.outbox import post_mail
from app.organisations.queries import name_organisation
from app.website.account.role_names import name_member_roles
from app.website.account.visits import OwnVisit


def write_invitation_address(site: str, secret: str, language: Language) -> str:
    """The address of the page that accepts an invitation; `site` is the public address, without a slash at its end."""
    return f"{site}{localise_path('/uitnodiging', language)}?sleutel={secret}"


def name_roles(invitation: Invitation, language: Language) -> str:
    """The roles that an invitation offers."""
    extra: tuple[Role, ...] = ("administrator",) if invitation.also_administrator else ()
    return name_member_roles((invitation.role, *extra), language)


def post_invitation(session: Session, secret: str, *, site: str, now: datetime) -> Invitation:
    """Post the mail of the open invitation with this secret, in its language. Raises: NotFound."""
    invitation = find_invitation(session, secret, now)
    if invitation is None:
        raise NotFound
    organisation_id = invitation.organisation_id
    post_mail(
        session,
        "invitation",
        receiver=invitation.email,
        language=invitation.language,
        now=now,
        name=invitation.name,
        role=name_roles(invitation, invitation.language),
        organisation=name_organisation(session, organisation_id) if organisation_id else None,
        address=write_invitation_address(site, secret, invitation.language),
        days=LIFETIME.days,
        site=site,
    )
    return invitation


def show_invitation(own: OwnVisit, secret: str, *, back: tuple[str, str]) -> Response:
    """The page with the address of an open invitation; `back` names the page before and is its address.

    Raises: NotFound.
    """
    invitation = find_invitation(own.session, secret, own.visit.now)
    if invitation is None:
        raise NotFound
    return render_page(
        own.visit.request,
        "website/team/invited.html",
        status=201,
        email=invitation.email,
        address=write_invitation_address(own.visit.state.public_url, secret, invitation.language),
        days=LIFETIME.days,
        back=back,
    )
