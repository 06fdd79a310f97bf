"""The pages: start, list, one sensor; each at its Dutch address and, after `/en`, at its English one."""

from collections.abc import Callable
from typing import Final
from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app.core.clock import dutch_date
from app.core.errors import InvalidRequest, NotFound
from app.core.http.routing import DirectRoute, Endpoint
from app.core.language import LANGUAGES
from app.core.templates import page_language, page_path, render_page
from app.sensors.dossier import read_dossier
from app.sensors.pages import count_sensors, read_page
from app.sensors.search import SensorSearch
from app.website.documents import router as documents
from app.website.glossary import Glossary
from app.website.lines import make_line
from app.website.public_codes import LONGEST_TYPED, explain_code, guess_codes, is_public_code, tidy_code
from app.website.queries import (
    ReadPool,
    count_themes,
    find_contact,
    list_changed,
    read_features,
    read_glossary,
)
from app.website.questions import Question, read_question
from app.website.sensor_page import describe_sensor

SHOWN_AT_START: Final = 5
KEPT: Final = {"Cache-Control": "public, max-age=60"}
"""A page may be a minute old; the API is there for whoever must know at once."""

router = APIRouter(route_class=DirectRoute, include_in_schema=False)
router.include_router(documents)


def _page(path: str) -> Callable[[Endpoint], Endpoint]:
    """Answer at this address in Dutch, and at its English one."""

    def add_both(endpoint: Endpoint) -> Endpoint:
        for language in LANGUAGES:
            router.add_api_route(page_path(path, language), endpoint, methods=["GET"])
        return endpoint

    return add_both


async def _open(request: Request) -> tuple[ReadPool, Glossary]:
    pool: ReadPool = request.app.state.read_pool
    return pool, await read_glossary(pool, page_language(request))


@_page("/")
async def show_start(request: Request) -> Response:
    pool, glossary = await _open(request)
    today = dutch_date()
    changed = await list_changed(pool, today, SHOWN_AT_START)
    return render_page(
        request,
        "website/start.html",
        headers=KEPT,
        total=await count_sensors(pool, SensorSearch(today)),
        themes=await count_themes(pool, today, glossary),
        changed=[make_line(feature["properties"], glossary) for feature in changed],
        municipalities=glossary.municipality_names,
        edition=glossary.directory.edition_in_force,
    )


@_page("/sensoren")
async def list_sensors(request: Request) -> Response:
    pool, glossary = await _open(request)
    try:
        question = read_question(request.query_params, glossary)
    except InvalidRequest as error:
        if error.problems[0].location != "municipality":
            raise
        return _ask_again(request, glossary, error)
    page = await read_page(pool, question.search(dutch_date()), count=question.after is None)
    return render_page(
        request,
        "website/sensors.html",
        headers=KEPT,
        heading=question.word(glossary),
        sensors=[make_line(feature["properties"], glossary) for feature in read_features(page)],
        total=page.number_matched if question.after is None else None,
        next_url=question.address_after(request.url.path, page.after) if page.after else None,
        question=question,
        problem=None,
        meant=None,
        municipalities=glossary.municipality_names,
        edition=glossary.directory.edition_in_force,
    )


def _ask_again(request: Request, glossary: Glossary, error: InvalidRequest) -> Response:
    """The list's form with what was wrong about the municipality, and the one that was probably meant."""
    problem = error.problems[0]
    meant = None
    if isinstance(problem.suggestion, str):
        meant = glossary.directory.get_municipality(problem.suggestion)
    return render_page(
        request,
        "website/sensors.html",
        status=error.status,
        heading=Question().word(glossary),
        question=None,
        asked=problem.value,
        problem=glossary.word(problem.detail),
        meant=meant,
        municipalities=glossary.municipality_names,
        edition=glossary.directory.edition_in_force,
    )


@_page("/s")
async def find_by_code(request: Request) -> Response:
    """From the form to the sensor's own address."""
    code = tidy_code(request.query_params.get("code", ""))[:LONGEST_TYPED]
    if not code:
        return await _show_unknown(request, "", status=400)
    return RedirectResponse(page_path(f"/s/{quote(code)}", page_language(request)), 303)


@_page("/s/{public_code}")
async def show_sensor(request: Request) -> Response:
    typed = request.path_params["public_code"]
    code = tidy_code(typed)
    if not code or len(code) > LONGEST_TYPED:
        raise NotFound
    if typed != code:
        return RedirectResponse(page_path(f"/s/{quote(code)}", page_language(request)), 301)
    pool, glossary = await _open(request)
    dossier = await read_dossier(pool, code, dutch_date()) if is_public_code(code) else None
    if dossier is None:
        return await _show_unknown(request, code)
    sensor = dossier.feature["properties"]
    owner = await find_contact(pool, sensor["owner"])
    represented = await find_contact(pool, sensor["onBehalfOf"]) if "onBehalfOf" in sensor else None
    described = describe_sensor(dossier, owner, represented, glossary)
    return render_page(request, "website/sensor.html", headers=KEPT, **described)


async def _show_unknown(request: Request, code: str, *, status: int = 404) -> Response:
    pool, glossary = await _open(request)
    meant = [guess for guess in guess_codes(code) if await read_dossier(pool, guess, dutch_date())]
    return render_page(
        request,
        "website/code_unknown.html",
        status=status,
        code=code,
        problem=glossary.word(explain_code(code)),
        # Two that are equally near: better none than the wrong sensor.
        suggestion=meant[0] if len(meant) == 1 else None,
    )
