"""CSV in all its kinds: what separates the cells, and how numbers are written, is found in its first rows.

A text that our own files mark as not being a formula gets back what stood there before (`app/formats/spreadsheets.py`).
Source: RFC 4180.
"""

import csv
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path
from typing import Final

from app.core.errors import InvalidRequest
from app.core.language import Text
from app.exchange.sources.encodings import detect_encoding
from app.exchange.sources.limits import Limits
from app.exchange.tables import Row, Table

_DELIMITERS: Final = (";", ",", "\t", "|")
_TRIED_ROWS: Final = 200
_DECIMAL_COMMA: Final = re.compile(r"[+-]?[0-9]{1,3}(\.?[0-9]{3})*,[0-9]+")
_DECIMAL_POINT: Final = re.compile(r"[+-]?[0-9]+\.[0-9]+")
_MARKED_FORMULA: Final = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")

# The number of a row, its cells, and whether an apostrophe stands in them: seldom, so that few need a second look.
_NumberedRow = tuple[int, list[str], bool]


@contextmanager
def open_delimited(path: Path, limits: Limits) -> Iterator["DelimitedSource"]:
    """Open a CSV file. Raises: InvalidRequest where its text is of no encoding."""
    encoding = detect_encoding(path, limits)
    with path.open("rb") as content, io.TextIOWrapper(content, encoding, newline="") as text:
        yield DelimitedSource(content, path.stat().st_size, text, encoding, limits)


class DelimitedSource:
    """A CSV file; rows are numbered as a spreadsheet does, whatever line breaks stand in their cells."""

    format = "csv"

    def __init__(
        self,
        content: io.BufferedReader,
        size_bytes: int,
        text: io.TextIOWrapper,
        encoding: str,
        limits: Limits,
    ) -> None:
        self._content = content
        self._size_bytes = size_bytes
        self._text = text
        self._limits = limits
        self.encoding = encoding
        self.delimiter, self.line_break = _detect_dialect(text)
        self._has_apostrophe = False

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
        first = list(islice(numbered, _TRIED_ROWS))
        yield Table(
            name=None,
            headings=tuple(headings),
            rows=self._read_rows(chain(first, numbered), len(headings)),
            decimal_comma=_has_decimal_comma(cells for _, cells, _ in first),
        )

    def _read_rows(self, numbered: Iterator[_NumberedRow], width: int) -> Iterator[Row]:
        # A million rows of fifty cells go through here: what is done for each cell is counted in seconds.
        count = 0
        for number, texts, has_apostrophe in numbered:
            if len(texts) != width:
                texts = _fit_row(texts, width, number)  # noqa: PLW2901 - seldom, and the rest is as for all
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
                yield number, cells, self._has_apostrophe
                self._has_apostrophe = False
        except csv.Error as error:
            raise InvalidRequest(
                Text(
                    f"Rij {number + 1} is niet te lezen: een cel is te lang. "
                    'Waarschijnlijk staat er een aanhalingsteken (") te veel of te weinig.',
                    f"Row {number + 1} cannot be read: a cell is too long. "
                    'Probably there is a quotation mark (") too many or too few.',
                )
            ) from error

    def _read_lines(self) -> Iterator[str]:
        for line in self._text:
            if "'" in line:
                self._has_apostrophe = True
            yield line


def _fit_row(cells: list[str], width: int, number: int) -> list[str]:
    """The row as wide as the headings: what is missing at its end is empty, what is over has to be."""
    if any(cell.strip() for cell in cells[width:]):
        raise InvalidRequest(
            Text(
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
    lines = list(islice(text, _TRIED_ROWS))
    text.seek(0)
    delimiter = max(_DELIMITERS, key=lambda delimiter: _rate_delimiter(lines, delimiter))
    return delimiter, "\r\n" if lines[0].endswith("\r\n") else "\n"


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
