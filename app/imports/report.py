"""Progress and report of an import."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from app.core.i18n import LocalizedText
from app.files.located_problem import LocatedProblem


class Progress(NamedTuple):
    """Rows so far, and `fraction` (0 to 1) of the stage, where it can be estimated."""

    stage: str
    """reading, assessing or writing."""
    rows_read: int = 0
    rows_written: int = 0
    fraction: float = 0.0
    rows_checked: int = 0


ReportProgress = Callable[[Progress], None]
"""Called every few thousand rows; it may raise to stop the import."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Number of records by outcome; `ended` are sensors that a complete file lacks."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    ended: int = 0

    def exceeds(self, checked: Mapping[str, int]) -> bool:
        """Whether more would be written than these counts of an earlier check, by name, say."""
        return any(getattr(self, name) > checked.get(name, 0) for name in ("new", "changed", "ended"))

    @property
    def written(self) -> int:
        """Number of sensors that an applied import writes, and that can be undone."""
        return self.new + self.changed + self.ended


COUNT_LABELS: Final = {
    "new": LocalizedText("nieuw", "new"),
    "changed": LocalizedText("gewijzigd", "changed"),
    "unchanged": LocalizedText("ongewijzigd", "unchanged"),
    "refused": LocalizedText("geweigerd", "refused"),
    "ended": LocalizedText("beëindigd", "ended"),
}
"""The fields of `Counts` in words."""


@dataclass(slots=True)
class ImportReport:
    """Outcome of a check and, where `applied`, of an import.

    `problems` holds the first problems in the order of the file, `totals` counts all of them.
    """

    format: str
    layout: str
    rows: int = 0
    counts: Counts = Counts()
    problems: Sequence[LocatedProblem] = ()
    totals: Counter[tuple[str, str, bool]] = field(default_factory=Counter)
    """Counts by code, heading (else the wire name, else an empty text) and whether it is a warning."""
    assumptions: list[LocalizedText] = field(default_factory=list)
    unused_headings: list[str] = field(default_factory=list)
    ended_references: Sequence[str] = ()
    """The first sensors that are, or would be, ended."""
    digest: str | None = None
    applied: bool = False

    @property
    def is_valid(self) -> bool:
        """Whether no row is refused."""
        return not any(not is_warning for _, _, is_warning in self.totals)
