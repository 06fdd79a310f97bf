"""Pages of a person who signs in: each is private, and each form comes from a page of this site."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote, unquote

from fastapi.concurrency import run_in_threadpool
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.access.rate_limits import Act, limit_client
from app.access.sessions import PersonSession, find_session
from app.core.app_state import AppState, get_app_state
from app.core.database import transaction
from app.core.http.audience import mark_private
from app.core.http.client_address import find_client_address
from app.core.http.routing import Endpoint
from app.core.http.same_origin import require_same_origin
from app.core.i18n import LANGUAGES, Language
from app.core.site_path import site_path
from app.core.templates import localise_path, page_language
from app.website.account.cookies import clear_session_token, read_session_token
from app.website.account.forms import FormFields, read_form
from app.website.page_routes import PageRouter

HOME: Final = "/mijn"
SIGN_IN: Final = "/inloggen"

ACCOUNT_PATHS: Final[set[str]] = set()
"""The path of every page and form of people who sign in, in each language."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A request of a person who signs in or is signed in; `form` is empty for a page that is read."""

    request: Request
    form: FormFields
    now: datetime
    state: AppState
    language: Language

    def limit(self, act: Act) -> None:
        """Count an act of this client. Raises: TooManyRequests."""
        client = find_client_address(self.request, self.state.settings.trusted_proxies)
        limit_client(self.state.write_engine, act, client, self.now)

    def go_to(self, path: str) -> RedirectResponse:
        """Lead to a page of this site, by its Dutch path, in the language of this one."""
        return RedirectResponse(site_path(localise_path(path, self.language)), 303)


@dataclass(frozen=True, slots=True)
class OwnVisit:
    """A visit of a person who is signed in, within one transaction."""

    visit: Visit
    session: Session
    signed_in: PersonSession


AnswerFile = Callable[[Visit, PersonSession], Awaitable[Response]]
"""Answers a visit of a person who is signed in, with transactions of its own."""


class AccountRouter(PageRouter):
    """Routes of private pages and their forms, at a Dutch path and its English one."""

    def visit(self, path: str, method: str = "GET") -> Callable[[Callable[[Visit], Response]], None]:
        """A page or form for everybody. The function runs in a thread, and opens its own transactions."""

        def add(answer: Callable[[Visit], Response]) -> None:
            self._add(path, method, answer)

        return add

    def own(self, path: str, method: str = "GET") -> Callable[[Callable[[OwnVisit], Response]], None]:
        """A page or form for who is signed in; who is not, is led to the page that signs in, and back."""

        def add(answer: Callable[[OwnVisit], Response]) -> None:
            def answer_signed_in(visit: Visit) -> Response:
                token = read_session_token(visit.request)
                with transaction(visit.state.write_engine) as session:
                    found = find_session(session, token, visit.now) if token else None
                    if found is not None:
                        return answer(OwnVisit(visit, session, found))
                return _lead_to_sign_in(visit)

            self._add(path, method, answer_signed_in)

        return add

    def own_file(self, path: str, method: str = "GET") -> Callable[[AnswerFile], None]:
        """A file of who is signed in, sent or received: no connection is held meanwhile, and no form is read."""

        def add(answer: AnswerFile) -> None:
            async def endpoint(request: Request) -> Response:
                visit = _open_visit(request)
                signed_in = await run_in_threadpool(_find_signed_in, visit)
                return _lead_to_sign_in(visit) if signed_in is None else await answer(visit, signed_in)

            self._add_endpoint(path, method, endpoint)

        return add

    def _add(self, path: str, method: str, answer: Callable[[Visit], Response]) -> None:
        async def endpoint(request: Request) -> Response:
            visit = _open_visit(request)
            if method == "POST":
                visit = replace(visit, form=await read_form(request))
            return await run_in_threadpool(answer, visit)

        self._add_endpoint(path, method, endpoint)

    def _add_endpoint(self, path: str, method: str, handler: Endpoint) -> None:
        for language in LANGUAGES:
            localised = localise_path(path, language)
            ACCOUNT_PATHS.add(localised)
            self.add_api_route(localised, handler, methods=[method])


def _open_visit(request: Request) -> Visit:
    """A private visit without a form. Raises: NotPermitted for a form of another site."""
    mark_private(request.scope)
    state = get_app_state(request)
    if request.method == "POST":
        require_same_origin(request.headers, state.public_url)
    return Visit(request, FormFields(), datetime.now(UTC), state, page_language(request))


def _find_signed_in(visit: Visit) -> PersonSession | None:
    token = read_session_token(visit.request)
    if token is None:
        return None
    with transaction(visit.state.write_engine) as session:
        return find_session(session, token, visit.now)


def is_own_page(path: str) -> bool:
    """Whether a path is one of a signed-in person, so that signing in may lead there and nowhere else."""
    before_query = path.partition("?")[0]
    return (
        any(
            path == home or path.startswith((f"{home}/", f"{home}?"))
            for home in (localise_path(HOME, language) for language in LANGUAGES)
        )
        and not any(sign in path for sign in ("\\", "\n", "\r", "//"))
        # A browser goes up by such a part: out of the workplace, and out of a site below a path.
        and not any(unquote(part) in (".", "..") for part in before_query.split("/"))
    )


def _lead_to_sign_in(visit: Visit) -> Response:
    request = visit.request
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    back = f"?terug={quote(here, safe='')}" if request.method == "GET" and is_own_page(here) else ""
    response = visit.go_to(SIGN_IN + back)
    clear_session_token(request, response)
    return response
