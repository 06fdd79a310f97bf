"""What an import tells: how far it is, what it found, and what it did."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from app.core.i18n import LocalizedText
from app.files.located_problem import LocatedProblem


class Progress(NamedTuple):
    """How far an import is: rows so far, and `fraction` (0 to 1) of the stage, where that can be foreseen."""

    stage: str
    """reading, assessing or writing."""
    rows_read: int = 0
    rows_written: int = 0
    fraction: float = 0.0
    rows_checked: int = 0


ReportProgress = Callable[[Progress], None]
"""Hears how far an import is, every few thousand rows; it may raise to end the import."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many records are what; `ended` are those that the file no longer has, where it is the whole."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    ended: int = 0

    @property
    def written(self) -> int:
        """Of how many something is written where the import is applied: what can be undone."""
        return self.new + self.changed + self.ended


@dataclass(slots=True)
class ImportReport:
    """What an import found and, when `applied`, did.

    `problems` holds the first of them in the order of the file, `totals` all of them by code and heading.
    """

    format: str
    layout: str
    rows: int = 0
    counts: Counts = Counts()
    problems: Sequence[LocatedProblem] = ()
    totals: Counter[tuple[str, str, bool]] = field(default_factory=Counter)
    """By code, heading (or the wire name where there is none, or nothing) and whether it is a warning."""
    assumptions: list[LocalizedText] = field(default_factory=list)
    unused_headings: list[str] = field(default_factory=list)
    ended_references: Sequence[str] = ()
    """The first of those that are, or would be, ended."""
    digest: str | None = None
    applied: bool = False

    @property
    def is_sound(self) -> bool:
        """Whether nothing is refused."""
        return not any(not is_warning for _, _, is_warning in self.totals)
