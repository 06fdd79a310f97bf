"""The page with the ways to sign in, and what each of them reads from a request."""

from sqlalchemy.orm import Session
from starlette.responses import Response

from app.access.demo import list_demo_accounts
from app.access.invitations import Invitation
from app.core.errors import InvalidRequest
from app.core.query_string import parse_query_string
from app.core.templates import render_page
from app.website.account.provider import SignInMethods, find_sign_in_methods
from app.website.account.visits import HOME, Visit, is_own_page


def show_ways(  # noqa: PLR0913 - the parts of the page
    visit: Visit,
    session: Session,
    back: str,
    invitation: Invitation | None = None,
    secret: str = "",
    *,
    wrong_address: str | None = None,
) -> Response:
    """Show the ways to sign in, or to accept an invitation with this secret; or a form with an address to correct."""
    methods = find_sign_in_methods(visit.request)
    return render_page(
        visit.request,
        "website/account/sign_in.html",
        status=200 if wrong_address is None else 400,
        has_provider=methods.provider is not None,
        has_links=methods.has_links if invitation is None else may_use_link(methods, invitation),
        demo_accounts=list_demo_accounts(session) if methods.has_demo else (),
        back=back,
        invitation=secret,
        invited_address=invitation.email if invitation else None,
        address=wrong_address or "",
        has_problem=wrong_address is not None,
    )


def may_use_link(methods: SignInMethods, invitation: Invitation) -> bool:
    """Whether this invitation is accepted by a link in a mail: it says so, or there is no provider."""
    return methods.has_links and (invitation.by_link or methods.provider is None)


def read_query(visit: Visit, allowed: tuple[str, ...]) -> dict[str, str]:
    """The parameters of the address by name. Raises: InvalidRequest."""
    values, problems = parse_query_string(visit.request.scope["query_string"], allowed)
    if problems:
        raise InvalidRequest(problems=problems)
    return values


def choose_return(given: str | None) -> str:
    """Where signing in leads: the own page that was asked for, never another site."""
    return given if given is not None and is_own_page(given) else HOME


def read_browser(visit: Visit) -> str:
    """The name of the browser, as it gives it."""
    return visit.request.headers.get("user-agent", "")
