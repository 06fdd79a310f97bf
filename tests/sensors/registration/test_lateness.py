"""Lateness by the duty of the municipality of the place."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.access.principal import Principal
from app.duties.actions import set_duty
from app.sensors.registration.actions import register_sensor
from tests.support.sensors import TODAY, make_camera, make_context, make_record

ROTTERDAM = {"type": "Point", "coordinates": [4.4868, 51.9094]}


def set_rule(session: Session, code: str, **fields: Any) -> None:
    given = {"validFrom": "2025-01-01", "mandatory": True} | fields
    set_duty(session, None, code, given, today=TODAY)


def in_days(days: int) -> str:
    return (TODAY + timedelta(days=days)).isoformat()


@pytest.mark.parametrize(("days", "is_late"), [(9, True), (10, False)])
def test_notice_is_that_of_the_municipality_of_the_place(
    session: Session, company: Principal, days: int, is_late: bool
) -> None:
    set_rule(session, "GM0363", noticeDays=10)
    context = make_context(company)
    here = register_sensor(session, context, make_record(placedFrom=in_days(days)))
    elsewhere = register_sensor(
        session, context, make_record(reference="2", placedFrom=in_days(days), location=ROTTERDAM)
    )
    assert (here.notified_late, elsewhere.notified_late) == (is_late, False)


def test_notice_concerns_the_kinds_of_the_rule_alone(
    session: Session, officer: Principal, company: Principal
) -> None:
    set_rule(session, "GM0363", sensorTypes=["optical_camera"], ownerTypes=["company"])
    today = {"placedFrom": in_days(0)}
    late = [
        register_sensor(session, make_context(who), make(**today, reference=str(number))).notified_late
        for number, (who, make) in enumerate(
            [(company, make_camera), (company, make_record), (officer, make_camera)]
        )
    ]
    assert late == [True, False, False]


def test_mobile_sensor_is_late_where_one_touched_municipality_says_so(
    session: Session, company: Principal
) -> None:
    set_rule(session, "GM0599", noticeDays=30)
    mobile = make_record(
        mobility="mobile", location=None, operatingArea=["GM0363", "GM0599"], placedFrom=in_days(20)
    )
    context = make_context(company)
    assert register_sensor(session, context, mobile).notified_late
    alone = mobile | {"reference": "2", "operatingArea": ["GM0363"]}
    assert not register_sensor(session, context, alone).notified_late


def test_days_of_the_settings_hold_without_a_rule(session: Session, company: Principal) -> None:
    context = replace(make_context(company), notification_term_days=8)
    assert register_sensor(session, context, make_record(placedFrom=in_days(7))).notified_late


def test_sensor_older_than_the_register_is_not_late(session: Session, company: Principal) -> None:
    context = replace(make_context(company), is_never_late=True)
    assert not register_sensor(session, context, make_record(placedFrom="2020-01-01")).notified_late
