"""Counts of sensors for the API and for pages."""

import json
from collections.abc import Collection, Sequence
from dataclasses import replace
from time import monotonic
from typing import Final

from psycopg.errors import QueryCanceled

from app.core.app_state import AppState
from app.core.byte_cache import ByteCache
from app.organisations.queries import NAMES_SQL
from app.sensors.publication.alike_counts import has_alike_counts, read_alike_counts
from app.sensors.publication.stored_counts import has_stored_counts, read_stored_counts, read_stored_pair
from app.sensors.search.dimensions import Dimension
from app.sensors.search.grouped_counts import CountRow, Grouping, SensorCounts, read_grouped_counts
from app.sensors.search.pages import read_latest_change
from app.sensors.search.parameters import format_search
from app.sensors.search.sensor_search import SensorSearch

_CACHED_BYTES: Final = 16_000_000
_SLOW_SECONDS: Final = 600
"""The time for which a search that took too long to count is remembered, at most."""


async def read_statistics(state: AppState, search: SensorSearch, by: tuple[Dimension, ...]) -> SensorCounts:
    """The number of sensors that a search finds, by the values of one dimension or of each pair of two.

    Rows are in order of value; sensors without a value are a row with None. A sensor with several values is counted
    under each. Without a dimension there are no rows. Raises: psycopg errors, for the exception handlers.
    """
    if has_stored_counts(search, by):
        read = read_stored_pair if len(by) > 1 else read_stored_counts
        return await read(state.read_pool, search, by)
    return await _count(state, search, [by] if by else [])


async def count_sensors_by_each(
    state: AppState, search: SensorSearch, dimensions: tuple[Dimension, ...]
) -> dict[Dimension, tuple[CountRow, ...]]:
    """The counts of `read_statistics` by each of several dimensions: the sensors are read once."""
    counts = await read_each_count(state, search, dimensions)
    return dict(zip(dimensions, counts.rows, strict=True))


class _CountCache(ByteCache):
    """Counts on request of one application. Each is of one change and day, so that none is out of date."""

    def __init__(self) -> None:
        super().__init__(_CACHED_BYTES)


async def read_each_count(
    state: AppState, search: SensorSearch, dimensions: tuple[Dimension, ...]
) -> SensorCounts:
    """The number of sensors that a search finds, and their counts by each dimension, for a page.

    Counts that are not stored are cached until the next change: at a million sensors they may take seconds. A search
    that took longer than the limit is not counted again for some minutes, whatever changes.
    Raises: psycopg errors, for the exception handlers; QueryCanceled where counting takes too long.
    """
    if has_stored_counts(search):
        return await read_stored_counts(state.read_pool, search, dimensions)
    cache = state.get_cache(_CountCache, _CountCache)
    change = await read_latest_change(state.read_pool)
    asked = f"{search.today} {','.join(dimensions)} {format_search(replace(search, after=None))}"
    key, slow = f"{change} {asked}", f"slow {monotonic() // _SLOW_SECONDS} {asked}"
    cached = cache.find(key)
    if cached is not None:
        return _load_counts(cached)
    if cache.find(slow) is not None:
        raise QueryCanceled("counting took too long some minutes ago")
    try:
        counts = await _count(state, search, [(dimension,) for dimension in dimensions])
    except QueryCanceled:
        cache.store(slow, b"")
        raise
    cache.store(key, _dump_counts(counts))
    return counts


async def _count(state: AppState, search: SensorSearch, groupings: Sequence[Grouping]) -> SensorCounts:
    """The counts of a search without stored counts: of alike sensors where these decide it, or of its sensors."""
    if has_alike_counts(search, [one for grouping in groupings for one in grouping]):
        return await read_alike_counts(state.read_pool, search, groupings)
    return await read_grouped_counts(state.choose_read_pool(is_costly=True), search, groupings)


def _dump_counts(counts: SensorCounts) -> bytes:
    rows = [[(row.values, row.count) for row in group] for group in counts.rows]
    return json.dumps((counts.total, rows, counts.change_number)).encode()


def _load_counts(content: bytes) -> SensorCounts:
    total, rows, change_number = json.loads(content)
    groups = (tuple(CountRow(tuple(values), count) for values, count in group) for group in rows)
    return SensorCounts(total, tuple(groups), change_number)


async def read_owner_names(state: AppState, identifiers: Collection[str]) -> dict[str, str | None]:
    """The public names of organisations by id; None for one without a public name."""
    if not identifiers:
        return {}
    async with state.read_pool.connection() as connection:
        cursor = await connection.execute(NAMES_SQL, {"ids": list(identifiers)})
        rows = await cursor.fetchall()
    return {_decode(identifier): _decode(name) if name else None for identifier, name in rows}


def _decode(text: bytes | str) -> str:
    # The pool returns text as bytes.
    return text.decode() if isinstance(text, bytes) else text
