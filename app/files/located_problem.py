"""A problem and its place in a file."""

from collections.abc import Mapping
from typing import NamedTuple

from app.core.i18n import Language, LocalizedText
from app.core.problems import Problem


class Origin(NamedTuple):
    """Where a record stood: `table` is the sheet or layer, None for a file that is one table."""

    table: str | None
    row: int


class LocatedProblem(NamedTuple):
    """A problem and where in the file it stands.

    `heading` is that of its column, None for a row as a whole; `letter` is the column as a spreadsheet names it, None
    for other files. `reference` is the owner's name of the sensor, where the row has one.
    """

    origin: Origin
    heading: str | None
    problem: Problem
    is_warning: bool = False
    letter: str | None = None
    reference: str | None = None

    @property
    def field(self) -> str | None:
        """The wire name of the field; None for a row as a whole."""
        return self.problem.location.split("/")[1] if self.problem.location.startswith("/") else None


def name_column(
    heading: str | None, field: str | None, language: Language, labels: Mapping[str, LocalizedText]
) -> str:
    """The heading of the column, else the label of the field, else an empty text."""
    if heading or field is None or field not in labels:
        return heading or ""
    return labels[field].render(language)
