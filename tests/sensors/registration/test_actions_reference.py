"""References that look the same are one: in a single registration, in the database, and after the migration."""

from typing import Any
from uuid import UUID

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access.principal import Principal
from app.core.database import sqlalchemy_url
from app.core.errors import InvalidRequest
from app.core.expected_version import ANY_VERSION
from app.core.migrations import configure_alembic
from app.sensors.registration.actions import amend_sensor, register_sensor
from app.sensors.registration.list_parameters import RegistrationList
from app.sensors.registration.queries import list_registrations
from tests.support.organisations import make_municipality, make_principal
from tests.support.sensors import DAM, load_cities, make_context, make_record


def test_reference_is_registered_as_it_is_seen(session: Session, officer: Principal) -> None:
    record = make_record(reference="\ufeffCafe\u0301\u00a0 3\u200b")
    version = register_sensor(session, make_context(officer), record)
    assert version.reference == "Café 3"
    found, _ = list_registrations(session, officer, RegistrationList(reference="Café\u00a03"))
    assert [one.id for one in found] == [version.id]


@pytest.mark.parametrize("twin", ["ZW-001\u200b", "ZW\u00ad-001", "ZW-001 ", "ZW-\u2060001"])
def test_reference_that_looks_like_a_registered_one_is_taken(
    session: Session, officer: Principal, twin: str
) -> None:
    register_sensor(session, make_context(officer), make_record(reference="ZW-001"))
    with pytest.raises(IntegrityError, match="uq_sensor_owner_id_reference"):
        register_sensor(session, make_context(officer), make_record(reference=twin))


@pytest.mark.parametrize("value", ["NULL", "n.v.t.", "#N/B", "#VELD!", "-", "\u200b"])
def test_word_for_nothing_is_no_reference(session: Session, officer: Principal, value: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        register_sensor(session, make_context(officer), make_record(reference=value))
    assert [(one.location, one.code) for one in refused.value.problems] == [("/reference", "invalid_text")]


@pytest.mark.parametrize("reference", ["ZW-001\u200b", "NB\u00a0002", "a  b", " a", "e\u0301", "a\tb"])
def test_database_refuses_a_reference_that_is_not_folded(
    session: Session, amsterdam: UUID, reference: str
) -> None:
    statement = text("INSERT INTO register.sensor (owner_id, reference) VALUES (:owner, :reference)")
    with pytest.raises(IntegrityError, match="ck_sensor_reference"):
        session.execute(statement, {"owner": amsterdam, "reference": reference})


def test_location_less_than_a_millimetre_away_makes_no_version(session: Session, officer: Principal) -> None:
    context = make_context(officer)
    first = register_sensor(session, context, make_record())
    for offset, number in ((1e-15, 1), (5e-9, 1), (1e-6, 2)):
        place = {"type": "Point", "coordinates": [DAM[0] + offset, DAM[1]]}
        version = amend_sensor(session, context, first.sensor_id, {"location": place}, expected=ANY_VERSION)
        assert version.number == number


def test_migration_folds_references_and_numbers_twins(fresh_database: str) -> None:
    migration = ScriptDirectory.from_config(configure_alembic()).get_revision("0021").module
    engine = create_engine(sqlalchemy_url(fresh_database))
    with Session(engine) as session:
        load_cities(session)
        owner = make_municipality(session)
        context = make_context(make_principal(session, owner))
        ids = [register_sensor(session, context, make_record(reference=f"r{n}")).sensor_id for n in range(3)]
        session.execute(text("ALTER TABLE register.sensor DROP CONSTRAINT ck_sensor_reference"))
        former = ("ZW-001", "ZW-001\u200b", "Cafe\u0301\u00a03")
        for sensor_id, reference in zip(ids, former, strict=True):
            for table, column in (("sensor", "id"), ("sensor_version", "sensor_id")):
                session.execute(
                    text(f"UPDATE register.{table} SET reference = :reference WHERE {column} = :id"),
                    {"reference": reference, "id": sensor_id},
                )
        _run(session, migration)
        references: dict[UUID, str] = dict(
            session.execute(text("SELECT id, reference FROM register.sensor")).all()
        )
        code = session.scalar(text("SELECT public_code FROM register.sensor WHERE id = :id"), {"id": ids[1]})
        assert [references[one] for one in ids] == ["ZW-001", f"ZW-001 ({code})", "Café 3"]
        versions: dict[UUID, str] = dict(
            session.execute(text("SELECT sensor_id, reference FROM register.sensor_version")).all()
        )
        assert versions == references
    engine.dispose()


def _run(session: Session, migration: Any) -> None:
    with Operations.context(MigrationContext.configure(session.connection())):
        migration.upgrade()
