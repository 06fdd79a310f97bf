"""Excel workbooks: one sheet of columns, below a bold row of headings that stays in sight; of features those of CSV.

The workbook is made by openpyxl, but for the rows: those are put together by Arrow, a thousand at a time, in a
twentieth of the time. Every text is a text, whatever it looks like: none is a formula, and `007` stays what it is.
Source: ECMA-376 part 1, 18.3 (worksheets), 22.9.2.19 (characters in texts).
"""

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import IO, Any, Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from app.core.errors import InvalidRequest
from app.core.i18n import LocalizedText
from app.core.problems import Problem, ProblemCode
from app.files.writers.csv import make_cells, name_columns
from app.files.writers.schema import ColumnKind, Layer

MAX_ROWS: Final = 1_048_575
"""Maximum number of features: the 2^20 rows of Excel, less the row of headings."""

MAX_TEXT_LENGTH: Final = 32_767
"""Maximum number of characters in a cell of Excel."""

MAX_BYTES: Final = (1 << 31) - 1
"""Maximum size of the sheet before compression: above it the file needs ZIP64, which Excel offers to repair."""

_FORMATS: Final = {
    ColumnKind.DATE: "yyyy-mm-dd",
    ColumnKind.MOMENT: "yyyy-mm-dd hh:mm:ss",
    ColumnKind.TEXT: "@",
    ColumnKind.TEXTS: "@",
}
_WIDTHS: Final = {ColumnKind.DATE: 12, ColumnKind.MOMENT: 20, ColumnKind.TEXT: 24, ColumnKind.TEXTS: 24}
_ORDINARY_WIDTH: Final = 14

_SHEET: Final = "xl/worksheets/sheet1.xml"
_END_OF_ROWS: Final = b"</sheetData>"

_NOT_IN_XML: Final = r"[\x{00}-\x{08}\x{0B}\x{0C}\x{0E}-\x{1F}\x{FFFE}\x{FFFF}]"
_ESCAPED: Final = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\r", "&#13;"))
# Excel reads `_x0041_` as the character with that number; a text that really has it needs an escape.
_CHARACTER_NUMBER: Final = r"_(x[0-9A-Fa-f]{4}_)"

# Excel shows 15 digits of a number, and some programs read no more. Longer numbers are written as text.
_MAX_DIGITS: Final = 15
_NO_DIGITS: Final = r"^-?[0.]*|[.]|e.*$"

_MIDNIGHT_OF_DAY_ZERO: Final = date(1899, 12, 30)
# Excel counts 29 February 1900, which did not exist. Earlier dates are written as text.
_FIRST_COUNTED: Final = pa.scalar((date(1900, 3, 1) - _MIDNIGHT_OF_DAY_ZERO).days)
_EPOCH: Final = (date(1970, 1, 1) - _MIDNIGHT_OF_DAY_ZERO).days
_SECONDS_A_DAY: Final = 86_400


class SheetColumn(NamedTuple):
    """A column of a sheet; `number_format` is how Excel shows its values, where that is not as for all of its kind."""

    heading: str
    kind: ColumnKind
    number_format: str | None = None

    @property
    def shown_as(self) -> str:
        return self.number_format or _FORMATS.get(self.kind, "General")


Cells = Sequence[tuple[ColumnKind, pa.Array]]
"""Some rows of a sheet, by column: its kind, and its values, null where a cell is empty."""


class _Shell(NamedTuple):
    """A workbook of names alone: its other parts, its sheet before and after the rows, a style for each column."""

    parts: dict[str, bytes]
    head: bytes
    tail: bytes
    styles: list[int]


def write_xlsx(path: Path, layer: Layer, batches: Iterable[Sequence[bytes]]) -> None:
    """Write all features. Raises: InvalidRequest for what Excel cannot hold."""
    columns = [SheetColumn(*one) for one in zip(name_columns(layer), _list_kinds(layer), strict=True)]
    write_sheet(path, layer.name, columns, (make_cells(features, layer) for features in batches if features))


def write_sheet(
    file: Path | IO[bytes], name: str, columns: Sequence[SheetColumn], batches: Iterable[Cells]
) -> None:
    """Write a workbook of one sheet. Raises: InvalidRequest for what Excel cannot hold."""
    shell = _make_shell(name, columns)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for part_name, part in shell.parts.items():
            archive.writestr(part_name, part)
        with archive.open(_SHEET, "w") as sheet:
            _write_rows_of_sheet(sheet, shell, batches)


def _write_rows_of_sheet(sheet: IO[bytes], shell: _Shell, batches: Iterable[Cells]) -> None:
    sheet.write(shell.head)
    rows, size = 0, len(shell.head) + len(shell.tail)
    for cells in batches:
        written = _write_rows(cells, shell.styles, first=rows + 2)
        rows, size = rows + len(cells[0][1]), size + len(written)
        if rows > MAX_ROWS or size > MAX_BYTES:
            raise _refuse(ProblemCode.TOO_MANY_ROWS, _TOO_MANY)
        sheet.write(written)
    sheet.write(shell.tail)


def _make_shell(name: str, columns: Sequence[SheetColumn]) -> _Shell:
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None  # noqa: S101 - a new workbook has a sheet
    sheet.title = name[:31]
    sheet.freeze_panes = "A2"
    for number, column in enumerate(columns, 1):
        sheet.cell(1, number, column.heading).font = Font(bold=True)
        dimension = sheet.column_dimensions[get_column_letter(number)]
        dimension.width = _WIDTHS.get(column.kind, _ORDINARY_WIDTH)
        # Also for what a person adds below.
        dimension.number_format = column.shown_as
    styles = [_find_style(sheet, column) for column in columns]
    file = io.BytesIO()
    workbook.save(file)
    with zipfile.ZipFile(file) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    head, end, tail = parts.pop(_SHEET).partition(_END_OF_ROWS)
    # That of the names alone, beyond which some programs do not look.
    head = re.sub(rb"<dimension [^>]*/>", b"", head)
    return _Shell(parts, head, end + tail, styles)


def _list_kinds(layer: Layer) -> list[ColumnKind]:
    place = [ColumnKind.NUMBER, ColumnKind.NUMBER] if layer.geometry_type == "Point" else [ColumnKind.TEXT]
    return [ColumnKind.TEXT, *place, *(column.kind for column in layer.columns)]


def _find_style(sheet: Any, column: SheetColumn) -> int:
    """The number of a style in the workbook, which knows it from now on."""
    cell = Cell(sheet, row=1, column=1)
    cell.number_format = column.shown_as
    return cell.style_id


def _write_rows(cells: Cells, styles: list[int], first: int) -> bytes:
    """The cells as rows of XML, numbered from `first` on; an empty cell is nothing."""
    count = len(cells[0][1])
    numbers = pa.array(range(first, first + count)).cast(pa.string())
    written = [
        _write_column(kind, values, numbers, f'<c r="{get_column_letter(place)}', f'" s="{style}"')
        for place, ((kind, values), style) in enumerate(zip(cells, styles, strict=True), 1)
    ]
    rows = pc.binary_join_element_wise(
        pc.binary_join_element_wise('<row r="', numbers, '">', ""),
        *written,
        "</row>",
        "",
        null_handling="replace",
        null_replacement="",
    )
    return "".join(rows.to_pylist()).encode()


def _write_column(
    kind: ColumnKind, values: pa.Array, numbers: pa.Array, opening: str, style: str
) -> pa.Array:
    """The cells of a column; null where there is none."""
    join = pc.binary_join_element_wise
    here = join(opening, numbers, style, "")
    if kind in (ColumnKind.TEXT, ColumnKind.TEXTS):
        return _write_texts(here, values)
    if kind is ColumnKind.BOOLEAN:
        return join(here, ' t="b"><v>', values.cast(pa.int8()).cast(pa.string()), "</v></c>", "")
    counted, fits = _count(kind, values)
    written = join(here, "><v>", counted, "</v></c>", "")
    if pc.all(fits).as_py() is not False:
        return written
    return pc.if_else(fits, written, _write_texts(here, values.cast(pa.string())))


def _count(kind: ColumnKind, values: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Numbers as Excel has them, dates and moments as days and parts of a day, and which of them it has at all."""
    if kind not in (ColumnKind.DATE, ColumnKind.MOMENT):
        texts = values.cast(pa.string())
        digits = pc.utf8_length(pc.replace_substring_regex(texts, _NO_DIGITS, ""))
        return texts, pc.less_equal(digits, _MAX_DIGITS)
    if kind is ColumnKind.DATE:
        days = pc.add(values.cast(pa.date32()).cast(pa.int32()), _EPOCH)
    else:
        seconds = values.cast(pa.timestamp("s", tz="UTC")).cast(pa.int64()).cast(pa.float64())
        days = pc.add(pc.divide(seconds, _SECONDS_A_DAY), float(_EPOCH))
    return days.cast(pa.string()), pc.greater_equal(days, _FIRST_COUNTED)


def _write_texts(here: pa.Array, texts: pa.Array) -> pa.Array:
    # A name is shorter than what Excel holds, and so is nearly every text: looked at once for all.
    longest = pc.max(pc.utf8_length(texts)).as_py()
    if longest is not None and longest > MAX_TEXT_LENGTH:
        raise _refuse(ProblemCode.TOO_LONG, _TOO_LONG)
    texts = pc.replace_substring_regex(texts, _NOT_IN_XML, "")
    texts = pc.replace_substring_regex(texts, _CHARACTER_NUMBER, r"_x005F_\1")
    for character, written in _ESCAPED:
        texts = pc.replace_substring(texts, character, written)
    opening = ' t="inlineStr"><is><t xml:space="preserve">'
    return pc.binary_join_element_wise(here, opening, texts, "</t></is></c>", "")


def _refuse(code: ProblemCode, detail: LocalizedText) -> InvalidRequest:
    return InvalidRequest(detail, problems=[Problem(code, "f", detail, "xlsx", "geopackage", where="query")])


_TOO_MANY: Final = LocalizedText(
    f"Dit is meer dan Excel aankan ({MAX_ROWS} rijen). Vraag CSV of GeoPackage, of beperk de zoekvraag.",
    f"This is more than Excel can hold ({MAX_ROWS} rows). Ask for CSV or GeoPackage, or narrow the search.",
)
_TOO_LONG: Final = LocalizedText(
    f"Een waarde is langer dan {MAX_TEXT_LENGTH} tekens, wat niet in een cel van Excel past; dat is meestal een gebied."
    " Vraag GeoPackage of CSV, of laat bij een zoekvraag de gebieden weg met skipGeometry=true.",
    f"A value is longer than {MAX_TEXT_LENGTH} characters, which no cell of Excel holds; that is an area as a rule. "
    "Ask for GeoPackage or CSV, or leave the areas out of a search by skipGeometry=true.",
)
