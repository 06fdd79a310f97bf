"""The rows of one sheet of an Excel file. Source: ECMA-376, part 1, 18.3."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from typing import IO, Final, Literal
from xml.parsers import expat

from openpyxl.utils.datetime import from_excel
from openpyxl.utils.escape import unescape

from app.core.errors import InvalidRequest
from app.core.i18n import LocalizedText
from app.core.problems import ProblemCode
from app.files.readers.limits import FileLimits
from app.files.readers.number_formats import NumberFormat, parse_number_format
from app.files.readers.shared_strings import SharedStrings
from app.files.readers.table_tally import TableTally
from app.files.readers.text_damage import TextDamage
from app.files.readers.xml_stream import parse_pieces
from app.files.reading_account import column_letters
from app.files.table import Cell, InvalidCell, ShownNumber

Cells = dict[int, Cell]
"""The cells of a row that hold something, by their column from 0."""

_TRUE: Final = frozenset({"1", "true"})
_RANGE_CHARACTERS: Final = 30

_NOT_COMPUTED: Final = LocalizedText(
    "Deze formule is nog niet uitgerekend. Open het bestand in Excel, sla het op en lever het opnieuw aan.",
    "This formula has not been computed yet. Open the file in Excel, save it and hand it in again.",
)
_IN_ERROR: Final = LocalizedText(
    "De formule in deze cel geeft een fout. Zet de waarde zelf in de cel.",
    "The formula in this cell gives an error. Put the value itself in the cell.",
)
_DIGITS_LOST: Final = LocalizedText(
    "Excel heeft hier een getal van meer dan vijftien cijfers van gemaakt, en bewaart er maar vijftien. Geef de cel de "
    "opmaak Tekst en typ opnieuw wat er moet staan.",
    "Excel has made a number of more than fifteen digits of this, and stores only fifteen. Format the cell as Text and "
    "type again what it should be.",
)
_TIME_OF_DAY: Final = LocalizedText(
    "Deze cel is een tijd. Waarschijnlijk heeft Excel die ervan gemaakt. Geef de cel de opmaak Tekst en typ opnieuw "
    "wat er moet staan.",
    "This cell is a time. Excel has probably made one of it. Format the cell as Text and type again what it should be.",
)
_NO_DATE: Final = LocalizedText(
    "Dit getal is als datum opgemaakt, maar het is geen datum. Vul de datum opnieuw in.",
    "This number is formatted as a date, but it is none. Fill in the date again.",
)


_MAX_EXACT: Final = 10**15
"""Whole numbers from here on have more digits than Excel stores."""


class CellStyles:
    """The number formats of a workbook by the style of a cell, each read when a cell has it."""

    def __init__(self, codes: Sequence[str]) -> None:
        self._codes = codes
        self._formats: dict[str, NumberFormat | Literal["date"] | None] = {}

    def find_format(self, style: str) -> NumberFormat | Literal["date"] | None:
        """Raises: ValueError for what is not the number of a style."""
        if style not in self._formats:
            at = int(style)
            code = self._codes[at] if 0 <= at < len(self._codes) else "General"
            self._formats[style] = parse_number_format(code)
        return self._formats[style]


@dataclass(frozen=True, slots=True)
class Notation:
    """Shared strings, styles and day zero, to which the cells of a workbook refer; and damage found in its texts."""

    texts: SharedStrings
    styles: CellStyles
    epoch: datetime
    damage: TextDamage


class SheetReader:
    """Reads a sheet once."""

    def __init__(self, tally: TableTally, notation: Notation, limits: FileLimits) -> None:
        self._name = tally.name
        self._tally = tally
        self._notation = notation
        self._limits = limits
        self._finished: list[tuple[int, Cells]] = []
        self._row = 0
        self._is_hidden_row = False
        self._column = -1
        self._cells: Cells = {}
        self._attributes: dict[str, str] = {}
        self._has_formula = False
        self._is_pronunciation = False
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
            if not self._is_pronunciation:
                self._parser.CharacterDataHandler = self._collect
        elif name == "f":
            self._has_formula = True
        elif name == "row":
            self._row = int(attributes.get("r", self._row + 1))
            self._column = -1
            self._cells = {}
            self._row_characters = 0
            self._is_hidden_row = attributes.get("hidden") in _TRUE
        else:
            self._note_element(name, attributes)

    def _note_element(self, name: str, attributes: dict[str, str]) -> None:
        """Note columns that are hidden, ranges that are merged, and where it is said how a text is pronounced."""
        if name == "rPh":
            self._is_pronunciation = True
        elif name == "col" and attributes.get("hidden") in _TRUE:
            columns = range(int(attributes["min"]) - 1, min(int(attributes["max"]), self._limits.columns))
            self._tally.hidden_columns += map(column_letters, columns)
        elif name == "mergeCell":
            self._tally.note_merged_range(attributes["ref"][:_RANGE_CHARACTERS])

    def _end(self, name: str) -> None:
        if self._prefix:
            name = name.removeprefix(self._prefix)
        if name in {"v", "t"}:
            self._parser.CharacterDataHandler = None
        elif name == "rPh":
            self._is_pronunciation = False
        elif name == "c":
            if self._text is not None or self._has_formula:
                self._keep_cell()
        elif name == "row" and self._cells:
            self._finished.append((self._row, self._cells))
            self._finished_characters += self._row_characters
            self._row_characters = 0
            if self._is_hidden_row:
                self._tally.note_hidden_row(self._row)

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
        if not text:
            return None
        if kind in {"s", "str", "inlineStr"}:
            read = unescape(self._notation.texts[int(text)] if kind == "s" else text).strip()
            if kind != "s":
                self._notation.damage.look_at(read)
            return read or None
        if kind != "n":
            return _read_special(kind, text)
        return self._read_number(float(text))

    def _read_number(self, number: float) -> Cell:
        if not math.isfinite(number):
            raise ValueError(number)
        style = self._attributes.get("s")
        shown_as = self._notation.styles.find_format(style) if style else None
        if shown_as == "date":
            return _read_date(number, self._notation.epoch)
        if abs(number) >= _MAX_EXACT:
            return InvalidCell(ProblemCode.DIGITS_LOST, f"{number:.15g}", _DIGITS_LOST)
        # Excel stores 12.3 as 12.300000000000001 and shows 12.3.
        cell = int(number) if number.is_integer() else float(f"{number:.15g}")
        if shown_as is None:
            return cell
        shown = shown_as.show(number)
        return cell if shown == str(cell) else ShownNumber(cell, shown)


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


def _read_date(number: float, epoch: datetime) -> Cell:
    try:
        return _simplify_date(from_excel(number, epoch))
    except (OverflowError, ValueError):
        return InvalidCell(ProblemCode.INVALID_DATE, str(number), _NO_DATE)


def _simplify_date(moment: datetime | date | time | object) -> Cell:
    """A date where the time is midnight; nothing in the register is a time of day without a date."""
    if isinstance(moment, datetime):
        return moment.date() if moment.time() == time() else moment
    if isinstance(moment, date):
        return moment
    return InvalidCell(ProblemCode.TIME_OF_DAY, str(moment), _TIME_OF_DAY)
