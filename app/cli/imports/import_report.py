"""Telling on the terminal what an import found and did."""

import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final, NoReturn
from uuid import UUID

import typer
from rich import progress as bars
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from app.cli.error_messages import errors
from app.core.errors import ABSENT, InvalidRequest
from app.core.i18n import Language, LocalizedText
from app.files.annotations import ANNOTATED_FORMATS
from app.files.located_problem import LocatedProblem, name_column
from app.imports.report import ImportReport, Progress, ReportProgress
from app.sensors.fields import FIELD_LABELS

MAX_PROBLEMS_SHOWN = 20
"""Problems in the table when `--remarks` can write the others into the file."""

MAX_PROBLEMS_LISTED = 1_000
"""Problems in the table for other formats, where this list is the only one."""

MAX_ROWS_SHOWN = 3
MAX_VALUE_WIDTH = 30

_YES: Final = frozenset({"j", "ja", "y", "yes"})

_STAGES = {
    "reading": LocalizedText("Lezen en controleren", "Reading and checking"),
    "assessing": LocalizedText("Vergelijken met het register", "Comparing with the register"),
    "writing": LocalizedText("Schrijven", "Writing"),
}


@contextmanager
def show_import(console: Console, language: Language) -> Iterator[ReportProgress]:
    """One bar, gone when it is done; nothing where there is no terminal."""
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
                rows=f"{rows:,} {LocalizedText('rijen', 'rows').render(language)}",
            )

        yield report


def print_import_report(console: Console, report: ImportReport, language: Language) -> None:
    """Say what stands in the file, what is wrong with it and what was done."""
    for sentence in report.assumptions:
        console.print(f"[dim]• {escape(sentence.render(language))}[/dim]")
    if report.unused_headings:
        names = ", ".join(report.unused_headings)
        sentence = LocalizedText(f"Niet overgenomen: {names}.", f"Not taken over: {names}.")
        console.print(f"[dim]• {escape(sentence.render(language))}[/dim]")
    if report.problems:
        shown = MAX_PROBLEMS_SHOWN if report.format in ANNOTATED_FORMATS else MAX_PROBLEMS_LISTED
        console.print(_list_problems(report.problems, language, shown))
        if more := _count_unlisted(report, shown):
            where = (
                LocalizedText(", zie --remarks", ", see --remarks")
                if report.format in ANNOTATED_FORMATS
                else LocalizedText("", "")
            )
            console.print(
                LocalizedText(f"… en nog {more:,}{where.nl}", f"… and {more:,} more{where.en}").render(
                    language
                )
            )
    if report.totals:
        console.print(_sum_problems(report, language))
    console.print(_count(report, language))
    console.print(_conclude(report).render(language), style="green" if report.applied else "yellow")


def _list_problems(problems: Sequence[LocatedProblem], language: Language, most: int) -> Table:
    """What refuses a row, one by one, then what deserves a look, once for all rows alike."""
    sheets = any(located.origin.table for located in problems)
    names = [
        *([LocalizedText("blad", "sheet")] if sheets else []),
        LocalizedText("rij", "row"),
        LocalizedText("kolom", "column"),
        LocalizedText("waarde", "value"),
        LocalizedText("wat is er, en wat te doen", "what is wrong, and what to do"),
    ]
    table = Table(*(name.render(language) for name in names))
    for located in [located for located in problems if not located.is_warning][:most]:
        _add_row(table, located, str(located.origin.row), language, sheets=sheets)
    alike = defaultdict(list)
    for located in problems:
        if located.is_warning:
            alike[located.origin.table, located.heading, located.problem.detail].append(located)
    for some in list(alike.values())[:most]:
        rows = ", ".join(str(located.origin.row) for located in some[:MAX_ROWS_SHOWN])
        _add_row(
            table, some[0], f"{rows}, …" if len(some) > MAX_ROWS_SHOWN else rows, language, sheets=sheets
        )
    return table


def _count_unlisted(report: ImportReport, most: int) -> int:
    """How many problems are not in the table one by one."""
    problems = sum(number for (*_, is_warning), number in report.totals.items() if not is_warning)
    return problems - min(most, sum(not located.is_warning for located in report.problems))


def _add_row(table: Table, located: LocatedProblem, rows: str, language: Language, *, sheets: bool) -> None:
    problem = located.problem
    value = "" if problem.value is ABSENT or problem.value is None else str(problem.value)
    cells = [
        *([located.origin.table or ""] if sheets else []),
        rows,
        name_column(located.heading, located.field, language, FIELD_LABELS),
        value if len(value) <= MAX_VALUE_WIDTH else f"{value[: MAX_VALUE_WIDTH - 1]}…",
        problem.detail.render(language),
    ]
    table.add_row(*map(escape, cells), style="yellow" if located.is_warning else "red")


def _sum_problems(report: ImportReport, language: Language) -> Table:
    table = Table(
        LocalizedText("soort", "kind").render(language),
        LocalizedText("kolom", "column").render(language),
        LocalizedText("aantal", "number").render(language),
    )
    for (code, heading, is_warning), number in report.totals.most_common(MAX_PROBLEMS_SHOWN):
        kind = LocalizedText("let op", "note") if is_warning else LocalizedText("fout", "problem")
        column = name_column(None, heading, language, FIELD_LABELS) or heading
        table.add_row(f"{kind.render(language)}: {escape(code)}", escape(column), f"{number:,}")
    return table


def _count(report: ImportReport, language: Language) -> Table:
    counts = report.counts
    table = Table(show_header=False, box=None)
    for name, number in (
        (LocalizedText("rijen", "rows"), report.rows),
        (LocalizedText("nieuw", "new"), counts.new),
        (LocalizedText("gewijzigd", "changed"), counts.changed),
        (LocalizedText("ongewijzigd", "unchanged"), counts.unchanged),
        (LocalizedText("geweigerd", "refused"), counts.refused),
        (LocalizedText("beëindigd", "ended"), counts.ended),
    ):
        table.add_row(name.render(language), f"{number:,}")
    return table


def _conclude(report: ImportReport) -> LocalizedText:
    counts = report.counts
    if report.applied and not counts.written:
        return LocalizedText("Er was niets te schrijven.", "There was nothing to write.")
    if report.applied:
        return LocalizedText("Dit staat nu in het register.", "This is in the register now.")
    if report.is_sound:
        return LocalizedText(
            "Er is niets geschreven: dit was een proef.", "Nothing was written: this was a dry run."
        )
    return LocalizedText(
        "Er is niets geschreven. Verbeter de rijen hierboven, of neem alleen de goede rijen over met --valid-rows.",
        "Nothing was written. Mend the rows above, or take the good rows alone with --valid-rows.",
    )


def require_consent(found: ImportReport, language: Language) -> None:
    """Ask whether to go on, once it is known how many sensors would be ended.

    Raises: InvalidRequest where there is nobody to ask; typer.Exit with 1 where the answer is no.
    """
    number, named = found.counts.ended, found.ended_references
    some = ", ".join(named) + (" …" if len(named) < number else "")
    missing = LocalizedText(f"Er niet meer bij: {number} ({some}).", f"No longer there: {number} ({some}).")
    if not _is_someone_there():
        raise InvalidRequest(
            LocalizedText(
                f"{missing.nl} Geef --yes om ze te beëindigen.", f"{missing.en} Give --yes to end them."
            )
        )
    question = LocalizedText(
        f"{missing.nl} Ze worden beëindigd. Doorgaan?", f"{missing.en} They will be ended. Go on?"
    )
    choice = LocalizedText("[j/N]", "[y/N]")
    asked = f"{question.render(language)} {choice.render(language)}"
    # On the screen also where what is told goes to a file.
    answer: str = typer.prompt(asked, default="", show_default=False, err=True)
    if answer.strip().lower() in _YES:
        return
    errors.print(
        LocalizedText("Niet doorgegaan; er is niets geschreven.", "Stopped; nothing was written.").render(
            language
        ),
        style="yellow",
    )
    raise typer.Exit(1)


def _is_someone_there() -> bool:
    return sys.stdin.isatty()


def conclude(console: Console, report: ImportReport, import_id: UUID | None, language: Language) -> NoReturn:
    """Say how it is undone, where there is something to undo, and leave: with 1 where something was refused."""
    if report.applied and report.counts.written:
        undo = LocalizedText("Ongedaan maken", "To undo it").render(language)
        console.print(f"{undo}: sensor-register imports undo {import_id}", style="dim", soft_wrap=True)
    raise typer.Exit(0 if report.is_sound else 1)
