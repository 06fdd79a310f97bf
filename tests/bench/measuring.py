"""Running and loading a service: requests per second, latency, and processor time per request."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx

WORKERS: Final = 2
SCRIPT: Final = Path(__file__).with_name("load.lua")
_TICKS: Final = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Service:
    """A running service: its address, and the parent of its worker processes."""

    address: str
    process_id: int


@dataclass(frozen=True, slots=True)
class Measure:
    """One run of the load: requests per second, latency and processor time in milliseconds, bytes of an answer."""

    per_second: float
    p50_ms: float
    p99_ms: float
    cpu_ms: float
    answer_bytes: float


@contextmanager
def run_service(application: str, port: int, database_url: str, *, factory: bool) -> Iterator[Service]:
    """Serve an application by uvicorn with two workers until the block ends."""
    command = [sys.executable, "-m", "uvicorn", application, "--port", str(port), "--workers", str(WORKERS),
               "--no-access-log", "--log-level", "warning", "--no-server-header"]  # fmt: skip
    environment = os.environ | {"REGISTER_DATABASE_URL": database_url}
    # The access log is written, as in production, but not to the terminal.
    process = subprocess.Popen(
        [*command, *(["--factory"] if factory else [])],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _await(address)
        yield Service(address, process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def measure(
    service: Service,
    paths: Sequence[str],
    folder: Path,
    *,
    connections: int,
    seconds: float,
    encoding: str = "identity",
) -> Measure:
    """Request the addresses in turn for some seconds; `encoding` is the content coding that the client takes.

    Raises: RuntimeError when a request failed.
    """
    listing = folder / "paths.txt"
    listing.write_text("\n".join(paths), encoding="utf-8")
    before = _processor_seconds(service.process_id)
    command = [
        "wrk",
        "-t1",
        f"-c{connections}",
        f"-d{seconds:g}s",
        "--latency",
        "-H",
        f"Accept-Encoding: {encoding}",
        "-s",
        str(SCRIPT),
        service.address,
    ]
    run = subprocess.run(
        command, env=os.environ | {"BENCH_PATHS": str(listing)}, capture_output=True, text=True, check=True
    )
    result = json.loads(run.stdout.strip().rpartition("\n")[2])
    if result["failed"] or not result["requests"]:
        raise RuntimeError(f"{result['failed']} of {result['requests']} requests failed: {paths[0]}")
    cpu = _processor_seconds(service.process_id) - before
    return Measure(
        per_second=result["requests"] / result["seconds"],
        p50_ms=result["p50_ms"],
        p99_ms=result["p99_ms"],
        cpu_ms=cpu / result["requests"] * 1000,
        answer_bytes=result["bytes"] / result["requests"],
    )


def warm(service: Service, paths: Sequence[str]) -> None:
    """Request every address twice, so that the caches of each worker and of the database are warm."""
    with httpx.Client(base_url=service.address, timeout=60) as client:
        for path in (*paths, *paths):
            client.get(path).raise_for_status()


def _await(address: str) -> None:
    for _ in range(300):
        try:
            httpx.get(address + "/health/live", timeout=5)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"{address} did not answer")


def _processor_seconds(parent: int) -> float:
    """User and system time of a process and its children, including those that ended."""
    total = 0
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:
            continue
        if int(status.parent.name) == parent or int(fields[1]) == parent:
            total += int(fields[11]) + int(fields[12])
    return total / _TICKS
