"""Taking sensors in from the command line: as one transaction, in which nobody is asked anything.

While a person thinks, an open transaction would hold up whoever else writes.
"""

from collections.abc import Callable
from functools import partial
from uuid import UUID

from sqlalchemy.orm import Session

from app.cli.exchange.reports import require_consent
from app.core.errors import Conflict
from app.core.language import Language, Text
from app.exchange.importing import Confirm
from app.exchange.keeping import keep_report
from app.exchange.reporting import ImportReport

Taken = tuple[ImportReport, UUID | None]
"""What was found and done, and the id of the import; None for a dry run."""

Take = Callable[[Confirm], Taken]


def take_in(take: Take, *, yes: bool, language: Language) -> Taken:
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
            Text(
                "Het register is intussen gewijzigd: nu zouden andere sensoren worden beëindigd. Er is niets "
                "geschreven. Probeer het opnieuw.",
                "The register has changed meanwhile: other sensors would be ended now. Nothing was written. Try again.",
            )
        )
    return True


def keep_or_drop(session: Session, taken: Taken) -> Taken:
    """Keep with the import what it did; of one that was not applied nothing stays."""
    report, import_id = taken
    if import_id and report.applied:
        keep_report(session, import_id, report)
    else:
        session.rollback()
    return taken
