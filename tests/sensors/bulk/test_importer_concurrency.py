"""An import takes its time; what others do meanwhile goes on, and what they change is not lost."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.access.context import ActionContext
from app.core.database import create_write_engine, transaction
from app.core.database_errors import translate_database_error
from app.core.errors import Conflict, Unavailable
from app.core.expected_version import ANY_VERSION
from app.core.settings import Settings
from app.sensors.bulk import BulkImport
from app.sensors.registration.actions import amend_sensor, register_sensor
from tests.support.bulk import import_records, make_import, take_records
from tests.support.organisations import make_municipality, make_principal
from tests.support.sensors import load_cities, make_context, make_record


@dataclass(frozen=True, slots=True)
class Office:
    """A municipality whose officers work at the same time; they wait a quarter of a second for each other."""

    engine: Engine
    context: ActionContext
    owner: UUID

    def make_records(self, *references: str, **fields: object) -> list[dict[str, object]]:
        return [make_record(reference=reference, owner=str(self.owner), **fields) for reference in references]

    @contextmanager
    def hear_unavailable(self) -> Iterator[None]:
        with pytest.raises(DBAPIError) as refused:
            yield
        assert isinstance(refused.value.orig, psycopg.errors.LockNotAvailable)
        assert isinstance(translate_database_error(refused.value), Unavailable)


@pytest.fixture
def office(fresh_database: str) -> Iterator[Office]:
    engine = create_write_engine(
        fresh_database, Settings(database_url=fresh_database, lock_timeout_seconds=0.25)
    )
    with transaction(engine) as session:
        load_cities(session)
        owner = make_municipality(session)
        principal = make_principal(session, owner)
    yield Office(engine, make_context(principal), owner)
    engine.dispose()


def read_names(session: Session) -> dict[str, str | None]:
    rows = session.execute(
        text("SELECT reference, name FROM register.sensor_version WHERE superseded_at IS NULL")
    )
    return {row.reference: row.name for row in rows}


def test_registration_during_the_check_of_an_import_succeeds(office: Office) -> None:
    with Session(office.engine) as importing:
        taken = take_records(importing, office.context, office.make_records("a", "b"))
        with transaction(office.engine) as other:
            register_sensor(other, office.context, office.make_records("c")[0])
        import_id = make_import(importing)
        taken.bulk_import.apply(import_id=import_id)
        importing.commit()
        assert read_names(importing) == {"a": None, "b": None, "c": None}


def test_registration_during_the_writing_of_an_import_succeeds(office: Office) -> None:
    """Until it draws change numbers, an import does not block changes of other sensors."""

    def register_another(_written: int) -> None:
        with transaction(office.engine) as other:
            register_sensor(other, office.context, office.make_records("c")[0])

    with Session(office.engine) as importing:
        taken = take_records(importing, office.context, office.make_records("a", "b"))
        taken.bulk_import.apply(import_id=make_import(importing), report=register_another)
        importing.commit()
        numbers = importing.execute(text("SELECT count(*), max(number) FROM publication.change")).one()
        assert tuple(numbers) == (3, 3)


def test_change_of_an_imported_sensor_waits_for_the_lock_timeout(office: Office) -> None:
    with transaction(office.engine) as session:
        known = register_sensor(session, office.context, office.make_records("known")[0])

    def collide(_written: int) -> None:
        with office.hear_unavailable(), transaction(office.engine) as other:
            amend_sensor(other, office.context, known.sensor_id, {"name": "Ander"}, expected=ANY_VERSION)
        with office.hear_unavailable(), transaction(office.engine) as other:
            register_sensor(other, office.context, office.make_records("new")[0])

    with Session(office.engine) as importing:
        taken = take_records(importing, office.context, office.make_records("known", "new", name="Import"))
        taken.bulk_import.apply(import_id=make_import(importing), report=collide)
        importing.commit()
        assert read_names(importing) == {"known": "Import", "new": "Import"}


def test_import_of_a_locked_sensor_waits_for_the_lock_timeout(office: Office) -> None:
    with transaction(office.engine) as session:
        known = register_sensor(session, office.context, office.make_records("known")[0])
    with Session(office.engine) as importing, Session(office.engine) as other:
        taken = take_records(importing, office.context, office.make_records("known", name="Import"))
        amend_sensor(other, office.context, known.sensor_id, {"name": "Ander"}, expected=ANY_VERSION)
        import_id = make_import(importing)
        with office.hear_unavailable():
            taken.bulk_import.apply(import_id=import_id)


def test_sensor_changed_after_assessment_is_not_overwritten(office: Office) -> None:
    with transaction(office.engine) as session:
        known = register_sensor(session, office.context, office.make_records("known")[0])
    with Session(office.engine) as importing:
        taken = take_records(importing, office.context, office.make_records("known", name="Import"))
        with transaction(office.engine) as other:
            amend_sensor(other, office.context, known.sensor_id, {"name": "Ander"}, expected=ANY_VERSION)
        import_id = make_import(importing)
        with pytest.raises(Conflict) as refused:
            taken.bulk_import.apply(import_id=import_id)
        assert refused.value.detail
        assert known.public_code in refused.value.detail.nl
        importing.rollback()
        assert read_names(importing) == {"known": "Ander"}


def test_sensor_changed_after_reading_is_refused(office: Office) -> None:
    """A record that leaves fields as they are registered is checked with the values of one version."""
    with transaction(office.engine) as session:
        known = register_sensor(session, office.context, office.make_records("known")[0])

    with Session(office.engine) as importing:
        bulk_import = BulkImport(importing, office.context)
        assert bulk_import.take(list(enumerate(office.make_records("known", name="Import")))) == {}
        with transaction(office.engine) as other:
            amend_sensor(other, office.context, known.sensor_id, {"summary": "Ander"}, expected=ANY_VERSION)
        assert bulk_import.classify().refused == 1
        (problems,) = bulk_import.read_problems()
        assert [problem.code for problem in problems[0]] == ["changed_meanwhile"]


def test_failed_import_writes_nothing(office: Office) -> None:
    with Session(office.engine) as importing:
        taken = take_records(importing, office.context, office.make_records("a"))
        taken.bulk_import.apply(import_id=make_import(importing))
    with Session(office.engine) as session:
        assert read_names(session) == {}
        import_records(session, office.context, office.make_records("a"))
        session.commit()
        assert read_names(session) == {"a": None}
