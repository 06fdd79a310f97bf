"""Contracts of the architecture: direction of imports, length of files, settings, schema, set-up, lock files."""

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


def test_import_contracts_are_kept() -> None:
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
def test_files_are_below_their_ceiling(folder: str) -> None:
    """A file above the ceiling has two subjects: split it, and leave the ceiling."""
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


def test_migrations_make_the_schema_of_the_tables(fresh_database: str) -> None:
    """Alembic raises an error that names each difference."""
    engine = create_engine(sqlalchemy_url(fresh_database))
    with engine.begin() as connection:
        command.check(configure_alembic(connection))
    engine.dispose()


def test_set_up_needs_only_the_standard_library() -> None:
    """Set-up runs before anything is installed: `-S` leaves out every installed package."""
    result = subprocess.run(
        [sys.executable, "-S", "-m", "app.bootstrap", "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert "usage: python3 -m app.bootstrap" in result.stdout


def test_lock_files_have_versions_and_hashes_without_package_index() -> None:
    for name in ("main.txt", "dev.txt", "uv.txt"):
        lines = (ROOT / "requirements" / name).read_text()
        pinned = [line for line in lines.splitlines() if line and not line.startswith(" ")]
        assert all("==" in line and line.endswith("\\") for line in pinned)
        assert "://" not in lines
    for folder in (ROOT, ROOT / "tests" / "lighthouse"):
        assert '"resolved"' not in (folder / "package-lock.json").read_text()
