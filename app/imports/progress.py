"""An import that is running, watched on a second connection: how far it is goes out, the wish to stop comes in."""

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

# Where each stage begins in the whole and how much of it it takes, when only checking and when applying too.
_SHARES: Final = {
    "check": {"reading": (0.0, 0.85), "assessing": (0.85, 0.15)},
    "apply": {"reading": (0.0, 0.45), "assessing": (0.45, 0.1), "writing": (0.55, 0.45)},
}
_FORESEEN_FROM: Final = 0.02


class Stopped(Exception):
    """The import must end before it is done."""


class ProgressReporter:
    """Tells how far an import is, at most twice a second, and ends it when it is cancelled or its worker closes."""

    def __init__(self, engine: Engine, import_id: UUID, attempt: Attempt, step: str) -> None:
        self.stopped: Literal["cancelled", "interrupted"] | None = None
        self._engine = engine
        self._import_id = import_id
        self._attempt = attempt
        self._step = step
        self._began = monotonic()
        self._progress = Progress("reading")
        self._told: Progress | None = None
        self._connection: psycopg.Connection[Any] | None = None
        self._ended = Event()
        self._thread = Thread(target=self._watch, name="watch-import", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def report(self, progress: Progress) -> None:
        """Hear how far it is. Raises: Stopped."""
        self._progress = progress
        if self.stopped:
            raise Stopped(self.stopped)

    def guard(self, session: Session) -> None:
        """From now on, end this session's statement too when the import must stop."""
        self._connection = session.connection().connection.driver_connection

    def release(self) -> None:
        """Let go: what follows is done to its end. Raises: Stopped."""
        self._end()
        if self.stopped:
            raise Stopped(self.stopped)

    def _end(self) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._ended.wait(REPORT_INTERVAL_SECONDS):
            if self.stopped is None:
                self._look()
            if self.stopped and self._connection:
                try:
                    # Again and again, since between two statements there is nothing to end.
                    self._connection.cancel_safe(timeout=REPORT_INTERVAL_SECONDS)
                except psycopg.Error:
                    # The connection is gone, and the statement with it.
                    return

    def _look(self) -> None:
        if self._attempt.should_stop():
            self.stopped = "interrupted"
            return
        try:
            with transaction(self._engine) as session:
                if self._tell(session):
                    self.stopped = "cancelled"
        except SQLAlchemyError:
            # Without the database the import itself fails, and says so.
            return

    def _tell(self, session: Session) -> bool:
        """Write how far it is; gives whether it is to be cancelled."""
        progress = self._progress
        this = SensorImport.id == self._import_id
        if progress is self._told:
            return bool(session.scalar(select(SensorImport.cancel_requested).where(this)))
        self._told = progress
        written = write_progress(progress, self._step, monotonic() - self._began)
        return bool(
            session.scalar(
                update(SensorImport)
                .where(this)
                .values(progress=written)
                .returning(SensorImport.cancel_requested)
                .execution_options(synchronize_session=False)
            )
        )


def write_progress(progress: Progress, step: str, elapsed_seconds: float) -> dict[str, Any]:
    """Progress as it is kept: wire names, and the share of the whole."""
    written: dict[str, Any] = {
        "stage": progress.stage,
        "rowsRead": progress.rows_read,
        "rowsChecked": progress.rows_checked,
        "rowsWritten": progress.rows_written,
    }
    if progress.stage not in _SHARES.get(step, {}):
        return written
    beginning, share = _SHARES[step][progress.stage]
    fraction = beginning + share * min(max(progress.fraction, 0.0), 1.0)
    written["fraction"] = round(fraction, 3)
    if fraction >= _FORESEEN_FROM:
        written["secondsLeft"] = round(elapsed_seconds * (1 - fraction) / fraction)
    return written
