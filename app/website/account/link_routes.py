"""Signing in by a link in a mail: asking for it, and the page with one button that it leads to.

Opening the link changes nothing, since mail scanners open links; pressing the button does, in the browser that asked.
"""

from typing import Final

from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from app.access.events import count_failed_person_sign_in
from app.access.invitations import find_invitation
from app.access.links import (
    LIFETIME,
    LinkRefused,
    check_link,
    list_organisations_of,
    make_invitation_link,
    make_link,
    sign_in_by_link,
    use_link,
)
from app.access.rate_limits import limit_subject
from app.access.secrets import make_secret
from app.core.database import transaction
from app.core.errors import NotFound
from app.core.i18n import Language
from app.core.site_path import site_path
from app.core.templates import localise_path, render_page
from app.mail.mail_address import normalise_address
from app.mail.outbox import post_mail
from app.organisations.queries import find_language
from app.website.account.cookies import (
    read_link_secret,
    set_link_secret,
    set_session_token,
)
from app.website.account.provider import find_sign_in_methods
from app.website.account.sign_in_page import (
    choose_return,
    may_use_link,
    read_browser,
    read_query,
    show_ways,
)
from app.website.account.visits import HOME, SIGN_IN, AccountRouter, Visit

ASK: Final = f"{SIGN_IN}/mail"
ASKED: Final = f"{SIGN_IN}/gevraagd"
LINK: Final = f"{SIGN_IN}/link"

router = AccountRouter()


@router.visit(ASK, "POST")
def ask(visit: Visit) -> Response:
    """Send a link to an address that signs in by it, or to the address of an invitation.

    The answer is the same whether the address is known or not.
    """
    if not find_sign_in_methods(visit.request).has_links:
        raise NotFound
    visit.limit("ask_link")
    # The same browser keeps its secret, so that an older link is told apart from one of another browser.
    browser_secret = read_link_secret(visit.request) or make_secret()
    invitation = visit.form.get("uitnodiging", "")
    if invitation:
        _ask_for_invitation(visit, invitation, browser_secret)
    else:
        given = visit.form.get("adres", "")
        back = choose_return(visit.form.get("terug"))
        address = normalise_address(given)
        if address is None:
            with transaction(visit.state.write_engine) as session:
                return show_ways(visit, session, back, wrong_address=given)
        _ask_for_address(visit, address, browser_secret, back)
    response = visit.go_to(ASKED)
    set_link_secret(visit.request, response, browser_secret)
    return response


@router.visit(ASK)
def lead_to_form(visit: Visit) -> Response:
    """The page of an address to correct, in the other language or read again."""
    return visit.go_to(SIGN_IN)


@router.visit(ASKED)
def show_asked(visit: Visit) -> Response:
    """Say what to do now, and nothing of any address."""
    return render_page(visit.request, "website/account/link_asked.html", minutes=_MINUTES)


@router.visit(LINK)
def show_link(visit: Visit) -> Response:
    """The button that signs in. The secret is in the query, which no log has."""
    secret = read_query(visit, ("sleutel",)).get("sleutel", "")
    try:
        with transaction(visit.state.write_engine) as session:
            check_link(session, secret, read_link_secret(visit.request) or "", visit.now)
    except LinkRefused as refused:
        return _show_refusal(visit, refused)
    return render_page(visit.request, "website/account/link.html", secret=secret)


@router.visit(LINK, "POST")
def press(visit: Visit) -> Response:
    """Use the link and sign in."""
    engine, secret = visit.state.write_engine, visit.form.get("sleutel", "")
    try:
        with transaction(engine) as session:
            # Committed before anything else: whatever happens, it serves once.
            used = use_link(session, secret, read_link_secret(visit.request) or "", visit.now)
        with transaction(engine) as session:
            token = sign_in_by_link(session, used, read_browser(visit), visit.now)
    except LinkRefused as refused:
        count_failed_person_sign_in(visit.request, refused.refusal)
        return _show_refusal(visit, refused)
    response = RedirectResponse(site_path(used.return_to), 303)
    set_session_token(visit.request, response, token)
    return response


_MINUTES: Final = int(LIFETIME.total_seconds()) // 60


def _ask_for_address(visit: Visit, address: str, browser_secret: str, back: str) -> None:
    engine = visit.state.write_engine
    limit_subject(engine, "receive_link", address, visit.now)
    with transaction(engine) as session:
        secret = make_link(session, address, browser_secret=browser_secret, return_to=back, now=visit.now)
        if secret is not None:
            organisations = list_organisations_of(session, address)
            _post(visit, session, address, secret, find_language(session, organisations))


def _ask_for_invitation(visit: Visit, invitation_secret: str, browser_secret: str) -> None:
    engine, methods = visit.state.write_engine, find_sign_in_methods(visit.request)
    with transaction(engine) as session:
        invitation = find_invitation(session, invitation_secret, visit.now)
    if invitation is None or not may_use_link(methods, invitation):
        raise NotFound
    limit_subject(engine, "receive_link", normalise_address(invitation.email) or "", visit.now)
    with transaction(engine) as session:
        address, secret = make_invitation_link(
            session,
            invitation,
            browser_secret=browser_secret,
            return_to=localise_path(HOME, visit.language),
            now=visit.now,
        )
        _post(visit, session, address, secret, invitation.language)


def _post(visit: Visit, session: Session, address: str, secret: str, chosen: Language | None) -> None:
    """Post the link, in the language of the organisation where that is known, else in that of the page."""
    site, language = visit.state.public_url, chosen or visit.language
    post_mail(
        session,
        "sign_in_link",
        receiver=address,
        language=language,
        now=visit.now,
        lifetime=LIFETIME,
        address=f"{site}{localise_path(LINK, language)}?sleutel={secret}",
        minutes=_MINUTES,
        site=site,
    )


def _show_refusal(visit: Visit, refused: LinkRefused) -> Response:
    return render_page(
        visit.request,
        "website/account/link_refused.html",
        status=refused.status,
        sentence=refused.sentence.render(visit.language),
        is_about_access=refused.refusal == "no_role",
    )
