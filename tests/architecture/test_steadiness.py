"""No test depends on how fast its machine is: tests measure no time, and wait for what happens."""

import ast
from collections.abc import Iterator
from pathlib import Path

from app.bootstrap.paths import ROOT

TESTS = ROOT / "tests"

MEASURES = {"monotonic", "perf_counter", "process_time"}

ALLOWED = {
    # It is what all others use.
    "support/waiting.py",
    # The pause of a slow server.
    "support/harvest_servers.py",
}

PROGRAMS = {"bench", "lighthouse"}
"""Folders of programs that measure; they contain no tests."""


def list_modules() -> Iterator[Path]:
    for path in sorted(TESTS.rglob("*.py")):
        below = path.relative_to(TESTS)
        if below.parts[0] not in PROGRAMS and below.as_posix() not in ALLOWED:
            yield path


def find_clocks(code: str) -> list[str]:
    """The calls of a module that measure time or let it pass, each with its line."""
    found = []
    for node in ast.walk(ast.parse(code)):
        if not isinstance(node, ast.Call):
            continue
        called = ast.unparse(node.func)
        name = called.rpartition(".")[2]
        if name in MEASURES or called in ("sleep", "time.sleep"):
            found.append(f"{node.lineno}: {called}")
    return found


def test_tests_measure_no_time_and_wait_for_what_happens() -> None:
    found = {
        str(path.relative_to(ROOT)): clocks
        for path in list_modules()
        if (clocks := find_clocks(path.read_text(encoding="utf-8")))
    }
    assert found == {}, "see tests/support/waiting.py; speed is shown by a benchmark"


def test_measured_time_and_sleep_are_found() -> None:
    code = "sleep(1)\ntime.sleep(2)\nbegan = time.monotonic()\nawait asyncio.sleep(0)\nsetattr(a, 'monotonic', now)"
    assert find_clocks(code) == ["1: sleep", "2: time.sleep", "3: time.monotonic"]
