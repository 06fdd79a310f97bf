"""Concurrent writes with real commits: none overwrites another unseen, and change numbers follow the commits."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

import psycopg
import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session

from app.access.principal import Principal
from app.core.database import sqlalchemy_url, transaction
from app.core.errors import PreconditionFailed
from app.core.expected_version import ANY_VERSION, ExpectedVersion, version_etag
from app.organisations.actions import amend_organisation
from app.sensors.change_kind import ChangeKind
from app.sensors.publication.publish import CHANGE_LOCK, Publication, project_sensors, record_changes
from app.sensors.publication.republish import republish_organisation
from app.sensors.registration.actions import amend_sensor, register_sensor
from tests.support.application import make_client
from tests.support.organisations import (
    authorise,
    make_key,
    make_municipality,
    make_organisation,
    make_principal,
)
from tests.support.sensors import load_cities, make_context, make_record
from tests.support.waiting import PATIENCE_SECONDS, count_waiting, wait_until

T = TypeVar("T")

WRITERS = 4


@dataclass(frozen=True, slots=True)
class Office:
    """A database, an officer who writes to it directly, and another one's key."""

    url: str
    engine: Engine
    officer: Principal
    key: dict[str, str]

    def register(self, reference: str = "sensor") -> tuple[UUID, int]:
        with transaction(self.engine) as session:
            version = register_sensor(session, make_context(self.officer), make_record(reference=reference))
            return version.sensor_id, version.number


@pytest.fixture
def office(fresh_database: str) -> Iterator[Office]:
    engine = create_engine(sqlalchemy_url(fresh_database), pool_size=WRITERS)
    with transaction(engine) as session:
        load_cities(session)
        amsterdam = make_municipality(session)
        officer, key = make_principal(session, amsterdam), authorise(make_key(session, amsterdam))
    yield Office(fresh_database, engine, officer, key)
    engine.dispose()


def run_at_once(*tasks: Callable[[], T]) -> list[T | Exception]:
    """The result of each call, or the exception it raises."""
    barrier = threading.Barrier(len(tasks))

    def run(task: Callable[[], T]) -> T | Exception:
        barrier.wait(PATIENCE_SECONDS)
        try:
            return task()
        except Exception as error:  # noqa: BLE001 (it is the outcome)
            return error

    with ThreadPoolExecutor(len(tasks)) as pool:
        return list(pool.map(run, tasks))


@pytest.mark.parametrize("attempt", range(5))
def test_two_changes_of_the_same_version_fail_once(office: Office, attempt: int) -> None:
    sensor_id, number = office.register()

    def amend(name: str) -> int:
        with transaction(office.engine) as session:
            context = make_context(office.officer)
            return int(
                amend_sensor(
                    session, context, sensor_id, {"name": name}, expected=ExpectedVersion.exactly(number)
                ).number
            )

    outcomes = run_at_once(lambda: amend("a"), lambda: amend("b"))
    assert 2 in outcomes
    assert [type(one) for one in outcomes].count(PreconditionFailed) == 1


def test_change_numbers_follow_the_order_of_commits(office: Office) -> None:
    """A reader that has read up to n never gets a lower number later: at any time they are 1 to n."""
    done = threading.Event()

    def write(writer: int) -> int:
        for number in range(12):
            sensor_id, version = office.register(f"{writer}-{number}")
            with transaction(office.engine) as session:
                context = make_context(office.officer)
                amend_sensor(
                    session,
                    context,
                    sensor_id,
                    {"name": str(number)},
                    expected=ExpectedVersion.exactly(version),
                )
        return writer

    def watch() -> list[int]:
        seen = []
        with psycopg.connect(office.url, autocommit=True) as reader:
            while not done.is_set():
                numbers = [
                    row[0] for row in reader.execute("SELECT number FROM publication.change ORDER BY 1")
                ]
                assert numbers == list(range(1, len(numbers) + 1))
                seen.append(len(numbers))
        return seen

    with ThreadPoolExecutor(1) as pool:
        watcher = pool.submit(watch)
        try:
            outcomes = run_at_once(*(lambda writer=writer: write(writer) for writer in range(WRITERS)))
        finally:
            done.set()
        seen = watcher.result()
    assert outcomes == list(range(WRITERS))
    assert len(set(seen)) > WRITERS
    with psycopg.connect(office.url) as reader:
        row = reader.execute(
            "SELECT max(number), (SELECT sum(sensors) FROM publication.sensor_count WHERE municipality_code = '')"
            " FROM publication.change"
        ).fetchone()
    assert row == (WRITERS * 24, WRITERS * 12)


def test_versions_never_overlap(office: Office) -> None:
    sensor_id, _ = office.register()

    def amend(name: int) -> None:
        for number in range(5):
            with transaction(office.engine) as session:
                patch = {"name": f"{name} {number}"}
                amend_sensor(session, make_context(office.officer), sensor_id, patch, expected=ANY_VERSION)

    assert (
        run_at_once(*(lambda writer=writer: amend(writer) for writer in range(WRITERS))) == [None] * WRITERS
    )
    with psycopg.connect(office.url) as reader:
        rows = reader.execute(
            "SELECT number, published_at, superseded_at FROM register.sensor_version ORDER BY number"
        ).fetchall()
    assert [number for number, _, _ in rows] == list(range(1, WRITERS * 5 + 2))
    assert [ended for _, _, ended in rows] == [begun for _, begun, _ in rows[1:]] + [None]
    assert all(ended is None or begun < ended for _, begun, ended in rows)


def send(client: TestClient, office: Office, reference: str = "sent", **headers: str) -> Response:
    record = make_record(reference=reference, placedFrom="2026-01-01", activeUntil="2028-01-01")
    return client.post("/v1/sensors", json=record, headers=office.key | headers)


def test_lock_timeout_answers_try_again_later(office: Office) -> None:
    sensor_id, number = office.register("held")
    address, headers = f"/v1/sensors/{sensor_id}", office.key | {"If-Match": version_etag(number)}
    with make_client(office.url, lock_timeout_seconds=0.2) as client, psycopg.connect(office.url) as holder:
        holder.execute("SELECT FROM register.sensor WHERE id = %s FOR UPDATE", [sensor_id])
        answer = client.patch(address, json={"name": "x"}, headers=headers)
        assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json")
        assert int(answer.headers["retry-after"]) > 0
        # Another sensor is free, until it is announced.
        assert send(client, office).status_code == 201
        holder.execute("SELECT pg_advisory_xact_lock(%s)", [CHANGE_LOCK])
        assert send(client, office, reference="waits").status_code == 503
        holder.rollback()
        assert client.patch(address, json={"name": "x"}, headers=headers).status_code == 200


def test_request_sent_twice_at_once_is_done_once(office: Office) -> None:
    with make_client(office.url) as client:
        twice = run_at_once(*[lambda: send(client, office, **{"Idempotency-Key": "same"})] * 3)
    answers = [answer for answer in twice if not isinstance(answer, Exception)]
    assert [answer.status_code for answer in answers] == [201] * 3
    assert len({answer.content for answer in answers}) == 1


def test_same_reference_registered_at_once_succeeds_once(office: Office) -> None:
    with make_client(office.url) as client:
        outcomes = run_at_once(*[lambda: send(client, office)] * 3)
    assert sorted(one.status_code for one in outcomes if not isinstance(one, Exception)) == [201, 409, 409]


# A name that changes meanwhile


@pytest.fixture
def company(office: Office) -> UUID:
    with transaction(office.engine) as session:
        return make_organisation(session, name="J. Jansen")


def rename(office: Office, organisation_id: UUID, **changes: object) -> None:
    with transaction(office.engine) as session:
        amend_organisation(
            session, organisation_id, changes, principal_id=None, republish=republish_organisation
        )


@contextmanager
def waiting(office: Office, task: Callable[[], T]) -> Iterator[Future[T]]:
    """A task that waits for a lock of another transaction; it goes on after the block."""
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(task)
        wait_until(lambda: future.done() or count_waiting(office.url))
        assert not future.done(), "it does not wait"
        yield future


def read_names(office: Office) -> list[str | None]:
    """The public name of the operator of each sensor."""
    with office.engine.connect() as connection:
        # The text begins within the object `properties` of a feature, and goes on to the feature's end.
        name = """CAST('{"properties": {' || feature_properties AS json) #>> '{properties, operatorName}'"""
        return list(connection.scalars(text(f"SELECT {name} FROM publication.published_sensor")))


@pytest.mark.parametrize(
    ("changes", "shown"), [({"name": "Jansen BV"}, "Jansen BV"), ({"soleTrader": True}, None)]
)
def test_sensor_written_during_a_rename_is_published_under_the_new_name(
    office: Office, company: UUID, changes: dict[str, object], shown: str | None
) -> None:
    """Above all where the name is a person's, and is just being taken away."""
    with Session(office.engine) as session:
        register_sensor(session, make_context(office.officer), make_record(operator=str(company)))
        with waiting(office, lambda: rename(office, company, **changes)) as renaming:
            session.commit()
            renaming.result(PATIENCE_SECONDS)
    assert read_names(office) == [shown]


def test_sensor_is_amended_during_a_rename_of_its_operator(office: Office, company: UUID) -> None:
    with transaction(office.engine) as session:
        record = make_record(operator=str(company))
        sensor_id = register_sensor(session, make_context(office.officer), record).sensor_id

    def amend(session: Session, name: str) -> None:
        amend_sensor(session, make_context(office.officer), sensor_id, {"name": name}, expected=ANY_VERSION)

    def amend_alone() -> None:
        with transaction(office.engine) as session:
            amend(session, "second")

    with Session(office.engine) as session:
        amend(session, "first")
        with waiting(office, lambda: rename(office, company, name="Jansen BV")) as renaming:
            session.commit()
            renaming.result(PATIENCE_SECONDS)
    assert read_names(office) == ["Jansen BV"]
    with Session(office.engine) as session:
        amend_organisation(
            session, company, {"name": "Jansen NV"}, principal_id=None, republish=republish_organisation
        )
        with waiting(office, amend_alone) as amending:
            session.commit()
            amending.result(PATIENCE_SECONDS)
    assert read_names(office) == ["Jansen NV"]


def test_change_of_a_private_property_of_an_organisation_announces_nothing(
    office: Office, company: UUID
) -> None:
    with transaction(office.engine) as session:
        register_sensor(session, make_context(office.officer), make_record(operator=str(company)))
    rename(office, company, phone="020 123 45 67")
    with office.engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM publication.change")) == 1


def test_moments_of_changes_follow_their_numbers(office: Office) -> None:
    """A query for changes since a moment misses none, also of a transaction that began long before."""
    with transaction(office.engine) as session:
        begun = session.scalar(text("SELECT now()"))
        office.register("the first to commit")
        register_sensor(session, make_context(office.officer), make_record(reference="the second"))
    with office.engine.connect() as connection:
        statement = "SELECT recorded_at FROM publication.change ORDER BY number"
        first, second = connection.scalars(text(statement))
    assert begun < first < second


def test_set_waits_for_the_change_numbers_of_another(office: Office) -> None:
    """A long import does not fail because another set draws its numbers for longer than the lock timeout."""
    sensor_id, _ = office.register()

    def show_as_a_set() -> None:
        with transaction(office.engine) as session:
            session.execute(text("SET LOCAL lock_timeout = '50ms'"))
            publication = Publication()
            project_sensors(session, [sensor_id], publication, kind=ChangeKind.MOVED)
            record_changes(session, publication, wait_without_limit=True)

    with Session(office.engine) as session:
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": CHANGE_LOCK})
        with waiting(office, show_as_a_set) as showing:
            wait_until(lambda: showing.done() or count_waiting(office.url, for_seconds=0.2))
            assert not showing.done()
            session.commit()
            showing.result(PATIENCE_SECONDS)
