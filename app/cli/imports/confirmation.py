"""An import from the command line: one transaction, which is not open while the user is asked.

An open transaction would block other writers while the user thinks.
"""

from collections.abc import Callable
from functools import partial
from uuid import UUID

from sqlalchemy.orm import Session

from app.cli.imports.import_report import require_consent
from app.core.errors import Conflict
from app.core.i18n import Language, LocalizedText
from app.imports.pipeline import Confirm
from app.imports.report import ImportReport
from app.imports.report_storage import store_report

ImportOutcome = tuple[ImportReport, UUID | None]
"""The report, and the id of the import; None for a dry run."""

RunImport = Callable[[Confirm], ImportOutcome]


def import_in_transaction(run: RunImport, *, yes: bool, language: Language) -> ImportOutcome:
    """Run an import; where sensors would be ended, the user is asked first, unless `yes`.

    `run` imports everything in its own transaction, and writes nothing unless that is confirmed. Where the user is
    asked, it runs twice: before the question and after the answer.

    Raises: Conflict where other sensors would be ended after the answer; as `require_consent` and `run`.
    """
    unconfirmed: list[ImportReport] = []

    def confirm_unless_ending(found: ImportReport) -> bool:
        if yes or not found.counts.ended:
            return True
        unconfirmed.append(found)
        return False

    outcome = run(confirm_unless_ending)
    if not unconfirmed:
        return outcome
    require_consent(unconfirmed[0], language)
    return run(partial(_confirm_same, unconfirmed[0]))


def _confirm_same(confirmed: ImportReport, found: ImportReport) -> bool:
    """Confirm an import that ends the same sensors. Raises: Conflict."""
    if (found.counts.ended, found.ended_references) != (confirmed.counts.ended, confirmed.ended_references):
        raise Conflict(
            LocalizedText(
                "Het register is intussen gewijzigd: nu zouden andere sensoren worden beëindigd. Er is niets "
                "gewijzigd. Probeer het opnieuw.",
                "The register has changed meanwhile: other sensors would be ended now. Nothing was changed. Try again.",
            )
        )
    return True


def commit_or_roll_back(session: Session, outcome: ImportOutcome) -> ImportOutcome:
    """Store the report of an applied import; roll back one that was not applied."""
    report, import_id = outcome
    if import_id and report.applied:
        store_report(session, import_id, report)
    else:
        session.rollback()
    return outcome
