"""Excel: every sheet a table, read row by row from its XML; a formula has the value stored with it.

openpyxl reads a row as a tree and the shared strings as a list, and limits neither: a small file can fill the memory.
So this reads the XML itself and uses openpyxl for dates only; figures are in decision 0025.
Source: ECMA-376, part 1, 18.
"""

import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import chain, islice
from pathlib import Path
from typing import Final, NamedTuple

from openpyxl.styles.numbers import BUILTIN_FORMATS
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH

from app.core.errors import InvalidRequest
from app.core.i18n import LocalizedText
from app.files.readers.heading_row import SEARCHED_ROWS, HeadingTest, find_heading_row
from app.files.readers.limits import FileLimits
from app.files.readers.sample import read_sample
from app.files.readers.shared_strings import SharedStrings, read_shared_strings
from app.files.readers.table_tally import TableTally
from app.files.readers.text_damage import TextDamage
from app.files.readers.xlsx_parts import XlsxParts
from app.files.readers.xlsx_sheet import Cells, CellStyles, Notation, SheetReader, count_characters
from app.files.readers.zip_archive import explain_damage, open_archive
from app.files.reading_account import ReadingAccount
from app.files.table import EXCEL_DAY_ZERO, Cell, InvalidCell, Row, ShownNumber, Table

# Rows that are looked at to know how many columns a sheet has.
_TRIED_ROWS: Final = 100


class Sheet(NamedTuple):
    """A sheet and the part of the archive in which its rows are."""

    name: str
    is_hidden: bool
    part: zipfile.ZipInfo


@contextmanager
def open_xlsx(
    path: Path, limits: FileLimits, is_heading: HeadingTest | None = None
) -> Iterator["XlsxSource"]:
    """Open an Excel file. Raises: InvalidRequest where it is damaged, or larger than is read."""
    with open_archive(path, limits) as archive:
        yield XlsxSource(archive, limits, is_heading)


class XlsxSource:
    """An Excel file; the headings of a sheet are in its first row that is not empty, or below a title."""

    format = "xlsx"

    def __init__(
        self, archive: zipfile.ZipFile, limits: FileLimits, is_heading: HeadingTest | None = None
    ) -> None:
        self._archive = archive
        self._limits = limits
        self._is_heading = is_heading
        self._read_bytes = 0
        self._rows = 0
        self._damage = TextDamage()
        with explain_damage():
            parts = XlsxParts(archive)
            self.sheets, epoch = _list_sheets(parts)
            texts = self._read_texts(parts.find("sharedStrings"))
            self.styles_part = parts.find("styles")
            self.notation = Notation(texts, CellStyles(_list_formats(parts)), epoch, self._damage)
        self._tallies = [TableTally(sheet.name, is_hidden=sheet.is_hidden) for sheet in self.sheets]

    @property
    def account(self) -> ReadingAccount:
        return ReadingAccount(
            format=self.format,
            tables=tuple(tally.freeze() for tally in self._tallies if tally.is_begun),
            unread_tables=tuple(tally.name for tally in self._tallies if not tally.is_begun),
            date_system="1904" if self.notation.epoch == MAC_EPOCH else "1900",
            warnings=self._damage.warnings,
        )

    @property
    def fraction_read(self) -> float:
        return min(1.0, self._read_bytes / max(1, sum(sheet.part.file_size for sheet in self.sheets)))

    def read_tables(self) -> Iterator[Table]:
        before = 0
        for sheet, tally in zip(self.sheets, self._tallies, strict=True):
            # Errors of the code that uses a row do not pass through this block.
            with explain_damage(), self._archive.open(sheet.part) as content:
                rows = self._follow(
                    SheetReader(tally, self.notation, self._limits).read_rows(content), before
                )
                first = read_sample(
                    rows, _TRIED_ROWS, lambda row: sum(map(count_characters, row[1].values()))
                )
                width = max((max(cells) + 1 for _, cells in first), default=0)
                place = self._find_headings(first)
                for number, cells in first[:place]:
                    tally.skip_row(number, list(map(write_heading, cells.values())))
                headings: Cells = {}
                if first:
                    tally.heading_row, headings = first[place]
                tally.headings = [write_heading(headings.get(column)) for column in range(width)]
                yield Table(
                    name=sheet.name,
                    headings=tuple(tally.headings),
                    rows=self._spread_cells(chain(first[place + 1 :], rows), width, tally),
                    is_hidden=sheet.is_hidden,
                    day_zero=EXCEL_DAY_ZERO if self.notation.epoch == WINDOWS_EPOCH else MAC_EPOCH.date(),
                )
            before += sheet.part.file_size
            self._read_bytes = before

    def find_heading_row(self, sheet: Sheet) -> int | None:
        """The number of the row with the headings of a sheet; None for one that is empty. Raises: as reading rows."""
        with self._archive.open(sheet.part) as content:
            rows = SheetReader(TableTally(sheet.name), self.notation, self._limits).read_rows(content)
            first = [(number, cells) for _, number, cells in islice(rows, SEARCHED_ROWS)]
        return first[self._find_headings(first)][0] if first else None

    def _find_headings(self, rows: Sequence[tuple[int, Cells]]) -> int:
        searched = {
            number: list(map(write_heading, cells.values()))
            for number, cells in rows
            if number <= SEARCHED_ROWS
        }
        numbers = [number for number, _ in rows]
        return numbers.index(find_heading_row(searched, self._is_heading)) if searched else 0

    def _follow(self, rows: Iterator[tuple[int, int, Cells]], before: int) -> Iterator[tuple[int, Cells]]:
        for fed, number, cells in rows:
            self._read_bytes = before + fed
            self._rows += 1
            if self._rows > self._limits.rows:
                self._limits.check_rows(self._rows)
            yield number, cells

    @staticmethod
    def _spread_cells(rows: Iterator[tuple[int, Cells]], width: int, tally: TableTally) -> Iterator[Row]:
        tally.is_begun = True
        columns = range(width)
        named = {column for column in columns if tally.headings[column]}
        for number, cells in rows:
            if not named.issuperset(cells):
                for column in sorted(cells.keys() - named):
                    tally.note_untaken(column, number, write_heading(cells[column]))
            spread = [cells.get(column) for column in columns]
            # Cells further to the right have no heading.
            if any(cell is not None for cell in spread):
                tally.note_row(number)
                yield Row(number, spread)

    def _read_texts(self, part: zipfile.ZipInfo | None) -> SharedStrings:
        if part is None:
            return SharedStrings()
        if part.file_size > self._limits.shared_text_bytes:
            raise InvalidRequest(
                LocalizedText(
                    f"De teksten in de Excel-werkmap zijn samen {part.file_size // 1_000_000} MB. "
                    "Lever de gegevens aan als CSV.",
                    f"The texts in the Excel workbook are {part.file_size // 1_000_000} MB together. "
                    "Hand the records in as CSV.",
                )
            )
        with self._archive.open(part) as content:
            return read_shared_strings(content, self._limits, self._damage)


def _list_sheets(parts: XlsxParts) -> tuple[list[Sheet], datetime]:
    places = {key: found.target for key, found in parts.relationships.items() if found.kind == "worksheet"}
    sheets = []
    epoch = WINDOWS_EPOCH
    for name, element in parts.list_workbook():
        if name == "workbookPr" and element.get("date1904") in {"1", "true"}:
            epoch = MAC_EPOCH
        if name == "sheet":
            key = next(value for label, value in element.items() if label.endswith(":id"))
            # A sheet may be a drawing, which has no cells. Two sheets that refer to one part
            # could be read endlessly.
            if key in places:
                part = parts.get(places.pop(key))
                sheets.append(Sheet(element["name"], element.get("state", "visible") != "visible", part))
    return sheets, epoch


def _list_formats(parts: XlsxParts) -> list[str]:
    """The code of the number format of each style, in the order in which cells refer to them."""
    formats = dict(BUILTIN_FORMATS)
    codes: list[str] = []
    group = ""
    part = parts.find("styles")
    for name, element in parts.list_elements(part) if part else ():
        if name in {"cellStyleXfs", "cellXfs", "cellStyles", "dxfs"}:
            group = name
        elif name == "numFmt":
            formats[int(element["numFmtId"])] = element["formatCode"]
        elif name == "xf" and group == "cellXfs":
            codes.append(formats.get(int(element.get("numFmtId", 0)), "General"))
    return codes


def write_heading(cell: Cell) -> str:
    """A cell as the heading of a column."""
    if cell is None:
        return ""
    if isinstance(cell, ShownNumber) and cell.shown is not None:
        return cell.shown
    return cell.text if isinstance(cell, InvalidCell) else str(cell)
