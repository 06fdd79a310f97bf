"""Taking sensors in from the command line: as one transaction, in which nobody is asked anything.

While a person thinks, an open transaction would hold up whoever else writes.
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
"""What was found and done, and the id of the import; None for a dry run."""

RunImport = Callable[[Confirm], ImportOutcome]


def import_in_transaction(take: RunImport, *, yes: bool, language: Language) -> ImportOutcome:
    """Take sensors in; where some would be ended a person is asked first, unless `yes`.

    `take` does it from beginning to end in a transaction of its own, and writes nothing unless that is confirmed. Where
    there is something to ask it is done twice: to know what to ask, and once more after the answer.

    Raises: Conflict where others would be ended by then than was asked; as `require_consent` and `take`.
    """
    asked: list[ImportReport] = []

    def confirm_unless_ending(found: ImportReport) -> bool:
        if yes or not found.counts.ended:
            return True
        asked.append(found)
        return False

    taken = take(confirm_unless_ending)
    if not asked:
        return taken
    require_consent(asked[0], language)
    return take(partial(_confirm_as_asked, asked[0]))


def _confirm_as_asked(asked: ImportReport, found: ImportReport) -> bool:
    """Raises: Conflict."""
    if (found.counts.ended, found.ended_references) != (asked.counts.ended, asked.ended_references):
        raise Conflict(
            LocalizedText(
                "Het register is intussen gewijzigd: nu zouden andere sensoren worden beëindigd. Er is niets "
                "geschreven. Probeer het opnieuw.",
                "The register has changed meanwhile: other sensors would be ended now. Nothing was written. Try again.",
            )
        )
    return True


def commit_or_roll_back(session: Session, taken: ImportOutcome) -> ImportOutcome:
    """Keep with the import what it did; of one that was not applied nothing stays."""
    report, import_id = taken
    if import_id and report.applied:
        store_report(session, import_id, report)
    else:
        session.rollback()
    return taken
