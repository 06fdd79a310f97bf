"""Personal data on the command line: described, exported, erased and deleted in time."""

import json
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine
from typer.testing import CliRunner, Result

from app.cli.command import app
from app.cli.database import console
from app.core.database import sqlalchemy_url, transaction
from app.core.settings import Settings
from app.privacy.kinds import write_table
from tests.support.people import make_person

Run = Callable[..., Result]


@pytest.fixture
def run(fresh_database: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    settings = Settings(database_url=fresh_database)
    monkeypatch.setattr("app.cli.database.get_settings", lambda: settings)
    monkeypatch.setattr("app.cli.privacy.get_settings", lambda: settings)
    monkeypatch.setattr(console, "width", 200)
    return lambda *words: CliRunner().invoke(app, list(words))


@pytest.fixture
def noor(fresh_database: str) -> str:
    engine = create_engine(sqlalchemy_url(fresh_database))
    with transaction(engine) as session:
        found = make_person(session, "Noor", ("administrator", None))
    engine.dispose()
    return str(found)


def test_description_is_that_of_the_document(run: Run) -> None:
    assert write_table("en").strip() in run("privacy", "describe", "--lang", "en").output
    assert write_table("nl").strip() in run("privacy", "describe", "--lang", "nl").output


def test_export_is_written_and_the_look_recorded(
    run: Run, noor: str, fresh_database: str, tmp_path: Path
) -> None:
    target = tmp_path / "noor.json"
    assert run("privacy", "export", noor, "--output", str(target)).exit_code == 0
    assert json.loads(target.read_text(encoding="utf-8"))["person"] == noor
    assert json.loads(run("privacy", "export", noor).output)["person"] == noor
    with psycopg.connect(fresh_database) as connection:
        row = connection.execute(
            "SELECT count(*) FROM audit.audit_entry WHERE action = 'read_private_data' AND subject_ids = %s",
            ([noor],),
        ).fetchone()
    assert row == (2,)


def test_last_administrator_is_not_erased_and_another_is(run: Run, noor: str, fresh_database: str) -> None:
    refused = run("privacy", "erase", noor, "--reason", "verzoek", "--lang", "en")
    assert refused.exit_code == 1
    assert "Make someone else administrator first" in refused.output
    engine = create_engine(sqlalchemy_url(fresh_database))
    with transaction(engine) as session:
        make_person(session, "Omar", ("administrator", None))
    engine.dispose()
    assert run("privacy", "erase", noor, "--reason", "verzoek").exit_code == 0
    assert "Noor" not in run("principals", "list").output
    assert run("privacy", "erase", noor, "--reason", "verzoek").exit_code == 1
    assert run("privacy", "export", "niemand").exit_code == 1


def test_cleaning_can_be_repeated(run: Run) -> None:
    for _ in range(2):
        assert run("privacy", "clean").exit_code == 0
