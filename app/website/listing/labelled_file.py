"""A search as CSV for people: the headings and values are words of the reader's language, not names of the API."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from app.core.app_state import AppState
from app.files.writers.csv import write_lines
from app.sensors.presentation import Labels, format_value, label_property
from app.sensors.properties import SENSOR_PROPERTIES
from app.sensors.search.pages import read_page
from app.sensors.search.sensor_search import SensorSearch
from app.website.queries import read_features

MAX_ROWS: Final = 10_000
"""Most sensors in such a file. The files of the API have no such limit."""
_ROWS_AT_A_TIME: Final = 500
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
"""Spreadsheets take a file that begins with it as UTF-8."""


async def write_labelled_csv(state: AppState, search: SensorSearch, labels: Labels) -> bytes:
    """The first `MAX_ROWS` sensors of a search, in its order. Raises: psycopg errors; Unavailable when too many ask."""
    names = [label_property(one.name, one.label, labels.language) for one in SENSOR_PROPERTIES]
    parts = [_BYTE_ORDER_MARK, write_lines(names, [], header=True)]
    pool = state.choose_read_pool(is_costly=search.is_costly)
    async with state.file_limiter.acquire():
        left, after = MAX_ROWS, None
        while left:
            page = await read_page(
                pool, replace(search, after=after, limit=min(left, _ROWS_AT_A_TIME)), count=False
            )
            rows = [feature["properties"] for feature in read_features(page)]
            if rows:
                parts.append(await asyncio.to_thread(_write_rows, names, rows, labels))
            left, after = left - len(rows), page.after
            if after is None:
                break
    return b"".join(parts)


def _write_rows(names: list[str], sensors: list[Mapping[str, Any]], labels: Labels) -> bytes:
    return write_lines(names, [_write_row(sensor, labels) for sensor in sensors])


def _write_row(sensor: Mapping[str, Any], labels: Labels) -> list[str | None]:
    values = (format_value(one, sensor.get(one.name), labels).words for one in SENSOR_PROPERTIES)
    return ["; ".join(texts) or None for texts in values]
