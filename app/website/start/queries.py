"""Reads of the start page: the latest changes and three numbers."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from app.core.app_state import AppState
from app.core.latest_version import LatestVersion
from app.sensors.fields import PERSONAL_DATA
from app.sensors.search.dimensions import Dimension
from app.sensors.search.pages import read_latest_change, read_page
from app.sensors.search.sensor_search import SensorSearch
from app.statistics.queries import count_sensors_by_each
from app.website.queries import ReadPool, read_features

CHANGED_SQL: Final = """
SELECT id FROM publication.published_sensor WHERE hidden_from > %s ORDER BY updated_at DESC, id DESC LIMIT %s
"""
"""By the table of what is public, not by the changes: those may be a million withdrawals, or a new edition."""


@dataclass(frozen=True, slots=True)
class StartNumbers:
    """The sensors that are shown, the organisations that own them, and the sensors that process personal data."""

    sensors: int
    owners: int
    with_personal_data: int


async def list_changed(pool: ReadPool, today: date, limit: int) -> list[dict[str, Any]]:
    """The sensors registered or changed last that are shown today, newest first."""
    async with pool.connection() as connection:
        rows = await (await connection.execute(CHANGED_SQL, [today, limit])).fetchall()
    order = {str(sensor_id): place for place, (sensor_id,) in enumerate(rows)}
    if not order:
        return []
    search = SensorSearch(today, ids=tuple(map(UUID, order)), limit=len(order))
    features = read_features(await read_page(pool, search, count=False))
    return sorted(features, key=lambda feature: order[feature["id"]])


_numbers = LatestVersion[StartNumbers]()
"""The numbers of the latest change and day: counting is too slow for every visit."""


async def read_numbers(state: AppState, today: date) -> StartNumbers:
    """The numbers of all sensors that are shown today."""
    key = (await read_latest_change(state.read_pool), today)
    return _numbers.find(key) or _numbers.store(key, await _count(state, today))


async def _count(state: AppState, today: date) -> StartNumbers:
    counted = await count_sensors_by_each(
        state, SensorSearch(today), (Dimension.OWNER, Dimension.PERSONAL_DATA)
    )
    by_personal_data = {row.values[0]: row.count for row in counted[Dimension.PERSONAL_DATA]}
    return StartNumbers(
        sensors=sum(by_personal_data.values()),
        owners=sum(row.values[0] is not None for row in counted[Dimension.OWNER]),
        with_personal_data=sum(by_personal_data.get(code, 0) for code in PERSONAL_DATA),
    )
