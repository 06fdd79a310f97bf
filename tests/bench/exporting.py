"""Speed and memory of the export of a whole search."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.bench.measuring import Service
from tests.bench.workloads import ITEMS

CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Export:
    """One export: seconds in all, milliseconds to the first byte, megabytes sent and grown."""

    seconds: float
    first_byte_ms: float
    sent_mb: float
    grown_mb: float


def measure_export(service: Service, features: int, form: str = "json-seq") -> Export:
    """Read that many features to the end and discard them. Raises: httpx errors."""
    sent, first_byte = 0, 0.0
    address = f"{service.address}{ITEMS}?f={form}&limit={features}"
    with _watch_memory(service.process_id) as megabytes:
        begin = time.perf_counter()
        with httpx.stream("GET", address, timeout=1800) as answer:
            answer.raise_for_status()
            for chunk in answer.iter_raw(CHUNK_BYTES):
                if not sent:
                    first_byte = time.perf_counter() - begin
                sent += len(chunk)
        seconds = time.perf_counter() - begin
    return Export(seconds, first_byte * 1000, sent / 1e6, max(megabytes) - megabytes[0])


@contextmanager
def _watch_memory(process_id: int) -> Iterator[list[float]]:
    """Memory of a service, measured a few times a second until the block ends, also before the first byte."""
    megabytes, ended = [_resident_megabytes(process_id)], threading.Event()

    def watch() -> None:
        while not ended.wait(0.25):
            megabytes.append(_resident_megabytes(process_id))

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        yield megabytes
    finally:
        ended.set()
        watching.join()


def _resident_megabytes(parent: int) -> float:
    """Memory of a process and its children."""
    total = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            lines = dict(line.split(":", 1) for line in status.read_text(encoding="utf-8").splitlines())
        except OSError:
            continue
        if int(status.parent.name) == parent or int(lines["PPid"]) == parent:
            total += int(lines.get("VmRSS", "0 kB").split()[0])
    return total / 1024
