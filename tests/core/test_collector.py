"""The garbage collector of a process that runs commands or jobs."""

import subprocess
import sys

COUNT_COLLECTIONS = """
import gc
from app.core.collector import settle_collector

settle_collector()
before = gc.get_stats()
rows = [{"number": [number]} for number in range(20_000)]
print(sum(now["collections"] - then["collections"] for now, then in zip(gc.get_stats(), before)))
del rows
for _ in range(60_000):
    cycle = []
    cycle.append(cycle)
print(sum(now["collected"] - then["collected"] for now, then in zip(gc.get_stats(), before)) > 40_000)
"""


def test_collector_leaves_thousands_of_rows_alone_and_still_frees_cycles() -> None:
    # The setting is one of the whole process, so this one is left alone.
    run = subprocess.run(
        [sys.executable, "-c", COUNT_COLLECTIONS], capture_output=True, text=True, check=True
    )
    assert run.stdout.split() == ["0", "True"]
