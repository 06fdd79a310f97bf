"""What must come from Debian's or Ubuntu's own packages: PostgreSQL with PostGIS, Python's venv, test programs."""

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
    "chromium": ("chromium",),
    "curl": ("curl",),
    "ogrinfo": ("gdal-bin",),
    "qgis": ("python3-qgis", "qgis-providers"),
    "wrk": ("wrk",),
}
"""What the long tests and the bench try the register with: the real programs that people use."""

_WITHOUT_PROGRAM = {
    "python3-qgis": Path("/usr/lib/python3/dist-packages/qgis"),
    "qgis-providers": Path("/usr/lib/qgis"),
}
"""Packages that hold no program of the name asked for, and where they lie: QGIS is driven from Python here."""

_QUIETLY = {"DEBIAN_FRONTEND": "noninteractive"}


def install_system_packages(*, database: bool, programs: Sequence[str] = ()) -> None:
    """Install by apt what this machine lacks: as root at once, else after asking for sudo.

    Raises: CannotStart with the command to give, where we may not give it ourselves.
    """
    missing = partial(_find_missing, programs, database=database)
    if not missing():
        return
    if not shutil.which("apt-get"):
        raise CannotStart(
            f"Please install what these packages of Debian hold: {' '.join(missing())}. "
            "Set-up can do that by itself on Debian and Ubuntu only."
        )
    if os.geteuid() == 0:
        # A fresh machine has no lists of packages, an old one has outdated ones: both need the update.
        print("Reading the lists of system packages …", flush=True)
        run_program(["apt-get", "update"], _QUIETLY)
        packages = missing()
        print(f"Installing {' '.join(packages)} …", flush=True)
        run_program(["apt-get", "install", "--yes", "--no-install-recommends", *packages], _QUIETLY)
    else:
        _install_with_sudo(missing())
    if still := missing():
        raise CannotStart(f"After the installation these are still missing: {' '.join(still)}.")


def _find_missing(programs: Sequence[str], *, database: bool) -> list[str]:
    packages = [
        package
        for program in programs
        for package in PACKAGES_OF_PROGRAMS[program]
        if not (_WITHOUT_PROGRAM[package].exists() if package in _WITHOUT_PROGRAM else shutil.which(program))
    ]
    if database and find_postgresql() is None:
        packages.append(_postgis_package())
    if find_spec("ensurepip") is None:
        packages.append(f"python3.{sys.version_info.minor}-venv")
    return packages


def _postgis_package() -> str:
    """The package of the newest PostgreSQL that this release has PostGIS for; it brings the server along."""
    if not shutil.which("apt-cache"):
        return "postgresql-postgis"
    names = subprocess.run(
        ["apt-cache", "search", "--names-only", r"^postgresql-[0-9]+-postgis-3$"],  # noqa: S607 - apt, dpkg and sudo lie where the system has them
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
            f"The register needs system packages. Please run this, then start again:\n\n  {command}\n"
        )
    print(f"The register needs system packages, installed by:\n\n  {command}\n")
    if input("Run this now? [y/N] ").strip().lower() not in {"y", "yes", "j", "ja"}:
        raise CannotStart("Nothing was installed.")
    subprocess.run(["sudo", "sh", "-c", install], check=False)  # noqa: S607 - apt, dpkg and sudo lie where the system has them
