"""Signing in: the page, the way to the provider and back, and the demo."""

import logging
from typing import Final

from starlette.responses import RedirectResponse, Response

from app.access.demo import find_demo_account
from app.access.events import count_failed_person_sign_in
from app.access.invitations import find_invitation
from app.access.oidc.refusals import SignInRefused
from app.access.oidc.relying_party import finish_sign_in, start_sign_in, write_sign_in_address
from app.access.secrets import make_secret
from app.access.sessions import SignedIn, find_session, open_session
from app.access.sign_in import recognise_person, store_sign_in, take_sign_in
from app.core.database import transaction
from app.core.errors import InvalidRequest, NotFound, NotPermitted
from app.core.i18n import LocalizedText
from app.core.query_string import split_query_string
from app.core.site_path import site_path
from app.core.templates import render_page
from app.website.account.cookies import (
    clear_sign_in_secret,
    read_session_token,
    read_sign_in_secret,
    set_session_token,
    set_sign_in_secret,
)
from app.website.account.provider import CALLBACK, find_sign_in_methods
from app.website.account.sign_in_page import choose_return, read_browser, read_query, show_ways
from app.website.account.visits import HOME, SIGN_IN, AccountRouter, Visit

_log = logging.getLogger(__name__)

START: Final = f"{SIGN_IN}/start"

router = AccountRouter()


@router.visit(SIGN_IN)
def show_sign_in(visit: Visit) -> Response:
    """The ways to sign in; who is signed in already goes on."""
    given = read_query(visit, ("terug",))
    back = choose_return(given.get("terug"))
    with transaction(visit.state.write_engine) as session:
        token = read_session_token(visit.request)
        if token and find_session(session, token, visit.now):
            return RedirectResponse(site_path(back), 303)
        return show_ways(visit, session, back)


@router.visit("/uitnodiging")
def show_invitation(visit: Visit) -> Response:
    """The ways to accept an invitation by signing in. Its secret is in the query, which no log has."""
    secret = read_query(visit, ("sleutel",)).get("sleutel", "")
    with transaction(visit.state.write_engine) as session:
        invitation = find_invitation(session, secret, visit.now)
        if invitation is None:
            raise NotFound(
                LocalizedText(
                    "Deze uitnodiging is gebruikt, ingetrokken of verlopen. Vraag wie u uitnodigde om een nieuwe.",
                    "This invitation was used, withdrawn or has expired. Ask who invited you for a new one.",
                )
            )
        return show_ways(visit, session, HOME, invitation, secret)


@router.visit(START)
def start(visit: Visit) -> Response:
    """Lead to the provider. It is a link: `form-action` of the page's policy allows forms to this site alone."""
    given = read_query(visit, ("terug", "uitnodiging"))
    methods = find_sign_in_methods(visit.request)
    if methods.provider is None or methods.client is None:
        raise NotFound
    visit.limit("start_sign_in")
    started, browser_secret = start_sign_in(), make_secret()
    address = write_sign_in_address(methods.provider, methods.client, started, visit.language)
    with transaction(visit.state.write_engine) as session:
        invitation = find_invitation(session, given.get("uitnodiging", ""), visit.now)
        store_sign_in(
            session,
            started,
            browser_secret=browser_secret,
            return_to=choose_return(given.get("terug")),
            invitation_id=invitation.id if invitation else None,
            now=visit.now,
        )
    response = RedirectResponse(address, 303)
    set_sign_in_secret(visit.request, response, browser_secret)
    return response


@router.visit(CALLBACK)
def come_back(visit: Visit) -> Response:
    """The end of a sign-in at the provider: a session, for the browser that began it."""
    returned = dict(split_query_string(visit.request.scope["query_string"]))
    methods = find_sign_in_methods(visit.request)
    if methods.provider is None or methods.client is None:
        raise NotFound
    with transaction(visit.state.write_engine) as session:
        # Committed before the code is exchanged: whatever happens, it serves once.
        pending = take_sign_in(
            session, returned.get("state", ""), read_sign_in_secret(visit.request) or "", visit.now
        )
    if pending is None:
        count_failed_person_sign_in(visit.request, "unknown_state")
        raise InvalidRequest(
            LocalizedText(
                "Dit inloggen is niet in deze browser begonnen, of duurde langer dan een kwartier. Begin opnieuw op de"
                " pagina Inloggen.",
                "This sign-in did not begin in this browser, or took more than fifteen minutes. Start again on the page"
                " Sign in.",
            )
        )
    try:
        identity = finish_sign_in(
            methods.provider, methods.client, pending.started, returned, int(visit.now.timestamp())
        )
    except SignInRefused as refused:
        _log.warning("a sign-in was refused: %s", refused)
        count_failed_person_sign_in(visit.request, refused.refusal)
        raise
    signed_in = SignedIn(
        "provider", read_browser(visit), identity.issuer, identity.subject, identity.session_id
    )
    try:
        with transaction(visit.state.write_engine) as session:
            principal_id = recognise_person(session, identity, pending.invitation_id, visit.now)
            token = open_session(session, principal_id=principal_id, signed_in=signed_in, now=visit.now)
    except NotPermitted as refused:
        # A new organisation begins like this: the page leads to where it asks to join.
        sentence = (refused.detail or refused.title).render(visit.language)
        return render_page(visit.request, "website/account/no_role.html", status=403, sentence=sentence)
    response = RedirectResponse(site_path(pending.return_to), 303)
    clear_sign_in_secret(visit.request, response)
    set_session_token(visit.request, response, token)
    return response


@router.visit(f"{SIGN_IN}/demo", "POST")
def sign_in_to_demo(visit: Visit) -> Response:
    """Sign in as one of the persons of the demo."""
    if not find_sign_in_methods(visit.request).has_demo:
        raise NotPermitted(
            LocalizedText("Hier is geen demo om op in te loggen.", "There is no demo to sign in to here.")
        )
    with transaction(visit.state.write_engine) as session:
        account = find_demo_account(session, visit.form.get("account", ""))
        if account is None:
            raise NotFound
        signed_in = SignedIn("demo", read_browser(visit))
        token = open_session(session, principal_id=account, signed_in=signed_in, now=visit.now)
    response = RedirectResponse(site_path(choose_return(visit.form.get("terug"))), 303)
    set_session_token(visit.request, response, token)
    return response
