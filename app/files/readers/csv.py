"""CSV files: delimiter and decimal mark are detected from the first rows.

A text that our own files mark as not being a formula gets back what stood there before (`app/files/writers/csv.py`).
Source: RFC 4180.
"""

import csv
import io
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path
from typing import Final, Literal

from app.core.errors import InvalidRequest
from app.core.i18n import LocalizedText
from app.files.readers.csv_dialect import TRIED_ROWS, detect_dialect, find_decimal_mark
from app.files.readers.csv_quotes import list_quote_faults, refuse_faults, require_sound_quotes
from app.files.readers.encodings import ENCODING_NAMES, detect_encoding
from app.files.readers.heading_row import SEARCHED_ROWS, HeadingTest, find_heading_row
from app.files.readers.limits import FileLimits
from app.files.readers.sample import read_sample
from app.files.readers.table_tally import TableTally
from app.files.readers.text_damage import TextDamage
from app.files.reading_account import CellExample, ReadingAccount, column_letters
from app.files.table import Row, Table

_MAX_WIDE_ROWS: Final = 20
_SHOWN_CHARACTERS: Final = 60
_MARKED_FORMULA: Final = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")

# The number of a row, its cells, and whether they hold an apostrophe: few do, so few rows are checked for marks.
_NumberedRow = tuple[int, list[str], bool]


@contextmanager
def open_csv(path: Path, limits: FileLimits, is_heading: HeadingTest | None = None) -> Iterator["CsvSource"]:
    """Open a CSV file. Raises: InvalidRequest where its text is of no encoding."""
    encoding = detect_encoding(path, limits)
    with path.open("rb") as content, io.TextIOWrapper(content, encoding, newline="") as text:
        yield CsvSource(content, text, limits, is_heading)


class CsvSource:
    """A CSV file; rows are numbered as a spreadsheet does, whatever line breaks stand in their cells."""

    format = "csv"

    def __init__(
        self,
        content: io.BufferedReader,
        text: io.TextIOWrapper,
        limits: FileLimits,
        is_heading: HeadingTest | None,
    ) -> None:
        self._content = content
        self._size_bytes = os.fstat(content.fileno()).st_size
        self._text = text
        self._limits = limits
        self.encoding = text.encoding
        self.dialect = detect_dialect(text)
        self.heading_row = self._find_heading_row(is_heading)
        self._tally = TableTally()
        self._decimal_mark: Literal[",", "."] | None = None
        self._example: CellExample | None = None
        self._damage = TextDamage()
        # The lines of the current row, and how long they are together.
        self._lines: list[str] = []
        self._row_characters = 0
        self._has_quote = self._has_apostrophe = self._has_letters = False

    @property
    def fraction_read(self) -> float:
        return min(1.0, self._content.tell() / self._size_bytes)

    @property
    def account(self) -> ReadingAccount:
        return ReadingAccount(
            format=self.format,
            tables=(self._tally.freeze(),),
            encoding=ENCODING_NAMES[self.encoding],
            encoding_example=self._example,
            delimiter=self.dialect.delimiter,
            decimal_mark=self._decimal_mark,
            has_separator_line=bool(self.dialect.separator_line),
            warnings=self._damage.warnings,
        )

    def read_raw_rows(self) -> Iterator[tuple[int, list[str]]]:
        """All rows with their number, with every space and mark that stands in them. Raises: InvalidRequest."""
        for number, cells, _ in self._number_rows():
            yield number, cells

    def read_tables(self) -> Iterator[Table]:
        numbered = self._number_rows()
        cells: list[str] = []
        for number, cells, _ in numbered:
            if number == self.heading_row:
                break
            if texts := [cell.strip() for cell in cells if cell.strip()]:
                self._tally.skip_row(number, texts)
        headings = [_unmark(cell.strip()) for cell in cells]
        full_width = len(headings)
        while headings and not headings[-1]:
            headings.pop()
        self._limits.check_columns(len(headings))
        self._tally.heading_row = self.heading_row
        self._tally.headings = headings
        fitting = self._fit_rows(numbered, len(headings), full_width)
        first = read_sample(fitting, TRIED_ROWS, lambda row: sum(map(len, row[1])))
        self._decimal_mark = find_decimal_mark(cells for _, cells, _ in first)
        yield Table(
            name=None,
            headings=tuple(headings),
            rows=self._read_rows(chain(first, fitting), headings),
            decimal_comma=self._decimal_mark == ",",
        )

    def _read_rows(self, fitting: Iterator[_NumberedRow], headings: list[str]) -> Iterator[Row]:
        # A million rows of fifty cells go through here: what is done for each cell is counted in seconds.
        count = number = 0
        unnamed = [column for column, heading in enumerate(headings) if not heading]
        try:
            for number, texts, has_apostrophe in fitting:
                cells = [text or None for text in map(str.strip, texts)]
                if not any(cells):
                    continue
                if has_apostrophe:
                    cells = [text and _unmark(text) for text in cells]
                count += 1
                if count == 1:
                    self._tally.first_row = number
                if count > self._limits.rows:
                    self._limits.check_rows(count)
                for column in unnamed:
                    if text := cells[column]:
                        self._tally.note_untaken(column, number, text)
                self._tally.last_row = number
                yield Row(number, cells)
        finally:
            self._tally.rows = count

    def _fit_rows(
        self, numbered: Iterator[_NumberedRow], width: int, full_width: int
    ) -> Iterator[_NumberedRow]:
        """The rows, each as wide as the headings. Raises: InvalidRequest for one wider than the row of the headings."""
        for row in numbered:
            number, cells, has_apostrophe = row
            if len(cells) != width:
                if any(map(str.strip, cells[full_width:])):
                    raise _refuse_wide_rows(chain((row,), numbered), width, full_width)
                for column in range(width, min(full_width, len(cells))):
                    if text := cells[column].strip():
                        self._tally.note_untaken(column, number, text)
                cells = cells[:width] + [""] * (width - len(cells))
            yield number, cells, has_apostrophe

    def _find_heading_row(self, is_heading: HeadingTest | None) -> int:
        """The number of the row of the headings: the first that is not empty, or one below it that has more of them."""
        found: dict[int, list[str]] = {}
        try:
            for number, cells in enumerate(
                csv.reader(self.dialect.beginning, delimiter=self.dialect.delimiter), start=1
            ):
                if number > SEARCHED_ROWS and found:
                    break
                if any(map(str.strip, cells)):
                    found[number] = [cell.strip() for cell in cells]
        except csv.Error:
            # Reading the rows says what is wrong.
            pass
        return find_heading_row(found, is_heading) if found else 1

    def _number_rows(self) -> Iterator[_NumberedRow]:
        # For the whole process; nothing else here reads CSV from strangers.
        csv.field_size_limit(self._limits.cell_characters)
        delimiter = self.dialect.delimiter
        lines = self._lines
        number = 0
        try:
            for number, cells in enumerate(
                csv.reader(self._read_lines(), delimiter=delimiter, strict=True), start=1
            ):
                # Only a doubled mark, or one in an unquoted cell, is left once the row was read.
                if self._has_quote and '"' in "".join(cells):
                    require_sound_quotes(lines, delimiter)
                if self._has_letters:
                    self._look_at_letters(number, cells)
                yield number, cells, self._has_apostrophe
                lines.clear()
                self._row_characters = 0
                self._has_quote = self._has_apostrophe = self._has_letters = False
        except csv.Error as error:
            raise self._explain_error(number + 1) from error

    def _read_lines(self) -> Iterator[str]:
        self._text.seek(0)
        self._lines.clear()
        self._row_characters = 0
        keep_line, most = self._lines.append, self._limits.row_characters
        if self.dialect.separator_line:
            self._text.readline()
        for line in self._text:
            # A line is not too long by itself, but between quotation marks a row goes on over many.
            self._row_characters += len(line)
            if self._row_characters > most:
                raise csv.Error("a row of too many characters")
            if '"' in line:
                self._has_quote = True
            if "'" in line:
                self._has_apostrophe = True
            if not line.isascii():
                self._has_letters = True
            keep_line(line)
            yield line

    def _look_at_letters(self, number: int, cells: list[str]) -> None:
        for column, text in enumerate(cells):
            if text.isascii():
                continue
            letter = column_letters(column)
            if self._example is None:
                self._example = CellExample(number, letter, text.strip()[:_SHOWN_CHARACTERS])
            self._damage.look_at(
                text, LocalizedText(f"rij {number}, kolom {letter}", f"row {number}, column {letter}")
            )

    def _explain_error(self, number: int) -> InvalidRequest:
        """The places where quotation marks are wrong; else the row that is too long."""
        self._text.seek(0)
        if self.dialect.separator_line:
            self._text.readline()
        faults = list_quote_faults(iter(self._text), self.dialect.delimiter)
        if faults:
            return refuse_faults(faults, self._list_headings())
        return InvalidRequest(
            LocalizedText(
                f"Rij {number} is niet te lezen: een cel is te lang, of de hele rij. "
                'Waarschijnlijk staat er een aanhalingsteken (") te veel of te weinig.',
                f"Row {number} cannot be read: a cell is too long, or the whole row. "
                'Probably there is a quotation mark (") too many or too few.',
            )
        )

    def _list_headings(self) -> list[str]:
        rows = csv.reader(self.dialect.beginning, delimiter=self.dialect.delimiter)
        try:
            return next(islice(rows, self.heading_row - 1, None), [])
        except csv.Error:
            return []


def _refuse_wide_rows(rows: Iterator[_NumberedRow], width: int, full_width: int) -> InvalidRequest:
    """The refusal of the first row, which has cells beyond the headings, and of the rows below it that have too."""
    wide = islice(
        ((number, len(cells)) for number, cells, _ in rows if any(map(str.strip, cells[full_width:]))),
        _MAX_WIDE_ROWS,
    )
    (number, cells), *others = wide
    more = ", ".join(str(other) for other, _ in others)
    also = LocalizedText(f" Ook de rijen {more}.", f" Rows {more} too.") if more else LocalizedText("", "")
    return InvalidRequest(
        LocalizedText(
            f"Rij {number} heeft {cells} cellen, en er zijn {width} kolomkoppen.{also.nl} "
            "Zet een tekst waarin het scheidingsteken voorkomt tussen aanhalingstekens.",
            f"Row {number} has {cells} cells, and there are {width} headings.{also.en} "
            "Put a text that holds the delimiter between quotation marks.",
        )
    )


def _unmark(text: str) -> str:
    return text[1:].strip() if _MARKED_FORMULA.match(text) else text
