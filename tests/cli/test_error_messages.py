"""Error messages in the terminal."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import typer

from app.cli.error_messages import errors, explain_problems
from app.core.errors import Conflict, InvalidRequest, NotFound
from app.core.i18n import Language, LocalizedText
from app.core.problems import ABSENT, Problem, ProblemCode


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(errors, "width", 500)


def explain(language: Language, act: Callable[[], object]) -> tuple[int, str]:
    """The exit code, and what is said."""
    with errors.capture() as said, pytest.raises(typer.Exit) as left, explain_problems(language):
        act()
    return left.value.exit_code, said.get()


def refuse() -> None:
    detail = LocalizedText("Kies [een] uit de lijst.", "Choose [one] from the list.")
    raise InvalidRequest(
        LocalizedText("Dit [kan] niet.", "This [cannot] be."),
        problems=[
            Problem(ProblemCode.INVALID_VALUE, "/name", detail, "x"),
            Problem(ProblemCode.REQUIRED, "/owner", detail, ABSENT),
        ],
    )


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        (
            "nl",
            [
                "Dit [kan] niet.",
                "  name: Kies [een] uit de lijst. (gegeven: x)",
                "  owner: Kies [een] uit de lijst.",
            ],
        ),
        (
            "en",
            [
                "This [cannot] be.",
                "  name: Choose [one] from the list. (given: x)",
                "  owner: Choose [one] from the list.",
            ],
        ),
    ],
)
def test_refusal_is_in_chosen_language(language: Language, lines: list[str]) -> None:
    code, said = explain(language, refuse)
    assert (code, said.splitlines()) == (1, lines)


def test_error_without_detail_has_its_title() -> None:
    def conflict() -> None:
        raise Conflict

    assert explain("nl", conflict) == (1, f"{Conflict.title.nl}\n")


def test_refusal_without_language_is_english() -> None:
    with errors.capture() as said, pytest.raises(typer.Exit), explain_problems():
        raise NotFound(LocalizedText("Weg.", "Gone."))
    assert said.get() == "Gone.\n"


def test_unusable_file_exits_with_2(tmp_path: Path) -> None:
    file = tmp_path / "a[1].xlsx"
    code, said = explain("nl", file.read_bytes)
    assert (code, said) == (2, f"Dit bestand of deze map is er niet: {file}\n")
    code, said = explain("en", tmp_path.read_bytes)
    assert (code, said) == (2, f"This is a folder; name a file: {tmp_path}\n")
    file.write_text("x")
    code, said = explain("en", (file / "b.xlsx").read_bytes)
    assert (code, said) == (2, f"This does not lie in a folder: {file / 'b.xlsx'}\n")

    def write_over() -> None:
        raise shutil.SameFileError(17, "same", str(file))

    code, said = explain("nl", write_over)
    assert (code, said) == (2, f"Dit is het bestand zelf, dat blijft zoals het is; noem een ander: {file}\n")


def test_other_os_error_is_raised() -> None:
    with pytest.raises(ConnectionResetError), explain_problems("nl"):
        raise ConnectionResetError
