"""The list of sensors."""

from typing import Final

from fastapi import Request
from starlette.responses import Response

from app.core.app_state import get_app_state
from app.core.errors import InvalidRequest
from app.core.i18n import LocalizedText
from app.core.site_path import site_path
from app.core.templates import render_page
from app.sensors.presentation import Labels
from app.sensors.search.pages import read_page
from app.website.list_row import make_list_row
from app.website.listing.in_view import read_in_view
from app.website.listing.list_query import parse_list_query
from app.website.page_routes import CACHE_CONTROL, PageRouter, open_labels
from app.website.queries import read_features

_LIST_HEADING: Final = LocalizedText("Sensoren", "Sensors")

router = PageRouter()


@router.page("/sensoren")
async def show_sensors(request: Request) -> Response:
    _, labels = await open_labels(request)
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
        next_url=query.format_next(site_path(request.url.path), page),
        query=query,
        notices=[labels.render(problem.detail) for problem in query.unknown],
        problem=None,
        nearest=None,
        municipalities=labels.municipality_names,
        edition=labels.directory.edition_in_force,
    )


@router.page("/kaart/in-beeld")
async def show_in_view(request: Request) -> Response:
    """The list beside a map, which a script takes from here when the map has moved."""
    _, labels = await open_labels(request)
    query = parse_list_query(request.scope["query_string"], labels)
    in_view = await read_in_view(get_app_state(request), query, labels)
    return render_page(request, "website/listing/in_view.html", headers=CACHE_CONTROL, in_view=in_view)


@router.page("/kaart")
async def show_map(request: Request) -> Response:
    _, labels = await open_labels(request)
    query = parse_list_query(request.scope["query_string"], labels)
    return render_page(
        request,
        "website/listing/map.html",
        headers=CACHE_CONTROL,
        query=query,
        bounds=(3.3, 50.7, 7.3, 53.6),
        in_view=await read_in_view(get_app_state(request), query, labels),
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
