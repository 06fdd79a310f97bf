"""The queue and its worker: queueing, order, retries, and jobs of dead workers."""

import asyncio
import threading
from collections.abc import Iterator
from importlib.metadata import version
from importlib.resources import files

import psycopg
import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session

from app.core.database import READ_ROLE, sqlalchemy_url, transaction
from app.core.jobs import Attempt, Interrupted, Task, TryAgain, defer_job, run_worker
from app.core.settings import Settings
from tests.support.waiting import PATIENCE_SECONDS

PATIENT = Settings(job_worker_silence_seconds=PATIENCE_SECONDS)
HASTY = Settings(job_worker_silence_seconds=1)
"""A worker that takes over jobs after a second, which a live one on a slow machine may be silent for."""

# Everything that makes a schema, with the schema's own name taken out.
PARTS = {
    "columns": """
        SELECT table_name, column_name, udt_name, is_nullable, column_default FROM information_schema.columns
        WHERE table_schema = %s""",
    "functions": """
        SELECT proname, pg_get_function_identity_arguments(oid), prosrc FROM pg_proc
        WHERE pronamespace = %s::regnamespace""",
    "labels": """
        SELECT typname, array_agg(enumlabel ORDER BY enumsortorder)
        FROM pg_enum JOIN pg_type ON pg_type.oid = enumtypid WHERE typnamespace = %s::regnamespace GROUP BY 1""",
    "indexes": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = %s",
    "constraints": """
        SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = %s::regnamespace""",
    "triggers": """
        SELECT tgname, pg_get_triggerdef(pg_trigger.oid) FROM pg_trigger
        JOIN pg_class ON pg_class.oid = tgrelid
        WHERE relnamespace = %s::regnamespace AND NOT tgisinternal""",
}


@pytest.fixture
def engine(fresh_database: str) -> Iterator[Engine]:
    engine = create_engine(sqlalchemy_url(fresh_database))
    yield engine
    engine.dispose()


def defer(engine: Engine, task: str, lock: str = "lock", **arguments: str) -> None:
    with transaction(engine) as session:
        defer_job(session, task, lock=lock, **arguments)


def do_all(url: str, tasks: dict[str, Task], *, at_once: int = 1) -> None:
    asyncio.run(run_worker(url, tasks, PATIENT, at_once=at_once, wait=False))


def list_statuses(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return list(connection.scalars(text("SELECT status FROM jobs.procrastinate_jobs ORDER BY id")))


def make_due(engine: Engine) -> int:
    """Let the one job be done now; gives how many seconds it was to wait, in steps of five."""
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL search_path TO jobs"))
        wait = connection.scalar(
            text(
                """
                SELECT ceil(extract(epoch FROM scheduled_at - max(at)) / 5) * 5
                FROM procrastinate_jobs AS job JOIN procrastinate_events AS event ON event.job_id = job.id
                WHERE event.type = 'deferred_for_retry' GROUP BY job.id
                """
            )
        )
        connection.execute(text("UPDATE procrastinate_jobs SET scheduled_at = now()"))
    return int(wait)


# The schema


@pytest.mark.parametrize("part", PARTS)
def test_schema_of_the_queue_is_that_of_the_library(fresh_database: str, part: str) -> None:
    """The migrations of the library lead to the same schema as its fresh installation: no step is missing."""
    with psycopg.connect(fresh_database) as connection:
        connection.execute("CREATE SCHEMA other; SET LOCAL search_path TO other")
        script = files("procrastinate.sql").joinpath("schema.sql").read_text(encoding="utf-8")
        connection.execute(script.encode())
        connection.execute("SET LOCAL search_path TO public")
        ours, theirs = (
            sorted(
                str(row).replace(f"{schema}.procrastinate", "procrastinate")
                for row in connection.execute(PARTS[part].encode(), [schema]).fetchall()
            )
            for schema in ("jobs", "other")
        )
        connection.rollback()
    assert ours
    assert ours == theirs


def test_installed_library_needs_no_later_schema() -> None:
    """When it does, the new steps are a revision of their own."""
    steps = [step.name for step in files("procrastinate.sql.migrations").iterdir()]
    assert max(name for name in steps if name.endswith(".sql"))[:5] <= "03.10", version("procrastinate")


def test_read_role_has_no_access_to_the_queue(fresh_database: str) -> None:
    with psycopg.connect(fresh_database) as connection:
        granted = connection.execute(
            "SELECT has_schema_privilege(%s, 'jobs', 'USAGE')", [READ_ROLE]
        ).fetchone()
    assert granted == (False,)


# Putting jobs in the queue


def test_job_is_queued_when_its_transaction_commits(engine: Engine) -> None:
    with Session(engine) as session:
        defer_job(session, "note", lock="lock")
        session.rollback()
    assert list_statuses(engine) == []
    defer(engine, "note")
    assert list_statuses(engine) == ["todo"]


def test_search_path_is_reset_after_queueing_a_job(session: Session) -> None:
    before = session.scalar(text("SHOW search_path"))
    defer_job(session, "note", lock="lock")
    assert session.scalar(text("SHOW search_path")) == before


# Doing them


def test_job_runs_once_with_its_arguments(engine: Engine, fresh_database: str) -> None:
    done: list[tuple[int, str]] = []

    def note(attempt: Attempt, *, word: str) -> None:
        done.append((attempt.number, word))

    defer(engine, "note", word="één")
    do_all(fresh_database, {"note": note})
    do_all(fresh_database, {"note": note})
    assert done == [(0, "één")]
    assert list_statuses(engine) == []


def test_jobs_with_one_lock_run_one_by_one_in_order(engine: Engine, fresh_database: str) -> None:
    running, most, order = 0, 0, []
    counting = threading.Lock()
    others = threading.Event()

    def note(_: Attempt, *, number: str) -> None:
        nonlocal running, most
        with counting:
            running += 1
            most = max(most, running)
        others.wait(0.05)
        with counting:
            running -= 1
            order.append(number)

    for number in "1234":
        defer(engine, "note", number=number)
    while list_statuses(engine):
        do_all(fresh_database, {"note": note}, at_once=3)
    assert (most, order) == (1, ["1", "2", "3", "4"])


def test_locks_take_turns_whatever_was_queued_first(engine: Engine, fresh_database: str) -> None:
    order: list[str] = []

    def note(_: Attempt, *, name: str) -> None:
        order.append(name)
        if name == "a1":
            defer(engine, "note", lock="c", name="c1")

    for name in ("a1", "a2", "a3", "a4", "b1", "b2"):
        defer(engine, "note", lock=name[0], name=name)
    while list_statuses(engine):
        do_all(fresh_database, {"note": note})
    assert order == ["a1", "b1", "a2", "b2", "c1", "a3", "a4"]


def test_lock_with_many_jobs_is_not_put_off_by_locks_that_come_back(
    engine: Engine, fresh_database: str
) -> None:
    """Two others always have one job in the queue."""
    order: list[str] = []

    def note(_: Attempt, *, name: str) -> None:
        order.append(name)
        if name != "a" and len(order) < 30:
            following = {"b": "c", "c": "b"}[name]
            defer(engine, "note", lock=following, name=following)

    for name in "aaaab":
        defer(engine, "note", lock=name, name=name)
    while list_statuses(engine):
        do_all(fresh_database, {"note": note})
    assert order[:12].count("a") == 4


def test_jobs_with_different_locks_run_concurrently(engine: Engine, fresh_database: str) -> None:
    together = threading.Barrier(2, timeout=PATIENCE_SECONDS)

    def meet(_: Attempt) -> None:
        together.wait()

    defer(engine, "meet", lock="first")
    defer(engine, "meet", lock="second")
    do_all(fresh_database, {"meet": meet}, at_once=2)
    assert not together.broken


def test_job_that_raises_try_again_is_retried_later(engine: Engine, fresh_database: str) -> None:
    def refuse(_: Attempt) -> None:
        raise TryAgain

    defer(engine, "refuse")
    do_all(fresh_database, {"refuse": refuse})
    with engine.connect() as connection:
        waiting = connection.execute(
            text("SELECT status, attempts, scheduled_at > now() FROM jobs.procrastinate_jobs")
        ).one()
    assert tuple(waiting) == ("todo", 1, True)


def test_failed_job_is_logged_and_retried(
    engine: Engine, fresh_database: str, caplog: pytest.LogCaptureFixture
) -> None:
    """As when the database is away before a job could keep what happened to it."""

    def break_off(attempt: Attempt) -> None:
        if not attempt.number:
            raise OSError("the database is away")

    defer(engine, "break_off")
    do_all(fresh_database, {"break_off": break_off})
    assert list_statuses(engine) == ["todo"]
    assert "the database is away" in caplog.text
    make_due(engine)
    do_all(fresh_database, {"break_off": break_off})
    assert list_statuses(engine) == []


def test_retry_delay_increases_with_each_attempt(engine: Engine, fresh_database: str) -> None:
    def refuse(_: Attempt) -> None:
        raise TryAgain

    defer(engine, "refuse")
    waits = []
    for _ in range(6):
        do_all(fresh_database, {"refuse": refuse})
        waits.append(make_due(engine))
    assert waits == [5, 10, 20, 40, 60, 60]


def test_job_whose_end_was_not_recorded_runs_again(engine: Engine, fresh_database: str) -> None:
    """As when the database goes away between a job and the note that it ended; the worker lives on."""
    numbers: list[int] = []
    twice = threading.Event()

    def note(attempt: Attempt) -> None:
        numbers.append(attempt.number)
        if attempt.number:
            twice.set()

    with engine.begin() as connection:
        connection.execute(
            text(
                """
                CREATE SEQUENCE ends;
                CREATE FUNCTION fail_once() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                    IF nextval('public.ends') = 1 THEN RAISE 'away'; END IF;
                    RETURN old;
                END $$;
                CREATE TRIGGER fail_once BEFORE DELETE ON jobs.procrastinate_jobs
                FOR EACH ROW EXECUTE FUNCTION fail_once()
                """
            )
        )

    async def work_until_twice() -> None:
        worker = asyncio.create_task(run_worker(fresh_database, {"note": note}, HASTY))
        assert await asyncio.to_thread(twice.wait, PATIENCE_SECONDS)
        worker.cancel()
        await asyncio.wait([worker])

    defer(engine, "note")
    asyncio.run(work_until_twice())
    assert numbers == [0, 1]
    assert list_statuses(engine) == []


def test_job_of_a_closing_worker_goes_to_the_next(engine: Engine, fresh_database: str) -> None:
    begun = threading.Event()
    numbers: list[int] = []

    def last(attempt: Attempt) -> None:
        numbers.append(attempt.number)
        if attempt.number:
            return
        begun.set()
        while not attempt.should_stop():
            threading.Event().wait(0.01)
        raise Interrupted

    async def work_until_begun() -> None:
        worker = asyncio.create_task(run_worker(fresh_database, {"last": last}, PATIENT))
        await asyncio.to_thread(begun.wait, PATIENCE_SECONDS)
        worker.cancel()
        await asyncio.wait([worker])

    defer(engine, "last")
    asyncio.run(work_until_begun())
    assert list_statuses(engine) == ["todo"]
    do_all(fresh_database, {"last": last})
    assert numbers == [0, 1]


def test_jobs_of_a_dead_worker_run_on_another(engine: Engine, fresh_database: str) -> None:
    done = threading.Event()

    def note(attempt: Attempt) -> None:
        assert attempt.number == 1
        done.set()

    defer(engine, "note")
    with engine.begin() as connection:
        # As a worker leaves it that was killed a minute ago.
        connection.execute(text("SET LOCAL search_path TO jobs"))
        dead = connection.scalar(text("SELECT worker_id FROM procrastinate_register_worker_v1()"))
        connection.execute(text("SELECT procrastinate_fetch_job_v2(NULL, :dead)"), {"dead": dead})
        connection.execute(
            text("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 minute'")
        )
    assert list_statuses(engine) == ["doing"]

    async def work_until_done() -> None:
        worker = asyncio.create_task(run_worker(fresh_database, {"note": note}, HASTY))
        assert await asyncio.to_thread(done.wait, PATIENCE_SECONDS)
        worker.cancel()
        await asyncio.wait([worker])

    asyncio.run(work_until_done())
    assert list_statuses(engine) == []
