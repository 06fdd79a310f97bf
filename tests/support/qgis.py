"""QGIS without a window, started as a program of its own."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any, Final

from app.bootstrap.paths import ROOT

SYSTEM_PYTHON: Final = "/usr/bin/python3"
"""Debian's QGIS comes with a module for this Python."""


def run_script(script: str, address: str, folder: Path) -> dict[str, Any]:
    """The printed JSON of a script of `tests/clients`; each has a profile of its own: QGIS caches what it fetched."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [SYSTEM_PYTHON, "-m", f"tests.clients.{script}", address, folder],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert done.returncode == 0, done.stderr
    read: dict[str, Any] = json.loads(done.stdout)
    return read
