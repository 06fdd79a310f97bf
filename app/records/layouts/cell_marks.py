"""Cells that hold no value: words that stand for nothing, and the errors of a spreadsheet as text."""

from collections.abc import Container, Sequence
from functools import partial
from typing import Final

from app.core.i18n import LocalizedText
from app.core.problems import ProblemCode
from app.files.table import Cell, InvalidCell
from app.records.layouts.notices import AssumptionLog, count_cells
from app.sensors.plain_text import ERROR_WORDS, NO_VALUES

_IN_ERROR: Final = LocalizedText(
    "In deze cel staat een fout van Excel. Verbeter de formule, of vul de waarde in.",
    "This cell holds an error of Excel. Correct the formula, or fill in the value.",
)


def clear_marks(
    cells: Sequence[Cell], heading: str, listed: Container[str], log: AssumptionLog, *, is_text: bool
) -> Sequence[Cell]:
    """The cells of a column, with None for words that stand for nothing, and errors of Excel as such.

    `listed` are words that are values in this column, such as the code `none` of a list. `is_text` says that every
    cell is text or empty.
    """
    texts = cells if is_text else [cell for cell in cells if isinstance(cell, str)]
    # Nearly every column has none, which one comparison of sets finds out.
    if NO_VALUES.isdisjoint(texts):
        return cells
    cleared: list[Cell] = []
    for cell in cells:
        if not isinstance(cell, str) or cell not in NO_VALUES or cell in listed:
            cleared.append(cell)
        elif cell in ERROR_WORDS:
            cleared.append(InvalidCell(ProblemCode.FORMULA_ERROR, cell, _IN_ERROR))
        else:
            cleared.append(None)
            log.count(f"empty {heading} {cell}", 1, partial(_describe_empty, cell, heading))
    return cleared


def _describe_empty(word: str, heading: str, number: int) -> LocalizedText:
    cells = count_cells(number)
    return LocalizedText(
        f"{word} in de kolom {heading} is gelezen als leeg: {cells.nl}.",
        f"{word} in the column {heading} was read as empty: {cells.en}.",
    )
