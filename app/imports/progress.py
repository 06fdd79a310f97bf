"""Progress of a running import: written on a second connection, on which cancellation is read too."""

from threading import Event, Thread
from time import monotonic
from types import TracebackType
from typing import Any, Final, Literal, Self
from uuid import UUID

import psycopg
from sqlalchemy import Engine, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.core.database import transaction
from app.core.jobs import Attempt
from app.imports.report import Progress
from app.imports.tables import SensorImport

REPORT_INTERVAL_SECONDS: Final = 0.5

# Start and share of each stage as fractions of the whole, for a check and for an import that is applied.
_SHARES: Final = {
    "check": {"reading": (0.0, 0.85), "assessing": (0.85, 0.15)},
    "apply": {"reading": (0.0, 0.45), "assessing": (0.45, 0.1), "writing": (0.55, 0.45)},
}
_ESTIMATED_FROM: Final = 0.02


class Stopped(Exception):
    """The import must stop before it is done."""


class ProgressReporter:
    """Writes the progress of an import twice a second; stops it when it is cancelled or its worker closes."""

    def __init__(self, engine: Engine, import_id: UUID, attempt: Attempt, step: str) -> None:
        self.stopped: Literal["cancelled", "interrupted"] | None = None
        self._engine = engine
        self._import_id = import_id
        self._attempt = attempt
        self._step = step
        self._started_at = monotonic()
        self._progress = Progress("reading")
        self._written: Progress | None = None
        self._connection: psycopg.Connection[Any] | None = None
        self._ended = Event()
        self._thread = Thread(target=self._run, name="import-progress", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def report(self, progress: Progress) -> None:
        """Store the progress, to be written. Raises: Stopped."""
        self._progress = progress
        self.check()

    def check(self) -> None:
        """Raises: Stopped."""
        if self.stopped:
            raise Stopped(self.stopped)

    def guard(self, session: Session) -> None:
        """Cancel the running statement of this session too when the import must stop."""
        self._connection = session.connection().connection.driver_connection

    def release(self) -> None:
        """Stop watching: the steps that follow can no longer be cancelled. Raises: Stopped."""
        self._end()
        if self.stopped:
            raise Stopped(self.stopped)

    def _end(self) -> None:
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ended.wait(REPORT_INTERVAL_SECONDS):
            if self.stopped is None:
                self._update()
            if self.stopped and self._connection:
                try:
                    # Repeated, since between two statements there is nothing to cancel.
                    self._connection.cancel_safe(timeout=REPORT_INTERVAL_SECONDS)
                except psycopg.Error:
                    # The connection is closed, and its statement with it.
                    return

    def _update(self) -> None:
        if self._attempt.should_stop():
            self.stopped = "interrupted"
            return
        try:
            with transaction(self._engine) as session:
                if self._write(session):
                    self.stopped = "cancelled"
        except SQLAlchemyError:
            # The import itself fails without the database, and reports it.
            return

    def _write(self, session: Session) -> bool:
        """Write the progress and return whether the import is to be cancelled."""
        progress = self._progress
        this = SensorImport.id == self._import_id
        if progress is self._written:
            return bool(session.scalar(select(SensorImport.cancel_requested).where(this)))
        self._written = progress
        document = format_progress(progress, self._step, monotonic() - self._started_at)
        return bool(
            session.scalar(
                update(SensorImport)
                .where(this)
                .values(progress=document)
                .returning(SensorImport.cancel_requested)
                .execution_options(synchronize_session=False)
            )
        )


def format_progress(progress: Progress, step: str, elapsed_seconds: float) -> dict[str, Any]:
    """Progress as it is stored: wire names, and the fraction of the whole."""
    written: dict[str, Any] = {
        "stage": progress.stage,
        "rowsRead": progress.rows_read,
        "rowsChecked": progress.rows_checked,
        "rowsWritten": progress.rows_written,
    }
    if progress.stage not in _SHARES.get(step, {}):
        return written
    start, share = _SHARES[step][progress.stage]
    fraction = start + share * min(max(progress.fraction, 0.0), 1.0)
    written["fraction"] = round(fraction, 3)
    if fraction >= _ESTIMATED_FROM:
        written["secondsLeft"] = round(elapsed_seconds * (1 - fraction) / fraction)
    return written
