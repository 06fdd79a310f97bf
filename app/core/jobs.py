"""Work that outlives a request: jobs in PostgreSQL itself, and the worker that does them.

A job is put in the queue in the transaction that makes it necessary: what was answered has its job, and a request that
failed has none. It is done until its task returns: a worker that dies is not heard of for a while, then another does
its jobs again; what else ends a task, such as a lost database, lets it be tried again, less and less often.
Source: the manual of Procrastinate, which keeps the queue.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
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
"""The PostgreSQL schema of the queue; the library names its tables without one."""

_AGAIN_SECONDS: Final = 5
_MAX_AGAIN_SECONDS: Final = 60
_LOOK_SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True)
class Attempt:
    """One go at a job: how many came before it, and whether the worker closes."""

    number: int
    should_stop: Callable[[], bool]


class Interrupted(Exception):
    """The worker closes: the job goes back to the front of the queue."""


class TryAgain(Exception):
    """The job cannot be done now, as may be: it is tried again in some seconds, and nobody is alarmed."""


Task = Callable[..., None]
"""`(attempt, **arguments)`, run in a thread of the worker; may raise Interrupted or TryAgain."""

# Never opened: every job is put in the queue on the connection of its own transaction.
_queue = App(connector=SyncPsycopgConnector())


def defer_job(session: Session, task: str, *, lock: str, **arguments: str) -> None:
    """Put a job in the queue, in this transaction; of jobs with one lock, one is done at a time and in order."""
    connection = session.connection().connection.driver_connection
    session.execute(text(f"SET LOCAL search_path TO {JOB_SCHEMA}"))
    _queue.configure_task(task, lock=lock, connection=connection).defer(**arguments)
    session.execute(text("SET LOCAL search_path TO DEFAULT"))


async def run_worker(
    url: str, tasks: Mapping[str, Task], settings: Settings, *, at_once: int = 1, wait: bool = True
) -> None:
    """Do the jobs of these tasks, by name, until cancelled; without `wait`, until there is none left.

    Cancelled, it asks the running jobs to stop and waits for that. It returns, or raises, when the database went away.
    Raises: psycopg.Error; procrastinate.exceptions.ConnectorException.
    """
    silence = settings.job_worker_silence_seconds
    ended = _Ended()
    closing = asyncio.Event()
    app = _open_queue(url, tasks, at_once, ended)
    async with app.open_async():
        taking_over = asyncio.create_task(_keep_taking_over(app, silence, ended, closing))
        try:
            await app.run_worker_async(
                concurrency=at_once,
                wait=wait,
                # Nobody tells when a job that others wait for, by its lock, has ended.
                fetch_job_polling_interval=_LOOK_SECONDS,
                delete_jobs="successful",
                install_signal_handlers=False,
                shutdown_graceful_timeout=0,
                update_heartbeat_interval=silence / 3,
                stalled_worker_timeout=silence,
            )
        finally:
            # A cancellation may be lost that comes together with a connection (bpo-37658): then this ends it.
            closing.set()
            taking_over.cancel()
            await asyncio.wait({taking_over})


@dataclass(frozen=True, slots=True)
class _Ended:
    """When each job ended here, for those whose end the queue may not have heard."""

    _moments: dict[tuple[int | None, int | None], float] = field(default_factory=dict)
    """Seconds of the monotonic clock, by the ids of the job and of the worker that did it."""

    def add(self, job: Job) -> None:
        self._moments[job.id, job.worker_id] = monotonic()

    def remove(self, job: Job) -> None:
        self._moments.pop((job.id, job.worker_id), None)

    def pick(self, running: Iterable[Job], silence: float) -> list[Job]:
        """Those of the jobs the queue takes for running that ended more than `silence` seconds ago."""
        limit = monotonic() - silence
        unheard = {key for key, moment in self._moments.copy().items() if moment < limit}
        picked = [job for job in running if (job.id, job.worker_id) in unheard]
        for heard in unheard.difference((job.id, job.worker_id) for job in picked):
            del self._moments[heard]
        return picked


def _open_queue(url: str, tasks: Mapping[str, Task], at_once: int, ended: _Ended) -> App:
    conninfo = make_conninfo(url, options=f"-c search_path={JOB_SCHEMA} -c timezone=UTC")
    # One listens, one tells that the worker lives, one watches over others; and each job's end is told.
    app = App(connector=PsycopgConnector(conninfo=conninfo, min_size=1, max_size=3 + at_once))
    for name, task in tasks.items():
        app.task(name=name, pass_context=True, retry=_Again())(_adapt(task, ended))
    return app


def _adapt(task: Task, ended: _Ended) -> Callable[..., None]:
    def run(context: JobContext, **arguments: Any) -> None:
        job = context.job
        ended.remove(job)
        try:
            task(Attempt(job.attempts, context.should_abort), **arguments)
        except (Interrupted, TryAgain):
            raise
        except Exception:
            _log.exception("job %s (%s) broke off; it is tried again", job.id, job.task_name)
            raise
        finally:
            ended.add(job)

    return run


class _Again(BaseRetryStrategy):
    """Jobs that were interrupted go to the front of the queue, others wait, longer each time."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision:
        if isinstance(exception, Interrupted):
            return RetryDecision()
        return RetryDecision(retry_in={"seconds": min(_AGAIN_SECONDS * 2**job.attempts, _MAX_AGAIN_SECONDS)})


async def _keep_taking_over(app: App, silence: float, ended: _Ended, closing: asyncio.Event) -> None:
    """Put jobs back in the queue that nobody does: of workers that are gone, and own ones whose end was not heard."""
    manager = app.job_manager
    while not closing.is_set():
        try:
            for job in await manager.get_stalled_jobs(seconds_since_heartbeat=silence):
                _log.warning("the worker of job %s (%s) is gone; it is done again", job.id, job.task_name)
                await manager.retry_job(job)
            for job in ended.pick(await manager.list_jobs_async(status="doing"), silence):
                _log.warning("the end of job %s (%s) was not kept; it is done again", job.id, job.task_name)
                await manager.retry_job(job)
        except ConnectorException as error:
            # Another worker was first, or the database is away: that the worker itself notices.
            _log.info("jobs were not taken over: %s", error)
        await asyncio.sleep(silence / 3)
