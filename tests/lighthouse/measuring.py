"""Lighthouse on addresses of a running site, in Debian's Chromium. Set-up installs it with `--lighthouse`."""

import json
import os
import socket
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.bootstrap.paths import LIGHTHOUSE, VENV
from tests.support.browser import SOFTWARE_DRAWING, open_browser

FORMS = ("mobile", "desktop")
TIMELESS = ("accessibility", "best-practices", "seo")
CATEGORIES = ("performance", *TIMELESS)
"""Categories of Lighthouse; the first depends on the machine and its load."""


@dataclass(frozen=True, slots=True)
class Report:
    """Scores and sizes of one address by Lighthouse: scores of 0 to 100 by category, times in milliseconds."""

    address: str
    final_address: str
    problem: str | None
    scores: dict[str, int]
    failed: list[str]
    first_paint_ms: float | None
    largest_paint_ms: float | None
    blocked_ms: float | None
    layout_shift: float | None
    bytes: float | None


def measure_pages(
    addresses: Sequence[str], form: str, categories: Sequence[str], *, cookie: str = ""
) -> list[Report]:
    """A report of each address, on the phone (with slow 4G) or the desk that Lighthouse imitates.

    `cookie` is the header of someone who is signed in.
    """
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    script = Path(__file__).with_name("measure.mjs")
    library = LIGHTHOUSE / "node_modules" / "lighthouse" / "core" / "index.js"
    words = [library.as_uri(), port, form, ",".join(categories), cookie, *addresses]
    command: list[str | Path] = [VENV / "bin" / "node", script, *words]
    with open_browser(*SOFTWARE_DRAWING, f"--remote-debugging-port={port}"):
        done = subprocess.run(
            command, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, check=False
        )
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    return [Report(**json.loads(line)) for line in done.stdout.splitlines()]
