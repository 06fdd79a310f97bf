"""System packages of Debian or Ubuntu: PostgreSQL with PostGIS, Python's venv, programs for tests."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from functools import partial
from importlib.util import find_spec
from pathlib import Path

from app.bootstrap.cannot_start import CannotStart
from app.bootstrap.postgresql import find_postgresql
from app.bootstrap.steps import run_program

PACKAGES_OF_PROGRAMS = {
    "caddy": ("caddy",),
    "chromium": ("chromium",),
    "curl": ("curl",),
    "nginx": ("nginx-light",),
    "ogrinfo": ("gdal-bin",),
    "qgis": ("python3-qgis", "qgis-providers"),
    "wrk": ("wrk",),
}
"""Packages of the programs that the long tests and the bench run, by program."""

_FOLDERS_OF_PACKAGES = {
    "python3-qgis": Path("/usr/lib/python3/dist-packages/qgis"),
    "qgis-providers": Path("/usr/lib/qgis"),
}
"""Folders that show whether a package without a program is installed: the tests run QGIS from Python."""

_NONINTERACTIVE = {"DEBIAN_FRONTEND": "noninteractive"}


def install_system_packages(*, database: bool, programs: Sequence[str] = ()) -> None:
    """Install missing packages by apt: as root directly, else by sudo after a confirmation.

    Raises: CannotStart with the command to run, where set-up may not run it.
    """
    missing = partial(_find_missing, programs, database=database)
    if not missing():
        return
    if not shutil.which("apt-get"):
        raise CannotStart(
            f"Please install the contents of these Debian packages: {' '.join(missing())}. "
            "Set-up installs them only on Debian and Ubuntu."
        )
    if os.geteuid() == 0:
        # The lists of packages are absent on a fresh machine and outdated on an old one.
        print("Reading the lists of system packages …", flush=True)
        run_program(["apt-get", "update"], _NONINTERACTIVE)
        packages = missing()
        print(f"Installing {' '.join(packages)} …", flush=True)
        run_program(["apt-get", "install", "--yes", "--no-install-recommends", *packages], _NONINTERACTIVE)
    else:
        _install_with_sudo(missing())
    if still_missing := missing():
        raise CannotStart(f"After the installation these are still missing: {' '.join(still_missing)}.")


def _find_missing(programs: Sequence[str], *, database: bool) -> list[str]:
    packages = [
        package
        for program in programs
        for package in PACKAGES_OF_PROGRAMS[program]
        if not (
            _FOLDERS_OF_PACKAGES[package].exists()
            if package in _FOLDERS_OF_PACKAGES
            else shutil.which(program)
        )
    ]
    if database and find_postgresql() is None:
        packages.append(_postgis_package())
    if find_spec("ensurepip") is None:
        packages.append(f"python3.{sys.version_info.minor}-venv")
    return packages


def _postgis_package() -> str:
    """Package of PostGIS for the newest PostgreSQL of this release; it depends on the server."""
    if not shutil.which("apt-cache"):
        return "postgresql-postgis"
    names = subprocess.run(
        ["apt-cache", "search", "--names-only", r"^postgresql-[0-9]+-postgis-3$"],  # noqa: S607 - apt, dpkg and sudo are found on the PATH of the system
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    majors = [int(major) for major in re.findall(r"^postgresql-(\d+)-postgis-3 ", names, re.MULTILINE)]
    return f"postgresql-{max(majors)}-postgis-3" if majors else "postgresql-postgis"


def _install_with_sudo(packages: list[str]) -> None:
    install = f"apt-get update && apt-get install --yes --no-install-recommends {' '.join(packages)}"
    command = f'sudo sh -c "{install}"'
    if not (sys.stdin.isatty() and shutil.which("sudo")):
        raise CannotStart(
            f"The register needs system packages. Run this command, then start again:\n\n  {command}\n"
        )
    print(f"The register needs system packages, installed by:\n\n  {command}\n")
    if input("Run this now? [y/N] ").strip().lower() not in {"y", "yes", "j", "ja"}:
        raise CannotStart("Nothing was installed.")
    subprocess.run(["sudo", "sh", "-c", install], check=False)  # noqa: S607 - apt, dpkg and sudo are found on the PATH of the system
