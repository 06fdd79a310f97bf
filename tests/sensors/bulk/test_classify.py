"""The duty and the trust of municipalities in an import: the same as one by one."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from app.access.principal import Principal
from app.core.expected_version import ANY_VERSION
from app.duties.actions import end_trust, set_duty, trust_organisation
from app.sensors.bulk.many import remove_sensors
from app.sensors.registration.actions import amend_sensor, register_sensor, remove_sensor
from tests.support.bulk import import_records, read_versions
from tests.support.record_variants import RECORDS, as_shapes
from tests.support.sensors import TODAY, make_context, make_record

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)


def owner_of(principal: Principal) -> UUID:
    (grant,) = principal.grants
    assert grant.organisation_id is not None
    return grant.organisation_id


def make_rules(session: Session, company: UUID, *, trusting: Sequence[str]) -> None:
    """Amsterdam asks for cameras of companies, Rotterdam for every sensor of everyone."""
    amsterdam = {"sensorTypes": ["optical_camera"], "ownerTypes": ["company"], "noticeDays": 20}
    for code, rule in (("GM0363", amsterdam), ("GM0599", {"noticeDays": 60})):
        given = {"validFrom": "2025-01-01", "mandatory": True} | rule
        set_duty(session, None, code, given, today=TODAY)
    for code in trusting:
        trust_organisation(session, None, code, company, now=NOW)


def read_decisions(session: Session) -> list[tuple[Any, ...]]:
    return [
        (one.reference, one.number, one.registration_status, one.notified_late)
        for one in read_versions(session)
    ]


@pytest.mark.parametrize("trusting", [[], ["GM0363"], ["GM0599"], ["GM0363", "GM0599"]])
def test_import_decides_as_registering_one_by_one(
    session: Session, company: Principal, trusting: list[str]
) -> None:
    owner = owner_of(company)
    make_rules(session, owner, trusting=trusting)
    context = make_context(company)
    records = [{**record, "reference": name, "owner": str(owner)} for name, record in RECORDS.items()]
    alone = session.begin_nested()
    for record in records:
        register_sensor(session, context, record)
    decisions = read_decisions(session)
    alone.rollback()
    import_records(session, context, [as_shapes(record) for record in records])
    assert read_decisions(session) == decisions
    status = {reference: status for reference, _, status, _ in decisions}
    assert {one for one, is_late in ((row[0], row[3]) for row in decisions) if is_late} > {"camera", "far"}
    assert status["plain"] == ("published" if "GM0363" in trusting else "submitted")
    assert status["far"] == ("published" if "GM0599" in trusting else "submitted")
    assert status["named-area"] == ("published" if len(trusting) == 2 else "submitted")


def test_import_of_a_complete_file_ends_sensors_of_a_trusted_owner_at_once(
    session: Session, company: Principal
) -> None:
    owner = owner_of(company)
    make_rules(session, owner, trusting=["GM0363"])
    context = make_context(company)
    fields = {"owner": str(owner), "placedFrom": "2025-01-01"}
    records = [as_shapes(make_record(**fields, reference=name)) for name in ("gone", "stays")]
    import_records(session, context, records)
    _, applied = import_records(session, context, records[1:], complete_for=owner)
    assert applied.ended == 1
    assert [one[:3] for one in read_decisions(session)] == [
        ("gone", 1, "published"),
        ("gone", 2, "published"),
        ("stays", 1, "published"),
    ]


@pytest.mark.parametrize("is_trusted", [True, False])
def test_removal_and_change_of_a_trusted_owner_are_published_at_once(
    session: Session, company: Principal, is_trusted: bool
) -> None:
    owner = owner_of(company)
    make_rules(session, owner, trusting=["GM0363", "GM0599"])
    context = make_context(company)
    placed = {"placedFrom": "2025-01-01"}
    mobile = make_record(mobility="mobile", location=None, operatingArea=["GM0363", "GM0599"], **placed)
    one, other, third, fourth = (
        register_sensor(session, context, record | {"reference": str(number)}).sensor_id
        for number, record in enumerate([make_record(**placed), make_record(**placed), mobile, mobile])
    )
    if not is_trusted:
        end_trust(session, None, "GM0363", owner, now=NOW)
    for sensor_id in (one, third):
        remove_sensor(session, context, sensor_id, {}, expected=ANY_VERSION)
    remove_sensors(session, context, [other, fourth], TODAY)
    expected = "published" if is_trusted else "submitted"
    assert [row[2] for row in read_decisions(session) if row[1] == 2] == [expected] * 4
    changed = amend_sensor(session, context, one, {"name": "Paal"}, expected=ANY_VERSION)
    assert changed.registration_status == expected


def test_trust_is_for_editors_of_the_owner_alone(
    session: Session, officer: Principal, company: Principal
) -> None:
    """An editor of Amsterdam who moves a sensor of the company to Rotterdam needs its review."""
    owner = owner_of(company)
    make_rules(session, owner, trusting=["GM0363", "GM0599"])
    registered = register_sensor(session, make_context(company), make_record())
    moved = {"location": {"type": "Point", "coordinates": [4.4868, 51.9094]}}
    alone = session.begin_nested()
    amended = amend_sensor(session, make_context(officer), registered.sensor_id, moved, expected=ANY_VERSION)
    assert amended.registration_status == "submitted"
    alone.rollback()
    record = make_record(**moved, owner=str(owner), reference=registered.reference)
    import_records(session, make_context(officer), [as_shapes(record)])
    assert [row[2] for row in read_decisions(session)] == ["published", "submitted"]
