"""The sensors of a search, as a list, a table or a map."""

from dataclasses import replace
from typing import Any

from fastapi import Request
from starlette.responses import Response

from app.core.app_state import AppState, get_app_state
from app.core.errors import InvalidRequest
from app.core.http.byte_ranges import FileConditions
from app.core.site_path import site_path
from app.core.templates import page_path, render_page
from app.features.file_answers import answer_file
from app.features.request_context import RequestContext
from app.files.file_cache import get_file_cache
from app.files.writers.schema import CSV, EXCEL, Format
from app.sensors.presentation import Labels
from app.sensors.search.map_view import find_bounds, write_map_query
from app.sensors.search.pages import read_page
from app.spatial.bbox import Bbox
from app.spatial.crs import Crs
from app.website.list_row import make_list_row
from app.website.listing.corrections import correct_query
from app.website.listing.in_view import read_in_view
from app.website.listing.labelled_source import LabelledFile
from app.website.listing.list_query import ListQuery, parse_list_query
from app.website.listing.result_page import LIST_PATH, MAP_PATH, describe_results
from app.website.page_routes import CACHE_CONTROL, PageRouter, open_labels
from app.website.queries import read_features

router = PageRouter()


@router.page(LIST_PATH)
async def show_sensors(request: Request) -> Response:
    return await _show_results(request, LIST_PATH)


@router.page(MAP_PATH)
async def show_map(request: Request) -> Response:
    return await _show_results(request, MAP_PATH)


@router.page(f"{MAP_PATH}/in-beeld")
async def show_in_view(request: Request) -> Response:
    """The list beside a map, which a script takes from here when the map has moved."""
    _, labels = await open_labels(request)
    query = parse_list_query(request.scope["query_string"], labels)
    in_view = await read_in_view(get_app_state(request), query, labels)
    return render_page(request, "website/listing/in_view.html", headers=CACHE_CONTROL, in_view=in_view)


@router.page(f"{LIST_PATH}/bestand.csv")
async def download_labelled_csv(request: Request) -> Response:
    """The search as CSV with headings and values in words."""
    return await _send_labelled_file(request, CSV)


@router.page(f"{LIST_PATH}/bestand.xlsx")
async def download_labelled_xlsx(request: Request) -> Response:
    """The same as an Excel workbook."""
    return await _send_labelled_file(request, EXCEL)


async def _send_labelled_file(request: Request, form: Format) -> Response:
    """The file of a search. Raises: InvalidRequest, also for an unknown parameter: a file has no place for a notice."""
    _, labels = await open_labels(request)
    query = parse_list_query(request.scope["query_string"], labels)
    if query.unknown:
        raise InvalidRequest(problems=list(query.unknown))
    state = get_app_state(request)
    return await answer_file(
        LabelledFile(query, labels, form, state),
        get_file_cache(state),
        FileConditions.of_request(request),
        RequestContext.of_request(request),
        state,
    )


async def _show_results(request: Request, path: str) -> Response:
    _, labels = await open_labels(request)
    state = get_app_state(request)
    try:
        query = parse_list_query(request.scope["query_string"], labels)
    except InvalidRequest as error:
        return await _show_mistakes(request, error, labels, path)
    results = await describe_results(state, query, labels, path=path)
    if path == MAP_PATH:
        results |= await _describe_map(state, query, labels)
        template = "website/listing/map.html"
    else:
        results |= await _describe_list(state, query, labels, site_path(request.url.path))
        template = "website/listing/list.html"
    return render_page(request, template, headers=CACHE_CONTROL, **results)


async def _show_mistakes(request: Request, error: InvalidRequest, labels: Labels, path: str) -> Response:
    """The form with what was right in it, and the mistakes; no sensors, which would be those of another search."""
    corrected = correct_query(request.scope["query_string"], error, labels, page_path(path, labels.language))
    results = await describe_results(get_app_state(request), corrected.query, labels, path=path)
    results |= {
        "mistakes": corrected.mistakes,
        "typed": {one.name: one.value for one in corrected.mistakes if one.value},
    }
    return render_page(request, "website/listing/mistakes.html", status=error.status, **results)


async def _describe_map(state: AppState, query: ListQuery, labels: Labels) -> dict[str, Any]:
    shown = query
    if query.view and query.search.bbox is None:
        shown = replace(query, search=replace(query.search, bbox=Bbox(*query.view, Crs.CRS84)))
    return {
        "bounds": query.view or find_bounds(query.base, labels.directory),
        "is_view": query.view is not None,
        "map_query": write_map_query(query.given, query.base),
        "in_view": await read_in_view(state, shown, labels),
    }


async def _describe_list(state: AppState, query: ListQuery, labels: Labels, path: str) -> dict[str, Any]:
    pool = state.choose_read_pool(is_costly=query.search.is_costly)
    page = await read_page(pool, query.search, count=False)
    sensors = [make_list_row(feature["properties"], labels) for feature in read_features(page)]
    passing = []
    if (search := query.find_passing()) is not None:
        listed = {sensor.code for sensor in sensors}
        moving = read_features(await read_page(pool, search, count=False))
        rows = (make_list_row(feature["properties"], labels) for feature in moving)
        passing = [row for row in rows if row.code not in listed]
    return {"sensors": sensors, "passing": passing, "next_url": query.format_next(path, page)}
