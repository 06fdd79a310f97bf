"""Reads of the start page: the latest changes and the numbers by theme."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from app.core.latest_version import LatestVersion
from app.sensors.presentation import Labels
from app.sensors.search.pages import read_latest_change, read_page
from app.sensors.search.sensor_search import SensorSearch
from app.website.queries import ReadPool, read_features

CHANGED_SQL: Final = """
SELECT id FROM publication.published_sensor WHERE hidden_from > %s ORDER BY updated_at DESC, id DESC LIMIT %s
"""
"""By the table of what is public, not by the changes: those may be a million withdrawals, or a new edition."""


@dataclass(frozen=True, slots=True)
class ThemeCount:
    """The number of sensors of a smart city theme; `count` is None above the limit of counting."""

    code: str
    label: str
    count: int | None


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


_theme_counts = LatestVersion[dict[str, int | None]]()
"""Counts by theme, of the latest change and day: five counts are too slow for every visit."""


async def count_themes(pool: ReadPool, today: date, labels: Labels) -> list[ThemeCount]:
    """The number of sensors of each smart city theme, in the order of the vocabulary."""
    themes = labels.vocabularies.labels("smartCityTheme")
    key = (labels.vocabularies.stamp, await read_latest_change(pool), today)
    counts = _theme_counts.find(key)
    if counts is None:
        counts = {code: await _count_theme(pool, today, labels.list_themes(code)) for code in themes}
        _theme_counts.store(key, counts)
    return [ThemeCount(code, labels.render(label), counts[code]) for code, label in themes.items()]


async def _count_theme(pool: ReadPool, today: date, themes: tuple[str, ...]) -> int | None:
    search = SensorSearch(today, values={"themes": themes}, limit=1)
    return (await read_page(pool, search)).number_matched
