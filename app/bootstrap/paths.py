"""Paths of the working tree and of `.local/`, which holds everything that set-up and the register make."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCAL = ROOT / ".local"
VENV = LOCAL / "venv"
STAMPS = LOCAL / "stamps"
"""Folder with a file for each finished step of set-up: the fingerprint of its inputs."""
LIGHTHOUSE = LOCAL / "lighthouse"
"""Folder of the packages of Lighthouse, which measures pages."""
GRID = LOCAL / "proj"
"""Folder of PROJ's correction grid for RD New, for PostgreSQL and Python."""
CLUSTER = LOCAL / "cluster"
"""Folder of the private PostgreSQL cluster; the only one to back up."""
