"""Boundaries loaded and listed on the command line, on a real database."""

from collections.abc import Callable
from pathlib import Path

import pytest
import shapely
from typer.testing import CliRunner, Result

from app.cli import municipalities
from app.cli.database import console
from app.cli.error_messages import errors
from app.core.settings import Settings
from tests.support.square_municipalities import make_collection, make_squares, merge, shift, write_collection

Run = Callable[..., Result]


@pytest.fixture
def run(fresh_database: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    settings = Settings(database_url=fresh_database)
    monkeypatch.setattr("app.cli.database.get_settings", lambda: settings)
    monkeypatch.setattr(console, "width", 200)
    monkeypatch.setattr(errors, "width", 200)
    return lambda *words: CliRunner().invoke(municipalities.municipality_commands, list(words))


def test_editions_are_loaded_in_turn_and_listed(run: Run, tmp_path: Path) -> None:
    first = write_collection(tmp_path / "first.geojson", make_collection(make_squares()))
    merged = merge(make_squares(), ["GM0001", "GM0002"], "GM0010")
    second = write_collection(tmp_path / "second.geojson", make_collection(merged, degrees=True))

    assert "No municipal boundaries are loaded." in run("list").output
    loaded = run("load", first, "--edition", "2022")
    assert loaded.exit_code == 0, loaded.output
    assert "Loaded edition 2022: 9 municipalities." in loaded.output
    assert "could not be checked" in loaded.output

    loaded = run("load", second, "--edition", "2024", "--attribution", "De landmeter")
    assert loaded.exit_code == 0, loaded.output
    assert "No more since the edition before: GM0001, GM0002" in loaded.output
    assert "New since the edition before: GM0010" in loaded.output
    assert "it lies 0.0 m" in loaded.output
    assert "Looked at 0 sensors; 0 moved." in loaded.output

    assert "stays in force" in run("load", first, "--edition", "2022").output
    listed = run("list").output
    assert "De landmeter" in listed
    assert "second.geojson" in listed


def test_shifted_edition_is_refused_unless_forced(run: Run, tmp_path: Path) -> None:
    right = write_collection(tmp_path / "right.geojson", make_collection(make_squares()))
    wrong = write_collection(tmp_path / "wrong.geojson", make_collection(shift(make_squares(), 31, 108)))
    run("load", right, "--edition", "2024")
    refused = run("load", wrong, "--edition", "2025")
    assert refused.exit_code == 1
    assert "31.0 m east and 108.0 m north" in refused.output
    assert "2025" not in run("list").output
    assert run("load", wrong, "--edition", "2025", "--force").exit_code == 0


def test_edition_with_line_as_boundary_is_refused_with_its_municipality(run: Run, tmp_path: Path) -> None:
    broken = make_squares() | {"GM0004": shapely.LineString([(150e3, 462e3), (152e3, 464e3)])}
    refused = run(
        "load", write_collection(tmp_path / "x.geojson", make_collection(broken)), "--edition", "2024"
    )
    assert refused.exit_code == 1
    assert "Vak GM0004 (GM0004) is a LineString, not an area." in refused.output


def test_approximate_edition_is_reported_as_not_official(run: Run) -> None:
    made = run("approximate")
    assert made.exit_code == 0, made.output
    assert "Loaded approximate edition" in made.output
    assert "not official" in made.output
    assert "approximate" in run("list").output


def test_load_without_valid_year_exits_with_2(run: Run) -> None:
    assert run("load", "grenzen.geojson").exit_code == 2
    assert run("load", "grenzen.geojson", "--edition", "24").exit_code == 2
