"""The report of an import on the terminal, and the question before sensors are ended."""

import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final, NoReturn
from uuid import UUID

import typer
from rich import progress as bars
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from app.cli.error_messages import errors
from app.core.errors import InvalidRequest
from app.core.formatting import format_number
from app.core.i18n import Language, LocalizedText
from app.core.problems import ABSENT, ProblemCode
from app.files.annotations import ANNOTATED_FORMATS
from app.files.located_problem import LocatedProblem, name_column
from app.imports.report import COUNT_LABELS, ImportReport, Progress, ReportProgress
from app.sensors.fields import FIELD_LABELS

MAX_PROBLEMS_SHOWN = 20
"""Maximum number of problems in the table where `--remarks` can write the others into the file."""

MAX_PROBLEMS_LISTED = 1_000
"""Maximum for other formats, where this table is the only list."""

MAX_ROWS_SHOWN = 3
MAX_VALUE_WIDTH = 30

_KINDS: Final[Mapping[str, LocalizedText]] = {
    ProblemCode.REQUIRED: LocalizedText("verplicht veld is leeg", "mandatory field is empty"),
    ProblemCode.INVALID_DATE: LocalizedText("geen datum", "not a date"),
    ProblemCode.INVALID_NUMBER: LocalizedText("geen getal", "not a number"),
    ProblemCode.WRONG_TYPE: LocalizedText("verkeerd soort waarde", "wrong kind of value"),
    ProblemCode.TOO_LONG: LocalizedText("tekst is te lang", "text is too long"),
    ProblemCode.OUT_OF_RANGE: LocalizedText(
        "getal is te klein of te groot", "number is too small or too large"
    ),
    ProblemCode.UNKNOWN_VALUE: LocalizedText("staat niet in de keuzelijst", "not in the list of choices"),
    ProblemCode.SWAPPED_AXES: LocalizedText(
        "lengte- en breedtegraad verwisseld", "longitude and latitude swapped"
    ),
    ProblemCode.END_TOO_FAR: LocalizedText("einddatum ligt te ver weg", "end date is too far ahead"),
    ProblemCode.REPEATED_REFERENCE: LocalizedText(
        "referentie komt vaker voor", "reference occurs more than once"
    ),
    ProblemCode.OUTSIDE_MUNICIPALITIES: LocalizedText(
        "ligt buiten Nederland", "lies outside the Netherlands"
    ),
}
"""Frequent kinds of problems in words."""

_YES: Final = frozenset({"j", "ja", "y", "yes"})

_STAGES = {
    "reading": LocalizedText("Lezen en controleren", "Reading and checking"),
    "assessing": LocalizedText("Vergelijken met het register", "Comparing with the register"),
    "writing": LocalizedText("Schrijven", "Writing"),
}


@contextmanager
def show_import(console: Console, language: Language) -> Iterator[ReportProgress]:
    """Show a progress bar until the block ends, where there is a terminal."""
    columns = (
        bars.SpinnerColumn(),
        bars.TextColumn("{task.description}"),
        bars.BarColumn(),
        bars.TaskProgressColumn(),
        bars.TextColumn("{task.fields[rows]}"),
        bars.TimeRemainingColumn(),
    )
    with bars.Progress(*columns, transient=True, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task(_STAGES["reading"].render(language), total=1.0, rows="")

        def report(progress: Progress) -> None:
            rows = progress.rows_written or progress.rows_read
            bar.update(
                task,
                description=_STAGES[progress.stage].render(language),
                completed=progress.fraction,
                rows=f"{format_number(rows, language)} {LocalizedText('rijen', 'rows').render(language)}",
            )

        yield report


def print_import_report(console: Console, report: ImportReport, language: Language) -> None:
    """Print assumptions, problems, counts and the outcome."""
    for sentence in report.assumptions:
        console.print(f"[dim]• {escape(sentence.render(language))}[/dim]")
    if report.unused_headings:
        names = ", ".join(report.unused_headings)
        sentence = LocalizedText(
            f"Niet gebruikte kolommen: {names}.", f"Columns that were not used: {names}."
        )
        console.print(f"[dim]• {escape(sentence.render(language))}[/dim]")
    if report.problems:
        most = MAX_PROBLEMS_SHOWN if report.format in ANNOTATED_FORMATS else MAX_PROBLEMS_LISTED
        console.print(_list_problems(report.problems, language, most))
        if more := _count_unlisted(report, most):
            advice = (
                LocalizedText(", zie --remarks", ", see --remarks")
                if report.format in ANNOTATED_FORMATS
                else LocalizedText("", "")
            )
            console.print(
                LocalizedText(
                    f"… en nog {format_number(more, 'nl')}{advice.nl}",
                    f"… and {format_number(more, 'en')} more{advice.en}",
                ).render(language)
            )
    if report.totals:
        console.print(_count_problems(report, language))
    console.print(_count(report, language))
    console.print(_describe_outcome(report).render(language), style="green" if report.applied else "yellow")


def _list_problems(problems: Sequence[LocatedProblem], language: Language, most: int) -> Table:
    """Errors one by one, then each different warning once with its rows."""
    has_sheets = any(located.origin.table for located in problems)
    names = [
        *([LocalizedText("blad", "sheet")] if has_sheets else []),
        LocalizedText("rij", "row"),
        LocalizedText("kolom", "column"),
        LocalizedText("waarde", "value"),
        LocalizedText("wat is er mis, en wat kunt u doen", "what is wrong, and what to do"),
    ]
    table = Table(*(name.render(language) for name in names))
    for located in [located for located in problems if not located.is_warning][:most]:
        _add_row(table, located, str(located.origin.row), language, has_sheets=has_sheets)
    same_warnings = defaultdict(list)
    for located in problems:
        if located.is_warning:
            same_warnings[located.origin.table, located.heading, located.problem.detail].append(located)
    for warnings in list(same_warnings.values())[:most]:
        rows = ", ".join(str(located.origin.row) for located in warnings[:MAX_ROWS_SHOWN])
        _add_row(
            table,
            warnings[0],
            f"{rows}, …" if len(warnings) > MAX_ROWS_SHOWN else rows,
            language,
            has_sheets=has_sheets,
        )
    return table


def _count_unlisted(report: ImportReport, most: int) -> int:
    """Number of errors that the table does not show."""
    problems = sum(number for (*_, is_warning), number in report.totals.items() if not is_warning)
    return problems - min(most, sum(not located.is_warning for located in report.problems))


def _add_row(
    table: Table, located: LocatedProblem, rows: str, language: Language, *, has_sheets: bool
) -> None:
    problem = located.problem
    value = "" if problem.value is ABSENT or problem.value is None else str(problem.value)
    cells = [
        *([located.origin.table or ""] if has_sheets else []),
        rows,
        name_column(located.heading, located.field, language, FIELD_LABELS),
        value if len(value) <= MAX_VALUE_WIDTH else f"{value[: MAX_VALUE_WIDTH - 1]}…",
        problem.detail.render(language),
    ]
    table.add_row(*map(escape, cells), style="yellow" if located.is_warning else "red")


def _count_problems(report: ImportReport, language: Language) -> Table:
    table = Table(
        LocalizedText("soort", "kind").render(language),
        LocalizedText("kolom", "column").render(language),
        LocalizedText("aantal", "number").render(language),
    )
    for (code, heading, is_warning), number in report.totals.most_common(MAX_PROBLEMS_SHOWN):
        kind = _describe_kind(report, code, heading, language)
        if is_warning:
            kind = f"{LocalizedText('let op', 'note').render(language)}: {kind}"
        column = name_column(None, heading, language, FIELD_LABELS) or heading
        table.add_row(escape(kind), escape(column), format_number(number, language))
    return table


def _describe_kind(report: ImportReport, code: str, heading: str, language: Language) -> str:
    """A kind of problem in words; for a rare kind the explanation of its first problem."""
    if code in _KINDS:
        return _KINDS[code].render(language)
    for located in report.problems:
        if located.problem.code == code and heading in (located.heading, located.field, ""):
            return located.problem.detail.render(language)
    return code


def _count(report: ImportReport, language: Language) -> Table:
    table = Table(show_header=False, box=None)
    table.add_row(LocalizedText("rijen", "rows").render(language), format_number(report.rows, language))
    for name, label in COUNT_LABELS.items():
        table.add_row(label.render(language), format_number(getattr(report.counts, name), language))
    return table


def _describe_outcome(report: ImportReport) -> LocalizedText:
    counts = report.counts
    if report.applied and not counts.written:
        return LocalizedText(
            "Er is niets veranderd: alles stond al zo in het register.",
            "Nothing has changed: the register already had all of this.",
        )
    if report.applied:
        return LocalizedText(
            "Deze sensoren staan nu in het register.", "These sensors are in the register now."
        )
    if report.is_valid:
        return LocalizedText(
            "Er is niets gewijzigd: dit was een proef.", "Nothing was changed: this was a dry run."
        )
    return LocalizedText(
        "Er is niets gewijzigd. Verbeter de rijen hierboven. Met --valid-rows importeert u alleen de goede rijen.",
        "Nothing was changed. Correct the rows listed above, or import only the valid rows with --valid-rows.",
    )


def require_consent(found: ImportReport, language: Language) -> None:
    """Ask whether to end the sensors that the file or source lacks.

    Raises: InvalidRequest where there is no terminal; typer.Exit with 1 where the answer is no.
    """
    number, references = found.counts.ended, found.ended_references
    some = ", ".join(references) + (" …" if len(references) < number else "")
    missing = LocalizedText(
        f"Sensoren die ontbreken: {number} ({some}).", f"Sensors that are missing: {number} ({some})."
    )
    if not _has_terminal():
        raise InvalidRequest(
            LocalizedText(
                f"{missing.nl} Voeg --yes toe om ze te beëindigen.", f"{missing.en} Add --yes to end them."
            )
        )
    question = LocalizedText(
        f"{missing.nl} Ze worden beëindigd. Doorgaan?", f"{missing.en} They will be ended. Continue?"
    )
    choice = LocalizedText("[j/N]", "[y/N]")
    prompt = f"{question.render(language)} {choice.render(language)}"
    # The question goes to stderr: stdout may be redirected to a file.
    answer: str = typer.prompt(prompt, default="", show_default=False, err=True)
    if answer.strip().lower() in _YES:
        return
    errors.print(
        LocalizedText("Gestopt. Er is niets gewijzigd.", "Stopped. Nothing was changed.").render(language),
        style="yellow",
    )
    raise typer.Exit(1)


def _has_terminal() -> bool:
    return sys.stdin.isatty()


def conclude(console: Console, report: ImportReport, import_id: UUID | None, language: Language) -> NoReturn:
    """Print the command that undoes the import, and exit: with 1 where rows were refused."""
    if report.applied and report.counts.written:
        undo = LocalizedText("Ongedaan maken", "To undo it").render(language)
        console.print(f"{undo}: sensor-register imports undo {import_id}", style="dim", soft_wrap=True)
    raise typer.Exit(0 if report.is_valid else 1)
