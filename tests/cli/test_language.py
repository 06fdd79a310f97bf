"""Help, errors and tables of the command line in Dutch and English."""

import ast
import re
from collections.abc import Iterator
from typing import Any

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from app.bootstrap.paths import ROOT
from app.cli.command import app
from app.cli.language import split

DUTCH = re.compile(r"\b(het|een|van|zonder|niet|voor|wordt|opties|gebruik|standaard)\b", re.IGNORECASE)
ENGLISH = re.compile(
    r"\b(the|without|with|not|which|options|usage|default|arguments|show this)\b", re.IGNORECASE
)


def walk(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every command below one, with the words that name it."""
    yield path, command
    for name, inner in getattr(command, "commands", {}).items():
        yield from walk(inner, (*path, name))


COMMANDS = list(walk(get_command(app)))


def test_every_help_text_is_in_both_languages() -> None:
    texts = {
        f"{' '.join(path)} {param.name}".strip(): param.help for path, one in COMMANDS for param in one.params
    } | {" ".join(path): one.help for path, one in COMMANDS}
    lacking = [
        name for name, text in texts.items() if not text or not (found := split(text)) or not all(found)
    ]
    assert lacking == []


@pytest.mark.parametrize("path", [path for path, _ in COMMANDS], ids=" ".join)
def test_help_is_in_the_language_that_was_chosen(path: tuple[str, ...]) -> None:
    dutch = CliRunner().invoke(app, [*path, "--help"], env={"COLUMNS": "120"})
    english = CliRunner().invoke(app, ["--lang", "en", *path, "--help"], env={"COLUMNS": "120"})
    assert (dutch.exit_code, english.exit_code) == (0, 0)
    assert "Gebruik: " in dutch.output
    assert "Usage: " in english.output
    assert DUTCH.search(english.output) is None
    assert ENGLISH.search(dutch.output) is None


@pytest.mark.parametrize(
    "words",
    [
        ("export", "--colour", "red"),
        ("exprt",),
        ("keys", "revoke"),
        ("keys", "issue", "x", "--days", "0"),
        ("people", "invite", "x", "x@leiden.nl", "boss"),
        ("export", "--output"),
        ("imports", "undo", "x"),
        ("dump", "a", "b"),
        ("--lang", "de", "openapi"),
    ],
    ids=" ".join,
)
def test_errors_of_the_parser_are_in_the_language_that_was_chosen(words: tuple[str, ...]) -> None:
    dutch = CliRunner().invoke(app, list(words))
    assert dutch.exit_code == 2
    assert (
        re.search(r"Invalid|Missing|No such|Got|requires|Input should|Try|Error|not one of", dutch.output)
        is None
    )
    if "--lang" not in words:
        english = CliRunner().invoke(app, [*words[:1], "--lang", "en", *words[1:]])
        assert english.exit_code == 2
        assert re.search(r"Invalid|Missing|No such|Got|requires", english.output)


def test_every_start_that_fails_says_why_in_both_languages() -> None:
    lacking = [
        f"{file.relative_to(ROOT)}:{call.lineno}"
        for file in sorted((ROOT / "app").rglob("*.py"))
        # Set-up is for developers, and runs before the register is there.
        if not file.is_relative_to(ROOT / "app" / "bootstrap")
        for call in ast.walk(ast.parse(file.read_text()))
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "CannotStart"
        if len(call.args) == 1 and not any(getattr(one, "id", "") == "t" for one in ast.walk(call.args[0]))
    ]
    assert lacking == []


def test_option_of_a_command_with_a_language_of_its_own_stays_there() -> None:
    refused = CliRunner().invoke(app, ["export", "--registrations", "--lang", "en"])
    assert "goes with --owner" in refused.output
    refused = CliRunner().invoke(app, ["--lang=en", "export", "--collection", "x"])
    assert "choose from" in refused.output
    assert "kies uit" in CliRunner().invoke(app, ["export", "--collection", "x"]).output
