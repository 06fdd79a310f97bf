"""Receipts are written with what they are of: by one action, for a set, and for an import as a whole."""

import json
from datetime import date, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.access.principal import Principal
from app.core.expected_version import ANY_VERSION
from app.sensors.bulk import revert_import
from app.sensors.bulk.many import confirm_sensors, remove_sensors
from app.sensors.receipts.queries import find_import_number, find_newest_number, get_receipt
from app.sensors.receipts.words import describe_next
from app.sensors.registration.actions import amend_sensor, confirm_sensor, register_sensor, remove_sensor
from app.sensors.registration.transfer_list import list_transfers
from app.sensors.registration.transfers import accept_transfer, offer_transfer
from tests.support.bulk import import_records
from tests.support.sensors import TODAY, make_camera, make_context, make_record

YESTERDAY = TODAY - timedelta(days=1)
ROTTERDAM = {"type": "Point", "coordinates": [4.4868, 51.9094]}


def list_written(session: Session) -> list[Row[Any]]:
    statement = """
        SELECT receipt.*, CAST(said AS text) AS said_text, encode(receipt.digest, 'hex') AS hex,
            duty.content AS duty
        FROM register.receipt LEFT JOIN register.receipt_duty AS duty ON duty.digest = duty_digest
        ORDER BY received_at, sensor_id, organisation_id
    """
    return list(session.execute(text(statement)))


def test_each_submission_has_one_receipt(session: Session, officer: Principal) -> None:
    context = make_context(officer)
    version = register_sensor(session, context, make_camera(placedFrom="2025-01-01"))
    amended = amend_sensor(session, context, version.sensor_id, {"name": "Nieuw"}, expected=ANY_VERSION)
    amend_sensor(session, context, version.sensor_id, {"name": "Nieuw"}, expected=ANY_VERSION)
    session.execute(text("UPDATE register.sensor_version SET last_confirmed_on = DATE '2025-01-01'"))
    confirm_sensor(session, context, version.sensor_id, expected=None)
    removed = remove_sensor(
        session, context, version.sensor_id, {"removedOn": YESTERDAY.isoformat()}, expected=ANY_VERSION
    )
    written = list_written(session)
    assert [(one.kind, one.version_id) for one in written] == [
        ("register", version.id),
        ("amend", amended.id),
        ("remove", removed.id),
    ]
    assert [one.received_at for one in written] == [one.recorded_at for one in (version, amended, removed)]
    assert written[1].said["name"] == "Nieuw"
    assert written[2].said["removedOn"] == YESTERDAY.isoformat()
    # The term of notice is about a new sensor alone; published at once needs no review.
    assert [one.days_late for one in written[1:]] == [None, None]
    assert [one.review_until for one in written] == [None, None, None]


def test_receipt_says_the_fields_and_has_their_digest(session: Session, officer: Principal) -> None:
    given = make_camera()
    version = register_sensor(session, make_context(officer), given)
    (written,) = list_written(session)
    assert sha256(written.said_text.encode()).hexdigest() == written.hex
    # A reader of the JSON can check it: the standard library writes the same text.
    assert json.dumps(written.said, ensure_ascii=False) == json.dumps(
        json.loads(written.said_text), ensure_ascii=False
    )
    said = written.said
    assert said.pop("owner") == said.pop("controller") == str(version.owner_id)
    assert said.pop("visibility", "public") == "public"
    location = said.pop("location")
    assert location["type"] == "Point"
    assert location["coordinates"] == pytest.approx(given["location"]["coordinates"])
    # The field of view is derived: no one submitted it.
    assert "observedArea" not in said
    assert said == {
        name: value for name, value in given.items() if name not in ("location", "owner", "visibility")
    }


@pytest.mark.parametrize(("days", "late"), [(5, 0), (4, 1), (0, 5), (-10, 15)])
def test_receipt_counts_the_days_that_a_notification_is_late(
    session: Session, officer: Principal, days: int, late: int
) -> None:
    placed = (TODAY + timedelta(days=days)).isoformat()
    register_sensor(session, make_context(officer), make_record(placedFrom=placed))
    (written,) = list_written(session)
    assert written.days_late == late
    assert written.duty["noticeDays"] == 5
    assert written.duty["municipalityCode"] == "GM0363"


def test_submission_to_be_reviewed_has_the_day_of_the_term(session: Session, company: Principal) -> None:
    version = register_sensor(session, make_context(company), make_record())
    (written,) = list_written(session)
    assert (written.organisation_id, written.submitted_by_id) == (version.owner_id, version.owner_id)
    assert written.registration_status == "submitted"
    assert written.review_until == TODAY + timedelta(days=written.duty["reviewTermDays"])
    assert written.municipality_codes == ["GM0363"]


def test_receipt_on_behalf_of_another_names_both(
    session: Session, officer: Principal, company: Principal, amsterdam: UUID
) -> None:
    (owner,) = {grant.organisation_id for grant in company.grants}
    register_sensor(session, make_context(officer), make_record(owner=str(owner)))
    (written,) = list_written(session)
    assert (written.organisation_id, written.submitted_by_id) == (owner, amsterdam)


def test_receipt_of_a_transfer_is_of_both_owners(
    session: Session, officer: Principal, company: Principal, amsterdam: UUID
) -> None:
    version = register_sensor(session, make_context(officer), make_record(placedFrom="2025-01-01"))
    (owner,) = {grant.organisation_id for grant in company.grants}
    assert owner is not None
    offer_transfer(session, make_context(officer), version.sensor_id, owner, mail=None)
    accept_transfer(session, make_context(company), version.sensor_id, mail=None)
    _, written = list_written(session)
    assert (written.kind, written.organisation_id, written.submitted_by_id) == ("transfer", owner, amsterdam)
    for one in (officer, company):
        assert get_receipt(session, one, written.number).kind == "transfer"
    (decided,) = list_transfers(session, amsterdam)
    assert decided.receipt == written.number
    assert written.said["owner"] == str(owner)
    assert written.days_late is None


def test_removing_many_gives_the_receipts_of_removing_each(session: Session, officer: Principal) -> None:
    context = make_context(officer)
    one, other, third = (
        register_sensor(
            session, context, make_record(reference=f"r-{number}", placedFrom="2025-01-01")
        ).sensor_id
        for number in range(3)
    )
    session.execute(text("DELETE FROM register.receipt"))
    remove_sensor(session, context, one, {"removedOn": YESTERDAY.isoformat()}, expected=ANY_VERSION)
    remove_sensors(session, context, [other, third], YESTERDAY)
    written = {row.sensor_id: row for row in list_written(session)}
    assert written.keys() == {one, other, third}

    def describe(row: Row[Any]) -> dict[str, Any]:
        own = ("number", "received_at", "sensor_id", "version_id", "digest", "hex", "said_text", "said")
        told = {name: value for name, value in row._asdict().items() if name not in own}
        return told | {"said": {name: value for name, value in row.said.items() if name != "reference"}}

    assert describe(written[one]) == describe(written[other]) == describe(written[third])
    assert len({row.number for row in written.values()}) == 3


def test_confirming_owes_no_receipt(session: Session, officer: Principal) -> None:
    context = make_context(officer)
    sensor = register_sensor(session, context, make_record(placedFrom="2025-01-01")).sensor_id
    session.execute(text("DELETE FROM register.receipt"))
    session.execute(text("UPDATE register.sensor_version SET last_confirmed_on = DATE '2025-01-01'"))
    assert len(confirm_sensors(session, context, [sensor]).changed) == 1
    assert list_written(session) == []


def test_import_has_one_receipt_for_each_owner(
    session: Session, officer: Principal, company: Principal, amsterdam: UUID
) -> None:
    context = make_context(officer)
    (owner,) = {grant.organisation_id for grant in company.grants}
    late, on_time = "2025-01-01", (TODAY + timedelta(days=30)).isoformat()
    records = [
        make_record(reference="a-1", owner=str(amsterdam), placedFrom=late),
        make_record(reference="a-2", owner=str(amsterdam), placedFrom=on_time),
        make_record(reference="c-1", owner=str(owner), placedFrom=on_time),
        make_record(reference="a-3", owner=str(amsterdam), placedFrom=on_time, location=ROTTERDAM),
    ]
    import_id, _ = import_records(session, context, records)
    written = {row.organisation_id: row for row in list_written(session)}
    assert written.keys() == {amsterdam, owner}
    own, other = written[amsterdam], written[owner]
    assert {(row.kind, row.import_id, row.sensor_id) for row in written.values()} == {
        ("import", import_id, None)
    }
    assert (own.said["new"], own.said["changed"], own.said["ended"]) == (3, 0, 0)
    assert other.said["new"] == 1
    assert [
        (group["code"], group["sensors"], group["late"], group["underReview"])
        for group in own.said["municipalities"]
    ] == [("GM0363", 2, 1, 0), ("GM0599", 1, 0, 1)]
    days = (TODAY - make_day(late)).days + 5
    assert (own.days_late, other.days_late) == (days, 0)
    assert own.review_until == TODAY + timedelta(days=14)
    assert (own.duty, other.duty["municipalityCode"]) == (None, "GM0363")
    digest = session.scalar(text("SELECT digest FROM audit.audit_entry WHERE action = 'import_sensors'"))
    assert own.said["versionsDigest"] == other.said["versionsDigest"] == digest


def test_import_counts_what_is_late_as_registering_does(
    session: Session, officer: Principal, amsterdam: UUID
) -> None:
    context = make_context(officer)
    days = (TODAY, TODAY + timedelta(days=4), TODAY + timedelta(days=5), TODAY + timedelta(days=300))
    for number, day in enumerate(days):
        register_sensor(session, context, make_record(reference=f"one-{number}", placedFrom=day.isoformat()))
    single = [row.days_late for row in list_written(session)]
    session.execute(text("DELETE FROM register.receipt"))
    import_records(
        session,
        context,
        [
            make_record(reference=f"set-{number}", placedFrom=day.isoformat(), owner=str(amsterdam))
            for number, day in enumerate(days)
        ],
    )
    (imported,) = list_written(session)
    assert imported.days_late == max(single)
    assert imported.said["municipalities"][0]["late"] == sum(late > 0 for late in single)


def test_receipt_is_of_the_transaction_of_its_version(
    session: Session, officer: Principal, amsterdam: UUID
) -> None:
    context = make_context(officer)
    version = register_sensor(session, context, make_record())
    session.execute(text("SAVEPOINT later"))
    amend_sensor(session, context, version.sensor_id, {"name": "Later"}, expected=ANY_VERSION)
    import_records(session, context, [make_record(reference="r-2", owner=str(amsterdam))])
    assert [row.kind for row in list_written(session)] == ["register", "amend", "import"]
    session.execute(text("ROLLBACK TO SAVEPOINT later"))
    assert [row.kind for row in list_written(session)] == ["register"]
    together = """
        SELECT receipt.xmin = version.xmin FROM register.receipt
        JOIN register.sensor_version AS version ON version.id = version_id
    """
    assert session.scalars(text(together)).all() == [True]


def make_day(written: str) -> date:
    return date.fromisoformat(written)


def test_undone_import_has_one_receipt_for_each_owner(
    session: Session, officer: Principal, company: Principal, amsterdam: UUID
) -> None:
    (grant,) = company.grants
    context = make_context(officer)
    import_records(session, context, [make_record(reference="oud", owner=str(amsterdam), name="Oud")])
    records = [
        make_record(reference="oud", owner=str(amsterdam), name="Nieuw"),
        make_record(reference="een", owner=str(amsterdam)),
        make_record(reference="twee", owner=str(grant.organisation_id)),
    ]
    import_id, _ = import_records(session, context, records)
    undone = revert_import(session, context, import_id)
    written = [row for row in list_written(session) if row.kind == "undo_import"]
    assert {row.organisation_id: (row.said["withdrawn"], row.said["restored"]) for row in written} == {
        amsterdam: (1, 1),
        grant.organisation_id: (1, 0),
    }
    for row in written:
        # The municipality sends for itself, and for the owner that it registers for.
        assert (row.import_id, row.submitted_by_id) == (import_id, amsterdam)
        assert (row.days_late, row.review_until, row.said["versionsDigest"]) == (None, None, undone.digest)
    number = find_import_number(session, amsterdam, import_id)
    receipt = get_receipt(session, officer, number or "")
    assert receipt.kind == "undo_import"
    assert sha256((receipt.said or "").encode()).hexdigest() == receipt.digest
    sensor_id = session.scalar(text("SELECT id FROM register.sensor WHERE reference = 'een'"))
    assert find_newest_number(session, sensor_id) == number
    assert describe_next(receipt, json.loads(receipt.said or "{}")).nl.startswith("De import is ongedaan")
