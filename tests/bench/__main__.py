"""`make bench`: the register beside the bare ceiling, alternating, on the same database, in one run.

The import is last, in a database of its own, which it fills.
"""

import asyncio
import shutil
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Annotated

import psycopg
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from app.bootstrap.paths import GRID, ROOT
from app.core.clock import dutch_date
from app.core.database import create_read_pool, create_write_engine, transaction
from app.core.migrations import migrate_database
from app.core.settings import Settings
from app.features.item_parameters import MAX_STREAMED
from app.files.writers.schema import EXCEL, FORMATS, Format
from app.local_postgres.cluster import ADMINISTRATOR, USER, Cluster, run_cluster
from app.municipalities.approximation import load_approximate_edition
from app.sensors.publication.maintenance import rewrite_in_order
from app.sensors.search.sensor_search import SensorSearch
from app.spatial.crs import add_grid
from app.spatial.rd_grid import build_grid
from app.tiles.queries import read_tile
from app.tiles.tile_matrix_sets import WEB_MERCATOR_QUAD, Tile
from tests.bench.compressing import COMPRESSED, compare_encodings
from tests.bench.exporting import measure_export
from tests.bench.importing import compare_imports
from tests.bench.measuring import Measure, Service, measure, run_service, warm
from tests.bench.pages import PAGES, measure_pages
from tests.bench.synthetic import make_sensors
from tests.bench.workloads import Workload, list_workloads

OUR_PORT, CEILING_PORT = 8765, 8766
EXPORT, EXPORTED = "export as a sequence", 100_000
WHOLE = "whole collection as"
COLD_TILES = "cold tile"
IMPORT, IMPORTS = "import", "imports"
TILE_SEARCHES = {
    "all": SensorSearch(dutch_date()),
    "a type that processes": SensorSearch(
        dutch_date(), values={"sensorType": ("sound",), "personalData": ("yes",)}
    ),
    "what is fixed": SensorSearch(dutch_date(), values={"mobility": ("fixed",)}),
}
"""Searches with maintained counts, and searches counted on request: a few sensors, and nearly all."""
console = Console(width=130)


def run(
    sensors: Annotated[int, typer.Option(help="How many synthetic sensors.", min=1000)] = 100_000,
    rounds: Annotated[int, typer.Option(help="Rounds of each; the median counts.", min=1)] = 3,
    seconds: Annotated[float, typer.Option(help="Length of one measurement.", min=1)] = 4,
    database_url: Annotated[
        str | None, typer.Option(help="A database already filled by an earlier run.")
    ] = None,
    only: Annotated[str, typer.Option(help="Only workloads whose name holds this; import alone.")] = "",
) -> None:
    """Measure requests per second, latency, processor time and the share of the ceiling."""
    if shutil.which("wrk") is None:
        raise typer.BadParameter("wrk is needed for the load: sudo apt-get install wrk")
    build_grid(GRID)
    add_grid(GRID)
    # Two folders: PostgreSQL runs as another user, which cannot enter our folder.
    folder, home = (
        Path(tempfile.mkdtemp(prefix=f"sensor-register-bench-{purpose}-", dir="/tmp"))
        for purpose in ("lists", "cluster")
    )
    try:
        if database_url:
            _compare(database_url, folder, rounds, seconds, only)
        else:
            with run_cluster(home) as cluster:
                if only != IMPORT:
                    _fill(cluster.url(), sensors)
                    _compare(cluster.url(), folder, rounds, seconds, only)
                if only in IMPORT:
                    compare_imports(_prepare_imports(cluster), folder, sensors, console)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(home, ignore_errors=True)


def _prepare_imports(cluster: Cluster) -> str:
    """Create a database with municipalities and without sensors."""
    with psycopg.connect(cluster.url("postgres", ADMINISTRATOR), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {IMPORTS} OWNER {USER}")
    with psycopg.connect(cluster.url(IMPORTS, ADMINISTRATOR), autocommit=True) as connection:
        connection.execute("CREATE EXTENSION postgis WITH SCHEMA public")
    url = cluster.url(IMPORTS)
    migrate_database(url)
    engine = create_write_engine(url, Settings())
    with transaction(engine) as session:
        load_approximate_edition(session, ROOT / "node_modules", 2026)
    engine.dispose()
    return url


def _fill(url: str, sensors: int) -> None:
    migrate_database(url)
    engine = create_write_engine(url, Settings())
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=console) as progress:
        with transaction(engine) as session:
            load_approximate_edition(session, ROOT / "node_modules", 2026)
        task = progress.add_task("Making synthetic sensors", total=sensors)
        make_sensors(engine, sensors, lambda done: progress.update(task, completed=done))
        rewrite_in_order(engine)
    engine.dispose()


def _compare(url: str, folder: Path, rounds: int, seconds: float, only: str) -> None:
    engine = create_write_engine(url, Settings())
    with (
        run_service("app.main:serve", OUR_PORT, url, factory=True) as ours,
        run_service("tests.bench.ceiling:app", CEILING_PORT, url, factory=False) as ceiling,
    ):
        table = _make_table()
        for workload in list_workloads(engine, ours.address):
            if workload.paths and only in workload.name:
                _add_row(table, workload, *_alternate(ceiling, ours, workload, folder, rounds, seconds))
                console.print(f"measured: {workload.name}")
        if table.row_count:
            console.print(table)
        if only in EXPORT:
            _compare_exports(ceiling, ours, rounds)
        for form in FORMATS:
            # A worksheet has fewer rows than the sensors measured here.
            if form is not EXCEL and only in f"{WHOLE} {form.name}":
                _export_all(ours, form)
        if only in COMPRESSED:
            console.print(compare_encodings(ours, list_workloads(engine, ours.address), folder, seconds))
        if only in PAGES:
            console.print(measure_pages(ours, url))
        if only in COLD_TILES:
            asyncio.run(_measure_cold_tiles(url))
    engine.dispose()


def _compare_exports(ceiling: Service, ours: Service, rounds: int) -> None:
    """Measure the same features by COPY and as a GeoJSON text sequence, in turn."""
    pairs = [(measure_export(ceiling, EXPORTED), measure_export(ours, EXPORTED)) for _ in range(rounds)]
    exports = [export for _, export in pairs]
    console.print(
        f"{EXPORT} {EXPORTED}: {median(one.seconds for one in exports):.2f} s, "
        f"{median(one.sent_mb for one in exports):.0f} MB, "
        f"share {median(bare.seconds / export.seconds for bare, export in pairs):.0%}, "
        f"first byte {median(one.first_byte_ms for one in exports):.0f} ms, "
        f"memory grown {max(one.grown_mb for one in exports):.0f} MB"
    )


def _export_all(ours: Service, form: Format) -> None:
    """Measure all features in one format, by a process that has loaded its libraries."""
    for _ in range(4):
        measure_export(ours, 11_000, form.name)
    export = measure_export(ours, MAX_STREAMED, form.name)
    console.print(
        f"{WHOLE} {form.name}: {export.seconds:.1f} s, {export.sent_mb:.0f} MB,"
        f" memory grown {export.grown_mb:.0f} MB"
    )


async def _measure_cold_tiles(url: str) -> None:
    """Measure tiles of the whole country, of a region and of a town, without the cache."""
    async with create_read_pool(url, Settings()) as pool:
        for name, search in TILE_SEARCHES.items():
            for zoom, row, col in ((0, 0, 0), (6, 21, 32), (10, 336, 525)):
                times = []
                for _ in range(21):
                    begin = time.perf_counter()
                    content, _ = await read_tile(pool, Tile(WEB_MERCATOR_QUAD, zoom, row, col), search)
                    times.append((time.perf_counter() - begin) * 1000)
                console.print(
                    f"{COLD_TILES} of {name}, z{zoom}: p50 {median(times):.1f} ms, {len(content)} bytes"
                )


Rounds = list[tuple[Measure, Measure]]


def _alternate(  # noqa: PLR0917 - what is measured, on what, how often and how long
    ceiling: Service, ours: Service, workload: Workload, folder: Path, rounds: int, seconds: float
) -> tuple[Rounds, Rounds]:
    """Measure rounds of (ceiling, ours) at 16 connections and at 1, one after the other."""
    for service in (ceiling, ours):
        warm(service, workload.paths)
    at_16, at_1 = (
        [
            (
                measure(ceiling, workload.paths, folder, connections=connections, seconds=seconds),
                measure(ours, workload.paths, folder, connections=connections, seconds=seconds),
            )
            for _ in range(rounds)
        ]
        for connections in (16, 1)
    )
    return at_16, at_1


def _make_table() -> Table:
    table = Table(title="Requests per second, milliseconds; medians of the rounds")
    for name in ("workload", "ceiling/s", "ours/s", "share", "target", "p50 @16", "p99 @16", "p50 @1", "p99 @1",
                 "ceiling p50 @1", "CPU ms/request"):  # fmt: skip
        table.add_column(name, justify="left" if name == "workload" else "right")
    return table


def _add_row(table: Table, workload: Workload, at_16: Rounds, at_1: Rounds) -> None:
    ours_16, ours_1 = [ours for _, ours in at_16], [ours for _, ours in at_1]
    share = median(ours.per_second / ceiling.per_second for ceiling, ours in at_16)
    table.add_row(
        workload.name,
        f"{median(ceiling.per_second for ceiling, _ in at_16):.0f}",
        f"{median(ours.per_second for ours in ours_16):.0f}",
        f"{share:.0%}",
        f"{workload.target:.0%}" if workload.target else "",
        f"{median(one.p50_ms for one in ours_16):.2f}",
        f"{median(one.p99_ms for one in ours_16):.2f}",
        f"{median(one.p50_ms for one in ours_1):.2f}",
        f"{median(one.p99_ms for one in ours_1):.2f}",
        f"{median(ceiling.p50_ms for ceiling, _ in at_1):.2f}",
        f"{median(one.cpu_ms for one in ours_16):.2f}",
    )


if __name__ == "__main__":
    typer.run(run)
