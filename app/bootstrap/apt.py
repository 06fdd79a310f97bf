"""What must come from Debian's or Ubuntu's own packages: PostgreSQL with PostGIS, and Python's venv."""

import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec

from app.bootstrap.errors import CannotStart
from app.bootstrap.postgresql import find_postgresql
from app.bootstrap.steps import run_program

_QUIETLY = {"DEBIAN_FRONTEND": "noninteractive"}


def install_system_packages(*, with_database: bool) -> None:
    """Install by apt what this machine lacks: as root at once, else after asking for sudo.

    Raises: CannotStart with the command to give, where we may not give it ourselves.
    """
    if not _missing(with_database=with_database):
        return
    if not shutil.which("apt-get"):
        raise CannotStart(
            "Please install PostgreSQL with PostGIS and Python's venv module; "
            "set-up can do that by itself on Debian and Ubuntu only."
        )
    if os.geteuid() == 0:
        _install_as_root(with_database=with_database)
    else:
        _install_with_sudo(_missing(with_database=with_database))
    if still := _missing(with_database=with_database):
        raise CannotStart(f"After the installation these are still missing: {' '.join(still)}.")


def _missing(*, with_database: bool) -> list[str]:
    packages = []
    if with_database and find_postgresql() is None:
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


def _install_as_root(*, with_database: bool) -> None:
    # A fresh image has no package lists, an old one has outdated ones: both need the update.
    print("Reading the lists of system packages …", flush=True)
    run_program(["apt-get", "update"], _QUIETLY)
    packages = _missing(with_database=with_database)
    print(f"Installing {' '.join(packages)} …", flush=True)
    run_program(["apt-get", "install", "--yes", "--no-install-recommends", *packages], _QUIETLY)


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
