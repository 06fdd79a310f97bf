"""Under which heading the place of a row stands, in tables that have columns for it."""

from bisect import bisect_right
from collections.abc import Sequence
from typing import Final

from app.files.table import Cell, InvalidCell, Row
from app.records.coordinates import CoordinateColumns

_SHOWN_CHARACTERS: Final = 255
"""Characters of a cell shown in the value of a problem."""


class LocationColumns:
    """Tells rows in RD from rows in degrees where a table has columns of both, as the template has.

    Problems may come when the rows are long gone. Most files are of one kind, so only where it changes is kept.
    """

    def __init__(self, headings: Sequence[str], coordinates: CoordinateColumns) -> None:
        self._headings = headings
        pairs = ((pair.y, pair.x) for pair in coordinates.pairs)
        self._groups: list[tuple[int, ...]] = [*pairs, *((index,) for index in coordinates.positions)]
        self._begins: list[int] = []
        self._filled: list[tuple[int, ...]] = []

    @property
    def indexes(self) -> tuple[int, ...]:
        """All columns with a part of a location."""
        return tuple(index for group in self._groups for index in group)

    def note(self, rows: Sequence[Row]) -> None:
        """Look which columns some rows fill; one that fills none is taken to be as those before it."""
        if len(self._groups) < 2:
            return
        for number, cells, _ in rows:
            group = self._find_filled(cells)
            if group and (not self._filled or self._filled[-1] is not group):
                self._begins.append(number)
                self._filled.append(group)

    def _find_filled(self, cells: Sequence[Cell]) -> tuple[int, ...]:
        """The columns that hold the place; nothing where there is none."""
        for group in self._groups:
            for index in group:
                if cells[index] is not None:
                    return group
        return ()

    def find(self, number: int, cells: Sequence[Cell], value: object) -> str | None:
        """The heading over the cell that shows the value, else over the first of those that hold the place.

        `cells` are those of the row, while it is at hand; None where there are no such columns.
        """
        if not self._groups:
            return None
        if cells and isinstance(value, str):
            for index in (index for group in self._groups for index in group):
                if _shows(cells[index], value):
                    return self._headings[index]
        run = max(0, bisect_right(self._begins, number) - 1)
        group = self._filled[run] if self._filled else self._groups[0]
        return self._headings[group[0]]


def _shows(cell: Cell, value: str) -> bool:
    text = cell.text if isinstance(cell, InvalidCell) else str(cell)
    return cell is not None and value in (text, text[:_SHOWN_CHARACTERS])
