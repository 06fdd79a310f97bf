"""An import from file to register: read, checked with the rules of a single record, and written as one.

Nothing commits here: a dry run is a transaction that its caller rolls back.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Literal
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.context import ActionContext
from app.core.i18n import Language, LocalizedText
from app.files.table import TableSource
from app.imports.problems import ProblemCollector
from app.imports.report import Counts, ImportReport, Progress, ReportProgress
from app.records.geocoding import Geocoder
from app.records.layouts import load_context, open_records
from app.records.record import Defaults, RecordReader
from app.sensors.bulk import BulkImport, Classification

Confirm = Callable[[ImportReport], bool]
"""Is shown what was found before anything is written, and says whether to go on."""


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How a file is to be taken.

    `owner` is whose sensors they are where the file does not say; `mode` all takes every row or none, sound takes the
    rows without problems. `complete`: the file is the whole of the owner's register, so that what it lacks is ended.
    """

    owner: UUID | None = None
    mode: Literal["all", "valid_rows"] = "all"
    complete: bool = False
    defaults: Defaults = field(default_factory=dict)
    language: Language = "nl"


def run_import(  # noqa: PLR0913 - a file, from someone, to be taken in some way, and who hears of it
    session: Session,
    context: ActionContext,
    source: TableSource,
    options: ImportOptions,
    *,
    import_id: UUID | None = None,
    report: ReportProgress = lambda _: None,
    confirm: Confirm = lambda _: True,
    geocoder: Geocoder | None = None,
) -> ImportReport:
    """Check a file against every rule and, given the `import_id` under which to write, import it.

    Raises: InvalidRequest where the file cannot be used as a whole.
    """
    reading_context = load_context(
        session,
        owner=options.owner,
        defaults=options.defaults,
        language=options.language,
        today=context.today,
        geocoder=geocoder,
    )
    reader = open_records(source, reading_context)

    def report_share(progress: Progress) -> None:
        report(progress._replace(fraction=source.fraction_read) if progress.stage == "reading" else progress)

    return import_records(
        session,
        context,
        reader,
        options,
        form=source.format,
        import_id=import_id,
        report=report_share,
        confirm=confirm,
    )


def import_records(  # noqa: PLR0913 - as above
    session: Session,
    context: ActionContext,
    reader: RecordReader,
    options: ImportOptions,
    *,
    form: str,
    import_id: UUID | None = None,
    report: ReportProgress = lambda _: None,
    confirm: Confirm = lambda _: True,
) -> ImportReport:
    """Check records of whatever origin and, given the `import_id` under which to write, import them.

    Raises: InvalidRequest where they cannot be read to their end: then nothing is written.
    """
    collector = ProblemCollector(reader)
    bulk_import = BulkImport(session, context, is_whole=options.complete)
    checked = 0
    for records in reader.read_records():
        numbered = collector.number(records)
        report(Progress("reading", collector.rows, rows_checked=checked))
        collector.add_all(bulk_import.take(numbered, collector.misread))
        checked = collector.rows
    report(Progress("assessing", collector.rows, rows_checked=checked))
    classification = bulk_import.assess(complete_for=options.owner if options.complete else None)
    for problems in bulk_import.read_problems():
        collector.add_all(problems)
    for warnings in bulk_import.read_warnings():
        collector.add_all(warnings, are_warnings=True)
    outcome = ImportReport(
        form,
        reader.layout,
        rows=collector.rows,
        counts=Counts(
            new=classification.new,
            changed=classification.changed,
            unchanged=classification.unchanged,
            refused=collector.refused,
            ended=classification.missing,
        ),
        problems=collector.first,
        totals=collector.totals,
        assumptions=[*reader.assumptions, *_say_unclear(classification, collector)],
        unused_headings=reader.unused_headings,
        ended_references=classification.missing_references,
    )
    if import_id is None or (options.mode == "all" and collector.refused) or not confirm(outcome):
        return outcome
    to_write = classification.new + classification.changed + classification.missing
    applied = bulk_import.apply(
        import_id=import_id,
        end_missing_of=options.owner if options.complete else None,
        report=lambda written: report(
            Progress("writing", collector.rows, written, written / to_write if to_write else 1, checked)
        ),
    )
    return replace(outcome, applied=True, digest=applied.digest)


def _say_unclear(classification: Classification, collector: ProblemCollector) -> Iterator[LocalizedText]:
    """Why nothing is ended, where the file is the whole and has rows that may be any sensor."""
    if not classification.unclear:
        return
    rows = collector.name_rows(classification.unclear_keys)
    rows += ", …" if len(classification.unclear_keys) < classification.unclear else ""
    which = (
        LocalizedText(
            f"van 1 geweigerde rij ({rows}) is niet te zeggen welke sensor het is",
            f"of 1 refused row ({rows}) it cannot be told which sensor it is",
        )
        if classification.unclear == 1
        else LocalizedText(
            f"van {classification.unclear} geweigerde rijen ({rows}) is niet te zeggen welke sensoren het zijn",
            f"of {classification.unclear} refused rows ({rows}) it cannot be told which sensors they are",
        )
    )
    yield LocalizedText(
        f"Er wordt niets beëindigd: {which.nl}. Verbeter eerst eigenaar en referentie.",
        f"Nothing is ended: {which.en}. Mend owner and reference first.",
    )
