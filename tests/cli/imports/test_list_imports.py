"""The list of imports, and undoing one, on the terminal."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import create_engine, insert
from typer.testing import CliRunner, Result

from app.cli.command import app
from app.cli.database import console
from app.core.database import sqlalchemy_url, transaction
from app.core.settings import Settings
from app.imports.tables import SensorImport

Run = Callable[..., Result]

COUNTS = {"new": 12_345, "changed": 0, "unchanged": 21, "refused": 10, "ended": 3}


@pytest.fixture
def run(fresh_database: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `imports` on a terminal of 80 columns."""
    settings = Settings(database_url=fresh_database)
    for module in ("app.cli.database", "app.cli.imports.list_imports"):
        monkeypatch.setattr(f"{module}.get_settings", lambda: settings)
    monkeypatch.setattr(console, "width", 80)
    return lambda *words: CliRunner().invoke(app, ["imports", *words])


def store_imports(url: str, *imports: dict[str, Any]) -> Sequence[UUID]:
    """Store imports with one creation time, in this order; return their ids."""
    moment = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
    shared = {"size_bytes": 1, "sha256": "-", "created_at": moment}
    engine = create_engine(sqlalchemy_url(url))
    with transaction(engine) as session:
        ids = [
            session.scalars(insert(SensorImport).values(shared | one).returning(SensorImport.id)).one()
            for one in imports
        ]
    engine.dispose()
    return ids


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        ((), ["2026-03-01 09:30, toegepast", "12.345 nieuw, 21 ongewijzigd, 10", "geweigerd, 3 beëindigd"]),
        (
            ("--lang", "en"),
            ["2026-03-01 09:30, applied", "12,345 new, 21 unchanged, 10 refused,", "3 ended"],
        ),
    ],
)
def test_list_on_narrow_terminal_shortens_nothing(
    run: Run, fresh_database: str, words: Sequence[str], lines: Sequence[str]
) -> None:
    long = f"{'sensoren-' * 8}[definitief].xlsx"
    first, second = store_imports(
        fresh_database,
        {"file_name": "a.csv", "status": "waiting"},
        {"file_name": long, "status": "applied", "report": {"counts": COUNTS}},
    )
    listed = run("list", *words)
    assert listed.exit_code == 0, listed.output
    shown = listed.output.splitlines()
    assert {len(line) for line in shown} == {80}
    assert "…" not in listed.output
    cells = [[cell.strip() for cell in line.split("│")[1:-1]] for line in shown if line.startswith("│")]
    assert [one for one, _ in cells if one] == [str(second), str(first)]
    beside = [text for _, text in cells]
    assert "".join(beside[:3]) == long
    assert beside[3:6] == list(lines)
    assert beside[6] == "a.csv"
    assert len(beside) == 8


def test_list_without_imports_is_explained(run: Run) -> None:
    assert run("list").output == "Er is nog niets geïmporteerd.\n"
    assert run("list", "--lang", "en").output == "Nothing has been imported yet.\n"


@pytest.mark.parametrize(
    ("words", "unknown", "wrong"),
    [
        ((), "Deze import bestaat niet", "De status is: in de wachtrij."),
        (("--lang", "en"), "This import does not exist", "Its status is: waiting."),
    ],
)
def test_undo_of_wrong_import_is_refused_in_chosen_language(
    run: Run, fresh_database: str, words: Sequence[str], unknown: str, wrong: str
) -> None:
    (waiting,) = store_imports(fresh_database, {"file_name": "a.csv", "status": "waiting"})
    for import_id, explanation in ((uuid4(), unknown), (waiting, wrong)):
        refused = run("undo", str(import_id), *words)
        assert refused.exit_code == 1
        assert explanation in " ".join(refused.stderr.split())
