"""The first quarter of an hour: start the register on an empty database and try what it offers."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.bootstrap.paths import ROOT
from app.cli.seeding.demo_key import KEY_FILE
from tests.support.waiting import PATIENCE_SECONDS

pytestmark = pytest.mark.slow

COMMAND = Path(sys.executable).with_name("sensor-register")


@pytest.fixture
def kept_key() -> Iterator[None]:
    """The demo key of the developer's own register stays."""
    before = KEY_FILE.read_text() if KEY_FILE.exists() else None
    yield
    if before is None:
        KEY_FILE.unlink(missing_ok=True)
    else:
        KEY_FILE.write_text(before)


@pytest.fixture
def first_start(empty_database: str, kept_key: None) -> Iterator[list[str]]:
    """Output of a first start, to its last request; the register is open meanwhile."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = str(listener.getsockname()[1])
    process = subprocess.Popen(
        [COMMAND, "serve", "--prepare"],
        cwd=ROOT,
        env={**os.environ, "REGISTER_DATABASE_URL": empty_database, "REGISTER_PORT": port},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line.rstrip())
        if "example-sensor.json" in line:
            break
    yield lines
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=PATIENCE_SECONDS)


def ask(line: str) -> dict[str, Any]:
    """Give a printed line to the shell, as a person would."""
    answer = subprocess.run(f"{line} -sS", shell=True, cwd=ROOT, capture_output=True, text=True, check=True)
    document: dict[str, Any] = json.loads(answer.stdout)
    return document


def test_the_three_requests_answer(first_start: list[str]) -> None:
    requests = [line for line in first_start if line.startswith("curl ")]
    near, municipality, register = requests
    nearest = ask(near)["features"]
    assert len(nearest) == 1
    assert nearest[0]["properties"]["distanceM"] <= 500
    assert ask(municipality)["numberMatched"] > 1

    registered = ask(register)
    assert registered["registrationStatus"] == "published"
    found = ask(near.replace("limit=1", "limit=100"))["features"]
    assert registered["id"] in {feature["id"] for feature in found}
