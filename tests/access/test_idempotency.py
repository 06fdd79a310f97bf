from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.access.actions import admit_principal
from app.access.idempotency import (
    StoredAnswer,
    delete_old_answers,
    digest_request,
    find_stored_answer,
    store_answer,
)
from app.core.database import sqlalchemy_url
from app.core.errors import Conflict
from tests.support.waiting import PATIENCE_SECONDS, count_waiting, wait_until

ANSWER = StoredAnswer(201, '{"naam":"Dam"}', {"Location": "/v1/sensors/1", "ETag": '"1"'})
FIRST = digest_request("POST", "/v1/sensors", b'{"reference":"A"}')
OTHER = digest_request("POST", "/v1/sensors", b'{"reference":"B"}')


@pytest.fixture
def principal_id(session: Session) -> UUID:
    return admit_principal(session, admitted_by=None, name="Iemand")


@pytest.fixture
def engine(fresh_database: str) -> Iterator[Engine]:
    engine = create_engine(
        sqlalchemy_url(fresh_database), connect_args={"options": f"-c lock_timeout={PATIENCE_SECONDS * 1000}"}
    )
    yield engine
    engine.dispose()


def make_older(session: Session, hours: int) -> None:
    session.execute(
        text("UPDATE register.idempotency_key SET created_at = created_at - make_interval(hours => :hours)"),
        {"hours": hours},
    )


def test_repeated_request_gets_the_same_answer(session: Session, principal_id: UUID) -> None:
    assert find_stored_answer(session, principal_id, "key", FIRST) is None
    store_answer(session, principal_id, "key", FIRST, ANSWER)
    assert find_stored_answer(session, principal_id, "key", FIRST) == ANSWER


def test_same_key_with_another_request_is_refused(session: Session, principal_id: UUID) -> None:
    find_stored_answer(session, principal_id, "key", FIRST)
    store_answer(session, principal_id, "key", FIRST, ANSWER)
    with pytest.raises(Conflict):
        find_stored_answer(session, principal_id, "key", OTHER)


def test_digest_depends_on_method_path_and_body() -> None:
    body = b'{"reference":"A"}'
    others = {OTHER, digest_request("POST", "/v1/reports", body), digest_request("PUT", "/v1/sensors", body)}
    assert len({FIRST} | others) == 4


def test_idempotency_key_belongs_to_its_principal(session: Session, principal_id: UUID) -> None:
    store_answer(session, principal_id, "key", FIRST, ANSWER)
    somebody_else = admit_principal(session, admitted_by=None, name="Een ander")
    assert find_stored_answer(session, somebody_else, "key", OTHER) is None


def test_answer_is_stored_for_a_day(session: Session, principal_id: UUID) -> None:
    store_answer(session, principal_id, "key", FIRST, ANSWER)
    make_older(session, 23)
    assert find_stored_answer(session, principal_id, "key", FIRST) == ANSWER
    make_older(session, 2)
    assert find_stored_answer(session, principal_id, "key", OTHER) is None
    store_answer(session, principal_id, "key", OTHER, ANSWER)
    assert find_stored_answer(session, principal_id, "key", OTHER) == ANSWER


def test_old_answers_are_deleted_when_new_ones_are_stored(session: Session, principal_id: UUID) -> None:
    for number in range(3):
        store_answer(session, principal_id, f"old-{number}", FIRST, ANSWER)
    make_older(session, 25)
    store_answer(session, principal_id, "new", FIRST, ANSWER)
    assert session.scalars(text("SELECT key FROM register.idempotency_key")).all() == ["new"]


def test_number_of_deleted_answers_is_limited(session: Session, principal_id: UUID) -> None:
    for number in range(3):
        store_answer(session, principal_id, f"old-{number}", FIRST, ANSWER)
    make_older(session, 25)
    assert [
        delete_old_answers(session, 2),
        delete_old_answers(session, 2),
        delete_old_answers(session, 2),
    ] == [2, 1, 0]


def test_repeat_waits_for_the_running_request(engine: Engine, fresh_database: str) -> None:
    with Session(engine) as session, session.begin():
        principal_id = admit_principal(session, admitted_by=None, name="Iemand")

    def repeat() -> StoredAnswer | None:
        with Session(engine) as session, session.begin():
            return find_stored_answer(session, principal_id, "key", FIRST)

    with ThreadPoolExecutor(1) as pool, Session(engine) as running:
        assert find_stored_answer(running, principal_id, "key", FIRST) is None
        repeated = pool.submit(repeat)
        wait_until(lambda: count_waiting(fresh_database) == 1)
        store_answer(running, principal_id, "key", FIRST, ANSWER)
        running.commit()
        assert repeated.result(PATIENCE_SECONDS) == ANSWER


def test_failed_request_does_not_use_up_its_key(engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        principal_id = admit_principal(session, admitted_by=None, name="Iemand")
    with Session(engine) as session:
        find_stored_answer(session, principal_id, "key", FIRST)
        store_answer(session, principal_id, "key", FIRST, ANSWER)
        session.rollback()
    with Session(engine) as session, session.begin():
        assert find_stored_answer(session, principal_id, "key", OTHER) is None


def test_waiting_for_running_request_ends_at_lock_timeout(engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        principal_id = admit_principal(session, admitted_by=None, name="Iemand")
    with Session(engine) as running, Session(engine) as impatient:
        find_stored_answer(running, principal_id, "key", FIRST)
        impatient.execute(text("SET LOCAL lock_timeout = '100ms'"))
        with pytest.raises(OperationalError, match="lock timeout"):
            find_stored_answer(impatient, principal_id, "key", FIRST)
