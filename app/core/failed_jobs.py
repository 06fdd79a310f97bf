"""Jobs that failed, or are tried again: listed with the reason, tried at once, and forgotten.

Stored of a failure is the kind of the error, never its message: that may hold values of a request.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import BigInteger, DateTime, Engine, Text, TextClause, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core.database import Base, transaction
from app.core.jobs import JOB_SCHEMA


class JobFailure(Base):
    """The last failure of a job of the schema `jobs`; rows of jobs that are gone mean nothing, and are deleted."""

    __tablename__ = "job_failure"
    __table_args__ = ({"schema": "register"},)

    job_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    reason: Mapped[str] = mapped_column(Text)
    failed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


@dataclass(frozen=True, slots=True)
class FailedJob:
    """A job that failed. One with `is_retried` is tried again by itself, at `next_at`; another waits for a person."""

    id: int
    task: str
    attempts: int
    is_retried: bool
    next_at: datetime | None
    reason: str | None
    failed_at: datetime | None


_LIST: Final = text(
    """
    SELECT job.id, job.task_name, job.attempts, job.status = 'todo', job.scheduled_at, failure.reason,
        failure.failed_at
    FROM jobs.procrastinate_jobs AS job LEFT JOIN register.job_failure AS failure ON failure.job_id = job.id
    WHERE (job.status = 'failed' OR job.status = 'todo' AND job.attempts > 0)
    ORDER BY job.id DESC LIMIT :limit
    """
)

_COUNT: Final = text(
    """
    SELECT count(*) FROM jobs.procrastinate_jobs AS job
    WHERE (job.status = 'failed' OR job.status = 'todo' AND job.attempts > 0)
    """
)

# A job that is being done has another status by now, and is left alone.
_RETRY: Final = text(
    """
    UPDATE jobs.procrastinate_jobs AS job SET status = 'todo', scheduled_at = NULL, worker_id = NULL
    WHERE (job.status = 'failed' OR job.status = 'todo' AND job.attempts > 0)
        AND (CAST(:id AS bigint) IS NULL OR job.id = :id)
    RETURNING job.id
    """
)

_FORGET: Final = text(
    """
    DELETE FROM jobs.procrastinate_jobs AS job
    WHERE job.status = 'failed' AND (CAST(:id AS bigint) IS NULL OR job.id = :id)
    RETURNING job.id
    """
)

_DELETE_OLD: Final = text(
    """
    DELETE FROM register.job_failure
    WHERE NOT EXISTS (SELECT FROM jobs.procrastinate_jobs AS job WHERE job.id = job_failure.job_id)
    """
)


def record_failure(engine: Engine, job_id: int, error: BaseException) -> None:
    """Store the kind of error that a job failed with, in a transaction of its own."""
    kind = type(error)
    row = {"reason": f"{kind.__module__}.{kind.__qualname__}", "failed_at": datetime.now(UTC)}
    with transaction(engine) as session:
        statement = insert(JobFailure).values(job_id=job_id, **row)
        session.execute(statement.on_conflict_do_update(index_elements=["job_id"], set_=row))


def list_failed_jobs(session: Session, limit: int) -> Sequence[FailedJob]:
    """The jobs that failed and were not done since, the newest first."""
    return [FailedJob(*row) for row in session.execute(_LIST, {"limit": limit})]


def count_failed_jobs(session: Session) -> int:
    """The number of jobs that failed and were not done since."""
    return int(session.scalars(_COUNT).one())


def retry_failed_jobs(session: Session, job_id: int | None = None) -> Sequence[int]:
    """Let one job, or each that failed, be tried at once. Returns their ids; none where another was first."""
    return _change_queue(session, _RETRY, job_id)


def forget_failed_jobs(session: Session, job_id: int | None = None) -> Sequence[int]:
    """Delete one job, or each, that is not tried again by itself. Returns their ids."""
    found = _change_queue(session, _FORGET, job_id)
    delete_old_failures(session)
    return found


def _change_queue(session: Session, statement: TextClause, job_id: int | None) -> Sequence[int]:
    # Triggers of the library use unqualified names.
    session.execute(text(f"SET LOCAL search_path TO {JOB_SCHEMA}"))
    found = session.scalars(statement, {"id": job_id}).all()
    session.execute(text("SET LOCAL search_path TO DEFAULT"))
    return found


def delete_old_failures(session: Session) -> None:
    """Delete the reasons of jobs that were done since, or forgotten."""
    session.execute(_DELETE_OLD)
