"""Features as Arrow columns: read from their text by the thousand, outside Python, and so at a third of the cost.

From these columns every format but the text sequence is written.
"""

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
import shapely
from pyarrow.json import ParseOptions, ReadOptions, read_json

from app.files.writers.schema import ColumnKind, Layer

GEOMETRY: Final = "geometry"

_READ: Final = {
    ColumnKind.TEXT: pa.string(),
    ColumnKind.TEXTS: pa.list_(pa.string()),
    # Dates stand as they are until a format wants them otherwise.
    ColumnKind.DATE: pa.string(),
    ColumnKind.MOMENT: pa.string(),
    ColumnKind.BOOLEAN: pa.bool_(),
    ColumnKind.NUMBER: pa.float64(),
    ColumnKind.INTEGER: pa.int32(),
}
_KEPT: Final = _READ | {ColumnKind.DATE: pa.date32(), ColumnKind.MOMENT: pa.timestamp("ms", tz="UTC")}
# The name under which Arrow and GDAL know a text that is JSON.
_JSON: Final = {"ARROW:extension:name": "arrow.json"}
_NESTING: Final = {"Point": 1, "MultiPolygon": 4}


@dataclass(frozen=True, slots=True)
class Columns:
    """Some features: an array for each column of their layer, as `_READ` has it, and their geometries, x first."""

    ids: pa.Array
    values: list[pa.Array]
    shapes: Any


def read_columns(features: Sequence[bytes], layer: Layer) -> Columns:
    """Read the text of features; properties that are not columns of the layer are passed over."""
    text = b"\n".join(features)
    table = read_json(
        io.BytesIO(text),
        # One block: it is in memory as it is.
        read_options=ReadOptions(use_threads=False, block_size=len(text) + 1),
        parse_options=ParseOptions(explicit_schema=_describe_text(layer), unexpected_field_behavior="ignore"),
    ).combine_chunks()
    properties = _take(table, "properties")
    values = [properties.field(column.name) for column in layer.columns]
    return Columns(_take(table, "id"), values, _read_shapes(table, layer))


def describe_table(layer: Layer, *, lists: bool) -> pa.Schema:
    """The schema of a layer's table; without `lists` their values are JSON text, for formats that have none."""
    fields = [pa.field(layer.identifier, pa.string(), nullable=False)]
    for column in layer.columns:
        if column.kind is ColumnKind.TEXTS and not lists:
            fields.append(pa.field(column.name, pa.string(), metadata=_JSON))
        else:
            fields.append(pa.field(column.name, _KEPT[column.kind]))
    return pa.schema([*fields, pa.field(GEOMETRY, pa.binary())])


def make_table(features: Sequence[bytes], layer: Layer, schema: pa.Schema) -> pa.RecordBatch:
    """The features as rows of `describe_table`, each with its geometry in WKB."""
    columns = read_columns(features, layer)
    wanted = [field.type for field in list(schema)[1:-1]]
    values = [_convert(value, kind) for value, kind in zip(columns.values, wanted, strict=True)]
    geometries = pa.array(list(shapely.to_wkb(columns.shapes, flavor="iso")), pa.binary())
    return pa.RecordBatch.from_arrays([columns.ids, *values, geometries], schema=schema)


def _describe_text(layer: Layer) -> pa.Schema:
    fields = [pa.field(column.name, _READ[column.kind]) for column in layer.columns]
    parts = [pa.field("id", pa.string()), pa.field("properties", pa.struct(fields))]
    if layer.has_geometry:
        positions = pa.float64()
        for _ in range(_NESTING[layer.geometry_type]):
            positions = pa.list_(positions)
        parts.append(pa.field(GEOMETRY, pa.struct([pa.field("coordinates", positions)])))
    return pa.schema(parts)


def _take(table: pa.Table, name: str) -> Any:
    return table.column(name).chunk(0)


def _convert(value: pa.Array, wanted: pa.DataType) -> pa.Array:
    if value.type == wanted:
        return value
    if pa.types.is_list(value.type):
        texts = (None if one is None else json.dumps(one, ensure_ascii=False) for one in value.to_pylist())
        return pa.array(texts, wanted)
    return value.cast(wanted)


def _read_shapes(table: pa.Table, layer: Layer) -> Any:
    if not layer.has_geometry:
        return np.full(len(table), None, dtype=object)
    outer = level = _take(table, GEOMETRY).field("coordinates")
    offsets = []
    while pa.types.is_list(level.type):
        offsets.append(level.offsets.to_numpy())
        level = level.values
    positions = level.to_numpy().reshape(-1, 2)
    if layer.crs.latitude_first:
        positions = np.ascontiguousarray(positions[:, ::-1])
    if layer.geometry_type == "Point":
        points = np.full(len(table), None, dtype=object)
        points[outer.is_valid().to_numpy(zero_copy_only=False)] = shapely.points(positions)
        return points
    # Innermost first: where each ring, each polygon and each feature begins. A position is two numbers.
    return shapely.from_ragged_array(
        shapely.GeometryType.MULTIPOLYGON, positions, (offsets[2], offsets[1], offsets[0])
    )
