"""Where the quotation marks of a CSV file are wrong. Source: RFC 4180, section 2, rules 5 to 7.

Python's `csv` accepts a quotation mark within an unquoted cell, and with `strict` it names no column.
"""

import csv
from collections import deque
from collections.abc import Iterator
from typing import Final, NamedTuple

from app.core.errors import InvalidRequest
from app.core.i18n import LocalizedText
from app.core.problems import Problem, ProblemCode
from app.files.reading_account import column_letters

_MAX_FAULTS: Final = 20
_MAX_ROW_LINES: Final = 10_000
_MAX_ROW_CHARACTERS: Final = 1_000_000
"""A row is followed over at most so many lines and characters once the file is known to be wrong."""

_LINE_BREAKS: Final = "\r\n"

_NEVER_ENDS: Final = LocalizedText(
    'hier begint een aanhalingsteken (") dat nergens eindigt',
    'here a quotation mark (") begins that ends nowhere',
)
_TEXT_AFTER: Final = LocalizedText(
    'er staat tekst achter het sluitende aanhalingsteken (")',
    'there is text after the closing quotation mark (")',
)
_WITHIN: Final = LocalizedText(
    'er staat een aanhalingsteken (") in een cel die niet met een aanhalingsteken begint',
    'there is a quotation mark (") in a cell that does not begin with one',
)


class QuoteFault(NamedTuple):
    """A row (from 1) and column (from 0), and what is wrong there."""

    row: int
    column: int
    reason: LocalizedText


def require_sound_quotes(lines: list[str], delimiter: str) -> None:
    """Check the lines of one row. Raises: csv.Error where it has a fault."""
    if _find_row_faults(_Lines(iter(lines)), delimiter):
        raise csv.Error("a quotation mark in an unquoted cell")


def list_quote_faults(lines: Iterator[str], delimiter: str) -> list[QuoteFault]:
    """The first faults of a file, in its order. After a fault reading goes on at the line below it."""
    faults: list[QuoteFault] = []
    waiting = _Lines(lines)
    row = 0
    while len(faults) < _MAX_FAULTS and waiting.begin_row():
        row += 1
        if found := _find_row_faults(waiting, delimiter):
            faults += [QuoteFault(row, column, reason) for column, reason in found]
            waiting.go_back()
        elif waiting.is_long_row:
            break
    return faults


def refuse_faults(faults: list[QuoteFault], headings: list[str]) -> InvalidRequest:
    """The refusal of a file with these faults, which names their rows and columns."""
    problems = [_describe_fault(fault, headings) for fault in faults]
    shown = [problem.detail for problem in problems]
    return InvalidRequest(
        LocalizedText(
            f"De aanhalingstekens in het CSV-bestand kloppen niet. {' '.join(text.nl for text in shown)} "
            'Zet een cel met een aanhalingsteken erin helemaal tussen aanhalingstekens en schrijf het dubbel: "24"" '
            'scherm". Of haal het weg.',
            f"The quotation marks in the CSV file are not valid. {' '.join(text.en for text in shown)} "
            'Put a cell that holds a quotation mark between quotation marks and write it twice: "24"" screen". Or '
            "remove it.",
        ),
        problems=problems,
    )


def _describe_fault(fault: QuoteFault, headings: list[str]) -> Problem:
    letter = column_letters(fault.column)
    heading = headings[fault.column].strip()[:60] if fault.column < len(headings) else ""
    place = f"{letter} ({heading})" if heading and fault.row > 1 else letter
    return Problem(
        ProblemCode.MALFORMED_CSV,
        f"/rows/{fault.row}/{letter}",
        LocalizedText(
            f"Rij {fault.row}, kolom {place}: {fault.reason.nl}.",
            f"Row {fault.row}, column {place}: {fault.reason.en}.",
        ),
    )


class _Lines:
    """The lines of a file, of which those of the current row can be read again."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._waiting: deque[str] = deque()
        self._taken: list[str] = []
        self._characters = 0

    @property
    def count(self) -> int:
        """Lines of the row that were taken."""
        return len(self._taken)

    @property
    def is_long_row(self) -> bool:
        return self.count > _MAX_ROW_LINES or self._characters > _MAX_ROW_CHARACTERS

    def begin_row(self) -> bool:
        """Forget the row before; False at the end of the file."""
        self._taken.clear()
        self._characters = 0
        if not self._waiting and (line := next(self._lines, None)) is not None:
            self._waiting.append(line)
        return bool(self._waiting)

    def take(self) -> str | None:
        line = self._waiting.popleft() if self._waiting else next(self._lines, None)
        if line is None:
            return None
        self._taken.append(line)
        self._characters += len(line)
        return line.rstrip(_LINE_BREAKS)

    def go_back(self) -> None:
        """Continue at the line after the first of the row."""
        self._waiting.extendleft(reversed(self._taken[1:]))


def _find_row_faults(lines: _Lines, delimiter: str) -> list[tuple[int, LocalizedText]]:
    """The columns of a row with a fault; the row is left at the first after which the rest is unclear."""
    text = lines.take() or ""
    if '"' not in text:
        return []
    faults: list[tuple[int, LocalizedText]] = []
    at = column = 0
    while True:
        if text.startswith('"', at):
            first_line = lines.count
            end = _find_closing(text, at + 1)
            while end < 0:
                following = None if lines.is_long_row else lines.take()
                if following is None:
                    # The rest of a long row is unclear, unless all of it is this one cell.
                    is_cell = first_line == 1 or not lines.is_long_row
                    return [*faults, (column, _NEVER_ENDS)] if is_cell else faults
                text = following
                end = _find_closing(text, 0)
            at = end + 1
            if at < len(text) and not text.startswith(delimiter, at):
                # Over several lines the mark that was found opens another cell: the first was never closed.
                return [*faults, (column, _TEXT_AFTER if first_line == lines.count else _NEVER_ENDS)]
        else:
            end = text.find(delimiter, at)
            end = len(text) if end < 0 else end
            if '"' in text[at:end]:
                faults.append((column, _WITHIN))
            at = end
        if at >= len(text):
            return faults
        at += len(delimiter)
        column += 1


def _find_closing(text: str, begin: int) -> int:
    """Where the quotation mark stands that closes a cell; -1 where it is not in this line. Doubled ones are text."""
    at = text.find('"', begin)
    while at >= 0 and text.startswith('"', at + 1):
        at = text.find('"', at + 2)
    return at
