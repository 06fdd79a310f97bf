"""Work that outlives a request: jobs in PostgreSQL itself, and the worker that does them.

A job is put in the queue in the transaction that makes it necessary: what was answered has its job, and a request that
failed has none. A worker that dies is not heard of for a while; then another does its jobs again.
Source: the manual of Procrastinate, which keeps the queue.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
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

SCHEMA: Final = "jobs"
"""The PostgreSQL schema of the queue; the library names its tables without one."""

_AGAIN_SECONDS: Final = 5
_LOOK_SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True)
class Attempt:
    """One go at a job: how many came before it, and whether the worker closes."""

    number: int
    should_stop: Callable[[], bool]


class Interrupted(Exception):
    """The worker closes: the job goes back to the front of the queue."""


class TryAgain(Exception):
    """The job cannot be done now: it is tried again in some seconds."""


Task = Callable[..., None]
"""`(attempt, **arguments)`, run in a thread of the worker; may raise Interrupted or TryAgain."""

# Never opened: every job is put in the queue on the connection of its own transaction.
_queue = App(connector=SyncPsycopgConnector())


def defer_job(session: Session, task: str, *, lock: str, **arguments: str) -> None:
    """Put a job in the queue, in this transaction; of jobs with one lock, one is done at a time and in order."""
    connection = session.connection().connection.driver_connection
    session.execute(text(f"SET LOCAL search_path TO {SCHEMA}"))
    _queue.configure_task(task, lock=lock, connection=connection).defer(**arguments)
    session.execute(text("SET LOCAL search_path TO DEFAULT"))


async def run_worker(
    url: str, tasks: Mapping[str, Task], settings: Settings, *, at_once: int = 1, wait: bool = True
) -> None:
    """Do the jobs of these tasks, by name, until cancelled; without `wait`, until there is none left.

    Cancelled, it asks the running jobs to stop and waits for that. It returns, or raises, when the database went away.
    Raises: psycopg.Error; procrastinate.exceptions.ConnectorException.
    """
    silence = settings.worker_silence_seconds
    app = _open_queue(url, tasks, at_once)
    async with app.open_async():
        taking_over = asyncio.create_task(_keep_taking_over(app, silence))
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
            taking_over.cancel()
            await asyncio.wait({taking_over})


def _open_queue(url: str, tasks: Mapping[str, Task], at_once: int) -> App:
    conninfo = make_conninfo(url, options=f"-c search_path={SCHEMA} -c timezone=UTC")
    # One listens, one tells that the worker lives, one watches over others; and each job's end is told.
    app = App(connector=PsycopgConnector(conninfo=conninfo, min_size=1, max_size=3 + at_once))
    for name, task in tasks.items():
        app.task(name=name, pass_context=True, retry=_Again())(_adapt(task))
    return app


def _adapt(task: Task) -> Callable[..., None]:
    def run(context: JobContext, **arguments: Any) -> None:
        task(Attempt(context.job.attempts, context.should_abort), **arguments)

    return run


class _Again(BaseRetryStrategy):
    """Jobs that were interrupted, and those that ask for it, are done again; others failed."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:  # noqa: ARG002 - the library's
        if isinstance(exception, Interrupted):
            return RetryDecision()
        return (
            RetryDecision(retry_in={"seconds": _AGAIN_SECONDS}) if isinstance(exception, TryAgain) else None
        )


async def _keep_taking_over(app: App, silence: float) -> None:
    """Put the jobs of workers that are gone back in the queue."""
    while True:
        try:
            for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=silence):
                _log.warning("the worker of job %s (%s) is gone; it is done again", job.id, job.task_name)
                await app.job_manager.retry_job(job)
        except ConnectorException as error:
            # Another worker was first, or the database is away: that the worker itself notices.
            _log.info("jobs were not taken over: %s", error)
        await asyncio.sleep(silence / 3)
