"""Accounts of what was read of a file, for its person to compare with the file itself."""

from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from app.core.i18n import LocalizedText

MAX_LISTED: Final = 100
"""Maximum number of runs of hidden rows, merged ranges and columns without a heading listed for a table."""

DateSystem = Literal["1900", "1904"]
"""The year from which a workbook counts its days."""


class ReadColumn(NamedTuple):
    """A column of a table: its letters as a spreadsheet shows them, and its heading, which may be empty.

    `fields` are the wire names of what its cells give; the layout adds them. Nothing was taken of a column without.
    """

    letter: str
    heading: str
    fields: tuple[str, ...] = ()


class UntakenColumn(NamedTuple):
    """Filled cells without a heading above them: how many, and the first of them."""

    letter: str
    cells: int
    first_row: int
    example: str


class SkippedRow(NamedTuple):
    """A row above the headings, and the beginning of its text."""

    number: int
    text: str


class AppliedDefault(NamedTuple):
    """A value that was given for all rows, and the number of rows that it filled."""

    field: str
    rows: int


class CellExample(NamedTuple):
    """A cell that shows in which encoding a file was read."""

    row: int
    letter: str
    text: str


@dataclass(frozen=True, slots=True)
class TableAccount:
    """Account of a sheet, a layer or a file that is one table.

    Rows are numbered as in `app.files.table.Row`. `rows` counts those that are not empty, `first_row` and `last_row`
    are the first and last of them; None where there are none. `hidden_rows` has the first and last of each run of
    filled rows that the spreadsheet hides, of the first `MAX_LISTED` runs; `merged_ranges` the first
    `MAX_LISTED` of them.
    """

    name: str | None
    is_hidden: bool = False
    heading_row: int | None = None
    skipped_rows: tuple[SkippedRow, ...] = ()
    columns: tuple[ReadColumn, ...] = ()
    untaken_columns: tuple[UntakenColumn, ...] = ()
    rows: int = 0
    first_row: int | None = None
    last_row: int | None = None
    hidden_row_count: int = 0
    hidden_rows: tuple[tuple[int, int], ...] = ()
    hidden_columns: tuple[str, ...] = ()
    merged_range_count: int = 0
    merged_ranges: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadingAccount:
    """Account of a file; complete once its tables were read to their end.

    `format` is that of `app.files.table.TableSource`. `tables` are those of which rows were read, `unread_tables` the
    names of the others. `encoding` to `has_separator_line` are those of CSV: the name of the encoding, a cell beyond
    ASCII, the delimiter, the decimal mark, and whether the first line was `sep=;`. `date_system` is that of Excel.
    `warnings` are sentences about texts that were damaged before the file was made, and about what no cell has:
    heights, members of GeoJSON beside the properties, columns of bytes. `defaults` are those of the import.
    """

    format: str
    tables: tuple[TableAccount, ...] = ()
    unread_tables: tuple[str | None, ...] = ()
    encoding: str | None = None
    encoding_example: CellExample | None = None
    delimiter: str | None = None
    decimal_mark: Literal[",", "."] | None = None
    has_separator_line: bool = False
    date_system: DateSystem | None = None
    warnings: tuple[LocalizedText, ...] = ()
    defaults: tuple[AppliedDefault, ...] = ()


def column_letters(column: int) -> str:
    """The letters of a column (from 0) as spreadsheets show them: A, Z, AA."""
    letters = ""
    while column >= 0:
        column, letter = divmod(column, 26)
        letters = chr(ord("A") + letter) + letters
        column -= 1
    return letters
