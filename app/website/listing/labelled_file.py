"""A search as a file for people: the headings and values are words of the reader's language, not names of the API."""

import asyncio
import io
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

import pyarrow as pa

from app.core.app_state import AppState
from app.core.clock import DUTCH_TIME
from app.core.i18n import LocalizedText
from app.files.writers.csv import write_lines
from app.files.writers.schema import ColumnKind
from app.files.writers.xlsx import Cells, SheetColumn, write_sheet
from app.sensors.presentation import UNITS, Labels, format_value, label_property
from app.sensors.properties import SENSOR_PROPERTIES, SensorProperty
from app.sensors.search.pages import read_page
from app.sensors.search.sensor_search import SensorSearch
from app.website.queries import read_features

MAX_ROWS: Final = 10_000
"""Most sensors in such a file. The files of the API have no such limit."""
SHEET: Final = LocalizedText("sensoren", "sensors")
_ROWS_AT_A_TIME: Final = 500
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
"""Spreadsheets take a file that begins with it as UTF-8."""
_KINDS: Final = {
    "number": ColumnKind.NUMBER,
    "integer": ColumnKind.INTEGER,
    "date": ColumnKind.DATE,
    "date-time": ColumnKind.MOMENT,
}
"""Values that a spreadsheet has as such, by type or format. All others are words."""

Sensor = Mapping[str, Any]


async def write_labelled_csv(state: AppState, search: SensorSearch, labels: Labels) -> bytes:
    """The first `MAX_ROWS` sensors of a search, in its order. Raises: psycopg errors; Unavailable when too many ask."""
    names = _name_columns(labels)
    async with state.file_limiter.acquire():
        parts = [
            await asyncio.to_thread(_write_lines, names, sensors, labels)
            async for sensors in _read_sensors(state, search)
        ]
    return b"".join([_BYTE_ORDER_MARK, write_lines(names, [], header=True), *parts])


async def write_labelled_xlsx(state: AppState, search: SensorSearch, labels: Labels) -> bytes:
    """The same as a workbook, in which dates and numbers are such. Raises: as `write_labelled_csv`."""
    columns = [
        SheetColumn(heading, _find_kind(one), _find_number_format(one, labels))
        for heading, one in zip(_name_columns(labels), SENSOR_PROPERTIES, strict=True)
    ]
    file = io.BytesIO()
    async with state.file_limiter.acquire():
        batches = [
            await asyncio.to_thread(_make_cells, sensors, labels)
            async for sensors in _read_sensors(state, search)
        ]
        await asyncio.to_thread(write_sheet, file, labels.render(SHEET), columns, batches)
    return file.getvalue()


async def _read_sensors(state: AppState, search: SensorSearch) -> AsyncIterator[Sequence[Sensor]]:
    pool = state.choose_read_pool(is_costly=search.is_costly)
    left, after = MAX_ROWS, None
    while left:
        page = await read_page(
            pool, replace(search, after=after, limit=min(left, _ROWS_AT_A_TIME)), count=False
        )
        sensors = [feature["properties"] for feature in read_features(page)]
        if sensors:
            yield sensors
        left, after = left - len(sensors), page.after
        if after is None:
            return


def _name_columns(labels: Labels) -> list[str]:
    return [label_property(one.name, one.label, labels.language) for one in SENSOR_PROPERTIES]


def _write_lines(names: list[str], sensors: Sequence[Sensor], labels: Labels) -> bytes:
    rows = [[_write_words(one, sensor, labels) for one in SENSOR_PROPERTIES] for sensor in sensors]
    return write_lines(names, rows)


def _make_cells(sensors: Sequence[Sensor], labels: Labels) -> Cells:
    return [(_find_kind(one), _make_column(one, sensors, labels)) for one in SENSOR_PROPERTIES]


def _make_column(described: SensorProperty, sensors: Sequence[Sensor], labels: Labels) -> pa.Array:
    kind = _find_kind(described)
    if kind is ColumnKind.TEXT:
        return pa.array([_write_words(described, sensor, labels) for sensor in sensors], pa.string())
    values = [sensor.get(described.name) for sensor in sensors]
    if kind is ColumnKind.MOMENT:
        return pa.array([_read_dutch_time(value) for value in values], pa.timestamp("s"))
    types = {ColumnKind.NUMBER: pa.float64(), ColumnKind.INTEGER: pa.int64(), ColumnKind.DATE: pa.string()}
    return pa.array(values, types[kind])


def _read_dutch_time(moment: str | None) -> datetime | None:
    """The time that pages show. Excel has no time zones."""
    return datetime.fromisoformat(moment).astimezone(DUTCH_TIME).replace(tzinfo=None) if moment else None


def _write_words(described: SensorProperty, sensor: Sensor, labels: Labels) -> str | None:
    return "; ".join(format_value(described, sensor.get(described.name), labels).words) or None


def _find_kind(described: SensorProperty) -> ColumnKind:
    if described.vocabulary:
        return ColumnKind.TEXT
    return _KINDS.get(described.format or "") or _KINDS.get(described.type, ColumnKind.TEXT)


def _find_number_format(described: SensorProperty, labels: Labels) -> str | None:
    """A number with its unit as Excel shows it; the value is the number alone."""
    return f'General" {labels.render(UNITS[described.unit])}"' if described.unit else None
