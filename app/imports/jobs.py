"""The job of an import: check its file, apply it or undo it, once and to the end, whatever happens meanwhile.

What is written and that it was written are one transaction: a job that is done again after its worker died finds
either nothing written, or the import applied.
"""

import logging
import shutil
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from app.access.context import ActionContext
from app.access.queries import get_principal
from app.core.clock import dutch_date
from app.core.database import transaction
from app.core.database_errors import translate_database_error
from app.core.errors import RegisterError, Unavailable
from app.core.i18n import LocalizedText
from app.core.jobs import Attempt, Interrupted, Task, TryAgain
from app.core.settings import Settings
from app.files.readers import open_source
from app.imports.actions import IMPORT_TASK, ImportStep, end_cancelled, read_options
from app.imports.pipeline import run_import
from app.imports.progress import ProgressReporter
from app.imports.report import ImportReport
from app.imports.report_storage import end_import, store_report
from app.imports.tables import SensorImport
from app.imports.uploads import find_folders, lay_out
from app.records.geocoding import open_geocoder
from app.sensors.bulk import revert_import

_log = logging.getLogger(__name__)

MAX_ATTEMPTS: Final = 10
"""A file at which workers die again and again is given up."""

_EXPECTED: Final[Mapping[ImportStep, tuple[str, ...]]] = {
    "check": ("waiting", "checking"),
    "apply": ("waiting", "applying"),
    "undo": ("undoing",),
}
_RUNNING: Final[Mapping[ImportStep, str]] = {"check": "checking", "apply": "applying", "undo": "undoing"}

_GIVEN_UP: Final = LocalizedText(
    "Deze import is te vaak onderbroken. Stuur het bestand opnieuw, of in delen.",
    "This import was interrupted too often. Send the file again, or in parts.",
)
_UNEXPECTED: Final = LocalizedText(
    "Er ging iets mis en dat is vastgelegd. Er is niets geschreven. Probeer het later opnieuw.",
    "Something went wrong, and it has been recorded. Nothing was written. Try again later.",
)


def list_tasks(engine: Engine, settings: Settings) -> dict[str, Task]:
    """The tasks of imports, by name, for a worker."""

    def do_step(attempt: Attempt, *, import_id: str, step: ImportStep) -> None:
        _Job(engine, settings, attempt, UUID(import_id), step).do()

    return {IMPORT_TASK: do_step}


@dataclass(frozen=True, slots=True)
class _Job:
    """One attempt at one step of an import."""

    engine: Engine
    settings: Settings
    attempt: Attempt
    import_id: UUID
    step: ImportStep

    def do(self) -> None:
        """Do it; it ends with the import's status. Raises: Interrupted; TryAgain."""
        self._clear_folders()
        if not self._begin():
            return
        watch = ProgressReporter(self.engine, self.import_id, self.attempt, self.step)
        try:
            with watch:
                self._undo(watch) if self.step == "undo" else self._take(watch)
        except Exception as error:  # noqa: BLE001 - whatever goes wrong, its owner hears that it ended
            self._settle(watch, error)

    def _clear_folders(self) -> None:
        """Remove the files that workers which were killed left on this machine, of whichever import."""
        for import_id, folder in find_folders():
            with transaction(self.engine) as session:
                # None where it is of another register: whether anybody is at it cannot be told.
                if _try_lock(session, import_id):
                    shutil.rmtree(folder, ignore_errors=True)

    def _begin(self) -> bool:
        """Note that it starts; False where there is nothing to do any more."""
        with transaction(self.engine) as session:
            kept = self._lock(session)
            if kept.status not in _EXPECTED[self.step]:
                return False
            if kept.cancel_requested:
                end_import(session, kept.id, end_cancelled(kept))
                return False
            if self.attempt.number >= MAX_ATTEMPTS:
                _fail(session, kept, _GIVEN_UP)
                return False
            kept.status = _RUNNING[self.step]
            kept.started_at = session.scalar(select(func.clock_timestamp()))
            kept.progress = {}
            return True

    def _take(self, watch: ProgressReporter) -> None:
        """Check the file and, where asked and possible, import it."""
        with transaction(self.engine) as session:
            kept = self._hold(session, watch)
            if kept.status != _RUNNING[self.step]:
                return
            with lay_out(session, self.import_id) as path:
                report = self._run(session, kept, path, watch)
            watch.release()
            store_report(session, self.import_id, report)

    def _run(self, session: Session, kept: SensorImport, path: Path, watch: ProgressReporter) -> ImportReport:
        # What was only checked leaves its report and nothing else.
        trial = session.begin_nested()
        url = self.settings.geocoder_url
        with (
            open_source(path, file_name=kept.file_name) as source,
            open_geocoder(url) if url else nullcontext() as geocoder,
        ):
            report = run_import(
                session,
                self._make_ask(session, kept),
                source,
                read_options(kept),
                import_id=self.import_id if self.step == "apply" else None,
                report=watch.report,
                geocoder=geocoder,
            )
        trial.commit() if report.applied else trial.rollback()
        return report

    def _undo(self, watch: ProgressReporter) -> None:
        with transaction(self.engine) as session:
            kept = self._hold(session, watch)
            if kept.status != _RUNNING[self.step]:
                return
            revert_import(session, self._make_ask(session, kept), self.import_id)
            watch.release()
            end_import(session, self.import_id, "undone")

    def _lock(self, session: Session) -> SensorImport:
        statement = select(SensorImport).where(SensorImport.id == self.import_id)
        return session.scalars(statement.with_for_update(key_share=True)).one()

    def _hold(self, session: Session, watch: ProgressReporter) -> SensorImport:
        """The import, for this transaction alone.

        Raises: TryAgain while a worker that was taken for gone is still at it.
        """
        # A worker that is killed leaves its statement running; so the server looks whether anybody waits for it.
        session.execute(text("SET LOCAL client_connection_check_interval TO '1s'"))
        if not _try_lock(session, self.import_id):
            raise TryAgain
        watch.guard(session)
        return session.scalars(select(SensorImport).where(SensorImport.id == self.import_id)).one()

    def _make_ask(self, session: Session, kept: SensorImport) -> ActionContext:
        if kept.principal_id is None:
            raise ValueError(f"import {kept.id} is of the command line, which does its own")
        # With the grants of this moment: who lost one meanwhile imports nothing by it.
        principal = get_principal(session, kept.principal_id)
        return ActionContext(principal, dutch_date(), kept.request_id, self.settings.notification_term_days)

    def _settle(self, watch: ProgressReporter, error: Exception) -> None:
        """Note how it ended without being done. Raises: Interrupted; TryAgain."""
        if watch.stopped == "interrupted":
            raise Interrupted from error
        failure = None if watch.stopped else self._explain(error)
        with transaction(self.engine) as session:
            kept = self._lock(session)
            if failure is None:
                end_import(session, kept.id, end_cancelled(kept))
            else:
                _fail(session, kept, failure)

    def _explain(self, error: Exception) -> LocalizedText:
        """What its owner reads. Raises: TryAgain for what passes by itself."""
        if isinstance(error, TryAgain):
            raise error
        known = error if isinstance(error, RegisterError) else translate_database_error(error)
        if isinstance(known, Unavailable) and self.attempt.number + 1 < MAX_ATTEMPTS:
            raise TryAgain from error
        if known is None:
            _log.error("import %s failed", self.import_id, exc_info=error)
            return _UNEXPECTED
        return _word_failure(known)


def _try_lock(session: Session, import_id: UUID) -> bool | None:
    """Have an import for this transaction alone: False while another has it, None where there is no such import."""
    key = func.hashtextextended(f"import {import_id}", 0)
    statement = select(func.pg_try_advisory_xact_lock(key)).select_from(SensorImport)
    return session.scalar(statement.where(SensorImport.id == import_id))


def _fail(session: Session, kept: SensorImport, failure: LocalizedText) -> None:
    end_import(session, kept.id, "applied" if kept.status == "undoing" else "failed", failure)


def _word_failure(error: RegisterError) -> LocalizedText:
    """What is wrong, as one text."""
    if error.detail is not None:
        return error.detail
    details = [problem.detail for problem in error.problems] or [error.title]
    return LocalizedText(" ".join(detail.nl for detail in details), " ".join(detail.en for detail in details))
