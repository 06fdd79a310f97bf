"""The addresses of the statistics: counts of sensors as JSON, CSV or a page."""

from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from app.core.app_state import AppState, get_app_state
from app.core.http.conditional import answer_unchanged, is_unchanged, make_etag
from app.core.http.routing import SERVICE_ROOT, DirectRoute, find_root
from app.core.i18n import Language, LocalizedText
from app.core.templates import PAGE_VARY, page_language, render_page
from app.files.writers.csv import write_lines
from app.sensors.search.dimensions import SOURCES, Dimension
from app.sensors.search.grouped_counts import SensorCounts
from app.sensors.search.pages import read_latest_change
from app.sensors.search.reference_data import ReferenceData, get_reference_data
from app.statistics.file_names import DIMENSION_WORDS, describe_search, name_file
from app.statistics.labels import DIMENSION_LABELS, StatisticsLabels
from app.statistics.queries import read_owner_names, read_statistics
from app.statistics.register_start import find_later_start, read_register_start
from app.statistics.schemas import (
    STATISTICS_SCHEMA,
    describe_answer,
    format_address,
    make_document,
    make_table,
    order_rows,
    replace_parameter,
)
from app.statistics.statistics_parameters import (
    CSV,
    HTML,
    JSON,
    StatisticsQuery,
    describe_parameters,
    parse_statistics_query,
)

router = APIRouter(route_class=DirectRoute, tags=["statistics"])

CACHE: Final = {"Cache-Control": "public, max-age=60", "Vary": f"Accept, {PAGE_VARY}"}

_SUBJECT: Final = LocalizedText("statistiek", "statistics")

_REVISION: Final = 2
"""Raise it when answers are written in another way: they change then, and no change number says so."""


@router.get(
    f"{SERVICE_ROOT}/statistics",
    openapi_extra={"parameters": describe_parameters()},
    responses=describe_answer("The counts.", STATISTICS_SCHEMA, CSV, HTML),
)
async def get_statistics(request: Request) -> Response:
    """How many sensors there are, by one or two of their properties, of any search of items.

    Sensors with several themes, municipalities or legal grounds count under each: `countsOverlap` says so. As in items,
    removed and long expired sensors are left out unless `operationalStatus` asks for them. Months count what happened
    until today, or until `asOf`: a planned sensor has no `placedMonth`, and one that is still there no `endedMonth`.

    - By municipality: `?by=municipality`
    - By kind in Amsterdam, of sensors that process personal data:
      `?by=sensorType&municipality=Amsterdam&personalData=indirect,yes,special_category`
    - By owner and month, of everything that was ever placed and is public:
      `?by=owner,placedMonth&operationalStatus=planned,active,due_for_confirmation,expired,removed&f=csv`
    """
    state = get_app_state(request)
    reference_data = await get_reference_data(state)
    query = parse_statistics_query(
        request.scope["query_string"], reference_data, request.headers.get("accept")
    )
    # Only the page follows its reader; the words of a file are those of its address.
    language = page_language(request) if query.media_type == HTML else query.language
    if_none_match = request.headers.get("if-none-match")
    if if_none_match is not None:
        known = _make_etag(query, await read_latest_change(state.read_pool), reference_data, language)
        if is_unchanged(if_none_match, known):
            return answer_unchanged(known, CACHE)
    counts = await read_statistics(state, query.search, query.by)
    labels = await _read_labels(state, query, counts, reference_data)
    rows = order_rows(counts, query, labels)
    headers = {**CACHE, "ETag": _make_etag(query, counts.change_number, reference_data, language)}
    start = await read_register_start(state)
    document = make_document(query, counts.total, rows, labels, find_root(request))
    document["registerStart"] = start.isoformat() if start else None
    if query.media_type == JSON:
        return JSONResponse(document, headers=headers)
    names, table = make_table(query, rows, labels, language)
    as_json = format_address(f"{find_root(request)}/statistics", query.canonical, "json")
    headers["Link"] = f'<{as_json}>; rel="alternate"; type="{JSON}"'
    if query.media_type == CSV:
        headers |= {
            "Content-Disposition": f'attachment; filename="{_name_file(query, reference_data)}"',
            "Content-Language": query.language,
        }
        return Response(write_lines(names, table, header=True), headers=headers, media_type=CSV)
    return render_page(
        request,
        "api/statistics.html",
        headers={name: value for name, value in headers.items() if name != "ETag"},
        total=counts.total,
        start=await find_later_start(state, query.search),
        from_start=format_address(
            f"{SERVICE_ROOT}/statistics",
            replace_parameter(query.canonical, "asOf", start.isoformat() if start else ""),
            query.f,
        ),
        day=query.search.today,
        labels=[DIMENSION_LABELS[one].render(language) for one in query.by],
        rows=[(row[1:-1:2], rows[number].count) for number, row in enumerate(table)],
        overlapping=next((one.value for one in query.by if SOURCES[one].overlaps), None),
        dimensions=_list_dimensions(query, language),
        as_json=format_address(f"{SERVICE_ROOT}/statistics", query.canonical, "json"),
        as_csv=format_address(
            f"{SERVICE_ROOT}/statistics", replace_parameter(query.canonical, "lang", language), "csv"
        ),
        items=format_address(f"{SERVICE_ROOT}/collections/sensors/items", query.criteria, "html"),
    )


def _name_file(query: StatisticsQuery, reference_data: ReferenceData) -> str:
    counted = [DIMENSION_WORDS[one].render(query.language) for one in query.by]
    searched = describe_search(query.search, reference_data, query.language)
    return name_file(_SUBJECT, [*searched, *counted], query.search.today, query.language)


def _list_dimensions(query: StatisticsQuery, language: Language) -> list[tuple[str, str, bool]]:
    """Label and address of the same search by each dimension, and whether it is the one shown."""
    address = f"{SERVICE_ROOT}/statistics"
    return [
        (
            label.render(language),
            format_address(
                address, "&".join(part for part in (f"by={one}", query.criteria) if part), query.f
            ),
            query.by == (one,),
        )
        for one, label in DIMENSION_LABELS.items()
    ]


async def _read_labels(
    state: AppState, query: StatisticsQuery, counts: SensorCounts, reference_data: ReferenceData
) -> StatisticsLabels:
    owners = {
        value
        for rows in counts.rows
        for row in rows
        for one, value in zip(query.by, row.values, strict=True)
        if one is Dimension.OWNER and value is not None
    }
    return StatisticsLabels(reference_data, await read_owner_names(state, owners))


def _make_etag(
    query: StatisticsQuery, change_number: int, reference_data: ReferenceData, language: Language
) -> str:
    """An entity tag that differs for each change, day, query, format and language, and for other labels."""
    return make_etag(
        _REVISION,
        change_number,
        query.search.today,
        query.canonical,
        query.media_type,
        query.f,
        language,
        reference_data.directory.stamp,
        reference_data.vocabularies.stamp,
    )
