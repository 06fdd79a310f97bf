"""An import from file to register: records are read, checked by the rules of a single record, and written as a set.

This module does not commit: for a dry run the caller rolls the transaction back.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain
from typing import Final, Literal
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.context import ActionContext
from app.core.i18n import Language, LocalizedText
from app.core.suggestions import limit_suggestions
from app.files.table import TableSource
from app.imports.mapping_storage import list_mappings
from app.imports.problems import ProblemCollector
from app.imports.report import Counts, ImportReport, Progress, ReportProgress
from app.records.geocoding import Geocoder
from app.records.layouts import HeadingMapping, ReadingContext, load_context, open_records
from app.records.record import Defaults, RecordReader
from app.sensors.bulk import BulkImport, Classification
from app.sensors.registration.field_parsers import parse_uuid

MAX_SUGGESTIONS: Final = 1_000
"""Names and terms of one import that get a suggestion."""

Confirm = Callable[[ImportReport], bool]
"""Called with the report before anything is written; returns whether to continue."""


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """Options of an import.

    `owner`: of sensors for which the file names none. `mode`: all imports every row or none, valid_rows the rows
    without problems. `complete`: the file holds all sensors of the owner; sensors that it lacks are ended.
    `mapping`: what the own headings of the file mean. `mapping_name`: that of a stored one, until it is looked up.
    """

    owner: UUID | None = None
    mode: Literal["all", "valid_rows"] = "all"
    complete: bool = False
    defaults: Defaults = field(default_factory=dict)
    language: Language = "nl"
    mapping: HeadingMapping | None = None
    mapping_name: str | None = None


@dataclass(frozen=True, slots=True)
class ImportRun:
    """One run of an import: its options, the `import_id` to write under (None only checks), and its callbacks."""

    options: ImportOptions
    import_id: UUID | None = None
    report_progress: ReportProgress = lambda _: None
    confirm: Confirm = lambda _: True
    geocoder: Geocoder | None = None

    @property
    def complete_for(self) -> UUID | None:
        """Owner whose missing sensors are ended."""
        return self.options.owner if self.options.complete else None


def list_candidates(session: Session, options: ImportOptions) -> list[HeadingMapping]:
    """The mappings with which a file may be read: that of its options, else those that the owner has stored."""
    return [options.mapping] if options.mapping else list_mappings(session, options.owner)


def run_import(session: Session, context: ActionContext, source: TableSource, run: ImportRun) -> ImportReport:
    """Check a file against every rule and, where the run has an `import_id`, import it.

    Raises: InvalidRequest where the file cannot be used as a whole.
    """
    reader = open_records(source, _load(session, run.options, context.today, run.geocoder))

    def report_fraction(progress: Progress) -> None:
        if progress.stage == "reading":
            progress = progress._replace(fraction=source.fraction_read)
        run.report_progress(progress)

    run_with_fraction = replace(run, report_progress=report_fraction)
    report = import_records(session, context, reader, run_with_fraction, source_format=source.format)
    return replace(report, mapping=reader.mapping)


def _load(
    session: Session, options: ImportOptions, today: date, geocoder: Geocoder | None = None
) -> ReadingContext:
    return load_context(
        session,
        owner=options.owner,
        defaults=options.defaults,
        language=options.language,
        today=today,
        geocoder=geocoder,
        mapping=options.mapping,
        remembered=list_candidates(session, options),
    )


def find_owners(
    session: Session, source: TableSource, options: ImportOptions, today: date
) -> frozenset[UUID]:
    """The owners that a file names; it is read to its end. Raises: as `run_import`."""
    records = chain.from_iterable(open_records(source, _load(session, options, today)).read_records())
    named = {record.given.get("owner") for record in records}
    return frozenset(owner for name in named if (owner := parse_uuid(name)))


def import_records(
    session: Session, context: ActionContext, reader: RecordReader, run: ImportRun, *, source_format: str
) -> ImportReport:
    """Check records of any source and, where the run has an `import_id`, import them.

    Raises: InvalidRequest where the source cannot be read to its end: then nothing is written.
    """
    report = run.report_progress
    collector = ProblemCollector(reader)
    bulk_import = BulkImport(session, context, is_whole=run.options.complete)
    checked = 0
    with limit_suggestions(MAX_SUGGESTIONS):
        for records in reader.read_records():
            numbered = collector.number_records(records)
            report(Progress("reading", collector.rows, rows_checked=checked))
            collector.add_all(bulk_import.take(numbered, collector.unreadable))
            checked = collector.rows
    collector.add_all(reader.late_problems)
    bulk_import.refuse(reader.late_problems)
    report(Progress("assessing", collector.rows, rows_checked=checked))
    classification = bulk_import.classify(complete_for=run.complete_for)
    for problems in bulk_import.read_problems():
        collector.add_all(problems)
    for warnings in bulk_import.read_warnings():
        collector.add_all(warnings, are_warnings=True)
    differences, planned = bulk_import.find_differences(), bulk_import.find_planned()
    outcome = ImportReport(
        source_format,
        reader.layout,
        rows=collector.rows,
        counts=Counts(
            new=classification.new,
            changed=classification.changed,
            unchanged=classification.unchanged,
            refused=collector.refused,
            ended=classification.missing,
            awaiting_review=classification.awaiting_review,
        ),
        problems=collector.list_first(bulk_import.find_references),
        totals=collector.totals,
        groups=collector.groups,
        account=reader.account,
        differences=differences,
        planned=planned,
        origins={
            key: collector.find_origin(key) for key in differences.list_keys() | {one.key for one in planned}
        },
        assumptions=[*reader.assumptions, *_explain_ambiguous(classification, collector)],
        unused_headings=reader.unused_headings,
        ended_references=classification.missing_references,
    )
    is_refused = run.options.mode == "all" and collector.refused
    if run.import_id is None or is_refused or not run.confirm(outcome):
        return outcome
    to_write = classification.new + classification.changed + classification.missing
    applied = bulk_import.apply(
        import_id=run.import_id,
        end_missing_of=run.complete_for,
        report=lambda written: report(
            Progress("writing", collector.rows, written, written / to_write if to_write else 1, checked)
        ),
    )
    return replace(outcome, applied=True, digest=applied.digest)


def _explain_ambiguous(
    classification: Classification, collector: ProblemCollector
) -> Iterator[LocalizedText]:
    """Reason why nothing is ended, where rows of a complete file may stand for any sensor."""
    if not classification.unclear:
        return
    rows = collector.format_rows(classification.unclear_keys)
    rows += ", …" if len(classification.unclear_keys) < classification.unclear else ""
    which = (
        LocalizedText(
            f"bij 1 geweigerde rij ({rows}) is niet duidelijk om welke sensor het gaat",
            f"for 1 refused row ({rows}) it is not clear which sensor it describes",
        )
        if classification.unclear == 1
        else LocalizedText(
            f"bij {classification.unclear} geweigerde rijen ({rows}) is niet duidelijk om welke sensoren het gaat",
            f"for {classification.unclear} refused rows ({rows}) it is not clear which sensors they describe",
        )
    )
    yield LocalizedText(
        f"Er wordt geen sensor beëindigd: {which.nl}. Verbeter eerst de eigenaar en de referentie.",
        f"No sensor is ended: {which.en}. Correct the owner and the reference first.",
    )
