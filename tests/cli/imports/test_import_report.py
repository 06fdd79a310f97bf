"""What the terminal tells of an import, and what it asks."""

import io
import sys
from collections import Counter
from collections.abc import Callable

import pytest
import typer
from rich.console import Console
from typer.testing import CliRunner, Result

from app.cli.imports import import_report
from app.cli.imports.import_report import (
    MAX_PROBLEMS_LISTED,
    MAX_PROBLEMS_SHOWN,
    print_import_report,
    require_consent,
)
from app.core.errors import InvalidRequest, Problem
from app.core.i18n import Language, LocalizedText
from app.files.located_problem import LocatedProblem, Origin
from app.imports.report import Counts, ImportReport

ENDING = ImportReport("csv", "own", counts=Counts(ended=2), ended_references=["A1", "A2"])

Ask = Callable[[str, Language], Result]


def make_report(problems: int, form: str = "xlsx", warnings: int = 0) -> ImportReport:
    detail = LocalizedText("Fout.", "Wrong.")
    found = [
        LocatedProblem(Origin(None, row), "Naam", Problem("wrong", "/name", detail, f"w{row}"), is_warning)
        for is_warning, number in ((True, warnings), (False, problems))
        for row in range(2, number + 2)
    ]
    totals = Counter(("wrong", "Naam", located.is_warning) for located in found)
    return ImportReport(form, "own", rows=problems, problems=found, totals=totals)


def tell(report: ImportReport, language: Language) -> str:
    screen = Console(file=io.StringIO(), width=120)
    print_import_report(screen, report, language)
    return screen.file.getvalue()  # type: ignore[attr-defined, no-any-return]


@pytest.mark.parametrize(
    ("form", "most", "language", "sentence"),
    [
        ("xlsx", MAX_PROBLEMS_SHOWN, "nl", "… en nog 1,234, zie --remarks\n"),
        ("csv", MAX_PROBLEMS_SHOWN, "en", "… and 1,234 more, see --remarks\n"),
        ("gpkg", MAX_PROBLEMS_LISTED, "en", "… and 1,234 more\n"),
        ("ogc", MAX_PROBLEMS_LISTED, "nl", "… en nog 1,234\n"),
    ],
)
def test_problems_not_in_the_table_are_counted(
    form: str, most: int, language: Language, sentence: str
) -> None:
    printed = tell(make_report(most + 1234, form, warnings=5), language)
    assert sentence in printed
    assert (f"w{most + 1} " in printed, f"w{most + 2} " in printed) == (True, False)


@pytest.mark.parametrize("warnings", [0, 3 * MAX_PROBLEMS_SHOWN])
def test_nothing_is_counted_where_all_of_it_is_shown(warnings: int) -> None:
    assert "en nog" not in tell(make_report(MAX_PROBLEMS_SHOWN, warnings=warnings), "nl")


def test_what_was_never_kept_one_by_one_is_counted_too() -> None:
    report = make_report(3)
    report.totals["wrong", "Naam", False] = 10_003
    assert "… en nog 10,000, zie --remarks" in tell(report, "nl")


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Ask on a terminal, and answer."""
    monkeypatch.setattr(import_report, "_is_someone_there", lambda: True)

    def ask(answer: str, language: Language = "nl") -> Result:
        commands = typer.Typer()

        @commands.command()
        def go_on() -> None:
            require_consent(ENDING, language)
            print("doorgegaan")

        return CliRunner().invoke(commands, input=f"{answer}\n")

    return ask


@pytest.mark.parametrize("answer", ["j", "ja", "J", " Ja ", "y", "yes"])
def test_yes_may_be_said_in_either_language(ask: Ask, answer: str) -> None:
    asked = ask(answer, "nl")
    assert (asked.exit_code, asked.stdout.split()[-1]) == (0, "doorgegaan")
    assert "Er niet meer bij: 2 (A1, A2). Ze worden beëindigd. Doorgaan? [j/N]" in asked.stderr


@pytest.mark.parametrize(
    ("answer", "language", "said"),
    [
        ("n", "nl", "Niet doorgegaan; er is niets geschreven."),
        ("", "nl", "Niet doorgegaan; er is niets geschreven."),
        ("misschien", "nl", "Niet doorgegaan; er is niets geschreven."),
        ("no", "en", "Stopped; nothing was written."),
    ],
)
def test_whatever_is_not_yes_is_no(ask: Ask, answer: str, language: Language, said: str) -> None:
    asked = ask(answer, language)
    assert (asked.exit_code, asked.stdout.strip()) == (1, answer)
    assert said in asked.stderr


def test_nobody_is_asked_where_nobody_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("ja\n"))
    with pytest.raises(InvalidRequest) as refused:
        require_consent(ENDING, "nl")
    assert refused.value.detail is not None
    assert refused.value.detail.nl.endswith("Geef --yes om ze te beëindigen.")
