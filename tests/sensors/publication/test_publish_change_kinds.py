"""The kind of each recorded change, and the migration of changes from before the kinds were closed."""

from datetime import timedelta
from importlib.util import module_from_spec, spec_from_file_location
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access.principal import Principal
from app.bootstrap.paths import ROOT
from app.core.expected_version import ANY_VERSION
from app.sensors.bulk import revert_import
from app.sensors.change_kind import ChangeKind
from app.sensors.publication.publish import publish_sensors
from app.sensors.registration.actions import amend_sensor, confirm_sensor, register_sensor, remove_sensor
from tests.support.bulk import import_records
from tests.support.sensors import TODAY, make_context, make_record

PLACED = (TODAY - timedelta(days=50)).isoformat()
GONE = {"removedOn": (TODAY - timedelta(days=1)).isoformat()}


def read_kinds(session: Session, reference: str | None = None) -> list[str]:
    statement = """
        SELECT kind FROM publication.change JOIN register.sensor ON sensor.id = sensor_id
        WHERE reference = coalesce(:reference, reference) ORDER BY number
    """
    return list(session.scalars(text(statement), {"reference": reference}))


def change_one_by_one(session: Session, officer: Principal) -> UUID:
    """A sensor through every change that a request can make, and a new edition."""
    context = make_context(officer)
    sensor_id: UUID = register_sensor(
        session, context, make_record(reference="one", placedFrom=PLACED)
    ).sensor_id

    def amend(**patch: object) -> None:
        amend_sensor(session, context, sensor_id, patch, expected=ANY_VERSION)

    amend(name="Nieuw")
    confirm_sensor(session, make_context(officer, TODAY + timedelta(days=1)), sensor_id, expected=None)
    remove_sensor(session, context, sensor_id, {}, expected=ANY_VERSION)
    publish_sensors(session, [sensor_id])
    amend(removedOn=None)
    publish_sensors(session, [sensor_id], kind=ChangeKind.MOVED)
    amend(**GONE)
    amend(removedOn=None, visibility="generalised", visibilityReason="Opsporing")
    amend(visibility="public", visibilityReason=None)
    amend(visibility="internal", visibilityReason="Opsporing")
    amend(name="Geheim")
    amend(visibility="public", visibilityReason=None)
    return sensor_id


ONE_BY_ONE = [
    "published", "amended", "confirmed", "removed", "amended", "restored", "moved", "removed", "redacted", "amended",
    "redacted", "published",
]  # fmt: skip
ONE_BY_ONE_BEFORE = [
    "published", "amended", "confirmed", "amended", "amended", "amended", "moved", "amended", "amended", "amended",
    "withdrawn", "published",
]  # fmt: skip


def change_by_imports(session: Session, officer: Principal, owner: UUID) -> None:
    """Sensors that imports change, remove, end, and register, and the undoing of the last import."""
    context = make_context(officer)

    def make(reference: str, **fields: object) -> dict[str, object]:
        return make_record(reference=reference, owner=str(owner), placedFrom=PLACED, **fields)

    import_records(session, context, [make("changed"), make("removed"), make("ended"), make("same")])
    file = [make("changed", name="Nieuw"), make("removed", **GONE), make("same"), make("new")]
    import_id, _ = import_records(session, context, file, complete_for=owner)
    revert_import(session, context, import_id)
    import_records(session, context, [make("new")])


BY_IMPORTS = {
    "changed": ["published", "amended", "restored"],
    "removed": ["published", "removed", "restored"],
    "ended": ["published", "removed", "restored"],
    "same": ["published"],
    "new": ["published", "withdrawn", "published"],
}


def test_each_request_announces_its_kind(session: Session, officer: Principal) -> None:
    change_one_by_one(session, officer)
    assert read_kinds(session) == ONE_BY_ONE


def test_imports_announce_the_kinds_of_their_records(
    session: Session, officer: Principal, amsterdam: UUID
) -> None:
    change_by_imports(session, officer, amsterdam)
    assert {reference: read_kinds(session, reference) for reference in BY_IMPORTS} == BY_IMPORTS


def test_corrected_removal_date_announces_amended_by_request_and_by_change(
    session: Session, officer: Principal
) -> None:
    context = make_context(officer)
    sensor_id = register_sensor(session, context, make_record(reference="one", placedFrom=PLACED)).sensor_id
    remove_sensor(session, context, sensor_id, {}, expected=ANY_VERSION)
    remove_sensor(session, context, sensor_id, GONE, expected=ANY_VERSION)
    amend_sensor(session, context, sensor_id, {"removedOn": TODAY.isoformat()}, expected=ANY_VERSION)
    assert read_kinds(session) == ["published", "removed", "amended", "amended"]


def test_undo_of_an_import_of_proposals_announces_nothing(
    session: Session, officer: Principal, company: Principal
) -> None:
    (grant,) = company.grants
    assert grant.organisation_id
    record = make_record(reference="a", owner=str(grant.organisation_id), placedFrom=PLACED)
    register_sensor(session, make_context(officer), record)
    import_id, _ = import_records(session, make_context(company), [{**record, "name": "Voorstel"}])
    revert_import(session, make_context(company), import_id)
    assert read_kinds(session) == ["published"]


def test_database_refuses_an_unknown_kind(session: Session, officer: Principal) -> None:
    register_sensor(session, make_context(officer), make_record())
    with pytest.raises(IntegrityError, match="ck_change_kind"), session.begin_nested():
        session.execute(text("UPDATE publication.change SET kind = 'renumbered'"))


def test_migration_tells_earlier_changes_apart(session: Session, officer: Principal, amsterdam: UUID) -> None:
    change_by_imports(session, officer, amsterdam)
    change_one_by_one(session, officer)
    session.execute(
        text("""
            UPDATE publication.change SET kind = CASE WHEN kind = 'withdrawn' THEN kind ELSE 'amended' END
            WHERE kind NOT IN ('published', 'confirmed', 'moved')
        """)
    )
    # A sensor that became internal was announced as withdrawn.
    numbers = session.scalars(
        text(
            "SELECT number FROM publication.change JOIN register.sensor ON id = sensor_id WHERE reference = 'one'"
            " ORDER BY number"
        )
    ).all()
    session.execute(
        text("UPDATE publication.change SET kind = 'withdrawn' WHERE number = :number"),
        {"number": numbers[ONE_BY_ONE_BEFORE.index("withdrawn")]},
    )
    assert read_kinds(session, "one") == ONE_BY_ONE_BEFORE

    session.execute(text(load_migration_sql()))

    assert read_kinds(session, "one") == ONE_BY_ONE
    assert {reference: read_kinds(session, reference) for reference in BY_IMPORTS} == BY_IMPORTS


def load_migration_sql() -> str:
    spec = spec_from_file_location("change_kind", ROOT / "migrations" / "versions" / "0016_change_kind.py")
    assert spec is not None
    assert spec.loader is not None
    migration = module_from_spec(spec)
    spec.loader.exec_module(migration)
    # A later migration moved the table.
    return str(migration.SPLIT).replace("register.audit_entry", "audit.audit_entry")
