"""The filters of the list and the map: for each value the number of sensors that hold for the other filters chosen.

The numbers of one filter are those of the search without that filter: they say what choosing a value gives.
"""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from psycopg.errors import QueryCanceled

from app.core.app_state import AppState
from app.core.byte_cache import ByteCache
from app.sensors.search.dimensions import Dimension
from app.sensors.search.grouped_counts import SensorCounts, read_grouped_counts
from app.sensors.search.operational_status import OPERATIONAL_STATUSES, STATUS_PROPERTY, OperationalStatus
from app.sensors.search.pages import read_latest_change
from app.sensors.search.parameters import format_search
from app.sensors.search.sensor_search import SensorSearch

FACETS: Final[Mapping[str, Dimension]] = {
    "sensorType": Dimension.SENSOR_TYPE,
    "smartCityTheme": Dimension.SMART_CITY_THEME,
    "personalData": Dimension.PERSONAL_DATA,
    "gdprBases": Dimension.LEGAL_GROUND,
    STATUS_PROPERTY: Dimension.OPERATIONAL_STATUS,
    "mobility": Dimension.MOBILITY,
    "owner": Dimension.OWNER,
    "province": Dimension.PROVINCE,
}
"""The filters by the parameter of each, and what its sensors are counted by."""

Counts = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class FacetCounts:
    """The number of matches, and for each filter the numbers by value. Both are None when counting takes too long."""

    total: int | None
    by_parameter: Mapping[str, Counts] | None


class _CountCache(ByteCache):
    """Counts of one application. Each is of one change and day, so that none is out of date."""

    def __init__(self) -> None:
        super().__init__(8_000_000)


async def count_facets(state: AppState, search: SensorSearch) -> FacetCounts:
    """The counts of every filter; the matches of filters without a choice are read once for all of them."""
    free = [name for name in FACETS if not _is_chosen(search, name) and name != STATUS_PROPERTY]
    others = [name for name in FACETS if name not in free]
    change = await read_latest_change(state.read_pool)
    try:
        whole, *single = await asyncio.gather(
            _count(state, change, search, free),
            *(_count(state, change, _drop(search, name), [name]) for name in others),
        )
    except QueryCanceled:
        return FacetCounts(None, None)
    counts = dict(zip(free, whole[1], strict=True))
    counts |= {name: rows[0] for name, (_, rows) in zip(others, single, strict=True)}
    return FacetCounts(whole[0], counts)


def _is_chosen(search: SensorSearch, name: str) -> bool:
    if name == "province":
        return search.province is not None
    return bool(search.statuses) if name == STATUS_PROPERTY else name in search.values


def _drop(search: SensorSearch, name: str) -> SensorSearch:
    """The search without one filter. Without a status all of them count, also those that are not shown by default."""
    if name == "province":
        return replace(search, province=None)
    if name == STATUS_PROPERTY:
        return replace(search, statuses=tuple(OperationalStatus(one) for one in OPERATIONAL_STATUSES))
    return replace(search, values={other: values for other, values in search.values.items() if other != name})


async def _count(
    state: AppState, change: int, search: SensorSearch, names: Sequence[str]
) -> tuple[int, list[dict[str, int]]]:
    cache = state.get_cache(_CountCache, _CountCache)
    asked = replace(search, order=(), after=None)
    key = f"{change} {search.today} {' '.join(names)} {format_search(asked)}"
    stored = cache.find(key)
    if stored is None:
        pool = state.choose_read_pool(is_costly=True)
        counts = await read_grouped_counts(pool, asked, [(FACETS[name],) for name in names])
        stored = _write(counts)
        cache.store(key, stored)
    total, rows = json.loads(stored)
    return total, rows


def _write(counts: SensorCounts) -> bytes:
    rows = [{row.values[0]: row.count for row in group if row.values[0] is not None} for group in counts.rows]
    return json.dumps([counts.total, rows]).encode()
