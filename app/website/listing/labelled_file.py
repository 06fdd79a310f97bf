"""A search as a file for people: the headings and values are words of the reader's language, not names of the API."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from app.core.clock import DUTCH_TIME
from app.core.errors import InvalidRequest
from app.core.i18n import LocalizedText
from app.files.writers.csv import write_lines
from app.files.writers.schema import ColumnKind
from app.files.writers.xlsx import Cells, SheetColumn, write_sheet
from app.sensors.presentation import UNITS, Labels, format_value, label_property
from app.sensors.properties import PROPERTY_BY_NAME, SENSOR_PROPERTIES, SensorProperty

MAX_ROWS: Final = 100_000
"""Most sensors in such a file, which takes half a minute. The files of the API have no such limit."""
TOO_MANY: Final = LocalizedText(
    "Dit zijn te veel sensoren voor een bestand in woorden: dat kan er 100.000 hebben. Kies een gemeente of een ander "
    "filter, of neem een bestand voor systemen.",
    "These are too many sensors for a file in words, which can have 100,000. Choose a municipality or another filter, "
    "or take a file for systems.",
)
SHEET: Final = LocalizedText("sensoren", "sensors")
_KINDS: Final = {
    "number": ColumnKind.NUMBER,
    "integer": ColumnKind.INTEGER,
    "date": ColumnKind.DATE,
    "date-time": ColumnKind.MOMENT,
}
"""Values that a spreadsheet has as such, by type or format. All others are words."""

_ID_OF_NAME: Final = {
    "ownerName": "owner",
    "operatorName": "operator",
    "controllerName": "controller",
    "onBehalfOfName": "onBehalfOf",
    "municipalityName": "municipalityCode",
}
"""Properties by which people know what another property has as an id or code: only the name is in the file."""

COLUMNS: Final = tuple(one for one in SENSOR_PROPERTIES if one.name not in _ID_OF_NAME.values())
"""The properties in the file, in the order of their columns."""

Sensor = Mapping[str, Any]


def write_labelled_csv(path: Path, batches: Iterable[Sequence[bytes]], labels: Labels) -> int:
    """Write the features as CSV; returns their number. Raises: InvalidRequest above `MAX_ROWS`."""
    names = _name_columns(labels)
    count = 0
    with path.open("wb") as file:
        file.write(write_lines(names, [], header=True, language=labels.language))
        for sensors in _read_sensors(batches):
            file.write(_write_lines(names, sensors, labels))
            count += len(sensors)
    return count


def write_labelled_xlsx(path: Path, batches: Iterable[Sequence[bytes]], labels: Labels) -> int:
    """The same as a workbook, in which dates and numbers are such."""
    columns = [
        SheetColumn(heading, _find_kind(one), _find_number_format(one, labels))
        for heading, one in zip(_name_columns(labels), COLUMNS, strict=True)
    ]
    count = 0

    def make_cells() -> Iterator[Cells]:
        nonlocal count
        for sensors in _read_sensors(batches):
            count += len(sensors)
            yield _make_cells(sensors, labels)

    write_sheet(path, labels.render(SHEET), columns, make_cells())
    return count


def refuse_above_limit(count: int) -> None:
    """Raise InvalidRequest above `MAX_ROWS` sensors: a file that ends earlier would be taken for all of them."""
    if count > MAX_ROWS:
        raise InvalidRequest(TOO_MANY)


def _read_sensors(batches: Iterable[Sequence[bytes]]) -> Iterator[Sequence[Sensor]]:
    count = 0
    for features in batches:
        count += len(features)
        refuse_above_limit(count)
        if features:
            yield [json.loads(feature)["properties"] for feature in features]


def _name_columns(labels: Labels) -> list[str]:
    named = [PROPERTY_BY_NAME[_ID_OF_NAME.get(one.name, one.name)] for one in COLUMNS]
    return [label_property(one.name, one.label, labels.language) for one in named]


def _write_lines(names: list[str], sensors: Sequence[Sensor], labels: Labels) -> bytes:
    rows = [[_write_words(one, sensor, labels) for one in COLUMNS] for sensor in sensors]
    return write_lines(names, rows, language=labels.language)


def _make_cells(sensors: Sequence[Sensor], labels: Labels) -> Cells:
    return [(_find_kind(one), _make_column(one, sensors, labels)) for one in COLUMNS]


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
