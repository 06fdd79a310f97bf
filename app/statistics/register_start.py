"""The day on which the register starts: no search as of an earlier moment finds anything."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from app.core.app_state import AppState
from app.core.clock import dutch_date
from app.sensors.search.sensor_search import SensorSearch

FIRST_CHANGE_SQL: Final = "SELECT recorded_at FROM publication.change ORDER BY number LIMIT 1"


@dataclass(slots=True)
class _RegisterStart:
    day: date | None = None


async def read_register_start(state: AppState) -> date | None:
    """The day in the Netherlands of the first change of the register; None before it. Raises: psycopg errors."""
    known = state.get_cache(_RegisterStart, _RegisterStart)
    if known.day is None:
        async with state.read_pool.connection() as connection:
            row = await (await connection.execute(FIRST_CHANGE_SQL)).fetchone()
        known.day = dutch_date(row[0]) if row else None
    return known.day


async def find_later_start(state: AppState, search: SensorSearch) -> date | None:
    """The day on which the register starts when a search is as of an earlier one; None for any other search."""
    if search.as_of is None:
        return None
    start = await read_register_start(state)
    return start if start is not None and search.today < start else None
