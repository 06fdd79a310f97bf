"""Many sensors confirmed or reported removed at once: as one by one, and refused one by one."""

from collections.abc import Callable
from dataclasses import fields
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from geoalchemy2 import WKBElement
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from app.access.context import ActionContext
from app.access.principal import Principal
from app.audit.queries import list_entries
from app.core.errors import Conflict, InvalidRequest
from app.core.expected_version import ANY_VERSION
from app.sensors.bulk.many import Outcome, Refusal, confirm_sensors, remove_sensors
from app.sensors.registration.actions import (
    amend_sensor,
    confirm_sensor,
    register_sensor,
    remove_sensor,
)
from app.sensors.registration.queries import list_versions
from app.sensors.registration.version_record import SensorVersion
from app.sensors.tables.publication import published_sensor
from app.sensors.tables.register import sensor_version
from tests.support.sensors import TODAY, make_camera, make_context, make_record

YESTERDAY = TODAY - timedelta(days=1)
ROTTERDAM = {"type": "Point", "coordinates": [4.4868, 51.9094]}
RECORDS: dict[str, dict[str, Any]] = {
    "published": make_record(placedFrom="2025-01-01"),
    "camera": make_camera(placedFrom="2025-01-01"),
    "mobile": make_record(
        mobility="mobile", location=None, operatingArea=["GM0363"], placedFrom="2025-01-01"
    ),
    "outside": make_record(location=ROTTERDAM, placedFrom="2025-01-01"),
    "planned": make_record(),
}
OF_ITS_OWN = {
    "id",
    "sensor_id",
    "reference",
    "public_code",
    "recorded_at",
    "published_at",
    "superseded_at",
    "registered_at",
    "warnings",
}


def make_pair(session: Session, context: ActionContext, name: str) -> tuple[UUID, UUID]:
    """Two sensors that differ in their references alone, confirmed long ago."""
    one, other = (
        register_sensor(session, context, RECORDS[name] | {"reference": f"{name}-{number}"}).sensor_id
        for number in (1, 2)
    )
    session.execute(update(sensor_version).values(last_confirmed_on=YESTERDAY, confirm_by=TODAY))
    return one, other


def describe(session: Session, sensor_id: UUID) -> list[dict[str, Any]]:
    """Every version, without what is of one sensor or one moment."""
    return [_describe(version) for version in list_versions(session, sensor_id)]


def _describe(version: SensorVersion) -> dict[str, Any]:
    values = {one.name: getattr(version, one.name) for one in fields(version) if one.name not in OF_ITS_OWN}
    values |= {
        "is_published": version.published_at is not None,
        "is_closed": version.superseded_at is not None,
    }
    return {name: str(value) if isinstance(value, WKBElement) else value for name, value in values.items()}


def confirm_one(session: Session, context: ActionContext, sensor_id: UUID) -> object:
    return confirm_sensor(session, context, sensor_id, expected=None)


def remove_one(session: Session, context: ActionContext, sensor_id: UUID) -> object:
    day = {"removedOn": YESTERDAY.isoformat()}
    return remove_sensor(session, context, sensor_id, day, expected=ANY_VERSION)


def remove_many(session: Session, context: ActionContext, sensor_ids: list[UUID]) -> Outcome:
    return remove_sensors(session, context, sensor_ids, YESTERDAY)


@pytest.mark.parametrize("name", RECORDS)
@pytest.mark.parametrize(
    ("one", "many"), [(confirm_one, confirm_sensors), (remove_one, remove_many)], ids=["confirm", "remove"]
)
def test_many_are_changed_as_one_is(
    session: Session, officer: Principal, name: str, one: Callable[..., object], many: Callable[..., Outcome]
) -> None:
    context = make_context(officer)
    first, second = make_pair(session, context, name)
    try:
        one(session, context, first)
    except (Conflict, InvalidRequest):
        assert many(session, context, [second]).changed == ()
    else:
        assert len(many(session, context, [second]).changed) == 1
    assert describe(session, first) == describe(session, second)
    kinds = {
        sensor: session.scalars(
            text("SELECT kind FROM publication.change WHERE sensor_id = :id ORDER BY number"), {"id": sensor}
        ).all()
        for sensor in (first, second)
    }
    assert kinds[first] == kinds[second]
    columns = [published_sensor.c.removed_on, published_sensor.c.confirm_by, published_sensor.c.version]
    shown = [
        session.execute(select(*columns).where(published_sensor.c.id == sensor)).all()
        for sensor in (first, second)
    ]
    assert shown[0] == shown[1]


def test_change_under_review_stays_when_the_published_version_is_confirmed(
    session: Session, officer: Principal, company: Principal
) -> None:
    inside = make_record(placedFrom="2025-01-01")
    version = register_sensor(session, make_context(officer), inside)
    elsewhere = {"location": ROTTERDAM}
    amend_sensor(session, make_context(officer), version.sensor_id, elsewhere, expected=ANY_VERSION)
    session.execute(update(sensor_version).values(last_confirmed_on=YESTERDAY))
    assert len(confirm_sensors(session, make_context(officer), [version.sensor_id]).changed) == 1
    open_versions = [one for one in list_versions(session, version.sensor_id) if one.superseded_at is None]
    assert {one.registration_status for one in open_versions} == {"submitted", "published"}
    assert company.id != officer.id


def test_each_that_cannot_is_named_with_its_reason(session: Session, officer: Principal) -> None:
    context = make_context(officer)
    codes = {}
    ids = []
    for name in ("published", "camera", "outside", "planned"):
        version = register_sensor(session, context, RECORDS[name] | {"reference": name})
        codes[version.public_code] = name
        ids.append(version.sensor_id)
    session.execute(update(sensor_version).values(last_confirmed_on=YESTERDAY))
    remove_one(session, context, ids[1])
    confirmed = confirm_sensors(session, context, ids)
    assert {codes[code] for code in confirmed.changed} == {"published", "planned"}
    assert {(codes[code], why) for code, why in confirmed.refused} == {
        ("camera", Refusal.REMOVED),
        ("outside", Refusal.NOT_PUBLISHED),
    }
    again = confirm_sensors(session, context, ids[:1])
    assert [why for _, why in again.refused] == [Refusal.UNCHANGED]
    removed = remove_many(session, context, ids)
    assert {(codes[code], why) for code, why in removed.refused} == {
        ("camera", Refusal.UNCHANGED),
        ("planned", Refusal.BEFORE_PLACED),
    }
    ahead = remove_sensors(session, context, ids[:1], TODAY + timedelta(days=1))
    assert [why for _, why in ahead.refused] == [Refusal.IN_FUTURE]


def test_sensors_of_others_are_left_alone(session: Session, officer: Principal, company: Principal) -> None:
    version = register_sensor(session, make_context(officer), RECORDS["published"])
    for outcome in (
        confirm_sensors(session, make_context(company), [version.sensor_id]),
        remove_many(session, make_context(company), [version.sensor_id]),
        confirm_sensors(session, make_context(officer), []),
    ):
        assert outcome == Outcome((), ())
    assert len(list_versions(session, version.sensor_id)) == 1


def test_one_entry_of_the_audit_trail_names_them_all(session: Session, officer: Principal) -> None:
    context = make_context(officer)
    first, second = make_pair(session, context, "published")
    confirm_sensors(session, context, [first, second])
    entry = list_entries(session)[0]
    assert entry.action == "confirm_sensor"
    assert set(entry.subject_ids) == {str(first), str(second)}
