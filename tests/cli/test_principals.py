"""Principals and their roles on the command line."""

import re
from collections.abc import Callable

import pytest
from typer.testing import CliRunner, Result

from app.cli.command import app
from app.cli.database import console
from app.core.settings import Settings

Run = Callable[..., Result]


@pytest.fixture
def run(fresh_database: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    settings = Settings(database_url=fresh_database)
    monkeypatch.setattr("app.cli.database.get_settings", lambda: settings)
    monkeypatch.setattr(console, "width", 200)
    run: Run = lambda *words: CliRunner().invoke(app, list(words))  # noqa: E731 - a short helper
    organisation = ("name=Gemeente Amsterdam", "organisationType=municipality", "tooiCode=gm0363")
    assert run("organisations", "add", *organisation, "publicEmail=gemeente@example.org").exit_code == 0
    return run


def test_role_is_given_by_handle_and_ended_with_its_key(run: Run) -> None:
    added = run("principals", "add", "J. de Vries", "--handle", "jan@example.org")
    assert re.fullmatch("[0-9a-f-]{36}", added.output.strip())
    assert run("principals", "grant", "jan@example.org", "editor", "--organisation", "gm0363").exit_code == 0
    listed = run("principals", "list").output
    assert "J. de Vries · jan@example.org" in listed
    assert "editor of Gemeente Amsterdam" in listed
    token = run("keys", "issue", "JAN@example.org", "--organisation", "gm0363").stdout.strip()
    ending = (
        "principals",
        "end-grant",
        "jan@example.org",
        "editor",
        "--organisation",
        "gm0363",
        "--reason",
        "Weg",
    )
    ended = run(*ending)
    assert ended.exit_code == 0, ended.output
    assert token[4:16] in ended.output
    assert "editor of" not in run("principals", "list").output
    assert run(*ending).exit_code == 1


def test_last_manager_is_ended_on_purpose_only(run: Run) -> None:
    run("principals", "add", "J. de Vries", "--handle", "jan@example.org")
    run("principals", "grant", "jan@example.org", "editor", "--organisation", "gm0363")
    grant = ("end-grant", "jan@example.org", "editor", "--organisation", "gm0363", "--reason", "Weg")
    for words in (grant, ("end", "jan@example.org", "--reason", "Weg")):
        refused = run("principals", *words)
        assert refused.exit_code == 1
        assert "This is the last editor" in refused.stderr
    assert run("principals", *grant, "--even-last").exit_code == 0


def test_end_of_person_revokes_every_key(run: Run) -> None:
    run("principals", "add", "J. de Vries", "--handle", "jan@example.org")
    run("keys", "issue", "jan@example.org", "--organisation", "gm0363")
    run("keys", "issue", "jan@example.org", "--role", "auditor")
    ended = run("principals", "end", "jan@example.org", "--reason", "Andere baan")
    assert ended.exit_code == 0, ended.output
    states = run("keys", "list").output
    assert (states.count("revoked"), states.count("valid")) == (2, 0)
    assert "ended" in run("principals", "list").output
    assert run("principals", "end", "jan@example.org", "--reason", "Weer").exit_code == 1


def test_display_name_names_nobody(run: Run) -> None:
    run("principals", "add", "J. de Vries")
    result = run("principals", "grant", "J. de Vries", "auditor")
    assert result.exit_code == 1
    assert "No principal has the id or handle J. de Vries" in result.stderr
