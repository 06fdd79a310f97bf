"""One definition of the current version: every reader of versions chooses the same one."""

from itertools import product
from uuid import UUID

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from app.access.principal import Principal
from app.core.errors import NotFound
from app.sensors.registration.actions import register_sensor
from app.sensors.registration.list_parameters import RegistrationList
from app.sensors.registration.owner_table import count_registrations
from app.sensors.registration.queries import find_ended, get_version, list_registrations
from app.sensors.registration_status import (
    ENDED_STATUSES,
    JOIN_CURRENT_SQL,
    OPEN_STATUSES,
    RegistrationStatus,
    has_status,
    is_current,
    is_live,
    is_open,
    is_published,
    render_condition,
)
from app.sensors.tables.register import sensor_version
from tests.support.sensors import make_context, make_record

COMBINATIONS = [
    pytest.param(
        [status for status in combination if status], id="-".join(filter(None, combination)) or "none"
    )
    for combination in product(
        (None, *OPEN_STATUSES), (None, RegistrationStatus.PUBLISHED), (None, *ENDED_STATUSES)
    )
]
"""Statuses that versions of one sensor may have at one time, none of them superseded."""


def put_versions(session: Session, officer: Principal, statuses: list[RegistrationStatus]) -> UUID:
    """A sensor with a version of each status, after a superseded first one."""
    first = register_sensor(session, make_context(officer), make_record())
    session.execute(text("UPDATE register.sensor_version SET superseded_at = recorded_at"))
    columns = [
        column
        for column in sensor_version.columns
        if column.name not in ("id", "number", "registration_status", "superseded_at")
    ]
    for number, status in enumerate(statuses, start=2):
        copied = select(text(f"{number}"), text(f"'{status}'"), *columns).where(sensor_version.c.number == 1)
        session.execute(
            insert(sensor_version).from_select(
                ["number", "registration_status", *(column.name for column in columns)], copied
            )
        )
    session.execute(
        text("""
            INSERT INTO register.sensor_place SELECT later.id, place.municipality_code, place.municipality_codes
            FROM register.sensor_version AS later CROSS JOIN register.sensor_place AS place WHERE later.number > 1
        """)
    )
    identifier: UUID = first.sensor_id
    return identifier


@pytest.mark.parametrize("statuses", COMBINATIONS)
def test_current_version_is_the_same_for_every_reader(
    session: Session, officer: Principal, statuses: list[RegistrationStatus]
) -> None:
    sensor_id = put_versions(session, officer, statuses)
    live = [status for status in statuses if status not in ENDED_STATUSES]
    current = live[0] if live else None
    status = sensor_version.c.registration_status

    assert session.scalars(select(status).where(is_current(sensor_version))).all() == live[:1]
    joined = text(f"SELECT registration_status FROM register.sensor JOIN {JOIN_CURRENT_SQL}")
    assert session.scalars(joined).all() == live[:1]
    owner: UUID = session.execute(select(sensor_version.c.owner_id)).scalars().first()  # type: ignore[assignment]
    assert count_registrations(session, owner) == len(live[:1])
    listed, _ = list_registrations(session, officer, RegistrationList())
    assert [version.registration_status for version in listed] == live[:1]
    if not statuses:
        with pytest.raises(NotFound):
            get_version(session, sensor_id)
    else:
        assert get_version(session, sensor_id).registration_status == (current or statuses[-1])
    ended = find_ended(session, owner, "geluid-001")
    assert ended == (None if live or not statuses else (sensor_id, statuses[-1]))


@pytest.mark.parametrize("statuses", COMBINATIONS)
def test_conditions_choose_the_same_versions_in_sqlalchemy_and_as_text(
    session: Session, officer: Principal, statuses: list[RegistrationStatus]
) -> None:
    put_versions(session, officer, statuses)
    for condition in (is_current, is_live, is_open, is_published):
        built = session.scalars(select(sensor_version.c.number).where(condition(sensor_version))).all()
        for alias in ("version", None) if condition is not is_current else ("version",):
            rendered = render_condition(condition, alias)
            statement = f"SELECT number FROM register.sensor_version AS version WHERE {rendered}"
            assert set(session.scalars(text(statement))) == set(built)
    ended = session.scalars(select(sensor_version.c.id).where(has_status(sensor_version, *ENDED_STATUSES)))
    assert len(ended.all()) == len([status for status in statuses if status in ENDED_STATUSES])
