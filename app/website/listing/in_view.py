"""The sensors in view on a map: at most fifty as links, those nearest to its middle first, and the number of all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import hypot
from typing import Any, Final

from app.core.app_state import AppState
from app.core.templates import page_path
from app.sensors.presentation import Labels
from app.sensors.search.pages import read_page
from app.sensors.search.sensor_search import Near, SensorSearch
from app.spatial.bbox import Bbox
from app.spatial.crs import Crs, rd_from_lonlat
from app.spatial.netherlands import is_in_netherlands
from app.website.list_row import ListRow, make_list_row
from app.website.listing.list_query import ListQuery
from app.website.queries import ReadPool, read_features

MAX_LISTED: Final = 50
METRES_PER_DEGREE: Final = 111_320
"""Length of a degree of latitude, and more than one of longitude: a circle made with it holds the whole view."""
CIRCLES: Final = (1 / 64, 1 / 16, 1 / 4, 1)
"""Parts of the view in which the nearest are looked for, the smallest first: a whole country is never sorted."""


@dataclass(frozen=True, slots=True)
class InView:
    """The first sensors in view; `total` is None when there are too many to count, `list_url` has all of them."""

    sensors: list[ListRow]
    total: int | None
    list_url: str


async def read_in_view(state: AppState, query: ListQuery, labels: Labels) -> InView:
    """The sensors of a query, whose box is the view."""
    pool = state.choose_read_pool(is_costly=query.search.is_costly)
    search = replace(query.search, limit=MAX_LISTED, after=None)
    page = await read_page(pool, search)
    features: Sequence[Any] = read_features(page)
    if search.bbox and not (search.near or search.order):
        features = await _order_by_distance(pool, search, search.bbox, features, is_whole=page.after is None)
    rows = [make_list_row(_drop_distance(feature, search), labels) for feature in features]
    list_path = page_path("/sensoren", labels.language)
    return InView(
        rows, page.number_matched, f"{list_path}?{query.canonical}" if query.canonical else list_path
    )


async def _order_by_distance(
    pool: ReadPool, search: SensorSearch, view: Bbox, features: Sequence[Any], *, is_whole: bool
) -> Sequence[Any]:
    """The features nearest to the middle of the view: those of the first circle that has enough of them.

    A view whose middle is elsewhere keeps its order.
    """
    lon, lat = (view.west + view.east) / 2, (view.south + view.north) / 2
    if view.crs is not Crs.CRS84 or not is_in_netherlands(lon, lat):
        return features
    x, y = rd_from_lonlat(lon, lat)
    if is_whole:
        return sorted(features, key=lambda feature: _measure(feature, x, y))
    reach = METRES_PER_DEGREE * hypot(view.east - lon, view.north - lat)
    found = features
    for part in CIRCLES:
        near = Near(x, y, part * reach, (lon, lat))
        page = await read_page(pool, replace(search, near=near), count=False)
        found = read_features(page)
        if len(found) == MAX_LISTED:
            break
    return found


def _measure(feature: Mapping[str, Any], x: float, y: float) -> float:
    """Metres in RD between a published place and a position."""
    across, up = rd_from_lonlat(*feature["geometry"]["coordinates"])
    return hypot(across - x, up - y)


def _drop_distance(feature: Mapping[str, Any], search: SensorSearch) -> Mapping[str, Any]:
    """The properties without the distance to the middle of the view, which is no place that anyone asked about."""
    properties: Mapping[str, Any] = feature["properties"]
    return properties if search.near else {**properties, "distanceM": None}
