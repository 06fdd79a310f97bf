"""CSV: a header of wire names, then a line per feature, in UTF-8.

A point is two columns, `longitude` and `latitude` or `x` and `y`; any other geometry is one, `WKT`. The values of a
list are joined by `|`, which no code holds. Text that a spreadsheet would take for a formula gets a quotation mark
before it, and so does such a text that already had one. A reader removes one.
Source: RFC 4180; OWASP, CSV injection.
"""

import io
from collections.abc import Sequence
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from pyarrow.csv import WriteOptions, write_csv

from app.files.writers.arrow import Columns, read_columns
from app.files.writers.schema import ColumnKind, Layer

LIST_SEPARATOR: Final = "|"

_FORMULA: Final = r"^'*[=+\-@\t\r\n＝＋－＠]"


def write_header(layer: Layer) -> bytes:
    """The first line."""
    names = name_columns(layer)
    return _write(pa.table({name: pa.array([], pa.string()) for name in names}), header=True)


def write_rows(features: Sequence[bytes], layer: Layer) -> bytes:
    """A line for each feature."""
    cells = [
        defuse(cell) if kind in (ColumnKind.TEXT, ColumnKind.TEXTS) else cell
        for kind, cell in make_cells(features, layer)
    ]
    return _write(pa.table(cells, names=name_columns(layer)), header=False)


def make_cells(features: Sequence[bytes], layer: Layer) -> list[tuple[ColumnKind, pa.Array]]:
    """The columns as `name_columns` names them: kind and values, a list as one text."""
    columns = read_columns(features, layer)
    cells = [(ColumnKind.TEXT, columns.ids), *_make_places(columns, layer)]
    for value, column in zip(columns.values, layer.columns, strict=True):
        texts = pc.binary_join(value, LIST_SEPARATOR) if column.kind is ColumnKind.TEXTS else value
        cells.append((column.kind, texts))
    return cells


def write_lines(names: Sequence[str], rows: Sequence[Sequence[str | None]], *, header: bool = False) -> bytes:
    """Rows of texts that are no features, below `names` where there is to be a header."""
    columns = zip(*rows, strict=True) if rows else ((),) * len(names)
    cells = [defuse(pa.array(column, pa.string())) for column in columns]
    return _write(pa.table(cells, names=list(names)), header=header)


def defuse(texts: pa.Array) -> pa.Array:
    """The texts as a spreadsheet shows them without computing anything."""
    marked = pc.binary_join_element_wise("'", texts, "")
    return pc.if_else(pc.match_substring_regex(texts, _FORMULA), marked, texts)


def name_columns(layer: Layer) -> list[str]:
    """Headings of the columns: the identifier, the location, the properties."""
    if layer.geometry_type != "Point":
        place = ["WKT"]
    else:
        place = ["longitude", "latitude"] if layer.crs.is_geographic else ["x", "y"]
    return [layer.identifier, *place, *(column.name for column in layer.columns)]


def _make_places(columns: Columns, layer: Layer) -> list[tuple[ColumnKind, pa.Array]]:
    if layer.geometry_type != "Point":
        return [
            (ColumnKind.TEXT, pa.array(shapely.to_wkt(columns.shapes, rounding_precision=-1), pa.string()))
        ]
    positions = np.column_stack([shapely.get_x(columns.shapes), shapely.get_y(columns.shapes)])
    # A missing geometry gives NaN, which becomes an empty cell.
    return [(ColumnKind.NUMBER, pa.array(positions[:, axis], from_pandas=True)) for axis in (0, 1)]


def _write(table: pa.Table, *, header: bool) -> bytes:
    lines = io.BytesIO()
    write_csv(table, lines, WriteOptions(include_header=header))
    return lines.getvalue()
