"""Functions of time: instants and intervals, both ends included.

Source: OGC 21-065r2, 7.5 (temporal functions), after J. F. Allen's relations of intervals.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, and_, literal_column, or_

from app.core.i18n import LocalizedText
from app.core.problems import ProblemCode
from app.spatial.cql2.errors import refuse
from app.spatial.cql2.operands import Operand, Writer
from app.spatial.cql2.properties import PropertyKind

Condition = ColumnElement[bool]

OPEN: Final = ".."
"""Text of an open end."""

_NO_TIME = LocalizedText(
    "Deze functie werkt met een datum, een moment of een INTERVAL.",
    "This function takes a date, a moment or an INTERVAL.",
)
_MIXED = LocalizedText(
    "Datums en momenten zijn niet te vergelijken. Schrijf overal een datum, of overal een moment.",
    "Dates and moments cannot be compared. Write dates throughout, or moments throughout.",
)
_REVERSED = LocalizedText("Het begin ligt na het eind.", "The start lies after the end.")


@dataclass(frozen=True, slots=True)
class Span:
    """An interval; None is an open end. `kind` is None when both ends are open."""

    start: Operand | None
    end: Operand | None

    @classmethod
    def of_instant(cls, instant: Operand) -> "Span":
        """The interval of one date or moment. Raises: FilterError."""
        _require_time(instant)
        return cls(instant, instant)

    @classmethod
    def of_ends(cls, start: Operand | None, end: Operand | None) -> "Span":
        """The interval of two ends. Raises: FilterError for ends of two kinds, or a start after the end."""
        for each in (start, end):
            if each is not None:
                _require_time(each)
        if start is not None and end is not None:
            if start.kind is not end.kind:
                raise refuse(ProblemCode.FILTER_TYPE, _MIXED)
            if start.is_literal and end.is_literal and start.literal > end.literal:
                raise refuse(ProblemCode.FILTER_INTERVAL, _REVERSED)
        return cls(start, end)

    @property
    def kind(self) -> PropertyKind | None:
        known = self.start or self.end
        return known.kind if known else None


def _require_time(operand: Operand) -> None:
    if not operand.kind.is_time:
        raise refuse(ProblemCode.FILTER_TYPE, _NO_TIME)


def relate_times(writer: Writer, name: str, one: Span, other: Span) -> Condition:
    """The condition. Raises: FilterError when one has dates and the other moments."""
    kind = one.kind or other.kind or PropertyKind.DATE
    if other.kind not in (None, kind):
        raise refuse(ProblemCode.FILTER_TYPE, _MIXED)
    return TEMPORAL_FUNCTIONS[name](_write_ends(writer, one, kind), _write_ends(writer, other, kind))


class Ends(NamedTuple):
    """The two ends of a span in SQL."""

    start: ColumnElement[Any]
    end: ColumnElement[Any]


def _write_ends(writer: Writer, span: Span, kind: PropertyKind) -> Ends:
    sql_type = "date" if kind is PropertyKind.DATE else "timestamptz"
    return Ends(
        *(
            writer.write(each) if each is not None else literal_column(f"'{infinity}'::{sql_type}")
            for each, infinity in ((span.start, "-infinity"), (span.end, "infinity"))
        )
    )


TEMPORAL_FUNCTIONS: Final[dict[str, Callable[[Ends, Ends], Condition]]] = {
    "t_after": lambda one, other: one.start > other.end,
    "t_before": lambda one, other: one.end < other.start,
    "t_contains": lambda one, other: and_(one.start < other.start, one.end > other.end),
    "t_disjoint": lambda one, other: or_(one.end < other.start, one.start > other.end),
    "t_during": lambda one, other: and_(one.start > other.start, one.end < other.end),
    "t_equals": lambda one, other: and_(one.start == other.start, one.end == other.end),
    "t_finishedby": lambda one, other: and_(one.start < other.start, one.end == other.end),
    "t_finishes": lambda one, other: and_(one.start > other.start, one.end == other.end),
    "t_intersects": lambda one, other: and_(one.start <= other.end, one.end >= other.start),
    "t_meets": lambda one, other: one.end == other.start,
    "t_metby": lambda one, other: one.start == other.end,
    "t_overlappedby": lambda one, other: and_(
        one.start > other.start, one.start < other.end, one.end > other.end
    ),
    "t_overlaps": lambda one, other: and_(
        one.start < other.start, one.end > other.start, one.end < other.end
    ),
    "t_startedby": lambda one, other: and_(one.start == other.start, one.end > other.end),
    "t_starts": lambda one, other: and_(one.start == other.start, one.end < other.end),
}
