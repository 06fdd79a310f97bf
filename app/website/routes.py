"""The pages: start, list, one sensor; each at its Dutch address, and at its English one below `/en`."""

from collections.abc import Callable
from typing import Final
from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app.core.app_state import get_app_state
from app.core.clock import dutch_date
from app.core.errors import InvalidRequest, NotFound
from app.core.http.routing import DirectRoute, Endpoint
from app.core.i18n import LANGUAGES, LocalizedText
from app.core.templates import page_language, page_path, render_page
from app.sensors.plain_text import tidy_code
from app.sensors.presentation import Labels
from app.sensors.search.detail import read_sensor_detail
from app.sensors.search.pages import count_sensors, read_page
from app.sensors.search.reference_data import get_reference_data
from app.sensors.search.sensor_search import SensorSearch
from app.website.language_choice import router as language_choice
from app.website.list_query import parse_list_query
from app.website.list_row import make_list_row
from app.website.public_codes import MAX_TYPED_LENGTH, explain_code, guess_codes, is_public_code
from app.website.queries import (
    ReadPool,
    count_themes,
    find_contact,
    list_changed,
    read_features,
)
from app.website.sensor_page import describe_sensor
from app.website.well_known import router as well_known

SHOWN_AT_START: Final = 5
CACHE_CONTROL: Final = {"Cache-Control": "public, max-age=60"}
"""A page may be a minute old; the API is always up to date."""

_LIST_HEADING: Final = LocalizedText("Sensoren", "Sensors")

router = APIRouter(route_class=DirectRoute, include_in_schema=False)
router.include_router(well_known)
router.include_router(language_choice)


def _page(path: str) -> Callable[[Endpoint], Endpoint]:
    """Register a page at its Dutch and its English address."""

    def add_both(endpoint: Endpoint) -> Endpoint:
        for language in LANGUAGES:
            router.add_api_route(page_path(path, language), endpoint, methods=["GET"])
        return endpoint

    return add_both


async def _open_labels(request: Request) -> tuple[ReadPool, Labels]:
    state = get_app_state(request)
    reference = await get_reference_data(state)
    return state.read_pool, Labels(page_language(request), reference.vocabularies, reference.directory)


@_page("/")
async def show_start(request: Request) -> Response:
    pool, labels = await _open_labels(request)
    today = dutch_date()
    changed = await list_changed(pool, today, SHOWN_AT_START)
    return render_page(
        request,
        "website/start.html",
        headers=CACHE_CONTROL,
        total=await count_sensors(pool, SensorSearch(today)),
        themes=await count_themes(pool, today, labels),
        changed=[make_list_row(feature["properties"], labels) for feature in changed],
        municipalities=labels.municipality_names,
        edition=labels.directory.edition_in_force,
    )


@_page("/sensoren")
async def show_sensors(request: Request) -> Response:
    _, labels = await _open_labels(request)
    try:
        query = parse_list_query(request.scope["query_string"], labels)
    except InvalidRequest as error:
        if error.problems[0].location != "municipality":
            raise
        return _show_unknown_municipality(request, labels, error)
    pool = get_app_state(request).choose_read_pool(is_costly=query.search.is_costly)
    page = await read_page(pool, query.search, count=query.is_first)
    sensors = [make_list_row(feature["properties"], labels) for feature in read_features(page)]
    passing = []
    if (search := query.find_passing()) is not None:
        listed = {sensor.code for sensor in sensors}
        moving = read_features(await read_page(pool, search, count=False))
        rows = (make_list_row(feature["properties"], labels) for feature in moving)
        passing = [row for row in rows if row.code not in listed]
    return render_page(
        request,
        "website/sensors.html",
        headers=CACHE_CONTROL,
        heading=query.format_heading(labels),
        sensors=sensors,
        passing=passing,
        total=page.number_matched if query.is_first else None,
        next_url=query.format_next(request.url.path, page),
        query=query,
        notices=[labels.render(problem.detail) for problem in query.unknown],
        problem=None,
        nearest=None,
        municipalities=labels.municipality_names,
        edition=labels.directory.edition_in_force,
    )


def _show_unknown_municipality(request: Request, labels: Labels, error: InvalidRequest) -> Response:
    """The form with the problem of the municipality, and the nearest one."""
    problem = error.problems[0]
    nearest = None
    if isinstance(problem.suggestion, str):
        nearest = labels.directory.get_municipality(problem.suggestion)
    return render_page(
        request,
        "website/sensors.html",
        status=error.status,
        heading=labels.render(_LIST_HEADING),
        query=None,
        notices=[],
        passing=[],
        asked=problem.value,
        problem=labels.render(problem.detail),
        nearest=nearest,
        municipalities=labels.municipality_names,
        edition=labels.directory.edition_in_force,
    )


@_page("/s")
async def find_by_code(request: Request) -> Response:
    """Redirect from the form to the address of the sensor."""
    code = tidy_code(request.query_params.get("code", ""))[:MAX_TYPED_LENGTH]
    if not code:
        return await _show_unknown_code(request, *await _open_labels(request), "", status=400)
    return RedirectResponse(page_path(f"/s/{quote(code)}", page_language(request)), 303)


@_page("/s/{public_code}")
async def show_sensor(request: Request) -> Response:
    typed = request.path_params["public_code"]
    code = tidy_code(typed)
    if not code or len(code) > MAX_TYPED_LENGTH:
        raise NotFound
    if typed != code:
        return RedirectResponse(page_path(f"/s/{quote(code)}", page_language(request)), 301)
    pool, labels = await _open_labels(request)
    detail = await read_sensor_detail(pool, code, dutch_date()) if is_public_code(code) else None
    if detail is None:
        return await _show_unknown_code(request, pool, labels, code)
    sensor = detail.feature["properties"]
    owner = await find_contact(pool, sensor["owner"])
    represented = await find_contact(pool, sensor["onBehalfOf"]) if "onBehalfOf" in sensor else None
    described = describe_sensor(detail, owner, represented, labels)
    return render_page(request, "website/sensor.html", headers=CACHE_CONTROL, **described)


async def _show_unknown_code(
    request: Request, pool: ReadPool, labels: Labels, code: str, *, status: int = 404
) -> Response:
    nearest = [guess for guess in guess_codes(code) if await read_sensor_detail(pool, guess, dutch_date())]
    return render_page(
        request,
        "website/code_unknown.html",
        status=status,
        code=code,
        problem=labels.render(explain_code(code)),
        # Nothing is suggested when two numbers are equally near: one of them is the wrong sensor.
        suggestion=nearest[0] if len(nearest) == 1 else None,
    )
