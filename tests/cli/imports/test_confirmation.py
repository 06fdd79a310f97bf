"""Complete files end missing sensors only after consent, without an open transaction meanwhile."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

import psycopg
import pytest
import typer
from sqlalchemy import create_engine
from typer.testing import CliRunner, Result

from app.bootstrap.paths import GRID
from app.cli.command import app
from app.cli.database import console
from app.cli.error_messages import errors
from app.core.clock import dutch_date
from app.core.database import sqlalchemy_url, transaction
from app.core.i18n import Language
from app.core.settings import Settings
from app.imports.report import ImportReport
from app.spatial.crs import add_grid
from app.spatial.rd_grid import build_grid
from tests.support.import_client import make_rows, write_csv
from tests.support.organisations import make_municipality
from tests.support.sensors import load_cities

Run = Callable[..., Result]
Ask = Callable[[ImportReport, Language], None]

OPEN_TRANSACTIONS: Final = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL
    AND backend_type = 'client backend'
"""
IMPORTS: Final = "SELECT count(*) FROM register.sensor_import"
ENDED: Final = """
SELECT coalesce(string_agg(reference, ' ' ORDER BY reference), '')
FROM publication.published_sensor WHERE removed_on IS NOT NULL
"""


@pytest.fixture
def run(fresh_database: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Import a number of sensors as all sensors of Amsterdam."""
    build_grid(GRID)
    add_grid(GRID)
    settings = Settings(database_url=fresh_database)
    monkeypatch.setattr("app.cli.imports.import_file.get_settings", lambda: settings)
    for screen in (console, errors):
        monkeypatch.setattr(screen, "width", 200)
    engine = create_engine(sqlalchemy_url(fresh_database))
    with transaction(engine) as session:
        load_cities(session, dutch_date().year)
        make_municipality(session)
    engine.dispose()

    def import_complete(number: int, *words: str) -> Result:
        path = tmp_path / f"{number}.csv"
        path.write_bytes(write_csv(make_rows(number)))
        given = [str(path), "--owner", "GM0363", "--complete", "--lang", "en", *words]
        return CliRunner().invoke(app, ["import", *given])

    return import_complete


def find(url: str, statement: str) -> object:
    with psycopg.connect(url) as connection:
        (value,) = connection.execute(statement).fetchone() or (None,)
        return value


def answer(monkeypatch: pytest.MonkeyPatch, ask: Ask) -> None:
    monkeypatch.setattr("app.cli.imports.confirmation.require_consent", ask)


def test_import_waiting_for_consent_has_no_open_transaction(
    run: Run, fresh_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[object] = []

    def agree(found: ImportReport, _: Language) -> None:
        seen.extend(
            [found.counts.ended, find(fresh_database, OPEN_TRANSACTIONS), find(fresh_database, IMPORTS)]
        )

    answer(monkeypatch, agree)
    assert run(4).exit_code == 0
    assert seen == []
    done = run(3)
    assert done.exit_code == 0, done.output
    assert seen == [1, 0, 1]
    assert find(fresh_database, ENDED) == "rij-4"
    assert find(fresh_database, IMPORTS) == 2
    assert "imports undo" in done.output


def test_import_without_changes_offers_no_undo(run: Run) -> None:
    assert "imports undo" in run(2).output
    again = run(2)
    assert again.exit_code == 0, again.output
    assert "Nothing has changed" in again.output
    assert "imports undo" not in again.output


def refuse(_: ImportReport, __: Language) -> None:
    raise typer.Exit(1)


def test_import_without_consent_writes_nothing(
    run: Run, fresh_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(4)
    answer(monkeypatch, refuse)
    refused = run(3)
    assert refused.exit_code == 1
    assert "imports undo" not in refused.output
    assert (find(fresh_database, ENDED), find(fresh_database, IMPORTS)) == ("", 1)


def test_import_with_yes_or_dry_run_does_not_ask(
    run: Run, fresh_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(4)
    answer(monkeypatch, lambda *_: pytest.fail("asked"))
    tried = run(3, "--dry-run")
    assert (tried.exit_code, find(fresh_database, ENDED)) == (0, "")
    done = run(3, "--yes")
    assert done.exit_code == 0, done.output
    assert find(fresh_database, ENDED) == "rij-4"


def test_import_after_register_changed_meanwhile_is_refused(
    run: Run, fresh_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another sensor is registered while the user is asked."""
    run(4)

    def agree_late(found: ImportReport, _: Language) -> None:
        assert found.ended_references == ("rij-4",)
        assert run(5).exit_code == 0

    answer(monkeypatch, agree_late)
    late = run(3)
    assert late.exit_code == 1
    assert "other sensors would be ended now" in late.output
    assert find(fresh_database, ENDED) == ""
