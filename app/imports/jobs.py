"""The job of an import: check its file, apply it or undo it.

The register and the status of the import are written in one transaction. A job that is repeated after its worker died
finds either nothing written, or the import applied.
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
from app.files.isolation import open_isolated_source
from app.imports.actions import IMPORT_TASK, ImportStep, read_options, status_when_cancelled
from app.imports.pipeline import ImportRun, list_candidates, run_import
from app.imports.progress import ProgressReporter
from app.imports.report import ImportReport
from app.imports.report_storage import Failure, end_import, store_report
from app.imports.tables import SensorImport
from app.imports.uploads import find_folders, open_stored_file
from app.records.geocoding import open_geocoder
from app.records.layouts import make_heading_test
from app.sensors.bulk import revert_import

_log = logging.getLogger(__name__)

MAX_ATTEMPTS: Final = 10
"""Maximum number of attempts: a file may make every worker die."""

_EXPECTED: Final[Mapping[ImportStep, tuple[str, ...]]] = {
    "check": ("waiting", "checking"),
    "apply": ("waiting", "applying"),
    "undo": ("undoing",),
}
_RUNNING: Final[Mapping[ImportStep, str]] = {"check": "checking", "apply": "applying", "undo": "undoing"}

_GIVEN_UP: Final = LocalizedText(
    "Deze import is te vaak onderbroken. Stuur het bestand opnieuw, of verdeel het over kleinere bestanden.",
    "This import was interrupted too often. Send the file again, or split it into smaller files.",
)
_CHECK_AGAIN: Final = LocalizedText(
    "Niet toegepast: er zouden nu meer sensoren worden gewijzigd dan bij de controle. Het register is intussen "
    "gewijzigd, of uw rechten zijn anders dan die van de indiener. Dit is de nieuwe uitkomst. Klopt die? Pas de import "
    "dan toe.",
    "Not applied: more sensors would be changed now than the check showed. The register has changed meanwhile, or your "
    "rights differ from those of the submitter. This is the new outcome. Is it right? Then apply the import.",
)
_UNEXPECTED: Final = LocalizedText(
    "Er ging iets mis. Wij hebben de fout vastgelegd. Er is niets geïmporteerd. Probeer het later opnieuw.",
    "Something went wrong. We have recorded the error. Nothing was imported. Try again later.",
)


def list_tasks(engine: Engine, settings: Settings) -> dict[str, Task]:
    """Tasks of imports by name, for a job worker."""

    def do_step(attempt: Attempt, *, import_id: str, step: ImportStep) -> None:
        _ImportAttempt(engine, settings, attempt, UUID(import_id), step).run()

    return {IMPORT_TASK: do_step}


@dataclass(frozen=True, slots=True)
class _ImportAttempt:
    """One attempt at one step of an import."""

    engine: Engine
    settings: Settings
    attempt: Attempt
    import_id: UUID
    step: ImportStep

    def run(self) -> None:
        """Do the step and store its outcome in the import. Raises: Interrupted; TryAgain."""
        self._delete_left_folders()
        if not self._start():
            return
        watch = ProgressReporter(self.engine, self.import_id, self.attempt, self.step)
        try:
            with watch:
                self._undo(watch) if self.step == "undo" else self._import(watch)
        except Exception as error:  # noqa: BLE001 - any error ends the import, and its owner reads why
            self._store_failure(watch, error)

    def _delete_left_folders(self) -> None:
        """Delete the files that killed workers left on this machine, of any import."""
        for import_id, folder in find_folders():
            with transaction(self.engine) as session:
                # None for an import of another register: its worker may still be running.
                if _try_lock(session, import_id):
                    shutil.rmtree(folder, ignore_errors=True)

    def _start(self) -> bool:
        """Store that the step starts; False where there is nothing left to do."""
        with transaction(self.engine) as session:
            sensor_import = self._lock(session)
            if sensor_import.status not in _EXPECTED[self.step]:
                return False
            if sensor_import.cancel_requested:
                end_import(session, sensor_import.id, status_when_cancelled(sensor_import))
                return False
            if self.attempt.number >= MAX_ATTEMPTS:
                _fail(session, sensor_import, Failure(_GIVEN_UP))
                return False
            sensor_import.status = _RUNNING[self.step]
            sensor_import.started_at = session.scalar(select(func.clock_timestamp()))
            sensor_import.progress = {}
            return True

    def _import(self, watch: ProgressReporter) -> None:
        """Check the file and, where requested and possible, import it."""
        with transaction(self.engine) as session:
            sensor_import = self._lock_for_work(session, watch)
            if sensor_import.status != _RUNNING[self.step]:
                return
            with open_stored_file(session, self.import_id) as path:
                report = self._run(session, sensor_import, path, watch)
            watch.release()
            store_report(session, self.import_id, report)

    def _run(
        self, session: Session, sensor_import: SensorImport, path: Path, watch: ProgressReporter
    ) -> ImportReport:
        # A check leaves its report and nothing else.
        savepoint = session.begin_nested()
        checked = (sensor_import.report or {}).get("counts")
        url = self.settings.geocoder_url
        options = read_options(sensor_import)
        with (
            open_isolated_source(
                path,
                on_wait=watch.check,
                file_name=sensor_import.file_name,
                is_heading=make_heading_test(list_candidates(session, options)),
            ) as source,
            open_geocoder(url) if url else nullcontext() as geocoder,
        ):
            report = run_import(
                session,
                self._make_context(session, sensor_import),
                source,
                ImportRun(
                    options,
                    import_id=self.import_id if self.step == "apply" else None,
                    report_progress=watch.report,
                    # An application writes no more than its check showed, also when another person starts it.
                    confirm=lambda found: checked is None or not found.counts.exceeds(checked),
                    geocoder=geocoder,
                ),
            )
        if self.step == "apply" and checked and report.counts.exceeds(checked):
            report.assumptions.insert(0, _CHECK_AGAIN)
        savepoint.commit() if report.applied else savepoint.rollback()
        return report

    def _undo(self, watch: ProgressReporter) -> None:
        with transaction(self.engine) as session:
            sensor_import = self._lock_for_work(session, watch)
            if sensor_import.status != _RUNNING[self.step]:
                return
            revert_import(session, self._make_context(session, sensor_import), self.import_id)
            watch.release()
            end_import(session, self.import_id, "undone")

    def _lock(self, session: Session) -> SensorImport:
        statement = select(SensorImport).where(SensorImport.id == self.import_id)
        return session.scalars(statement.with_for_update(key_share=True)).one()

    def _lock_for_work(self, session: Session, watch: ProgressReporter) -> SensorImport:
        """The import, locked against other workers until the transaction ends.

        Raises: TryAgain while a worker that was believed dead is still working on it.
        """
        # A killed worker leaves its statement running: PostgreSQL checks whether its client is still connected.
        session.execute(text("SET LOCAL client_connection_check_interval TO '1s'"))
        if not _try_lock(session, self.import_id):
            raise TryAgain
        watch.guard(session)
        return session.scalars(select(SensorImport).where(SensorImport.id == self.import_id)).one()

    def _make_context(self, session: Session, sensor_import: SensorImport) -> ActionContext:
        if sensor_import.principal_id is None:
            raise ValueError(
                f"import {sensor_import.id} belongs to the command line, which runs its own imports"
            )
        # The grants of this moment: a grant or key that ended since the upload no longer counts.
        principal = get_principal(session, sensor_import.principal_id, sensor_import.key_id)
        return ActionContext(
            principal, dutch_date(), sensor_import.request_id, self.settings.notification_term_days
        )

    def _store_failure(self, watch: ProgressReporter, error: Exception) -> None:
        """Store how the step ended before it was done. Raises: Interrupted; TryAgain."""
        if watch.stopped == "interrupted":
            raise Interrupted from error
        failure = None if watch.stopped else self._explain(error)
        with transaction(self.engine) as session:
            sensor_import = self._lock(session)
            if failure is None:
                end_import(session, sensor_import.id, status_when_cancelled(sensor_import))
            else:
                _fail(session, sensor_import, failure)

    def _explain(self, error: Exception) -> Failure:
        """Explanation for the owner of the import. Raises: TryAgain for a temporary failure."""
        if isinstance(error, TryAgain):
            raise error
        known = error if isinstance(error, RegisterError) else translate_database_error(error)
        if isinstance(known, Unavailable) and self.attempt.number + 1 < MAX_ATTEMPTS:
            raise TryAgain from error
        if known is None:
            _log.error("import %s failed", self.import_id, exc_info=error)
            return Failure(_UNEXPECTED)
        return _format_failure(known)


def _try_lock(session: Session, import_id: UUID) -> bool | None:
    """Lock an import until the transaction ends: False while another holds it, None where there is no such import."""
    key = func.hashtextextended(f"import {import_id}", 0)
    statement = select(func.pg_try_advisory_xact_lock(key)).select_from(SensorImport)
    return session.scalar(statement.where(SensorImport.id == import_id))


def _fail(session: Session, sensor_import: SensorImport, failure: Failure) -> None:
    end_import(
        session, sensor_import.id, "applied" if sensor_import.status == "undoing" else "failed", failure
    )


def _format_failure(error: RegisterError) -> Failure:
    """The problems of an error as one text."""
    code = error.problems[0].code if len(error.problems) == 1 else None
    if error.detail is not None:
        return Failure(error.detail, code)
    details = [problem.detail for problem in error.problems] or [error.title]
    text = LocalizedText(" ".join(detail.nl for detail in details), " ".join(detail.en for detail in details))
    return Failure(text, code)
