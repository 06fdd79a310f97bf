"""Milliseconds of pages and statistics for one reader: warm, and the first answer after a change of the register.

Counts on request are cached until the next change. In a busy register each reader meets a new change, so that the first
answer is what counts. The start page in the same run is the measure of the machine: compare the ratios.
"""

import math
import time
from collections.abc import Iterator, Sequence
from statistics import median
from typing import Final

import httpx
import psycopg
from rich.table import Table

from app.tiles.tile_matrix_sets import WEB_MERCATOR_QUAD, Tile
from tests.bench.measuring import Service

PAGES: Final = "pages and statistics"
MEASURED: Final = {
    "start page": "/",
    "list": "/sensoren",
    "list of a kind": "/sensoren?sensorType=sound",
    "list of a province": "/sensoren?province=Utrecht",
    "list with personal data": "/sensoren?personalData=yes",
    "list of common words": "/sensoren?q=straat",
    "newest with personal data": "/sensoren?personalData=yes&sortby=-placedFrom",
    "list of a kind in a city": "/sensoren?sensorType=sound&municipality=Amsterdam",
    "map": "/kaart",
    "figures": "/cijfers",
    "municipality": "/gemeente/amsterdam",
    "province": "/provincie/noord-holland",
    "kind": "/soort/sound",
    "comparison": "/cijfers/vergelijk?gemeente=Utrecht&gemeente=Amsterdam&gemeente=Rotterdam",
    "spot": "/hier?plek=4.8932,52.3731",
    "statistics": "/v1/statistics",
    "statistics by one": "/v1/statistics?by=owner",
    "statistics by two": "/v1/statistics?by=sensorType,theme",
    "statistics of a kind by one": "/v1/statistics?by=municipality&sensorType=sound",
    "statistics by two, on request": "/v1/statistics?by=owner,theme",
}
ROUNDS: Final = 3
WARM: Final = 4
"""Rounds of one first request after a change, and the warm requests after it."""

ZOOMS: Final = (6, 8, 10, 12, 14)
PANS: Final = 20
_CENTRE: Final = (4.8932, 52.3731)

# A change of nothing: what is cached until the next change is not found after it.
_CHANGE: Final = """
INSERT INTO publication.change (number, sensor_id, kind, recorded_at)
SELECT number + 1, sensor_id, kind, now() FROM publication.change ORDER BY number DESC LIMIT 1
"""


def measure_pages(service: Service, database_url: str) -> Table:
    """A table of the milliseconds of each page and of pans over a map, which are nine tiles and the list in view.

    Raises: httpx.HTTPStatusError when a request failed.
    """
    table = Table(title=f"{PAGES}: ms for one reader, medians; times the warm start page")
    for name in ("page", "warm", "first", "longest first", "warm, ratio", "first, ratio"):
        table.add_column(name, justify="left" if name == "page" else "right")
    with (
        httpx.Client(base_url=service.address, timeout=60, follow_redirects=True) as client,
        psycopg.connect(database_url, autocommit=True) as database,
    ):
        start = 0.0
        for name, readings in _list_readings():
            # Each worker compiles its templates and statements.
            _ = [_time(client, readings[0]) for _ in range(WARM)]
            first, warm = [], []
            for reading in readings:
                database.execute(_CHANGE)
                first.append(_time(client, reading))
                warm += [_time(client, reading) for _ in range(WARM if len(readings) == ROUNDS else 1)]
            start = start or median(warm)
            times = (median(warm), median(first), max(first))
            ratios = (median(warm) / start, median(first) / start)
            table.add_row(name, *(f"{one:.0f}" for one in times), *(f"{one:.1f}" for one in ratios))
    return table


def _list_readings() -> Iterator[tuple[str, list[list[str]]]]:
    """The name of each row, and the addresses of each of its readings."""
    for name, path in MEASURED.items():
        yield name, [[path]] * ROUNDS
    for zoom in ZOOMS:
        yield f"pan at zoom {zoom}", [_list_pan(zoom, step) for step in range(PANS)]


def _list_pan(zoom: int, step: int) -> list[str]:
    """The addresses of a view of at most three by three tiles, moved for each step: east, then back a row lower."""
    across = int((_CENTRE[0] + 180) / 360 * (1 << zoom)) + step % 5 - 2
    down = (
        int((0.5 - math.asinh(math.tan(math.radians(_CENTRE[1]))) / (2 * math.pi)) * (1 << zoom))
        + step // 5
        - 1
    )
    # A map asks for no tile beyond the bounds of the layer, which would be 404.
    tiles = [
        f"/v1/tiles/WebMercatorQuad/{zoom}/{down + row}/{across + column}?f=mvt"
        for row in (-1, 0, 1)
        for column in (-1, 0, 1)
        if Tile(WEB_MERCATOR_QUAD, zoom, down + row, across + column).is_within_limits
    ]
    west, east = (_longitude(across + edge, zoom) for edge in (-1, 2))
    south, north = (_latitude(down + edge, zoom) for edge in (2, -1))
    return [*tiles, f"/kaart/in-beeld?bbox={west:.5f},{south:.5f},{east:.5f},{north:.5f}"]


def _longitude(across: int, zoom: int) -> float:
    return across / (1 << zoom) * 360 - 180


def _latitude(down: int, zoom: int) -> float:
    return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * down / (1 << zoom)))))


def _time(client: httpx.Client, paths: Sequence[str]) -> float:
    """The milliseconds of these requests one after the other."""
    begin = time.perf_counter()
    for path in paths:
        client.get(path).raise_for_status()
    return (time.perf_counter() - begin) * 1000
