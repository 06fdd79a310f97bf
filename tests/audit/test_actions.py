from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.audit.actions import record_action
from app.audit.queries import list_entries
from app.core.observability import current_request_id
from tests.support.organisations import make_organisation, make_principal


def test_entry_holds_principal_action_reason_and_represented_organisation(session: Session) -> None:
    organisation_id = make_organisation(session)
    principal = make_principal(session, organisation_id)
    sensor_id = uuid4()
    entry_id = record_action(
        session,
        principal_id=principal.id,
        action="register_sensor",
        subject_kind="sensor",
        subject_ids=[sensor_id],
        details={"version": 1},
        reason="Gemeld door de wijkbeheerder",
        on_behalf_of=organisation_id,
        request_id="r-1",
    )
    (entry,) = list_entries(session, subject_kind="sensor", subject_id=sensor_id)
    assert entry.id == entry_id
    assert entry.principal_id == principal.id
    assert entry.on_behalf_of == organisation_id
    assert entry.action == "register_sensor"
    assert entry.details == {"version": 1}
    assert entry.reason == "Gemeld door de wijkbeheerder"
    assert entry.request_id == "r-1"
    assert entry.recorded_at.utcoffset() is not None


def test_bulk_action_is_one_entry_with_a_digest(session: Session) -> None:
    record_action(
        session,
        principal_id=None,
        action="import_sensors",
        subject_kind="import",
        subject_ids=["2026-11-21-a"],
        details={"rows": 100_000},
        digest="ab12",
    )
    (entry,) = list_entries(session, subject_kind="import")
    assert (entry.digest, entry.details["rows"], entry.principal_id) == ("ab12", 100_000, None)


def test_request_id_is_stored_by_default(session: Session) -> None:
    noted = current_request_id.set("request-42")
    try:
        record_action(session, principal_id=None, action="try", subject_kind="trial", subject_ids=["1"])
    finally:
        current_request_id.reset(noted)
    (entry,) = list_entries(session, subject_kind="trial")
    assert entry.request_id == "request-42"


def test_entries_are_listed_newest_first_in_pages(session: Session) -> None:
    written = [
        record_action(session, principal_id=None, action="try", subject_kind="trial", subject_ids=[str(n)])
        for n in range(5)
    ]
    newest_first = sorted(written, reverse=True)
    first = list_entries(session, subject_kind="trial", limit=2)
    rest = list_entries(session, subject_kind="trial", before=first[-1].id)
    assert [entry.id for entry in [*first, *rest]] == newest_first


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit.audit_entry SET reason = 'another'",
        "DELETE FROM audit.audit_entry",
        "TRUNCATE audit.audit_entry",
    ],
)
def test_entries_cannot_be_changed(session: Session, statement: str) -> None:
    record_action(session, principal_id=None, action="try", subject_kind="trial", subject_ids=["1"])
    with pytest.raises(DBAPIError, match="permission denied"), session.begin_nested():
        session.execute(text(statement))
    assert len(list_entries(session, subject_kind="trial")) == 1


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TABLE audit.audit_entry",
        "DROP SCHEMA audit CASCADE",
        "ALTER TABLE audit.audit_entry DISABLE TRIGGER ALL",
        "ALTER TABLE audit.audit_entry OWNER TO CURRENT_USER",
        "ALTER TABLE audit.audit_entry SET SCHEMA register",
        "CREATE OR REPLACE FUNCTION audit.refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
        "CREATE TABLE audit.other (id int)",
        "SET ROLE sensor_register_audit",
        "GRANT sensor_register_audit TO CURRENT_USER",
        "CREATE ROLE helper IN ROLE sensor_register_audit",
        "GRANT UPDATE ON audit.audit_entry TO CURRENT_USER",
        "TRUNCATE register.principal CASCADE",
    ],
)
def test_register_cannot_get_at_entries_another_way(session: Session, statement: str) -> None:
    record_action(session, principal_id=None, action="try", subject_kind="trial", subject_ids=["1"])
    nested = session.begin_nested()
    try:
        session.execute(text(statement))
        # A grant without the right to give it is a warning.
        session.execute(text("UPDATE audit.audit_entry SET reason = 'another'"))
    except DBAPIError:
        nested.rollback()
    else:
        pytest.fail(f"the register could run: {statement}")
    assert len(list_entries(session, subject_kind="trial")) == 1
