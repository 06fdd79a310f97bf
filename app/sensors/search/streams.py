"""A whole search as a stream of finished features, in batches, from one snapshot.

The stream holds its own connection with a server-side cursor, for as long as its features are being read.
"""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

from psycopg import AsyncServerCursor

from app.sensors.search.area_pages import compile_area_features
from app.sensors.search.conditions import bind_search
from app.sensors.search.pages import LATEST_CHANGE_SQL, ReadPool, read_stored_count
from app.sensors.search.query_shape import QueryShape
from app.sensors.search.sensor_search import SensorSearch
from app.sensors.search.statements import compile_stream

FEATURES_AT_A_TIME: Final = 1000


@dataclass(frozen=True, slots=True)
class FeatureStream:
    """The features of a search, in batches of JSON texts. The counts are None when they are unknown."""

    change_number: int
    number_matched: int | None
    number_returned: int | None
    first: list[Any]
    cursor: AsyncServerCursor[Any]

    async def read(self) -> AsyncIterator[list[bytes]]:
        """Read all features; call it only once."""
        rows = self.first
        while rows:
            yield [row[0] for row in rows]
            if len(rows) < FEATURES_AT_A_TIME:
                return
            rows = await self.cursor.fetchmany(FEATURES_AT_A_TIME)


def stream_sensors(pool: ReadPool, search: SensorSearch) -> AbstractAsyncContextManager[FeatureStream]:
    """Stream the sensors of a search, in order, up to its limit. Raises: psycopg errors, for the exception handlers."""
    return _stream(pool, search, compile_stream(QueryShape.of(search)))


def stream_areas(pool: ReadPool, search: SensorSearch) -> AbstractAsyncContextManager[FeatureStream]:
    """Stream the areas of a search, as features of `read_area_page`."""
    return _stream(pool, search, compile_area_features(QueryShape.of(search)), counted=False)


@asynccontextmanager
async def _stream(
    pool: ReadPool, search: SensorSearch, statement: str, *, counted: bool = True
) -> AsyncIterator[FeatureStream]:
    async with pool.connection() as connection, connection.transaction():
        cursor = await connection.execute(LATEST_CHANGE_SQL, binary=True)
        row = await cursor.fetchone()
        change_number = (row[0] if row else None) or 0
        has_stored_count = counted and (search.is_whole_collection or search.is_one_municipality)
        matched = await read_stored_count(connection, search) if has_stored_count else None
        async with AsyncServerCursor(connection, "features") as features:
            await features.execute(statement, bind_search(search), binary=True)
            first = await features.fetchmany(FEATURES_AT_A_TIME)
            ended = len(first) < FEATURES_AT_A_TIME
            returned = len(first) if ended else None
            if search.after is None:
                # A first batch that is not full holds all matches; the limit caps what is sent.
                matched = len(first) if ended and matched is None else matched
                returned = min(matched, search.limit) if matched is not None else None
            yield FeatureStream(change_number, matched, returned, first, features)
