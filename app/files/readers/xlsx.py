"""Excel: every sheet a table, read row by row from its XML; a formula has the value stored with it.

openpyxl reads a row as a tree and the shared strings as a list, and limits neither: a small file can fill the memory.
So this reads the XML itself and uses openpyxl for dates only; figures are in decision 0025.
Source: ECMA-376, part 1, 18.
"""

import posixpath
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Final, NamedTuple

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH

from app.core.errors import InvalidRequest
from app.core.i18n import LocalizedText
from app.files.readers.limits import FileLimits
from app.files.readers.sample import read_sample
from app.files.readers.shared_strings import SharedStrings, read_shared_strings
from app.files.readers.xlsx_sheet import Cells, Notation, SheetReader, count_characters
from app.files.readers.xml_stream import list_elements
from app.files.readers.zip_archive import explain_damage, open_archive
from app.files.table import Cell, InvalidCell, Row, Table

_WORKBOOK: Final = "xl/workbook.xml"
_SMALL_PART_BYTES: Final = 20_000_000
# Rows that are looked at to know how many columns a sheet has.
_TRIED_ROWS: Final = 100


class Sheet(NamedTuple):
    """A sheet and the part of the archive in which its rows are."""

    name: str
    is_hidden: bool
    part: zipfile.ZipInfo


@contextmanager
def open_xlsx(path: Path, limits: FileLimits) -> Iterator["XlsxSource"]:
    """Open an Excel file. Raises: InvalidRequest where it is damaged, or larger than is read."""
    with open_archive(path, limits) as archive:
        yield XlsxSource(archive, limits)


class XlsxSource:
    """An Excel file; the first row of a sheet that is not empty holds its headings."""

    format = "xlsx"

    def __init__(self, archive: zipfile.ZipFile, limits: FileLimits) -> None:
        self._archive = archive
        self._limits = limits
        self._read_bytes = 0
        self._rows = 0
        with explain_damage():
            self.sheets, epoch = self._list_sheets()
            self.notation = Notation(self._read_texts(), self._find_date_styles(), epoch)

    @property
    def fraction_read(self) -> float:
        return min(1.0, self._read_bytes / max(1, sum(sheet.part.file_size for sheet in self.sheets)))

    def read_tables(self) -> Iterator[Table]:
        before = 0
        for sheet in self.sheets:
            # Errors of the code that uses a row do not pass through this block.
            with explain_damage(), self._archive.open(sheet.part) as content:
                rows = self._follow(
                    SheetReader(sheet.name, self.notation, self._limits).read_rows(content), before
                )
                first = read_sample(
                    rows, _TRIED_ROWS, lambda row: sum(map(count_characters, row[1].values()))
                )
                width = max((max(cells) + 1 for _, cells in first), default=0)
                _, headings = first[0] if first else (0, {})
                yield Table(
                    name=sheet.name,
                    headings=tuple(write_heading(headings.get(column)) for column in range(width)),
                    rows=self._spread_cells(chain(first[1:], rows), width),
                    is_hidden=sheet.is_hidden,
                )
            before += sheet.part.file_size
            self._read_bytes = before

    def _follow(self, rows: Iterator[tuple[int, int, Cells]], before: int) -> Iterator[tuple[int, Cells]]:
        for fed, number, cells in rows:
            self._read_bytes = before + fed
            self._rows += 1
            if self._rows > self._limits.rows:
                self._limits.check_rows(self._rows)
            yield number, cells

    @staticmethod
    def _spread_cells(rows: Iterator[tuple[int, Cells]], width: int) -> Iterator[Row]:
        columns = range(width)
        for number, cells in rows:
            spread = [cells.get(column) for column in columns]
            # Cells further to the right have no heading.
            if any(cell is not None for cell in spread):
                yield Row(number, spread)

    def _list_sheets(self) -> tuple[list[Sheet], datetime]:
        places = {
            element["Id"]: posixpath.normpath(posixpath.join("/xl", element["Target"])).lstrip("/")
            for name, element in self._list_elements("xl/_rels/workbook.xml.rels")
            if name == "Relationship" and element["Type"].endswith("/worksheet")
        }
        sheets = []
        epoch = WINDOWS_EPOCH
        for name, element in self._list_elements(_WORKBOOK):
            if name == "workbookPr" and element.get("date1904") in {"1", "true"}:
                epoch = MAC_EPOCH
            if name == "sheet":
                key = next(value for label, value in element.items() if label.endswith(":id"))
                # A sheet may be a drawing, which has no cells. Two sheets that refer to one part
                # could be read endlessly.
                if key in places:
                    part = self._archive.getinfo(places.pop(key))
                    sheets.append(Sheet(element["name"], element.get("state", "visible") != "visible", part))
        return sheets, epoch

    def _find_date_styles(self) -> frozenset[str]:
        """The styles that show a number as a date, as cells name them."""
        formats = dict(BUILTIN_FORMATS)
        dates: list[bool] = []
        group = ""
        for name, element in self._list_elements("xl/styles.xml", optional=True):
            if name in {"cellStyleXfs", "cellXfs", "cellStyles", "dxfs"}:
                group = name
            elif name == "numFmt":
                formats[int(element["numFmtId"])] = element["formatCode"]
            elif name == "xf" and group == "cellXfs":
                dates.append(is_date_format(formats.get(int(element.get("numFmtId", 0)))))
        return frozenset(str(place) for place, is_date in enumerate(dates) if is_date)

    def _read_texts(self) -> SharedStrings:
        part = next(
            (part for part in self._archive.infolist() if part.filename == "xl/sharedStrings.xml"), None
        )
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
            return read_shared_strings(content, self._limits)

    def _list_elements(self, name: str, *, optional: bool = False) -> Iterator[tuple[str, dict[str, str]]]:
        if optional and name not in self._archive.namelist():
            return
        part = self._archive.getinfo(name)
        if part.file_size > _SMALL_PART_BYTES:
            raise zipfile.BadZipFile(f"{name} is too large")
        with self._archive.open(part) as content:
            yield from list_elements(content)


def write_heading(cell: Cell) -> str:
    """A cell as the heading of a column."""
    if cell is None:
        return ""
    return cell.text if isinstance(cell, InvalidCell) else str(cell)
