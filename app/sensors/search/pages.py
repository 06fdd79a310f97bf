"""Pages of sensors as finished GeoJSON text, read from the publication with the read role.

The text of the database is sent to the client unparsed.
"""

import json
from dataclasses import dataclass, replace
from typing import Any

from psycopg_pool import AsyncConnectionPool

from app.sensors.search.conditions import bind_search
from app.sensors.search.query_shape import QueryShape
from app.sensors.search.sensor_search import COUNT_CAP, After, SensorSearch
from app.sensors.search.statements import compile_features, compile_page, compile_stored_count
from app.sensors.tables.publication import WHOLE_COLLECTION

ReadPool = AsyncConnectionPool[Any]

LATEST_CHANGE_SQL = "SELECT max(number) FROM publication.change"


@dataclass(frozen=True, slots=True)
class SensorPage:
    """One page: its features as JSON texts joined by commas and line breaks, and the counts.

    `number_matched` is None when it is not counted or exceeds the cap; `after` is None on the last page.
    """

    features: bytes
    number_returned: int
    number_matched: int | None
    after: After | None
    change_number: int

    @classmethod
    def of_row(cls, row: Any, limit: int) -> "SensorPage":
        """Read the row of `statements.compile_page`; a count above the cap becomes None."""
        features, found, position, identifier, matched, change_number, keys = row
        return cls(
            features=features or b"",
            number_returned=min(found, limit),
            number_matched=matched if matched is not None and matched <= COUNT_CAP else None,
            after=After(position, identifier, tuple(json.loads(keys or "[]"))) if found > limit else None,
            change_number=change_number or 0,
        )


async def read_page(pool: ReadPool, search: SensorSearch, *, count: bool = True) -> SensorPage:
    """Read the page of a search, in its order.

    `count` is false when an earlier page counted the matches. Raises: psycopg errors, for the exception handlers.
    """
    shape = QueryShape.of(search)
    has_stored_count = search.is_whole_collection or search.is_one_municipality
    statement = compile_page(shape, counted=count and not has_stored_count)
    async with pool.connection() as connection:
        cursor = await connection.execute(
            statement, bind_search(search), prepare=shape.is_common, binary=True
        )
        page = SensorPage.of_row(await cursor.fetchone(), search.limit)
        if not (count and has_stored_count):
            return page
        # A page that is not full holds all matches.
        matched = await read_stored_count(connection, search) if page.after else page.number_returned
    return replace(page, number_matched=matched)


async def count_sensors(pool: ReadPool, search: SensorSearch) -> int:
    """The number of sensors shown by default, in one municipality or in all, from the stored counts."""
    async with pool.connection() as connection:
        return await read_stored_count(connection, search)


async def read_sensor(pool: ReadPool, search: SensorSearch) -> bytes | None:
    """Read the GeoJSON of a search with limit 1; None without a match."""
    async with pool.connection() as connection:
        cursor = await connection.execute(
            compile_features(QueryShape.of(search)),
            bind_search(search),
            prepare=True,
            binary=True,
        )
        row = await cursor.fetchone()
    return row[0] if row else None


async def read_latest_change(pool: ReadPool) -> int:
    """Read the number of the last change; 0 before the first. Public responses change only with it or with the date."""
    async with pool.connection() as connection:
        cursor = await connection.execute(LATEST_CHANGE_SQL, prepare=True, binary=True)
        row = await cursor.fetchone()
    return (row[0] if row else None) or 0


async def read_stored_count(connection: Any, search: SensorSearch) -> int:
    """The number of sensors shown by default, read on a given connection."""
    code = search.municipality.code if search.municipality else WHOLE_COLLECTION
    cursor = await connection.execute(
        compile_stored_count(), {"municipality": code, "today": search.today}, prepare=True, binary=True
    )
    row = await cursor.fetchone()
    return int(row[0])
