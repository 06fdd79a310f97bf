"""The report of an import on the terminal, and the question before sensors are ended."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, NoReturn
from uuid import UUID

import typer
from rich import progress as bars
from rich.console import Console
from rich.markup import escape

from app.cli.error_messages import errors
from app.cli.imports.report_tables import (
    MAX_PROBLEMS_LISTED,
    MAX_PROBLEMS_SHOWN,
    MAX_ROWS_LISTED,
    MAX_ROWS_SHOWN,
    count_problems,
    count_rows,
    count_unlisted,
    describe_moves,
    list_changes,
    list_problems,
    name_unused_columns,
)
from app.core.errors import InvalidRequest
from app.core.formatting import format_number
from app.core.i18n import Language, LocalizedText
from app.core.problems import ProblemCode
from app.files.annotations import ANNOTATED_FORMATS
from app.imports.account import describe_account
from app.imports.report import ImportReport, Progress, ReportProgress

_GIVE_ONE_VALUE: Final = LocalizedText(
    "Met --set VELD=WAARDE geeft u één waarde voor alle rijen, zoals --set mobility=fixed.",
    "With --set FIELD=VALUE you give one value for all rows, such as --set mobility=fixed.",
)

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
    """Print how the file was read, problems, changes, counts and the outcome."""
    account = describe_account(report.account) if report.account else []
    for sentence in (*account, *report.assumptions):
        console.print(f"[dim]• {escape(sentence.render(language))}[/dim]")
    if report.unused_headings:
        names = ", ".join(name_unused_columns(report))
        sentence = LocalizedText(
            f"Niet gebruikte kolommen: {names}.", f"Columns that were not used: {names}."
        )
        console.print(f"[dim]• {escape(sentence.render(language))}[/dim]")
    if report.problems:
        most, rows = (
            (MAX_PROBLEMS_SHOWN, MAX_ROWS_SHOWN)
            if report.format in ANNOTATED_FORMATS
            else (MAX_PROBLEMS_LISTED, MAX_ROWS_LISTED)
        )
        console.print(list_problems(report.problems, language, most, rows))
        if more := count_unlisted(report, most):
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
    if any(
        located.problem.code == ProblemCode.REQUIRED and not located.heading for located in report.problems
    ):
        console.print(_GIVE_ONE_VALUE.render(language), style="yellow")
    if report.totals:
        console.print(count_problems(report, language))
    if (changes := list_changes(report, language)) is not None:
        console.print(changes)
    for sentence in describe_moves(report):
        console.print(escape(sentence.render(language)), style="yellow")
    console.print(count_rows(report, language))
    console.print(_describe_outcome(report).render(language), style="green" if report.applied else "yellow")


def _describe_outcome(report: ImportReport) -> LocalizedText:
    counts = report.counts
    if report.applied and not counts.written:
        return LocalizedText(
            "Er is niets veranderd: alles stond al zo in het register.",
            "Nothing has changed: the register already had all of this.",
        )
    if report.applied and counts.awaiting_review:
        return LocalizedText(
            f"Deze sensoren staan nu in het register. Hun gemeente beoordeelt er nog {counts.awaiting_review}: die "
            "wijzigingen zijn tot dan niet openbaar.",
            f"These sensors are in the register now. Their municipality still has to review {counts.awaiting_review}: "
            "until then those changes are not public.",
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
