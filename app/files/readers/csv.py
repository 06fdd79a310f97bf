"""CSV files: delimiter and decimal mark are detected from the first rows.

A text that our own files mark as not being a formula gets back what stood there before (`app/files/writers/csv.py`).
Source: RFC 4180.
"""

import csv
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Final

from app.core.errors import InvalidRequest
from app.core.i18n import LocalizedText
from app.files.readers.encodings import detect_encoding
from app.files.readers.limits import FileLimits
from app.files.readers.sample import MAX_SAMPLE_CHARACTERS, read_sample
from app.files.table import Row, Table

_DELIMITERS: Final = (";", ",", "\t", "|")
_TRIED_ROWS: Final = 200
_DECIMAL_COMMA: Final = re.compile(r"[+-]?[0-9]{1,3}(\.?[0-9]{3})*,[0-9]+")
_DECIMAL_POINT: Final = re.compile(r"[+-]?[0-9]+\.[0-9]+")
# Added after the last line: it is a row of its own unless a quotation mark was left open. No text contains it.
_END: Final = "\x03\x00\x03"
_MARKED_FORMULA: Final = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")

# The number of a row, its cells, and whether they hold an apostrophe: few do, so few rows are checked for marks.
_NumberedRow = tuple[int, list[str], bool]


@contextmanager
def open_csv(path: Path, limits: FileLimits) -> Iterator["CsvSource"]:
    """Open a CSV file. Raises: InvalidRequest where its text is of no encoding."""
    encoding = detect_encoding(path, limits)
    with path.open("rb") as content, io.TextIOWrapper(content, encoding, newline="") as text:
        yield CsvSource(content, path.stat().st_size, text, encoding, limits)


class CsvSource:
    """A CSV file; rows are numbered as a spreadsheet does, whatever line breaks stand in their cells."""

    format = "csv"

    def __init__(
        self,
        content: io.BufferedReader,
        size_bytes: int,
        text: io.TextIOWrapper,
        encoding: str,
        limits: FileLimits,
    ) -> None:
        self._content = content
        self._size_bytes = size_bytes
        self._text = text
        self._limits = limits
        self.encoding = encoding
        self.delimiter, self.line_break = _detect_dialect(text)
        self._has_apostrophe = False
        self._row_characters = 0

    @property
    def fraction_read(self) -> float:
        return min(1.0, self._content.tell() / self._size_bytes)

    def read_raw_rows(self) -> Iterator[tuple[int, list[str]]]:
        """All rows with their number, with every space and mark that stands in them. Raises: InvalidRequest."""
        for number, cells, _ in self._number_rows():
            yield number, cells

    def read_tables(self) -> Iterator[Table]:
        numbered = self._number_rows()
        headings: list[str] = []
        for _, cells, _ in numbered:
            headings = [_unmark(cell.strip()) for cell in cells]
            if any(headings):
                break
        while headings and not headings[-1]:
            headings.pop()
        self._limits.check_columns(len(headings))
        fitting = _fit_rows(numbered, len(headings))
        first = read_sample(fitting, _TRIED_ROWS, lambda row: sum(map(len, row[1])))
        yield Table(
            name=None,
            headings=tuple(headings),
            rows=self._read_rows(chain(first, fitting)),
            decimal_comma=_has_decimal_comma(cells for _, cells, _ in first),
        )

    def _read_rows(self, fitting: Iterator[_NumberedRow]) -> Iterator[Row]:
        # A million rows of fifty cells go through here: what is done for each cell is counted in seconds.
        count = 0
        for number, texts, has_apostrophe in fitting:
            cells = [text or None for text in map(str.strip, texts)]
            if not any(cells):
                continue
            if has_apostrophe:
                cells = [text and _unmark(text) for text in cells]
            count += 1
            if count > self._limits.rows:
                self._limits.check_rows(count)
            yield Row(number, cells)

    def _number_rows(self) -> Iterator[_NumberedRow]:
        # For the whole process; nothing else here reads CSV from strangers.
        csv.field_size_limit(self._limits.cell_characters)
        number = 0
        try:
            for number, cells in enumerate(csv.reader(self._read_lines(), delimiter=self.delimiter), start=1):
                if cells and cells[-1].endswith(_END):
                    _require_closed(cells, number)
                    return
                yield number, cells, self._has_apostrophe
                self._has_apostrophe = False
                self._row_characters = 0
        except csv.Error as error:
            raise InvalidRequest(
                LocalizedText(
                    f"Rij {number + 1} is niet te lezen: een cel is te lang, of de hele rij. "
                    'Waarschijnlijk staat er een aanhalingsteken (") te veel of te weinig.',
                    f"Row {number + 1} cannot be read: a cell is too long, or the whole row. "
                    'Probably there is a quotation mark (") too many or too few.',
                )
            ) from error

    def _read_lines(self) -> Iterator[str]:
        for line in self._text:
            if "'" in line:
                self._has_apostrophe = True
            # A line is not too long by itself, but between quotation marks a row goes on over many.
            self._row_characters += len(line)
            if self._row_characters > self._limits.row_characters:
                raise csv.Error("a row of too many characters")
            yield line
        yield _END


def _require_closed(cells: list[str], number: int) -> None:
    """Raises: InvalidRequest where the end of the file stands in a cell, and not in a row of its own."""
    if cells != [_END]:
        raise InvalidRequest(
            LocalizedText(
                f'In rij {number}, cel {len(cells)}, begint een aanhalingsteken (") dat nergens eindigt: de rest van '
                "het bestand zou in die cel staan. Zet er een bij of haal het weg.",
                f'In row {number}, cell {len(cells)}, a quotation mark (") begins that ends nowhere: the rest of the '
                "file would stand in that cell. Add one or take it away.",
            )
        )


def _fit_rows(numbered: Iterator[_NumberedRow], width: int) -> Iterator[_NumberedRow]:
    """The rows, each as wide as the headings before the next is read. Raises: InvalidRequest for one that is wider."""
    for row in numbered:
        number, cells, has_apostrophe = row
        yield row if len(cells) == width else (number, _fit_row(cells, width, number), has_apostrophe)


def _fit_row(cells: list[str], width: int, number: int) -> list[str]:
    """Pad a short row with empty cells; drop empty cells beyond the headings. Raises: InvalidRequest for others."""
    if any(cell.strip() for cell in cells[width:]):
        raise InvalidRequest(
            LocalizedText(
                f"Rij {number} heeft {len(cells)} cellen, en er zijn {width} kolomkoppen. "
                "Zet een tekst waarin het scheidingsteken voorkomt tussen aanhalingstekens.",
                f"Row {number} has {len(cells)} cells, and there are {width} headings. "
                "Put a text that holds the delimiter between quotation marks.",
            )
        )
    return cells[:width] + [""] * (width - len(cells))


def _unmark(text: str) -> str:
    return text[1:].strip() if _MARKED_FORMULA.match(text) else text


def _detect_dialect(text: io.TextIOWrapper) -> tuple[str, str]:
    """The delimiter that gives the first rows the most cells, and the same number in each; and what ends a line."""
    lines = _read_beginning(text)
    text.seek(0)
    delimiter = max(_DELIMITERS, key=lambda delimiter: _rate_delimiter(lines, delimiter))
    return delimiter, "\r\n" if lines[0].endswith("\r\n") else "\n"


def _read_beginning(text: io.TextIOWrapper) -> list[str]:
    """The first lines, whole; of a line that is longer than all that is looked at, its beginning."""
    lines: list[str] = []
    left = MAX_SAMPLE_CHARACTERS
    while left and len(lines) < _TRIED_ROWS and (line := text.readline(left)):
        lines.append(line)
        left -= len(line)
    # A line that was cut off has too few cells with any delimiter.
    return lines if left or len(lines) == 1 else lines[:-1]


def _rate_delimiter(lines: list[str], delimiter: str) -> tuple[float, int]:
    try:
        widths = [len(cells) for cells in csv.reader(lines, delimiter=delimiter) if cells]
    except csv.Error:
        return (0, 0)
    if not widths or widths[0] == 1:
        return (0, 0)
    return (sum(width == widths[0] for width in widths) / len(widths), widths[0])


def _has_decimal_comma(rows: Iterator[list[str]]) -> bool:
    balance = 0
    for cell in chain.from_iterable(rows):
        balance += bool(_DECIMAL_COMMA.fullmatch(cell.strip())) - bool(_DECIMAL_POINT.fullmatch(cell.strip()))
    return balance > 0
