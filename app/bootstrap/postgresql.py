"""The PostgreSQL servers with PostGIS on this machine."""

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Postgresql:
    """An installed PostgreSQL server that has PostGIS."""

    major: int
    programs: Path
    """The folder of initdb, pg_ctl and postgres."""

    def program(self, name: str) -> str:
        return str(self.programs / name)


def find_postgresql(major: int | None = None) -> Postgresql | None:
    """The newest PostgreSQL with PostGIS on this machine, or the one of the given major version.

    Debian and Ubuntu install versions side by side and outside the PATH; on other systems pg_config names the folders.
    """
    found = {server.major: server for server in (*_list_pg_config_servers(), *_list_debian_servers())}
    return found.get(major or max(found, default=0))


def _list_debian_servers() -> Iterator[Postgresql]:
    for programs in Path("/usr/lib/postgresql").glob("*/bin"):
        version = programs.parent.name
        if version.isdigit():
            yield from _yield_if_complete(int(version), programs, Path("/usr/share/postgresql", version))


def _list_pg_config_servers() -> Iterator[Postgresql]:
    try:
        answer = subprocess.run(
            ["pg_config", "--version", "--bindir", "--sharedir"],  # noqa: S607 - is found on the PATH of the system
            capture_output=True,
            text=True,
            check=True,
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        return
    version, programs, share = answer.splitlines()
    if major := re.search(r"\d+", version):
        yield from _yield_if_complete(int(major.group()), Path(programs), Path(share))


def _yield_if_complete(major: int, programs: Path, share: Path) -> Iterator[Postgresql]:
    if (programs / "postgres").exists() and (share / "extension" / "postgis.control").exists():
        yield Postgresql(major, programs)
