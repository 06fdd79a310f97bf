"""The rules of the house that a machine can check."""

import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import create_engine

from app.bootstrap.paths import ROOT
from app.core.database import sqlalchemy_url
from app.core.migrations import configure_alembic
from app.core.settings import Settings

CEILINGS = {"app": 400, "migrations": 400, "tests": 500}


def test_imports_go_one_way() -> None:
    result = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-logo"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout


def list_code(folder: str) -> list[Path]:
    suffixes = {".py", ".html", ".css", ".js", ".mjs", ".sql"}
    built = ROOT / "app" / "static" / "build"
    files = (ROOT / folder).rglob("*")
    return [file for file in files if file.suffix in suffixes and built not in file.parents]


@pytest.mark.parametrize("folder", CEILINGS)
def test_no_file_is_too_long(folder: str) -> None:
    """A file above the ceiling holds two subjects: split it, the ceiling does not move."""
    lengths = {str(file.relative_to(ROOT)): len(file.read_text().splitlines()) for file in list_code(folder)}
    assert lengths
    assert {file: lines for file, lines in lengths.items() if lines > CEILINGS[folder]} == {}


def test_every_setting_is_documented() -> None:
    documented = (ROOT / "docs" / "operations.md").read_text()
    rows = {line.split("|")[1].strip(): line for line in documented.splitlines() if line.startswith("| `REG")}
    assert rows.keys() == {f"`REGISTER_{name.upper()}`" for name in Settings.model_fields}
    for name, field in Settings.model_fields.items():
        assert field.description is not None
        assert field.description.rstrip(".") in rows[f"`REGISTER_{name.upper()}`"]


def test_migrations_make_the_schema_that_the_models_describe(fresh_database: str) -> None:
    """Raises alembic's own error, naming each difference."""
    engine = create_engine(sqlalchemy_url(fresh_database))
    with engine.begin() as connection:
        command.check(configure_alembic(connection))
    engine.dispose()


def test_set_up_needs_the_standard_library_alone() -> None:
    """It runs before anything is installed: `-S` leaves every installed package out."""
    result = subprocess.run(
        [sys.executable, "-S", "-m", "app.bootstrap", "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert "usage: python3 -m app.bootstrap" in result.stdout


def test_lock_files_name_versions_and_hashes_but_no_package_index() -> None:
    for name in ("main.txt", "dev.txt", "uv.txt"):
        lines = (ROOT / "requirements" / name).read_text()
        pinned = [line for line in lines.splitlines() if line and not line.startswith(" ")]
        assert all("==" in line and line.endswith("\\") for line in pinned)
        assert "://" not in lines
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text()
