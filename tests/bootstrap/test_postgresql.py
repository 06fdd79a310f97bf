"""PostgreSQL with PostGIS is found, and missing packages are named."""

import subprocess
import sys
from pathlib import Path

import pytest

from app.bootstrap import apt, setup
from app.bootstrap.cannot_start import CannotStart
from app.bootstrap.paths import ROOT
from app.bootstrap.postgresql import find_postgresql


def test_find_postgresql_returns_programs_of_its_version() -> None:
    found = find_postgresql()
    assert found is not None
    version = subprocess.run(
        [found.program("postgres"), "--version"], capture_output=True, text=True, check=True
    )
    assert f" {found.major}." in version.stdout


def test_find_postgresql_of_absent_version_returns_none() -> None:
    assert find_postgresql(9) is None


def make_installation(folder: Path, *, postgis: bool) -> str:
    """Folder with a pg_config as in other distributions, to put on the PATH."""
    for name in ("bin", "share/extension"):
        (folder / name).mkdir(parents=True)
    (folder / "bin" / "postgres").touch()
    if postgis:
        (folder / "share" / "extension" / "postgis.control").touch()
    program = folder / "pg_config"
    program.write_text(f"#!/bin/sh\necho 'PostgreSQL 99.1'; echo {folder}/bin; echo {folder}/share\n")
    program.chmod(0o755)
    return str(folder)


@pytest.mark.parametrize("postgis", [True, False])
def test_find_postgresql_reads_folders_from_pg_config(
    *, postgis: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", make_installation(tmp_path, postgis=postgis))
    assert (find_postgresql(99) is not None) is postgis


def test_missing_packages_are_named_in_one_command(monkeypatch: pytest.MonkeyPatch) -> None:
    """An ordinary user without a terminal gets the command to run."""
    monkeypatch.setattr(apt, "find_postgresql", lambda: None)
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
    with pytest.raises(CannotStart, match=r'sudo sh -c "apt-get update && apt-get install .*postgis.*"'):
        apt.install_system_packages(database=True)


def test_system_without_apt_gets_names_of_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apt, "find_postgresql", lambda: None)
    monkeypatch.setattr("shutil.which", lambda _: None)
    with pytest.raises(CannotStart, match=r"Please install .*postgis"):
        apt.install_system_packages(database=True)


def test_complete_system_installs_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    apt.install_system_packages(database=True)
    assert capsys.readouterr().out == ""


def test_old_python_names_needed_version(tmp_path: Path) -> None:
    """An older Python parses the entry: here one that reports 3.9, without a newer one on its PATH."""
    entry = (ROOT / "app" / "bootstrap" / "__main__.py").read_text()
    claim = "import sys; sys.version_info = (3, 9, 0)\n"
    result = subprocess.run(
        [sys.executable, "-c", claim + entry],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1
    assert "needs Python 3.11 or newer, and python3 here is 3.9" in result.stderr


def test_interrupted_set_up_prints_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(setup, "_set_up", interrupt)
    monkeypatch.setattr(sys, "argv", ["app.bootstrap"])
    with pytest.raises(SystemExit, match="run it again to continue"):
        setup.main()
