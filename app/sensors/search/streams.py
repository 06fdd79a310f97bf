"""A whole search as a stream: finished features some at a time, all of one moment.

A connection of its own is held from the first to the last, with the database's cursor in it: whoever reads slowly makes
the database wait, and nothing piles up here.
"""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

from psycopg import AsyncServerCursor

from app.sensors.search.area_pages import compile_area_features
from app.sensors.search.conditions import bind_search
from app.sensors.search.pages import LATEST_CHANGE_SQL, ReadPool, read_kept_count
from app.sensors.search.query_shape import QueryShape
from app.sensors.search.sensor_search import SensorSearch
from app.sensors.search.statements import compile_stream

FEATURES_AT_A_TIME: Final = 1000


@dataclass(frozen=True, slots=True)
class FeatureStream:
    """The features of a search, as lists of JSON texts; how many match and how many come is None where not known."""

    change_number: int
    number_matched: int | None
    number_returned: int | None
    first: list[Any]
    cursor: AsyncServerCursor[Any]

    async def read(self) -> AsyncIterator[list[bytes]]:
        """Every feature once; may be asked for once."""
        rows = self.first
        while rows:
            yield [row[0] for row in rows]
            if len(rows) < FEATURES_AT_A_TIME:
                return
            rows = await self.cursor.fetchmany(FEATURES_AT_A_TIME)


def stream_sensors(pool: ReadPool, search: SensorSearch) -> AbstractAsyncContextManager[FeatureStream]:
    """The sensors of a search, in its order, at most its limit. Raises: psycopg errors, translated at the edge."""
    return _stream(pool, search, compile_stream(QueryShape.of(search)))


def stream_areas(pool: ReadPool, search: SensorSearch) -> AbstractAsyncContextManager[FeatureStream]:
    """The areas of a search, as `read_area_page` gives them."""
    return _stream(pool, search, compile_area_features(QueryShape.of(search)), counted=False)


@asynccontextmanager
async def _stream(
    pool: ReadPool, search: SensorSearch, statement: str, *, counted: bool = True
) -> AsyncIterator[FeatureStream]:
    async with pool.connection() as connection, connection.transaction():
        cursor = await connection.execute(LATEST_CHANGE_SQL, binary=True)
        row = await cursor.fetchone()
        change_number = (row[0] if row else None) or 0
        kept = counted and (search.is_whole_collection or search.is_one_municipality)
        matched = await read_kept_count(connection, search) if kept else None
        async with AsyncServerCursor(connection, "features") as features:
            await features.execute(statement, bind_search(search), binary=True)
            first = await features.fetchmany(FEATURES_AT_A_TIME)
            ended = len(first) < FEATURES_AT_A_TIME
            returned = len(first) if ended else None
            if search.after is None:
                # Not full is all there is; more than was asked for is not sent.
                matched = len(first) if ended and matched is None else matched
                returned = min(matched, search.limit) if matched is not None else None
            yield FeatureStream(change_number, matched, returned, first, features)
