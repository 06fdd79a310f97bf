"""The rows of one sheet of an Excel file. Source: ECMA-376, part 1, 18.3."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from typing import IO, Final
from xml.parsers import expat

from openpyxl.utils.datetime import from_excel
from openpyxl.utils.escape import unescape

from app.core.errors import InvalidRequest
from app.core.i18n import LocalizedText
from app.core.problems import ProblemCode
from app.files.readers.limits import FileLimits
from app.files.readers.shared_strings import SharedStrings
from app.files.readers.xml_stream import parse_pieces
from app.files.table import Cell, InvalidCell

Cells = dict[int, Cell]
"""The cells of a row that hold something, by their column from 0."""

_NOT_COMPUTED: Final = LocalizedText(
    "Deze formule is nog niet uitgerekend. Open het bestand in Excel, sla het op en lever het opnieuw aan.",
    "This formula has not been computed yet. Open the file in Excel, save it and hand it in again.",
)
_IN_ERROR: Final = LocalizedText(
    "De formule in deze cel geeft een fout. Zet de waarde zelf in de cel.",
    "The formula in this cell gives an error. Put the value itself in the cell.",
)
_NO_DATE: Final = LocalizedText(
    "Dit getal is als datum opgemaakt, maar het is geen datum. Vul de datum opnieuw in.",
    "This number is formatted as a date, but it is none. Fill in the date again.",
)


@dataclass(frozen=True, slots=True)
class Notation:
    """Data that the cells of a workbook refer to: shared strings, styles that make a number a date, and day zero."""

    texts: SharedStrings
    date_styles: frozenset[str]
    epoch: datetime


class SheetReader:
    """Reads a sheet once."""

    def __init__(self, name: str, notation: Notation, limits: FileLimits) -> None:
        self._name = name
        self._notation = notation
        self._limits = limits
        self._finished: list[tuple[int, Cells]] = []
        self._row = 0
        self._column = -1
        self._cells: Cells = {}
        self._attributes: dict[str, str] = {}
        self._has_formula = False
        self._text: list[str] | None = None
        self._size = 0
        # Characters of the cells held: of the current row, and of the rows before it that were not returned yet.
        self._row_characters = 0
        self._finished_characters = 0
        self._prefix: str | None = None
        self._parser = expat.ParserCreate()

    def read_rows(self, content: IO[bytes]) -> Iterator[tuple[int, int, Cells]]:
        """Rows that are not empty: the bytes read so far, the number of the row, its cells.

        Raises: InvalidRequest for too many columns; ExpatError, ValueError, LookupError for what is damaged.
        """
        self._parser.StartElementHandler = self._begin
        self._parser.EndElementHandler = self._end
        for fed in parse_pieces(content, self._parser):
            for number, cells in self._finished:
                yield fed, number, cells
            self._finished.clear()
            self._finished_characters = 0

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        if self._prefix is None:
            # Some programs write <x:c>; then all of the sheet has that prefix.
            self._prefix = name[: name.rfind(":") + 1]
        if self._prefix:
            name = name.removeprefix(self._prefix)
        if name == "c":
            self._attributes = attributes
            self._has_formula = False
            self._text = None
            self._column += 1
            if "r" in attributes:
                self._column = read_column(attributes["r"].rstrip("0123456789"))
        elif name in {"v", "t"}:
            if self._text is None:
                self._text = []
                self._size = 0
            self._parser.CharacterDataHandler = self._collect
        elif name == "f":
            self._has_formula = True
        elif name == "row":
            self._row = int(attributes.get("r", self._row + 1))
            self._column = -1
            self._cells = {}
            self._row_characters = 0

    def _end(self, name: str) -> None:
        if self._prefix:
            name = name.removeprefix(self._prefix)
        if name in {"v", "t"}:
            self._parser.CharacterDataHandler = None
        elif name == "c":
            if self._text is not None or self._has_formula:
                self._keep_cell()
        elif name == "row" and self._cells:
            self._finished.append((self._row, self._cells))
            self._finished_characters += self._row_characters
            self._row_characters = 0

    def _collect(self, text: str) -> None:
        self._size += len(text)
        if self._size > self._limits.cell_characters:
            raise expat.ExpatError("a cell with too much text")
        if self._text is not None:
            self._text.append(text)

    def _keep_cell(self) -> None:
        cell = self._read_cell()
        if cell is None:
            return
        if self._column >= self._limits.columns:
            raise InvalidRequest(
                LocalizedText(
                    f"Blad {self._name!r} heeft een waarde in kolom {self._column + 1} van rij {self._row}; meer dan "
                    f"{self._limits.columns} kolommen lezen wij niet. Verwijder de kolommen die er niet in horen.",
                    f"Sheet {self._name!r} has a value in column {self._column + 1} of row {self._row}; more than "
                    f"{self._limits.columns} columns are not read. Remove the columns that do not belong there.",
                )
            )
        self._cells[self._column] = cell
        self._row_characters += count_characters(cell)
        # A shared string of a million characters is stored once, and every cell may refer to it.
        if self._finished_characters + self._row_characters > self._limits.row_characters:
            raise InvalidRequest(
                LocalizedText(
                    f"Blad {self._name!r} heeft bij rij {self._row} meer dan {self._limits.row_characters} tekens in "
                    "enkele rijen. Kort de teksten in die er niet in horen.",
                    f"Sheet {self._name!r} has more than {self._limits.row_characters} characters in a few rows near "
                    f"row {self._row}. Shorten the texts that do not belong there.",
                )
            )

    def _read_cell(self) -> Cell:
        text = "".join(self._text or ())
        kind = self._attributes.get("t", "n")
        # A formula whose result is an empty text has a value, which is empty.
        if self._has_formula and not text and (kind != "str" or self._text is None):
            return InvalidCell(ProblemCode.FORMULA_NOT_COMPUTED, "", _NOT_COMPUTED)
        if kind in {"s", "str", "inlineStr"}:
            return unescape(self._notation.texts[int(text)] if kind == "s" else text).strip() or None
        if kind != "n":
            return _read_special(kind, text)
        number = _read_number(text) if text else None
        if number is not None and self._attributes.get("s") in self._notation.date_styles:
            return _read_date(number, self._notation.epoch)
        return number


def count_characters(cell: Cell) -> int:
    """Length of the text of a cell; other values take little memory and count as 0."""
    if isinstance(cell, str):
        return len(cell)
    return len(cell.text) if isinstance(cell, InvalidCell) else 0


def _read_special(kind: str, text: str) -> Cell:
    if kind == "e":
        return InvalidCell(ProblemCode.FORMULA_ERROR, text, _IN_ERROR)
    if kind == "b":
        return text not in {"0", "false"}
    try:
        return _simplify_date(datetime.fromisoformat(text))
    except ValueError:
        return text


@lru_cache(maxsize=2048)
def read_column(letters: str) -> int:
    """The column that these letters name, from 0: A is 0, AA is 26. Raises: ValueError."""
    if not letters.isalpha():
        raise ValueError(letters)
    column = 0
    for letter in letters[:8].upper():
        column = column * 26 + ord(letter) - 64
    return column - 1


def _read_number(text: str) -> int | float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    if number.is_integer() and abs(number) < 1e15:
        return int(number)
    # Excel stores 12.3 as 12.300000000000001 and shows 12.3.
    return float(f"{number:.15g}")


def _read_date(number: float, epoch: datetime) -> Cell:
    try:
        return _simplify_date(from_excel(number, epoch))
    except (OverflowError, ValueError):
        return InvalidCell(ProblemCode.INVALID_DATE, str(number), _NO_DATE)


def _simplify_date(moment: datetime | date | time | object) -> Cell:
    """A date where the time is midnight; a time of day without a date as text."""
    if isinstance(moment, datetime):
        return moment.date() if moment.time() == time() else moment
    return moment if isinstance(moment, date) else str(moment)
