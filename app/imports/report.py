"""Progress and report of an import."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from app.core.i18n import LocalizedText
from app.files.located_problem import LocatedProblem, Origin
from app.files.reading_account import ReadingAccount
from app.records.layouts import HeadingMapping
from app.sensors.bulk import Differences, PlannedPlace


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
    """Number of records by outcome; `ended` are sensors that a complete file lacks.

    `awaiting_review` counts what is written but is not public before its municipality has reviewed it.
    """

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    ended: int = 0
    awaiting_review: int = 0

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
    "awaiting_review": LocalizedText("wacht op beoordeling", "awaiting review"),
}
"""The fields of `Counts` in words."""


@dataclass(slots=True)
class ProblemGroup:
    """The problems of one kind in one column: the explanation of the first, and where the first ones stand."""

    detail: LocalizedText
    letter: str | None
    origins: list[Origin] = field(default_factory=list)


@dataclass(slots=True)
class ImportReport:
    """Outcome of a check and, where `applied`, of an import.

    `problems` holds the first problems in the order of the file, `totals` counts all of them, `groups` describes each
    kind that `totals` counts. `differences` are those of the changed rows. `origins` has their places in the file, and
    those of `planned`.
    """

    format: str
    layout: str
    rows: int = 0
    counts: Counts = Counts()
    problems: Sequence[LocatedProblem] = ()
    totals: Counter[tuple[str, str, bool]] = field(default_factory=Counter)
    """Counts by code, heading (else the wire name, else an empty text) and whether it is a warning."""
    groups: Mapping[tuple[str, str, bool], ProblemGroup] = field(default_factory=dict)
    account: ReadingAccount | None = None
    differences: Differences = field(default_factory=Differences)
    origins: Mapping[int, Origin] = field(default_factory=dict)
    planned: Sequence[PlannedPlace] = ()
    """The places of the first rows of each outcome."""
    assumptions: list[LocalizedText] = field(default_factory=list)
    unused_headings: list[str] = field(default_factory=list)
    ended_references: Sequence[str] = ()
    """The first sensors that are, or would be, ended."""
    mapping: HeadingMapping | None = None
    """The mapping of headings that the file was read with."""
    digest: str | None = None
    applied: bool = False

    @property
    def is_valid(self) -> bool:
        """Whether no row is refused."""
        return not any(not is_warning for _, _, is_warning in self.totals)
