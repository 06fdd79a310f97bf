"""Jobs that fail in a real worker: why is stored by the kind of the error, and they can be tried at once."""

import asyncio
from collections.abc import Iterator
from functools import partial

import pytest
from sqlalchemy import Engine, create_engine, text

from app.core.database import sqlalchemy_url, transaction
from app.core.failed_jobs import (
    count_failed_jobs,
    delete_old_failures,
    forget_failed_jobs,
    list_failed_jobs,
    record_failure,
    retry_failed_jobs,
)
from app.core.jobs import Attempt, Task, TryAgain, defer_job, run_worker
from app.core.settings import Settings
from tests.support.waiting import PATIENCE_SECONDS


@pytest.fixture
def engine(fresh_database: str) -> Iterator[Engine]:
    engine = create_engine(sqlalchemy_url(fresh_database))
    yield engine
    engine.dispose()


def do_all(engine: Engine, url: str, task: Task) -> None:
    settings = Settings(job_worker_silence_seconds=PATIENCE_SECONDS)
    note = partial(record_failure, engine)
    asyncio.run(run_worker(url, {"count": task}, settings, wait=False, note_failure=note))


def test_failed_job_is_listed_until_it_was_done(engine: Engine, fresh_database: str) -> None:
    outcomes: list[Exception | None] = [KeyError("noor@leiden.nl"), None]

    def work(attempt: Attempt, **_: str) -> None:
        if (outcome := outcomes.pop(0)) is not None:
            raise outcome

    with transaction(engine) as session:
        defer_job(session, "count", lock="lock")
    do_all(engine, fresh_database, work)
    with transaction(engine) as session:
        (failed,) = list_failed_jobs(session, 10)
        assert (failed.task, failed.attempts, failed.is_retried) == ("count", 1, True)
        assert failed.reason == "builtins.KeyError"
        assert failed.next_at is not None
        assert not forget_failed_jobs(session, failed.id)
        assert list(retry_failed_jobs(session, failed.id)) == [failed.id]
    do_all(engine, fresh_database, work)
    with transaction(engine) as session:
        assert count_failed_jobs(session) == 0
        assert session.scalar(text("SELECT count(*) FROM register.job_failure")) == 1
        delete_old_failures(session)
        assert session.scalar(text("SELECT count(*) FROM register.job_failure")) == 0


def test_expected_failure_has_no_reason(engine: Engine, fresh_database: str) -> None:
    def wait(attempt: Attempt, **_: str) -> None:
        raise TryAgain

    with transaction(engine) as session:
        defer_job(session, "count", lock="lock")
    do_all(engine, fresh_database, wait)
    with transaction(engine) as session:
        assert [(one.is_retried, one.reason) for one in list_failed_jobs(session, 10)] == [(True, None)]


def test_job_of_a_task_that_no_worker_has_waits_for_a_person(engine: Engine, fresh_database: str) -> None:
    def work(attempt: Attempt, **_: str) -> None:
        raise AssertionError

    with transaction(engine) as session:
        defer_job(session, "vanished", lock="lock")
    do_all(engine, fresh_database, work)
    with transaction(engine) as session:
        (failed,) = list_failed_jobs(session, 10)
        assert not failed.is_retried
        assert list(forget_failed_jobs(session)) == [failed.id]
        assert count_failed_jobs(session) == 0
