"""Operational status: the Python function and the SQL of the same table agree on every date."""

from datetime import date, timedelta
from itertools import product

import pytest
from sqlalchemy import Column, Date, Values, select, values
from sqlalchemy.orm import Session

from app.sensors.search.operational_status import (
    OPERATIONAL_STATUSES,
    RULES,
    STATUS_CHANGES,
    OperationalStatus,
    find_operational_status,
    has_operational_status,
    operational_status,
)

DAY = date(2026, 6, 15)
OFFSETS = (-2, -1, 0, 1, 2)
COLUMNS = [rule.column for rule in RULES]
NULLABLE = [rule.nullable for rule in RULES]

SENSORS = [
    dict(zip(COLUMNS, dates, strict=True))
    for dates in product(
        *([DAY + timedelta(days=offset) for offset in OFFSETS] + [None] * nullable for nullable in NULLABLE)
    )
]


def list_dates() -> Values:
    return values(*(Column(name, Date) for name in COLUMNS), name="sensor").data(
        [tuple(sensor.values()) for sensor in SENSORS]
    )


def test_status_expression_equals_status_of_function(session: Session) -> None:
    rows = list_dates()
    found = session.execute(select(*rows.c, operational_status(rows)), {"today": DAY}).all()
    assert len(found) == len(SENSORS)
    for *dates, status in found:
        assert find_operational_status(dict(zip(COLUMNS, dates, strict=True)), DAY) == status


@pytest.mark.parametrize("status", OPERATIONAL_STATUSES)
def test_status_condition_is_true_only_for_status_of_function(
    session: Session, status: OperationalStatus
) -> None:
    rows = list_dates()
    found = session.execute(select(*rows.c, has_operational_status(rows, status)), {"today": DAY}).all()
    for *dates, holds in found:
        assert holds is (find_operational_status(dict(zip(COLUMNS, dates, strict=True)), DAY) == status)
    assert {holds for *_, holds in found} == {True, False}


def test_status_changes_only_on_days_of_table() -> None:
    for sensor in SENSORS:
        changes = {
            found + timedelta(days=change.on_next_day)
            for change in STATUS_CHANGES
            if (found := sensor[change.column]) is not None
        }
        for offset in range(-3, 5):
            day = DAY + timedelta(days=offset)
            if find_operational_status(sensor, day) != find_operational_status(
                sensor, day - timedelta(days=1)
            ):
                assert day in changes


def test_table_has_each_status_except_default_once() -> None:
    assert sorted(rule.status for rule in RULES) == sorted(
        set(OperationalStatus) - {OperationalStatus.ACTIVE}
    )
