"""The page of a search: as a list, a table or a map, with the same filters and addresses."""

from typing import Any, Final

from app.core.app_state import AppState
from app.core.clock import dutch_date
from app.core.i18n import LocalizedText
from app.core.templates import page_path
from app.sensors.presentation import Labels
from app.sensors.search.reference_data import ReferenceData
from app.spatial.netherlands import EAST, NORTH, SOUTH, WEST
from app.statistics.coverage import Coverage, read_coverage
from app.statistics.labels import StatisticsLabels
from app.statistics.queries import read_owner_names
from app.statistics.register_start import find_later_start
from app.website.listing.facets import FacetCounts, count_facets
from app.website.listing.filters import describe_filters
from app.website.listing.labelled_file import MAX_ROWS
from app.website.listing.list_query import TABLE, VIEW_PARAMETER, ListQuery
from app.website.listing.page_address import PageAddress, write_query

LIST_PATH: Final = "/sensoren"
MAP_PATH: Final = "/kaart"
FIRST_DAY: Final = "2020-01-01"
"""Where the slider of days begins. The field beside it takes any day."""

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
MAX_POINTS: Final = 10_000
"""The sensors that QGIS reads from the address of points; tiles have no limit."""
_ITEMS: Final = "/v1/collections/sensors/items"
_STYLE: Final = "/v1/styles/sensors"
_MARGIN: Final = 0.02
_KILOMETRE_DEGREES: Final = (0.0147, 0.009)


async def describe_results(state: AppState, query: ListQuery, labels: Labels, *, path: str) -> dict[str, Any]:
    """The context that the list and the map share; `path` is the Dutch one of the page."""
    counts = await count_facets(state, query.base)
    names = await _read_names(state, query, counts, labels)
    page = {VIEW_PARAMETER: TABLE} if query.is_table and path == LIST_PATH else {}
    address = PageAddress(page_path(path, labels.language), {**query.given, **page})
    list_path, map_path = (page_path(one, labels.language) for one in (LIST_PATH, MAP_PATH))
    search = write_query(query.given)
    start = await find_later_start(state, query.base)
    return {
        "start": start,
        "from_start": str(address.at(address.path, asOf=start.isoformat())) if start else None,
        "query": query,
        "heading": query.format_heading(labels),
        "total": counts.total,
        "coverage": await _read_coverage(state, query) if counts.total == 0 else None,
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
        "labelled_file": str(PageAddress(f"{list_path}/bestand.csv", query.given)),
        "max_labelled": MAX_ROWS,
        "notices": [labels.render(problem.detail) for problem in query.unknown],
        "municipalities": labels.municipality_names,
        "edition": labels.directory.edition_in_force,
        "first_day": FIRST_DAY,
        "today": dutch_date().isoformat(),
        "problem": None,
        "nearest": None,
    }


def find_bounds(query: ListQuery) -> tuple[float, float, float, float]:
    """The bounds that the map shows first: the view of the address, the place of the search, or the country."""
    if query.view:
        return query.view
    if query.base.near:
        lon, lat = query.base.near.lonlat
        across, up = (max(query.base.near.radius_metres, 100) / 1000 * one for one in _KILOMETRE_DEGREES)
        return lon - across, lat - up, lon + across, lat + up
    if query.base.bbox and query.base.bbox.crs.is_geographic:
        box = query.base.bbox
        return box.west, box.south, box.east, box.north
    if query.municipality:
        west, south, east, north = query.municipality.extent
        return west - _MARGIN, south - _MARGIN, east + _MARGIN, north + _MARGIN
    return WEST + 0.3, SOUTH + 0.1, EAST - 0.1, NORTH - 0.2


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
