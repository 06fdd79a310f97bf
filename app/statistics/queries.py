"""Counts of sensors for the API and for pages."""

from collections.abc import Collection

from app.core.app_state import AppState
from app.organisations.queries import NAMES_SQL
from app.sensors.publication.stored_counts import has_stored_counts, read_stored_counts, read_stored_pair
from app.sensors.search.dimensions import Dimension
from app.sensors.search.grouped_counts import CountRow, SensorCounts, read_grouped_counts
from app.sensors.search.sensor_search import SensorSearch


async def read_statistics(state: AppState, search: SensorSearch, by: tuple[Dimension, ...]) -> SensorCounts:
    """The number of sensors that a search finds, and the rows of `count_sensors_by`; no rows without a dimension.

    Raises: psycopg errors, for the exception handlers.
    """
    if has_stored_counts(search, by):
        read = read_stored_pair if len(by) > 1 else read_stored_counts
        return await read(state.read_pool, search, by)
    return await read_grouped_counts(state.choose_read_pool(is_costly=True), search, [by] if by else [])


async def count_sensors_by(
    state: AppState, search: SensorSearch, by: tuple[Dimension, ...]
) -> tuple[CountRow, ...]:
    """The number of sensors that a search finds by the values of one dimension, or of each pair of two.

    Rows are in order of value; sensors without a value are a row with None. A sensor with several values is counted
    under each. Raises: psycopg errors, for the exception handlers.
    """
    return (await read_statistics(state, search, by)).rows[0]


async def count_sensors_by_each(
    state: AppState, search: SensorSearch, dimensions: tuple[Dimension, ...]
) -> dict[Dimension, tuple[CountRow, ...]]:
    """The counts of `count_sensors_by` for each of several dimensions: the sensors are read once."""
    if has_stored_counts(search):
        counts = await read_stored_counts(state.read_pool, search, dimensions)
    else:
        pool = state.choose_read_pool(is_costly=True)
        counts = await read_grouped_counts(pool, search, [(dimension,) for dimension in dimensions])
    return dict(zip(dimensions, counts.rows, strict=True))


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
