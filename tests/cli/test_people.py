"""Inviting people on the command line."""

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
    settings = Settings(database_url=fresh_database, public_url="https://register.example/sensoren/")
    monkeypatch.setattr("app.cli.database.get_settings", lambda: settings)
    monkeypatch.setattr("app.cli.people.get_settings", lambda: settings)
    monkeypatch.setattr(console, "width", 200)
    return lambda *words: CliRunner().invoke(app, list(words))


def test_first_administrator_gets_a_link(run: Run) -> None:
    invited = run("people", "invite", "Noor de Vries", "noor@leiden.nl", "administrator")
    assert invited.exit_code == 0, invited.output
    address = r"https://register\.example/sensoren/uitnodiging\?sleutel=[\w-]{43}\n"
    assert re.fullmatch(address, invited.output)
    listed = run("people", "invitations").output
    assert "Noor de Vries · noor@leiden.nl" in listed
    assert "everything" in listed


def test_all_problems_of_an_invitation_are_printed(run: Run) -> None:
    refused = run("people", "invite", " ", "noor", "editor")
    assert refused.exit_code == 1
    for word in ("Fill this in", "e-mail address", "Name an organisation"):
        assert word in refused.output
