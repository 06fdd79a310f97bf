"""Bytes and processor time of answers as they are and in each content coding."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from rich.table import Table

from app.core.http.compression import ENCODINGS
from tests.bench.measuring import Service, measure, warm
from tests.bench.workloads import ITEMS, Workload

COMPRESSED: Final = "compressed answers"
CODINGS: Final = ("identity", *(encoding.name.decode() for encoding in ENCODINGS))
MEASURED: Final = ("box 1 km²", "city box, limit 1000", "one sensor", "tile z14")
"""Workloads of which the answers are measured, beside pages and documents."""
OTHERS: Final = (
    Workload("start page", 0.0, ["/"]),
    Workload("list of sensors", 0.0, ["/sensoren"]),
    Workload("OpenAPI document", 0.0, ["/v1/openapi.json"]),
    Workload("CSV of 1,000", 0.0, [f"{ITEMS}?f=csv&limit=1000"]),
)


def compare_encodings(service: Service, workloads: Sequence[Workload], folder: Path, seconds: float) -> Table:
    """A table of kilobytes and milliseconds of processor time of an answer, by its coding."""
    table = Table(title=f"{COMPRESSED}: kB with headers / CPU ms")
    table.add_column("answer")
    for coding in CODINGS:
        table.add_column(coding, justify="right")
    for workload in [*(one for one in workloads if one.name in MEASURED), *OTHERS]:
        warm(service, workload.paths)
        measures = [
            measure(service, workload.paths, folder, connections=4, seconds=seconds, encoding=coding)
            for coding in CODINGS
        ]
        table.add_row(
            workload.name, *(f"{one.answer_bytes / 1000:.1f} / {one.cpu_ms:.2f}" for one in measures)
        )
    return table
