"""Background jobs: a queue in PostgreSQL, and the worker that runs its jobs.

A job is queued in the transaction that needs it: a committed request has its job, a failed request has none. A job is
retried until its task returns. When the heartbeat of a worker stops, another worker runs its jobs again. After any
other failure, such as a lost database connection, a job is retried with increasing delays.
Source: the manual of Procrastinate, which implements the queue.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from time import monotonic
from typing import Any, Final

from procrastinate import App, JobContext, PsycopgConnector, SyncPsycopgConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job
from procrastinate.retry import BaseRetryStrategy, RetryDecision
from psycopg.conninfo import make_conninfo
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.core.settings import Settings

_log = logging.getLogger(__name__)

JOB_SCHEMA: Final = "jobs"
"""The PostgreSQL schema of the queue; the library uses unqualified table names."""

_RETRY_SECONDS: Final = 5
_MAX_RETRY_SECONDS: Final = 60
_POLL_SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt at a job: the number of earlier attempts, and whether the worker is shutting down."""

    number: int
    should_stop: Callable[[], bool]


class Interrupted(Exception):
    """The worker is shutting down: the job returns to the front of the queue."""


class TryAgain(Exception):
    """Expected, temporary failure: retried after a few seconds, not logged as an error."""


Task = Callable[..., None]
"""`(attempt, **arguments)`, run in a thread of the worker; may raise Interrupted or TryAgain."""

# Never opened: each job is queued on the connection of its transaction.
_queue = App(connector=SyncPsycopgConnector())


# Rounds of fair queueing, stored as negative priorities. A job joins the round after the last one of its own lock, and
# after the one that is running, so that locks take turns whatever each of them has queued before.
_FIND_ROUND: Final = text(
    """
    SELECT 1 + greatest(
        coalesce(max(-priority) FILTER (WHERE lock = :lock), 0),
        coalesce(max(-priority) FILTER (WHERE status = 'doing'), min(-priority) - 1, 0)
    )
    FROM jobs.procrastinate_jobs WHERE status IN ('todo', 'doing')
    """
)


def defer_job(session: Session, task: str, *, lock: str, **arguments: str) -> None:
    """Queue a job in this transaction. Jobs with the same lock run one at a time, in order; locks take turns."""
    connection = session.connection().connection.driver_connection
    priority = -session.scalars(_FIND_ROUND, {"lock": lock}).one()
    session.execute(text(f"SET LOCAL search_path TO {JOB_SCHEMA}"))
    _queue.configure_task(task, lock=lock, priority=priority, connection=connection).defer(**arguments)
    session.execute(text("SET LOCAL search_path TO DEFAULT"))


NoteFailure = Callable[[int, BaseException], None]
"""Stores why a job failed, by its id; called in the thread of the job."""


async def run_worker(  # noqa: PLR0913 - what a worker is
    url: str,
    tasks: Mapping[str, Task],
    settings: Settings,
    *,
    at_once: int = 1,
    wait: bool = True,
    note_failure: NoteFailure | None = None,
) -> None:
    """Run the jobs of these tasks, by name, until cancelled; without `wait`, until the queue is empty.

    When cancelled, it signals the running jobs to stop and waits for them. When the database is lost, it returns or
    raises.
    Raises: psycopg.Error; procrastinate.exceptions.ConnectorException.
    """
    silence = settings.job_worker_silence_seconds
    ended = _Ended()
    closing = asyncio.Event()
    app = _open_queue(url, tasks, at_once, partial(_adapt, ended, note_failure))
    async with app.open_async():
        taking_over = asyncio.create_task(_take_over_jobs(app, silence, ended, closing))
        try:
            await app.run_worker_async(
                concurrency=at_once,
                wait=wait,
                # There is no notification of the end of a job whose lock other jobs wait for.
                fetch_job_polling_interval=_POLL_SECONDS,
                delete_jobs="successful",
                install_signal_handlers=False,
                shutdown_graceful_timeout=0,
                update_heartbeat_interval=silence / 3,
                stalled_worker_timeout=silence,
            )
        finally:
            # A cancellation can be lost when it coincides with a new connection (bpo-37658); this ends the task then.
            closing.set()
            taking_over.cancel()
            await asyncio.wait({taking_over})


@dataclass(frozen=True, slots=True)
class _Ended:
    """The moment at which each job ended here, for jobs whose end may not be recorded in the queue."""

    _moments: dict[tuple[int | None, int | None], float] = field(default_factory=dict)
    """Seconds of the monotonic clock, by the ids of the job and of its worker."""

    def add(self, job: Job) -> None:
        self._moments[job.id, job.worker_id] = monotonic()

    def remove(self, job: Job) -> None:
        self._moments.pop((job.id, job.worker_id), None)

    def pick(self, running: Iterable[Job], silence: float) -> list[Job]:
        """The jobs that the queue lists as running and that ended more than `silence` seconds ago."""
        limit = monotonic() - silence
        overdue = {key for key, moment in self._moments.copy().items() if moment < limit}
        picked = [job for job in running if (job.id, job.worker_id) in overdue]
        for recorded in overdue.difference((job.id, job.worker_id) for job in picked):
            del self._moments[recorded]
        return picked


def _open_queue(
    url: str, tasks: Mapping[str, Task], at_once: int, adapt: Callable[[Task], Callable[..., None]]
) -> App:
    conninfo = make_conninfo(url, options=f"-c search_path={JOB_SCHEMA} -c timezone=UTC")
    # One connection listens, one sends the heartbeat, one takes over jobs, and one for each job records its end.
    app = App(connector=PsycopgConnector(conninfo=conninfo, min_size=1, max_size=3 + at_once))
    for name, task in tasks.items():
        app.task(name=name, pass_context=True, retry=_RetryStrategy())(adapt(task))
    return app


def _adapt(ended: _Ended, note_failure: NoteFailure | None, task: Task) -> Callable[..., None]:
    def run(context: JobContext, **arguments: Any) -> None:
        job = context.job
        ended.remove(job)
        try:
            task(Attempt(job.attempts, context.should_abort), **arguments)
        except (Interrupted, TryAgain):
            raise
        except Exception as error:
            _log.exception("job %s (%s) failed; it is retried", job.id, job.task_name)
            _note(note_failure, job, error)
            raise
        finally:
            ended.add(job)

    return run


def _note(note_failure: NoteFailure | None, job: Job, error: Exception) -> None:
    if note_failure is None or job.id is None:
        return
    try:
        note_failure(job.id, error)
    except Exception as unnoted:  # noqa: BLE001 - the job itself is what counts; the log has its failure
        _log.warning("why job %s failed was not stored: %s", job.id, type(unnoted).__name__)


class _RetryStrategy(BaseRetryStrategy):
    """Interrupted jobs return to the front of the queue; others are retried with increasing delays."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision:
        if isinstance(exception, Interrupted):
            return RetryDecision()
        return RetryDecision(retry_in={"seconds": min(_RETRY_SECONDS * 2**job.attempts, _MAX_RETRY_SECONDS)})


async def _take_over_jobs(app: App, silence: float, ended: _Ended, closing: asyncio.Event) -> None:
    """Requeue jobs of workers without a heartbeat, and own jobs whose end was not recorded."""
    manager = app.job_manager
    while not closing.is_set():
        try:
            for job in await manager.get_stalled_jobs(seconds_since_heartbeat=silence):
                _log.warning("the worker of job %s (%s) is gone; the job runs again", job.id, job.task_name)
                await manager.retry_job(job)
            for job in ended.pick(await manager.list_jobs_async(status="doing"), silence):
                _log.warning("the end of job %s (%s) was not recorded; it runs again", job.id, job.task_name)
                await manager.retry_job(job)
        except ConnectorException as error:
            # Another worker was first, or the database is gone, which the worker itself notices.
            _log.info("jobs were not taken over: %s", error)
        await asyncio.sleep(silence / 3)
