"""An import is taken back: everything is as it was, and nothing is wiped out."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access.principal import Principal
from app.core.errors import Conflict, NotPermitted
from app.core.expected_version import ANY_VERSION
from app.sensors.bulk import revert_import
from app.sensors.bulk.write import digest_versions
from app.sensors.registration.actions import amend_sensor, confirm_sensor, register_sensor
from tests.support.bulk import import_records, read_versions, take_records
from tests.support.rule_check import read_features
from tests.support.sensors import TODAY, make_context, make_record

LATER = TODAY + timedelta(days=30)


def make_records(owner: UUID, *references: str, **fields: object) -> list[dict[str, object]]:
    return [
        make_record(reference=reference, owner=str(owner), placedFrom="2026-01-01", **fields)
        for reference in references
    ]


def read_current(session: Session) -> dict[str, tuple[str, str | None]]:
    return {
        version.reference: (version.registration_status, version.name)
        for version in read_versions(session)
        if version.superseded_at is None
    }


def test_changed_sensors_are_restored_and_new_ones_withdrawn(
    session: Session, officer: Principal, amsterdam: UUID
) -> None:
    context = make_context(officer)
    import_records(session, context, make_records(amsterdam, "a", "b", "c", name="Oud"))
    file = make_records(amsterdam, "a", name="Nieuw") + make_records(amsterdam, "b", name="Oud")
    import_id, applied = import_records(
        session, context, file + make_records(amsterdam, "d"), complete_for=amsterdam
    )
    assert (applied.new, applied.changed, applied.ended) == (1, 1, 1)

    undone = revert_import(session, context, import_id)

    assert (undone.withdrawn, undone.restored) == (1, 2)
    assert read_current(session) == {
        "a": ("published", "Oud"), "b": ("published", "Oud"), "c": ("published", "Oud"), "d": ("withdrawn", None),
    }  # fmt: skip
    numbers = [(each.reference, each.number) for each in read_versions(session)]
    assert numbers == [
        ("a", 1),
        ("a", 2),
        ("a", 3),
        ("b", 1),
        ("c", 1),
        ("c", 2),
        ("c", 3),
        ("d", 1),
        ("d", 2),
    ]
    assert all(each.removed_on is None for each in read_versions(session) if each.number == 3)
    assert {feature["properties"]["reference"] for feature in read_features(session)} >= {"a", "b", "c"}
    public = session.scalars(text("SELECT reference FROM publication.published_sensor ORDER BY reference"))
    assert list(public) == ["a", "b", "c"]
    entry = session.execute(text("SELECT * FROM audit.audit_entry ORDER BY id DESC LIMIT 1")).mappings().one()
    assert (entry["action"], entry["subject_ids"], entry["digest"]) == (
        "undo_import",
        [str(import_id)],
        undone.digest,
    )
    moment = "recorded_at = (SELECT max(recorded_at) FROM register.sensor_version)"
    assert digest_versions(session, moment) == undone.digest


def test_file_can_be_imported_again_after_its_undo(
    session: Session, officer: Principal, amsterdam: UUID
) -> None:
    context = make_context(officer)
    import_id, _ = import_records(session, context, make_records(amsterdam, "a", "b"))
    codes = list(session.scalars(text("SELECT public_code FROM register.sensor ORDER BY reference")))
    revert_import(session, context, import_id)
    taken = take_records(session, context, make_records(amsterdam, "a", "b"))
    assert (taken.classification.new, taken.warnings) == (2, {1: taken.warnings[1]})
    again, applied = import_records(session, context, make_records(amsterdam, "a", "b"))
    assert (applied.new, applied.changed) == (2, 0)
    assert read_current(session) == {"a": ("published", None), "b": ("published", None)}
    assert (
        list(session.scalars(text("SELECT public_code FROM publication.published_sensor ORDER BY reference")))
        == codes
    )
    # And taken back again.
    revert_import(session, context, again)
    assert read_current(session) == {"a": ("withdrawn", None), "b": ("withdrawn", None)}


def test_withdrawn_reference_can_be_registered_again(
    session: Session, officer: Principal, amsterdam: UUID
) -> None:
    context = make_context(officer)
    (record,) = make_records(amsterdam, "a")
    import_id, _ = import_records(session, context, [record])
    before = read_versions(session)[0].sensor_id
    revert_import(session, context, import_id)
    version = register_sensor(session, context, record)
    assert (version.sensor_id, version.number, version.registration_status) == (
        before,
        3,
        "published",
    )
    assert read_current(session) == {"a": ("published", None)}
    with pytest.raises(IntegrityError):
        register_sensor(session, context, record)


def test_submission_replaced_by_an_import_is_open_again(
    session: Session, officer: Principal, company: Principal
) -> None:
    (grant,) = company.grants
    assert grant.organisation_id
    (record,) = make_records(grant.organisation_id, "a", name="Publiek")
    sensor_id = register_sensor(session, make_context(officer), record).sensor_id
    amend_sensor(session, make_context(company), sensor_id, {"name": "Voorstel"}, expected=ANY_VERSION)
    # The municipality's file settles the matter, and is taken back.
    import_id, _ = import_records(session, make_context(officer), [{**record, "name": "Besluit"}])
    revert_import(session, make_context(officer), import_id)
    current = [each for each in read_versions(session) if each.superseded_at is None]
    assert [(each.number, each.registration_status, each.name) for each in current] == [
        (4, "published", "Publiek"), (5, "submitted", "Voorstel"),
    ]  # fmt: skip


def test_import_with_sensors_changed_since_is_not_undone(
    session: Session, officer: Principal, amsterdam: UUID
) -> None:
    context = make_context(officer)
    import_id, _ = import_records(session, context, make_records(amsterdam, "a", "b"))
    changed = read_versions(session)[1].sensor_id
    confirmed = confirm_sensor(session, make_context(officer, LATER), changed, expected=None)
    with pytest.raises(Conflict) as refused:
        revert_import(session, context, import_id)
    assert refused.value.detail
    assert confirmed.public_code in refused.value.detail.nl
    assert read_current(session) == {"a": ("published", None), "b": ("published", None)}


def test_undo_needs_permission_for_each_sensor(
    session: Session, officer: Principal, company: Principal, amsterdam: UUID
) -> None:
    import_id, _ = import_records(session, make_context(officer), make_records(amsterdam, "a"))
    with pytest.raises(NotPermitted):
        revert_import(session, make_context(company), import_id)
