"""How a CSV file separates its cells and writes its numbers, detected from its first rows."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from typing import Final, Literal, NamedTuple

from app.files.readers.sample import MAX_SAMPLE_CHARACTERS

_DELIMITERS: Final = (";", ",", "\t", "|")
TRIED_ROWS: Final = 200
"""Rows that are looked at before anything is made of a file."""
_DECIMAL_COMMA: Final = re.compile(r"[+-]?[0-9]{1,3}(\.?[0-9]{3})*,[0-9]+")
_DECIMAL_POINT: Final = re.compile(r"[+-]?[0-9]+\.[0-9]+")
# Excel reads the delimiter from this line and does not show it; a program may have filled it up with delimiters.
_SEPARATOR_LINE: Final = re.compile(r'"?sep=([^\w\s"]|\t)"?\1*[\r\n]*', re.IGNORECASE)


class CsvDialect(NamedTuple):
    """How a file separates its cells and ends its lines.

    `separator_line` is its first line where that only names the delimiter, else empty; `beginning` are the first lines
    below it.
    """

    delimiter: str
    line_break: str
    separator_line: str
    beginning: list[str]


def detect_dialect(text: io.TextIOWrapper) -> CsvDialect:
    """The delimiter is the one that gives the first rows the most cells, and the same number in each."""
    lines = _read_beginning(text)
    line_break = "\r\n" if lines[0].endswith("\r\n") else "\n"
    if named := _SEPARATOR_LINE.fullmatch(lines[0]):
        return CsvDialect(named[1], line_break, lines[0], lines[1:])
    # One limit for the whole process: that of another file, or the default, makes the right delimiter look wrong.
    csv.field_size_limit(MAX_SAMPLE_CHARACTERS)
    delimiter = max(_DELIMITERS, key=lambda delimiter: _rate_delimiter(lines, delimiter))
    return CsvDialect(delimiter, line_break, "", lines)


def _read_beginning(text: io.TextIOWrapper) -> list[str]:
    """The first lines, whole; of a line that is longer than all that is looked at, its beginning."""
    lines: list[str] = []
    left = MAX_SAMPLE_CHARACTERS
    while left and len(lines) < TRIED_ROWS and (line := text.readline(left)):
        lines.append(line)
        left -= len(line)
    # A line that was cut off has too few cells with any delimiter.
    return lines if left or len(lines) == 1 else lines[:-1]


def _rate_delimiter(lines: list[str], delimiter: str) -> tuple[float, int]:
    """How many of the rows are as wide as the widest width that many have, and that width."""
    try:
        widths = Counter(len(cells) for cells in csv.reader(lines, delimiter=delimiter) if any(cells))
    except csv.Error:
        return (0, 0)
    rows = widths.total()
    # Above the headings may stand a title, which is narrower or filled up with delimiters.
    (width, count), *_ = widths.most_common(1) or [(1, 0)]
    return (count / rows, width) if width > 1 else (0, 0)


def find_decimal_mark(rows: Iterator[list[str]]) -> Literal[",", "."] | None:
    """The mark that most of the numbers have that can only be read in one way; None where there are none."""
    commas = points = 0
    for cell in chain.from_iterable(rows):
        commas += bool(_DECIMAL_COMMA.fullmatch(cell.strip()))
        points += bool(_DECIMAL_POINT.fullmatch(cell.strip()))
    return "," if commas > points else "." if points else None
