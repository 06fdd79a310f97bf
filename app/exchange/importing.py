"""An import from file to register: read, checked with the rules of a single record, and written as one.

Nothing commits here: a dry run is a transaction that its caller rolls back.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Literal
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.language import Language, Text
from app.exchange.addresses import Geocoder
from app.exchange.findings import Findings
from app.exchange.layouts import load_context, open_records
from app.exchange.records import Defaults, RecordReader
from app.exchange.reporting import Counts, ImportReport, Progress, Report
from app.exchange.tables import Source
from app.sensors.bulk import Assessment, Intake
from app.sensors.versions import Ask

Confirm = Callable[[ImportReport], bool]
"""Is shown what was found before anything is written, and says whether to go on."""


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How a file is to be taken.

    `owner` is whose sensors they are where the file does not say; `mode` all takes every row or none, sound takes the
    rows without problems. `complete`: the file is the whole of the owner's register, so that what it lacks is ended.
    """

    owner: UUID | None = None
    mode: Literal["all", "sound"] = "all"
    complete: bool = False
    defaults: Defaults = field(default_factory=dict)
    language: Language = "nl"


def run_import(  # noqa: PLR0913 - a file, from someone, to be taken in some way, and who hears of it
    session: Session,
    ask: Ask,
    source: Source,
    options: ImportOptions,
    *,
    import_id: UUID | None = None,
    report: Report = lambda _: None,
    confirm: Confirm = lambda _: True,
    geocoder: Geocoder | None = None,
) -> ImportReport:
    """Check a file against every rule and, given the `import_id` under which to write, import it.

    Raises: InvalidRequest where the file cannot be used as a whole.
    """
    context = load_context(
        session,
        owner=options.owner,
        defaults=options.defaults,
        language=options.language,
        today=ask.today,
        geocoder=geocoder,
    )
    reader = open_records(source, context)

    def report_share(progress: Progress) -> None:
        report(progress._replace(fraction=source.fraction_read) if progress.stage == "reading" else progress)

    return import_records(
        session,
        ask,
        reader,
        options,
        form=source.format,
        import_id=import_id,
        report=report_share,
        confirm=confirm,
    )


def import_records(  # noqa: PLR0913 - as above
    session: Session,
    ask: Ask,
    reader: RecordReader,
    options: ImportOptions,
    *,
    form: str,
    import_id: UUID | None = None,
    report: Report = lambda _: None,
    confirm: Confirm = lambda _: True,
) -> ImportReport:
    """Check records of whatever origin and, given the `import_id` under which to write, import them.

    Raises: InvalidRequest where they cannot be read to their end: then nothing is written.
    """
    findings = Findings(reader)
    intake = Intake(session, ask, is_whole=options.complete)
    checked = 0
    for records in reader.read_records():
        numbered = findings.number(records)
        report(Progress("reading", findings.rows, rows_checked=checked))
        findings.add_all(intake.take(numbered, findings.misread))
        checked = findings.rows
    report(Progress("assessing", findings.rows, rows_checked=checked))
    assessed = intake.assess(complete_for=options.owner if options.complete else None)
    for problems in intake.read_problems():
        findings.add_all(problems)
    for warnings in intake.read_warnings():
        findings.add_all(warnings, are_warnings=True)
    outcome = ImportReport(
        form,
        reader.layout,
        rows=findings.rows,
        counts=Counts(
            new=assessed.new,
            changed=assessed.changed,
            unchanged=assessed.unchanged,
            refused=findings.refused,
            ended=assessed.missing,
        ),
        problems=findings.first,
        totals=findings.totals,
        assumptions=[*reader.assumptions, *_say_unclear(assessed, findings)],
        unused_headings=reader.unused_headings,
        ended_references=assessed.missing_references,
    )
    if import_id is None or (options.mode == "all" and findings.refused) or not confirm(outcome):
        return outcome
    to_write = assessed.new + assessed.changed + assessed.missing
    applied = intake.apply(
        import_id=import_id,
        end_missing_of=options.owner if options.complete else None,
        report=lambda written: report(
            Progress("writing", findings.rows, written, written / to_write if to_write else 1, checked)
        ),
    )
    return replace(outcome, applied=True, digest=applied.digest)


def _say_unclear(assessed: Assessment, findings: Findings) -> Iterator[Text]:
    """Why nothing is ended, where the file is the whole and has rows that may be any sensor."""
    if not assessed.unclear:
        return
    rows = findings.name_rows(assessed.unclear_keys)
    rows += ", …" if len(assessed.unclear_keys) < assessed.unclear else ""
    which = (
        Text(
            f"van 1 geweigerde rij ({rows}) is niet te zeggen welke sensor het is",
            f"of 1 refused row ({rows}) it cannot be told which sensor it is",
        )
        if assessed.unclear == 1
        else Text(
            f"van {assessed.unclear} geweigerde rijen ({rows}) is niet te zeggen welke sensoren het zijn",
            f"of {assessed.unclear} refused rows ({rows}) it cannot be told which sensors they are",
        )
    )
    yield Text(
        f"Er wordt niets beëindigd: {which.nl}. Verbeter eerst eigenaar en referentie.",
        f"Nothing is ended: {which.en}. Mend owner and reference first.",
    )
