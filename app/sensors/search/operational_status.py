"""The operational status of a sensor, which follows from its dates and a day.

`RULES` is the only place that decides it. The SQL expressions, the index-friendly conditions, the days on which a
status changes and the Python function are made from that table. Source: decision 0023.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum, StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, FromClause, and_, case, literal_column, or_

from app.sensors.search.bound_values import today


class OperationalStatus(StrEnum):
    """Statuses in the order of a sensor's life."""

    PLANNED = "planned"
    ACTIVE = "active"
    DUE_FOR_CONFIRMATION = "due_for_confirmation"
    EXPIRED = "expired"
    REMOVED = "removed"


OPERATIONAL_STATUSES: Final = tuple(OperationalStatus)

STATUS_PROPERTY: Final = "operationalStatus"
"""Name of the property on the wire."""


class When(Enum):
    """How a date of a sensor compares with the day."""

    REACHED = "<="
    """The date is the day or lies before it."""
    PASSED = "<"
    """The date lies before the day."""
    AHEAD = ">"
    """The date lies after the day."""


@dataclass(frozen=True, slots=True)
class StatusRule:
    """The status of a sensor whose date in `column` compares with the day as `when` says."""

    status: OperationalStatus
    column: str
    when: When
    nullable: bool = False
    """Whether a sensor may lack the date; then the rule does not apply."""


RULES: Final = (
    StatusRule(OperationalStatus.REMOVED, "removed_on", When.REACHED, nullable=True),
    StatusRule(OperationalStatus.EXPIRED, "active_until", When.PASSED),
    StatusRule(OperationalStatus.PLANNED, "placed_from", When.AHEAD),
    StatusRule(OperationalStatus.DUE_FOR_CONFIRMATION, "confirm_by", When.PASSED),
)
"""The first rule that applies decides; without any the sensor is active."""


def find_operational_status(dates: Mapping[str, date | None], day: date) -> OperationalStatus:
    """The status on a day of a sensor with these dates, by column."""
    for rule in RULES:
        found = dates[rule.column]
        if found is not None and _compare(found, rule.when, day):
            return rule.status
    return OperationalStatus.ACTIVE


def _compare(found: date, when: When, day: date) -> bool:
    if when is When.REACHED:
        return found <= day
    return found < day if when is When.PASSED else found > day


def operational_status(table: FromClause, day: ColumnElement[Any] | None = None) -> ColumnElement[str]:
    """The status as an expression over the dates of a table; `day` is the bound day of the search by default."""
    day = today() if day is None else day
    return case(
        *((table.c[rule.column].op(rule.when.value)(day), _write(rule.status)) for rule in RULES),
        else_=_write(OperationalStatus.ACTIVE),
    )


def has_operational_status(table: FromClause, status: OperationalStatus) -> ColumnElement[bool]:
    """A condition that holds for one status, as comparisons of single columns that an index on a date can answer.

    It is false and never null, so that a filter can negate it.
    """
    excluded: list[ColumnElement[bool]] = []
    for rule in RULES:
        column = table.c[rule.column]
        applies: ColumnElement[bool] = column.op(rule.when.value)(today())
        if rule.status is status:
            if rule.nullable:
                applies = and_(column.is_not(None), applies)
            return and_(*excluded, applies)
        absent: ColumnElement[bool] = column.op(_OPPOSITES[rule.when])(today())
        excluded.append(or_(column.is_(None), absent) if rule.nullable else absent)
    return and_(*excluded)


_OPPOSITES: Final = {When.REACHED: ">", When.PASSED: ">=", When.AHEAD: "<="}


@dataclass(frozen=True, slots=True)
class StatusChange:
    """A date on which the status of a sensor changes: on the date itself, or on the day after it."""

    column: str
    on_next_day: bool


STATUS_CHANGES: Final = tuple(StatusChange(rule.column, rule.when is When.PASSED) for rule in RULES)


def _write(status: OperationalStatus) -> ColumnElement[str]:
    # A literal and not a bound value: the expression also becomes text inside larger statements.
    return literal_column(f"'{status}'")
