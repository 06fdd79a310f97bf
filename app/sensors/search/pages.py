"""Public answers: a page of sensors as finished text, from the publication, by the read role.

What comes from the database goes to the wire unparsed.
"""

import json
from dataclasses import dataclass, replace
from typing import Any

from psycopg_pool import AsyncConnectionPool

from app.sensors.search.conditions import bind_search
from app.sensors.search.query_shape import QueryShape
from app.sensors.search.sensor_search import COUNT_CAP, After, SensorSearch
from app.sensors.search.statements import compile_features, compile_kept_count, compile_page
from app.sensors.tables.publication import WHOLE_COLLECTION

ReadPool = AsyncConnectionPool[Any]

LATEST_CHANGE_SQL = "SELECT max(number) FROM publication.change"


@dataclass(frozen=True, slots=True)
class SensorPage:
    """One page: its features as JSON texts joined by commas and line ends, and what is known about the rest.

    `number_matched` is None where nobody counted that far; `after` is None on the last page.
    """

    features: bytes
    number_returned: int
    number_matched: int | None
    after: After | None
    change_number: int

    @classmethod
    def of_row(cls, row: Any, limit: int) -> "SensorPage":
        """Read the row of `selection.compile_page`; what was counted past the cap is not known."""
        features, found, position, identifier, matched, change_number, keys = row
        return cls(
            features=features or b"",
            number_returned=min(found, limit),
            number_matched=matched if matched is not None and matched <= COUNT_CAP else None,
            after=After(position, identifier, tuple(json.loads(keys or "[]"))) if found > limit else None,
            change_number=change_number or 0,
        )


async def read_page(pool: ReadPool, search: SensorSearch, *, count: bool = True) -> SensorPage:
    """The page of a search, in the order of the place, or nearest first.

    `count` is left out when an earlier page counted. Raises: psycopg errors, translated at the edge.
    """
    shape = QueryShape.of(search)
    kept = search.is_whole_collection or search.is_one_municipality
    statement = compile_page(shape, counted=count and not kept)
    async with pool.connection() as connection:
        cursor = await connection.execute(
            statement, bind_search(search), prepare=shape.is_common, binary=True
        )
        page = SensorPage.of_row(await cursor.fetchone(), search.limit)
        if not (count and kept):
            return page
        # A page that is not full tells how many there are.
        matched = await read_kept_count(connection, search) if page.after else page.number_returned
    return replace(page, number_matched=matched)


async def count_sensors(pool: ReadPool, search: SensorSearch) -> int:
    """How many sensors are shown by default, in one municipality or in all, by the kept count."""
    async with pool.connection() as connection:
        return await read_kept_count(connection, search)


async def read_sensor(pool: ReadPool, search: SensorSearch) -> bytes | None:
    """The finished GeoJSON of the first match, or None."""
    async with pool.connection() as connection:
        cursor = await connection.execute(
            compile_features(QueryShape.of(search)),
            bind_search(replace(search, limit=1)),
            prepare=True,
            binary=True,
        )
        row = await cursor.fetchone()
    return row[0] if row else None


async def read_latest_change(pool: ReadPool) -> int:
    """The number of the last change; 0 before the first. Every public answer changes with it, or with the day."""
    async with pool.connection() as connection:
        cursor = await connection.execute(LATEST_CHANGE_SQL, prepare=True, binary=True)
        row = await cursor.fetchone()
    return (row[0] if row else None) or 0


async def read_kept_count(connection: Any, search: SensorSearch) -> int:
    """How many are shown by default, asked on a connection that is at hand."""
    code = search.municipality.code if search.municipality else WHOLE_COLLECTION
    cursor = await connection.execute(
        compile_kept_count(), {"municipality": code, "today": search.today}, prepare=True, binary=True
    )
    row = await cursor.fetchone()
    return int(row[0])
