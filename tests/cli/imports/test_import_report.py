"""The report of an import on the terminal, and the question before sensors are ended."""

import io
import sys
from collections import Counter
from collections.abc import Callable

import pytest
import typer
from rich.console import Console
from typer.testing import CliRunner, Result

from app.cli.imports import import_report
from app.cli.imports.import_report import print_import_report, require_consent
from app.cli.imports.report_tables import MAX_PROBLEMS_LISTED, MAX_PROBLEMS_SHOWN
from app.core.errors import InvalidRequest
from app.core.i18n import Language, LocalizedText
from app.core.problems import Problem, ProblemCode
from app.files.located_problem import LocatedProblem, Origin
from app.imports.report import Counts, ImportReport

ENDING = ImportReport("csv", "own", counts=Counts(ended=2), ended_references=["A1", "A2"])

Ask = Callable[[str, Language], Result]


def make_report(problems: int, form: str = "xlsx", warnings: int = 0) -> ImportReport:
    detail = LocalizedText("Fout.", "Wrong.")
    found = [
        LocatedProblem(
            Origin(None, row),
            "Naam",
            Problem(ProblemCode.INVALID_VALUE, "/name", detail, f"w{row}"),
            is_warning,
        )
        for is_warning, number in ((True, warnings), (False, problems))
        for row in range(2, number + 2)
    ]
    totals = Counter(("wrong", "Naam", located.is_warning) for located in found)
    return ImportReport(form, "own", rows=problems, problems=found, totals=totals)


def print_report(report: ImportReport, language: Language) -> str:
    screen = Console(file=io.StringIO(), width=120)
    print_import_report(screen, report, language)
    return screen.file.getvalue()  # type: ignore[attr-defined, no-any-return]


@pytest.mark.parametrize(
    ("form", "most", "language", "sentence"),
    [
        ("xlsx", MAX_PROBLEMS_SHOWN, "nl", "… en nog 1.234, zie --remarks\n"),
        ("csv", MAX_PROBLEMS_SHOWN, "en", "… and 1,234 more, see --remarks\n"),
        ("gpkg", MAX_PROBLEMS_LISTED, "en", "… and 1,234 more\n"),
        ("ogc", MAX_PROBLEMS_LISTED, "nl", "… en nog 1.234\n"),
    ],
)
def test_print_import_report_counts_problems_beyond_table(
    form: str, most: int, language: Language, sentence: str
) -> None:
    printed = print_report(make_report(most + 1234, form, warnings=5), language)
    assert sentence in printed
    assert (f"w{most + 1} " in printed, f"w{most + 2} " in printed) == (True, False)


@pytest.mark.parametrize("warnings", [0, 3 * MAX_PROBLEMS_SHOWN])
def test_print_import_report_of_few_problems_has_no_count_of_others(warnings: int) -> None:
    assert "en nog" not in print_report(make_report(MAX_PROBLEMS_SHOWN, warnings=warnings), "nl")


def test_print_import_report_counts_problems_that_were_not_stored() -> None:
    report = make_report(3)
    report.totals["wrong", "Naam", False] = 10_003
    assert "… en nog 10.000, zie --remarks" in print_report(report, "nl")


def test_print_import_report_names_kinds_of_problems_in_words() -> None:
    report = make_report(1)
    report.totals["required", "Doel", False] = 1202
    output = print_report(report, "nl")
    assert "verplicht veld is leeg" in output
    assert "1.202" in output
    assert "Fout." in output
    assert "required" not in output


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Ask on a terminal, and give an answer."""
    monkeypatch.setattr(import_report, "_has_terminal", lambda: True)

    def ask(answer: str, language: Language = "nl") -> Result:
        commands = typer.Typer()

        @commands.command()
        def go_on() -> None:
            require_consent(ENDING, language)
            print("doorgegaan")

        return CliRunner().invoke(commands, input=f"{answer}\n")

    return ask


@pytest.mark.parametrize("answer", ["j", "ja", "J", " Ja ", "y", "yes"])
def test_require_consent_yes_in_either_language_continues(ask: Ask, answer: str) -> None:
    result = ask(answer, "nl")
    assert (result.exit_code, result.stdout.split()[-1]) == (0, "doorgegaan")
    assert "Sensoren die ontbreken: 2 (A1, A2). Ze worden beëindigd. Doorgaan? [j/N]" in result.stderr


@pytest.mark.parametrize(
    ("answer", "language", "expected"),
    [
        ("n", "nl", "Gestopt. Er is niets gewijzigd."),
        ("", "nl", "Gestopt. Er is niets gewijzigd."),
        ("misschien", "nl", "Gestopt. Er is niets gewijzigd."),
        ("no", "en", "Stopped. Nothing was changed."),
    ],
)
def test_require_consent_other_answer_exits(ask: Ask, answer: str, language: Language, expected: str) -> None:
    result = ask(answer, language)
    assert (result.exit_code, result.stdout.strip()) == (1, answer)
    assert expected in result.stderr


def test_require_consent_without_terminal_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("ja\n"))
    with pytest.raises(InvalidRequest) as refused:
        require_consent(ENDING, "nl")
    assert refused.value.detail is not None
    assert refused.value.detail.nl.endswith("Voeg --yes toe om ze te beëindigen.")
