"""The filters of the list and the map: for each value the number of sensors that hold for the other filters chosen.

The numbers of one filter are those of the search without that filter: they say what choosing a value gives.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from psycopg.errors import QueryCanceled
from psycopg_pool import PoolTimeout, TooManyRequests

from app.core.app_state import AppState
from app.sensors.search.dimensions import ITEM_PARAMETERS, Dimension, find_item_parameter
from app.sensors.search.grouped_counts import has_more_matches
from app.sensors.search.operational_status import OPERATIONAL_STATUSES, STATUS_PROPERTY, OperationalStatus
from app.sensors.search.sensor_search import COUNT_CAP, SensorSearch
from app.statistics.queries import read_each_count

FACETS: Final[Mapping[str, Dimension]] = {
    ITEM_PARAMETERS[dimension]: dimension
    for dimension in (
        Dimension.SENSOR_TYPE,
        Dimension.SMART_CITY_THEME,
        Dimension.PERSONAL_DATA,
        Dimension.LEGAL_GROUND,
        Dimension.OPERATIONAL_STATUS,
        Dimension.MOBILITY,
        Dimension.OWNER,
        Dimension.PROVINCE,
    )
}
"""The filters by the parameter of each, and what its sensors are counted by."""

Counts = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class FacetCounts:
    """The number of matches, and for each filter the numbers by value. Both are None when counting takes too long."""

    total: int | None
    by_parameter: Mapping[str, Counts] | None


async def count_facets(state: AppState, search: SensorSearch) -> FacetCounts:
    """The counts of every filter; the matches of filters without a choice are read once for all of them."""
    free = [name for name in FACETS if not _is_chosen(search, name) and name != STATUS_PROPERTY]
    others = [name for name in FACETS if name not in free]
    try:
        if await _has_common_words(state, search):
            return FacetCounts(None, None)
        whole, *single = await asyncio.gather(
            _count(state, search, free),
            *(_count(state, _drop(search, name), [name]) for name in others),
        )
    except (QueryCanceled, PoolTimeout, TooManyRequests):
        return FacetCounts(None, None)
    counts = dict(zip(free, whole[1], strict=True))
    counts |= {name: rows[0] for name, (_, rows) in zip(others, single, strict=True)}
    return FacetCounts(whole[0], counts)


async def _has_common_words(state: AppState, search: SensorSearch) -> bool:
    """Whether the words of a search are in so many sensors that a page would wait for the counts.

    No index holds both the words and what is counted: each of these sensors is read.
    """
    if search.words is None:
        return False
    for name in FACETS:
        if _is_chosen(search, name):
            search = _drop(search, name)
    pool = state.choose_read_pool(is_costly=True)
    return await has_more_matches(pool, replace(search, order=()), COUNT_CAP)


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
    state: AppState, search: SensorSearch, names: Sequence[str]
) -> tuple[int, list[dict[str, int]]]:
    counts = await read_each_count(state, replace(search, order=()), tuple(FACETS[name] for name in names))
    dimensions = [FACETS[name] for name in names]
    rows = [
        {
            row.values[0]: row.count
            for row in group
            if row.values[0] and find_item_parameter(one, row.values[0])
        }
        for one, group in zip(dimensions, counts.rows, strict=True)
    ]
    return counts.total, rows
