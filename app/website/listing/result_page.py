"""The page of a search: as a list, a table or a map, with the same filters and addresses."""

from typing import Any, Final

from app.core.app_state import AppState
from app.core.clock import dutch_date
from app.core.http.error_page import say_problem
from app.core.i18n import LocalizedText
from app.core.query_string import write_query
from app.core.templates import page_path
from app.sensors.presentation import Labels
from app.sensors.search.parameter_labels import PARAMETER_LABELS
from app.sensors.search.reference_data import ReferenceData
from app.statistics.coverage import Coverage, read_coverage
from app.statistics.labels import StatisticsLabels
from app.statistics.queries import read_owner_names
from app.statistics.register_start import find_later_start, read_register_start
from app.website.listing.facets import FacetCounts, count_facets
from app.website.listing.filters import describe_filters
from app.website.listing.labelled_file import MAX_ROWS
from app.website.listing.list_query import TABLE, VIEW_PARAMETER, ListQuery
from app.website.listing.page_address import PageAddress
from app.website.listing.unknown_ids import explain_unknown_ids

LIST_PATH: Final = "/sensoren"
MAP_PATH: Final = "/kaart"

SORTS: Final = {
    "": LocalizedText("op plaats", "by place"),
    "-placedFrom": LocalizedText("nieuwste eerst", "newest first"),
    "placedFrom": LocalizedText("oudste eerst", "oldest first"),
    "activeUntil": LocalizedText("verdwijnt het eerst", "leaving first"),
    "name": LocalizedText("op naam", "by name"),
    "ownerName": LocalizedText("op eigenaar", "by owner"),
    "-updatedAt": LocalizedText("laatst gewijzigd", "changed last"),
}
FILES: Final = (
    ("csv", "CSV"),
    ("xlsx", "Excel"),
    ("geojson", "GeoJSON"),
    ("geopackage", "GeoPackage"),
    ("geoparquet", "GeoParquet"),
)
LABELLED_FILES: Final = (("xlsx", "Excel"), ("csv", "CSV"))
"""Files with words for names and codes, by their suffix."""
MAX_POINTS: Final = 10_000
"""The sensors that QGIS reads from the address of points; tiles have no limit."""
_ITEMS: Final = "/v1/collections/sensors/items"
_STYLE: Final = "/v1/styles/sensors"


async def describe_results(state: AppState, query: ListQuery, labels: Labels, *, path: str) -> dict[str, Any]:
    """The context that the list and the map share; `path` is the Dutch one of the page."""
    counts = await count_facets(state, query.base)
    names = await _read_names(state, query, counts, labels)
    page = {VIEW_PARAMETER: TABLE} if query.is_table and path == LIST_PATH else {}
    address = PageAddress(page_path(path, labels.language), {**query.given, **page})
    list_path, map_path = (page_path(one, labels.language) for one in (LIST_PATH, MAP_PATH))
    search = write_query(query.given)
    start = await find_later_start(state, query.base)
    contradiction = query.explain_contradiction() if counts.total == 0 else None
    return {
        "start": start,
        "from_start": str(address.at(address.path, asOf=start.isoformat())) if start else None,
        "query": query,
        "heading": query.format_heading(labels),
        "total": counts.total,
        "contradiction": labels.render(contradiction) if contradiction else None,
        "coverage": await _read_coverage(state, query) if counts.total == 0 and not contradiction else None,
        "filters": describe_filters(query, counts, names, labels, address),
        "sorts": [(value, labels.render(text)) for value, text in SORTS.items()],
        "view": "map" if path == MAP_PATH else "table" if query.is_table else "list",
        "views": {
            "map": str(address.at(map_path, **{VIEW_PARAMETER: None})),
            "list": str(address.at(list_path, **{VIEW_PARAMETER: None})),
            "table": str(address.at(list_path, **{VIEW_PARAMETER: TABLE})),
        },
        "clear_url": address.path if not page else f"{address.path}?{write_query(page)}",
        "search": search,
        "points_address": f"{_ITEMS}?{write_query({**query.given, 'f': 'json', 'limit': str(MAX_POINTS)})}",
        "style_address": f"{_STYLE}?{search}" if search else _STYLE,
        "files": [
            (name, f"items?{write_query({**query.given, 'f': form, 'limit': '1000000'})}")
            for form, name in FILES
        ],
        "labelled_files": [
            (name, str(PageAddress(f"{list_path}/bestand.{suffix}", query.given)))
            for suffix, name in LABELLED_FILES
        ],
        "max_labelled": MAX_ROWS,
        "notices": [say_problem(problem, PARAMETER_LABELS, labels.language) for problem in query.unknown],
        "unknown_ids": await explain_unknown_ids(state, query, labels),
        "municipalities": labels.municipality_names,
        "edition": labels.directory.edition_in_force,
        "first_day": (await read_register_start(state) or dutch_date()).isoformat(),
        "today": dutch_date().isoformat(),
        "mistakes": (),
        "typed": {},
    }


async def _read_coverage(state: AppState, query: ListQuery) -> Coverage | None:
    """The coverage of the municipality of an empty answer; None for another area."""
    municipality = query.municipality
    return await read_coverage(state, municipality.code) if municipality and municipality.in_force else None


async def _read_names(
    state: AppState, query: ListQuery, counts: FacetCounts, labels: Labels
) -> StatisticsLabels:
    owners = {str(value) for value in query.base.values.get("owner", ())}
    if counts.by_parameter is not None:
        owners |= counts.by_parameter["owner"].keys()
    reference = ReferenceData(labels.directory, labels.vocabularies)
    return StatisticsLabels(reference, await read_owner_names(state, sorted(owners)))
