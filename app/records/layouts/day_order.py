"""Columns of dates in which a day may come before or after its month: judged as a whole."""

from array import array
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from app.core.i18n import LocalizedText
from app.core.problems import Problem, ProblemCode
from app.files.table import Cell
from app.records.cell_parsers import is_day_and_month, is_month_first

# Dates repeat from row to row.
_is_day_and_month: Final = lru_cache(maxsize=4_000)(is_day_and_month)
_is_month_first: Final = lru_cache(maxsize=4_000)(is_month_first)


class DayOrder:
    """Notes the rows of a column in which a date has a day and a month in numbers.

    Where one cell, such as 3/13/2026, has the month first, all may have it: then 3/4/2026 is not read as 3 April.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._seen = 0
        self._rows = array("L")
        self._cells: list[str] = []
        self._month_first: str | None = None

    def note(self, cells: Sequence[Cell]) -> None:
        """Look at the cells of the next rows."""
        for row, cell in enumerate(cells, start=self._seen):
            # Nearly every date is written with its year first.
            if not isinstance(cell, str) or cell[4:5] == "-" or not _is_day_and_month(cell):
                continue
            if _is_month_first(cell):
                # It is refused as it is: there is no such month.
                self._month_first = self._month_first or cell
            else:
                self._rows.append(row)
                self._cells.append(cell)
        self._seen += len(cells)

    def list_problems(self) -> Iterator[tuple[int, Problem]]:
        """The rows, counted from 0, of which the date is unclear, once all cells were seen."""
        if self._month_first is None:
            return
        detail = LocalizedText(
            f"In deze kolom staat ook {self._month_first}, met de maand voorop. Daarom is niet zeker wat in deze datum "
            "de dag is. Schrijf alle datums in de kolom als 2026-03-13.",
            f"This column also has {self._month_first}, with the month first. So it is not certain which part of this "
            "date is the day. Write all dates in the column like 2026-03-13.",
        )
        for row, cell in zip(self._rows, self._cells, strict=True):
            yield row, Problem(ProblemCode.INVALID_DATE, f"/{self._name}", detail, cell)
