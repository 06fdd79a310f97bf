"""Where things lie: the working tree, and the folder `.local/` with all that set-up and the register make."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCAL = ROOT / ".local"
VENV = LOCAL / "venv"
STAMPS = LOCAL / "stamps"
"""One small file for each finished step of set-up: the fingerprint of what it was made from."""
GRID = LOCAL / "proj"
"""PROJ's correction grid for RD New; for PostgreSQL and for Python alike."""
CLUSTER = LOCAL / "cluster"
"""The private PostgreSQL cluster; back this up."""
