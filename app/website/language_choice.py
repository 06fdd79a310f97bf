"""The reader's choice of a language for the pages of the API, which have one address for both languages."""

from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app.core.errors import InvalidRequest
from app.core.http.routing import SERVICE_ROOT
from app.core.i18n import LANGUAGES, LocalizedText
from app.core.problems import Problem, ProblemCode
from app.core.query_string import parse_query_string
from app.core.site_path import site_path
from app.core.templates import LANGUAGE_CHOICE, LANGUAGE_COOKIE

COOKIE_SECONDS: Final = 365 * 24 * 3600

router = APIRouter(include_in_schema=False)


@router.get(LANGUAGE_CHOICE)
async def choose_page_language(request: Request) -> Response:
    """Store the language `lang` in a cookie, and return to `page`, a page of the API."""
    values, problems = parse_query_string(request.scope["query_string"], ("lang", "page"))
    language, page = values.get("lang"), values.get("page", SERVICE_ROOT)
    if language not in LANGUAGES:
        detail = LocalizedText("Kies uit: nl, en.", "Choose from: nl, en.")
        problems.append(Problem(ProblemCode.UNKNOWN_LANGUAGE, "lang", detail, language, where="query"))
    if page != SERVICE_ROOT and not page.startswith((f"{SERVICE_ROOT}/", f"{SERVICE_ROOT}?")):
        # Other addresses could lead away from the register.
        detail = LocalizedText("Geef een pagina van de API.", "Give a page of the API.")
        problems.append(Problem(ProblemCode.INVALID_VALUE, "page", detail, page, where="query"))
    if problems or language is None:
        raise InvalidRequest(problems=problems)
    response = RedirectResponse(site_path(page), 303, {"Cache-Control": "no-store"})
    response.set_cookie(
        LANGUAGE_COOKIE,
        language,
        max_age=COOKIE_SECONDS,
        path=site_path("/"),
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )
    return response
