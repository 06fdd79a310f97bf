"""Readers that turn a file of each format back into features, with the libraries that users have."""

import csv
import io
import json
import re
import tempfile
from collections.abc import Iterable
from datetime import UTC, date, datetime
from itertools import zip_longest
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pyogrio
import shapely

from app.files.writers.schema import CSV, EXCEL, SEQUENCE, ColumnKind, Format, Layer

Feature = dict[str, Any]


def read_features(form: Format, content: bytes, layer: Layer) -> dict[str, Feature]:
    """The features by id; positions x first, moments as `…Z`, without what is empty."""
    if form is SEQUENCE:
        found = [json.loads(record) for record in split_records(content)]
        return {one["id"]: _turn(one, layer) for one in found}
    if form is CSV:
        rows: Iterable[dict[str, Any]] = csv.DictReader(io.StringIO(content.decode(), newline=""))
        return {row["id"]: _read_line(row, layer) for row in rows}
    if form is EXCEL:
        heading, *lines = read_workbook(content)
        # Empty cells at the end of a row are not given.
        sheet = (dict(zip_longest(heading, line)) for line in lines)
        return {row["id"]: _read_sheet_row(row, layer) for row in sheet}
    table = _read_table(form, content, layer)
    return {row["id"]: _read_row(row, layer) for row in table.to_pylist()}


def list_columns(form: Format, content: bytes, layer: Layer) -> list[str]:
    """The names of the columns of a file, with those of id and geometry."""
    if form is CSV:
        return next(csv.reader(io.StringIO(content.decode(), newline="")))
    if form is EXCEL:
        return [str(name) for name in read_workbook(content)[0]]
    return list(_read_table(form, content, layer).column_names)


def _read_table(form: Format, content: bytes, layer: Layer) -> Any:
    """The Arrow table of a binary file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{layer.name}.{form.suffix}"
        path.write_bytes(content)
        return pq.read_table(path) if form.suffix == "parquet" else pyogrio.raw.read_arrow(path)[1]


def read_workbook(content: bytes) -> list[tuple[Any, ...]]:
    """The rows of the first sheet."""
    workbook = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    rows = list(workbook.worksheets[0].iter_rows(values_only=True))
    workbook.close()
    return rows


def split_records(content: bytes) -> list[bytes]:
    """The records of a text sequence: RFC 8142 has a separator before and a line feed after each."""
    records = content.split(b"\x1e")
    assert records.pop(0) == b""
    assert all(record.endswith(b"\n") for record in records)
    return records


def describe_features(features: Iterable[Feature], layer: Layer) -> dict[str, Feature]:
    """GeoJSON features in the same form, to compare with."""
    return {one["id"]: _turn(one, layer) for one in features}


def _turn(feature: Feature, layer: Layer) -> Feature:
    geometry = feature["geometry"]
    shape = None if geometry is None else shapely.from_geojson(json.dumps(geometry))
    if shape is not None and layer.crs.latitude_first:
        shape = shapely.transform(shape, lambda positions: positions[:, ::-1])
    return {"geometry": _write(shape), "properties": _drop_empty(feature["properties"])}


def _write(shape: Any) -> str | None:
    return None if shape is None else shapely.to_wkt(shape, rounding_precision=9)


def _read_line(row: dict[str, str], layer: Layer) -> Feature:
    if layer.geometry_type == "Point":
        names = ("longitude", "latitude") if layer.crs.is_geographic else ("x", "y")
        x, y = (row[name] for name in names)
        shape: Any = shapely.Point(float(x), float(y)) if x else None
    else:
        shape = shapely.from_wkt(row["WKT"]) if row["WKT"] else None
    cells = {column.name: _read_cell(row[column.name], column.kind) for column in layer.columns}
    return {"geometry": _write(shape), "properties": _drop_empty(cells)}


def _read_sheet_row(row: dict[str, Any], layer: Layer) -> Feature:
    if layer.geometry_type == "Point":
        names = ("longitude", "latitude") if layer.crs.is_geographic else ("x", "y")
        x, y = (row[name] for name in names)
        shape: Any = None if x is None else shapely.Point(float(x), float(y))
    else:
        shape = None if row["WKT"] is None else shapely.from_wkt(row["WKT"])
    cells = {column.name: _read_sheet_cell(row[column.name], column.kind) for column in layer.columns}
    return {"geometry": _write(shape), "properties": _drop_empty(cells)}


def _read_sheet_cell(value: Any, kind: ColumnKind) -> Any:
    if value is None:
        return None
    if kind is ColumnKind.TEXTS:
        return value.split("|")
    if kind in (ColumnKind.DATE, ColumnKind.MOMENT) and not isinstance(value, str):
        return value.strftime("%Y-%m-%d" if kind is ColumnKind.DATE else "%Y-%m-%dT%H:%M:%SZ")
    if kind is ColumnKind.TEXT:
        # openpyxl does not decode the escape of a character number, such as `_x005F_`.
        return re.sub("_x005F_(x[0-9A-Fa-f]{4}_)", r"_\1", value)
    # A number of more digits than Excel shows is a text.
    return float(value) if kind is ColumnKind.NUMBER else value


def read_text(cell: str) -> str:
    """The text of a cell, without the mark that keeps it from being a formula."""
    return cell[1:] if re.match(r"'+[=+\-@\t\r\n＝＋－＠]", cell) else cell


def _read_cell(cell: str, kind: ColumnKind) -> Any:
    if cell == "":
        return None
    if kind in (ColumnKind.TEXT, ColumnKind.TEXTS):
        text = read_text(cell)
        return text if kind is ColumnKind.TEXT else text.split("|")
    return cell if kind in (ColumnKind.DATE, ColumnKind.MOMENT) else json.loads(cell)


def _read_row(row: dict[str, Any], layer: Layer) -> Feature:
    wkb = next(row[name] for name in ("geometry", "wkb_geometry") if name in row)
    cells = {column.name: _read_value(row[column.name], column.kind) for column in layer.columns}
    shape = shapely.from_wkb(wkb) if wkb else None
    return {"geometry": _write(shape), "properties": _drop_empty(cells)}


def _read_value(value: Any, kind: ColumnKind) -> Any:
    if value is None:
        return None
    if kind is ColumnKind.TEXTS and isinstance(value, str):
        return json.loads(value)
    if kind is ColumnKind.DATE:
        # FlatGeobuf has moments alone: a date is its midnight.
        return (value.date() if isinstance(value, datetime) else date.fromisoformat(str(value))).isoformat()
    if kind is ColumnKind.MOMENT:
        moment = value if value.tzinfo else value.replace(tzinfo=UTC)
        return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return value


def _drop_empty(cells: Feature) -> Feature:
    return {name: value for name, value in cells.items() if value is not None}
