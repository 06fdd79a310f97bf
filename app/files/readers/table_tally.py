"""Counts what is read of one table while it is read."""

from collections.abc import Sequence
from typing import Final

from app.files.reading_account import (
    MAX_LISTED,
    ReadColumn,
    SkippedRow,
    TableAccount,
    UntakenColumn,
    column_letters,
)

_SHOWN_CHARACTERS: Final = 60


class TableTally:
    """Filled by a reader; `freeze` gives the account of the moment."""

    def __init__(self, name: str | None = None, *, is_hidden: bool = False) -> None:
        self.name = name
        self.is_hidden = is_hidden
        self.is_begun = False
        self.heading_row: int | None = None
        self.headings: Sequence[str] = ()
        self.skipped_rows: list[SkippedRow] = []
        self.rows = 0
        self.first_row: int | None = None
        self.last_row: int | None = None
        self.hidden_columns: list[str] = []
        self.merged_ranges: list[str] = []
        self.merged_range_count = 0
        self._hidden_row_count = 0
        self._hidden_rows: list[list[int]] = []
        self._untaken: dict[int, UntakenColumn] = {}

    def skip_row(self, number: int, texts: Sequence[str]) -> None:
        """Note a row above the headings."""
        shown = " | ".join(text for text in texts if text)
        self.skipped_rows.append(SkippedRow(number, shown[:_SHOWN_CHARACTERS]))

    def note_row(self, number: int) -> None:
        """Note a row that is handed on."""
        if self.first_row is None:
            self.first_row = number
        self.last_row = number
        self.rows += 1

    def note_hidden_row(self, number: int) -> None:
        """Note a filled row that the spreadsheet hides."""
        self._hidden_row_count += 1
        if self._hidden_rows and self._hidden_rows[-1][1] == number - 1:
            self._hidden_rows[-1][1] = number
        elif len(self._hidden_rows) < MAX_LISTED:
            self._hidden_rows.append([number, number])

    def note_merged_range(self, cells: str) -> None:
        self.merged_range_count += 1
        if len(self.merged_ranges) < MAX_LISTED:
            self.merged_ranges.append(cells)

    def note_untaken(self, column: int, row: int, text: str) -> None:
        """Note a filled cell that has no heading; the column counts from 0."""
        found = self._untaken.get(column)
        if found is not None:
            self._untaken[column] = found._replace(cells=found.cells + 1)
        elif len(self._untaken) < MAX_LISTED:
            self._untaken[column] = UntakenColumn(column_letters(column), 1, row, text[:_SHOWN_CHARACTERS])

    def freeze(self) -> TableAccount:
        return TableAccount(
            self.name,
            is_hidden=self.is_hidden,
            heading_row=self.heading_row,
            skipped_rows=tuple(self.skipped_rows),
            columns=tuple(
                ReadColumn(column_letters(column), heading) for column, heading in enumerate(self.headings)
            ),
            untaken_columns=tuple(self._untaken[column] for column in sorted(self._untaken)),
            rows=self.rows,
            first_row=self.first_row,
            last_row=self.last_row,
            hidden_row_count=self._hidden_row_count,
            hidden_rows=tuple((first, last) for first, last in self._hidden_rows),
            hidden_columns=tuple(self.hidden_columns),
            merged_range_count=self.merged_range_count,
            merged_ranges=tuple(self.merged_ranges),
        )
