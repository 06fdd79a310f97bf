"""CSV: a header of wire names or of labels, then a line per feature, in UTF-8.

A table with names of the API has commas between its cells and points in its numbers, whatever the language of its
values. One with labels is for the spreadsheet of its reader: a Dutch one opens semicolons and decimal commas, and takes
a file as UTF-8 by the mark at its beginning.

A point is two columns, `longitude` and `latitude` or `x` and `y`; any other geometry is one, `WKT`. The values of a
list are joined by `|`, which no code holds. Text that a spreadsheet would take for a formula gets a quotation mark
before it, and so does such a text that already had one. A reader removes one.
Source: RFC 4180; OWASP, CSV injection.
"""

import io
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from pyarrow.csv import WriteOptions, write_csv

from app.core.i18n import Language
from app.files.writers.arrow import Columns, read_columns
from app.files.writers.schema import ColumnKind, Layer

LIST_SEPARATOR: Final = "|"

_FORMULA: Final = r"^'*[=+\-@\t\r\n＝＋－＠]"


class Notation(NamedTuple):
    """How a table separates its cells and writes its decimals, and the bytes that it begins with."""

    separator: str
    decimal_mark: str
    opening: bytes


_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_OF_PROGRAMS: Final = Notation(",", ".", b"")
_OF_LANGUAGE: Final[dict[Language, Notation]] = {
    "nl": Notation(";", ",", _BYTE_ORDER_MARK),
    "en": Notation(",", ".", _BYTE_ORDER_MARK),
}


def choose_notation(language: Language | None) -> Notation:
    """The notation of a table with labels in a language; None for names of the API."""
    return _OF_LANGUAGE[language] if language else _OF_PROGRAMS


def write_number(number: float | None, language: Language | None) -> str | None:
    """A number as a cell of such a table, without marks of thousands: a spreadsheet reads it as a number."""
    return None if number is None else str(number).replace(".", choose_notation(language).decimal_mark)


def write_header(layer: Layer) -> bytes:
    """The first line."""
    return write_lines(name_columns(layer), [], header=True, language=layer.language)


def write_rows(features: Sequence[bytes], layer: Layer) -> bytes:
    """A line for each feature."""
    notation = choose_notation(layer.language)
    cells = [_write_cells(kind, cell, notation) for kind, cell in make_cells(features, layer)]
    return _write(pa.table(cells, names=name_columns(layer)), notation, header=False)


def _write_cells(kind: ColumnKind, cells: pa.Array, notation: Notation) -> pa.Array:
    if kind in (ColumnKind.TEXT, ColumnKind.TEXTS):
        return defuse(cells)
    if kind is ColumnKind.NUMBER and notation.decimal_mark != ".":
        return pc.replace_substring(pc.cast(cells, pa.string()), ".", notation.decimal_mark)
    return cells


def make_cells(features: Sequence[bytes], layer: Layer) -> list[tuple[ColumnKind, pa.Array]]:
    """The columns as `name_columns` names them: kind and values, a list as one text."""
    columns = read_columns(features, layer)
    cells = [(ColumnKind.TEXT, columns.ids), *_make_places(columns, layer)]
    for value, column in zip(columns.values, layer.columns, strict=True):
        texts = pc.binary_join(value, LIST_SEPARATOR) if column.kind is ColumnKind.TEXTS else value
        cells.append((column.kind, texts))
    return cells


def write_lines(
    names: Sequence[str],
    rows: Sequence[Sequence[str | None]],
    *,
    header: bool = False,
    language: Language | None = None,
) -> bytes:
    """Rows of texts that are no features, below `names` where there is to be a header.

    `language` is that of labels as names; None for names of the API. `write_number` writes a number of a row.
    """
    notation = choose_notation(language)
    columns = zip(*rows, strict=True) if rows else ((),) * len(names)
    cells = [defuse(pa.array(column, pa.string())) for column in columns]
    lines = _write(pa.table(cells, names=list(names)), notation, header=header)
    return notation.opening + lines if header else lines


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


def _write(table: pa.Table, notation: Notation, *, header: bool) -> bytes:
    lines = io.BytesIO()
    write_csv(table, lines, WriteOptions(include_header=header, delimiter=notation.separator))
    return lines.getvalue()
