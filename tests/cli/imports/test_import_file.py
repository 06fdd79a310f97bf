"""Importing on the command line: files that are named wrongly, and whose sensors a file holds."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from typer.testing import CliRunner, Result

from app.cli.command import app
from app.core.clock import dutch_date
from app.core.database import sqlalchemy_url, transaction
from app.core.settings import get_settings
from tests.support.import_client import make_rows, write_csv, write_workbook
from tests.support.organisations import make_municipality
from tests.support.sensors import load_cities

Run = Callable[..., Result]


@pytest.fixture(scope="module")
def url(module_database: str) -> str:
    engine = create_engine(sqlalchemy_url(module_database))
    with transaction(engine) as session:
        load_cities(session, dutch_date().year)
        make_municipality(session)
    engine.dispose()
    return module_database


@pytest.fixture
def run(url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Imports for Amsterdam, as a dry run."""
    monkeypatch.setenv("REGISTER_DATABASE_URL", url)
    get_settings.cache_clear()
    yield lambda *words: CliRunner().invoke(app, ["import", *words, "--owner", "GM0363", "--dry-run"])
    get_settings.cache_clear()


def test_import_of_unusable_file_exits_with_2(run: Run, tmp_path: Path) -> None:
    for named in (tmp_path / "nergens.xlsx", tmp_path):
        refused = run(str(named))
        assert (refused.exit_code, refused.stdout) == (2, "")
        assert named.name in refused.stderr.replace("\n", "")


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_remarks_over_imported_file_are_refused(run: Run, tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"sensoren.{kind}"
    path.write_bytes({"csv": write_csv, "xlsx": write_workbook}[kind](make_rows(3)))
    before = path.read_bytes()
    refused = run(str(path), "--remarks", str(path))
    assert refused.exit_code == 2, refused.output
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]
    beside = run(str(path), "--remarks", str(tmp_path / f"opmerkingen.{kind}"))
    assert beside.exit_code == 0, beside.output
    assert len(list(tmp_path.iterdir())) == 2


def test_remarks_for_geojson_are_refused_before_the_import(run: Run, tmp_path: Path) -> None:
    path, destination = tmp_path / "sensoren.geojson", tmp_path / "opmerkingen.geojson"
    path.write_text('{"type": "FeatureCollection", "features": []}')
    refused = run(str(path), "--remarks", str(destination))
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "rijnummer" in refused.stderr
    assert not destination.exists()


@pytest.mark.parametrize("named", ["GM0363", "Gemeente Amsterdam"])
def test_owner_that_the_file_names_is_enough(run: Run, tmp_path: Path, named: str) -> None:
    path = tmp_path / "sensoren.csv"
    path.write_bytes(write_csv([row | {"Eigenaar": named} for row in make_rows(2)]))
    report = CliRunner().invoke(app, ["import", str(path), "--dry-run", "--lang", "en"])
    assert report.exit_code == 0, report.output
    assert re.search(r"new +2\b", report.stdout)


def test_file_without_owner_asks_for_one(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "sensoren.csv"
    path.write_bytes(write_csv(make_rows(1)))
    refused = CliRunner().invoke(app, ["import", str(path), "--dry-run"])
    assert refused.exit_code != 0
    assert "--owner" in refused.stderr


def test_own_headings_are_read_by_the_mapping_of_a_file(run: Run, tmp_path: Path) -> None:
    path, mapping = tmp_path / "lijst.csv", tmp_path / "lijst.toml"
    path.write_bytes(b"Beheer;;\n" + write_csv([{"nr": "K-1", "NB": 52.36, "OL": 4.85}]))
    mapping.write_text('[columns]\nnr = "Referentie"\nNB = "latitude"\nOL = "longitude"\n', encoding="utf-8")
    read = run(str(path), "--mapping", str(mapping))
    assert "nr is Referentie; NB is Breedtegraad; OL is Lengtegraad" in " ".join(read.output.split())
    assert read.exit_code == 1


def test_mapping_that_cannot_be_found_is_refused(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "lijst.csv"
    path.write_bytes(write_csv(make_rows(1)))
    unknown = run(str(path), "--mapping", "Camera's")
    assert (unknown.exit_code, "geen koppeling" in unknown.output) == (1, True)
    absent = run(str(path), "--mapping", str(tmp_path / "nergens.toml"))
    assert (absent.exit_code, "nergens.toml" in absent.stderr.replace("\n", "")) == (2, True)
