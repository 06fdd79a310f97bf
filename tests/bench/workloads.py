"""Workloads: requests of residents, officers and GIS tools, each in a few hundred places."""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

import httpx
from sqlalchemy import Engine, text

ITEMS = "/v1/collections/sensors/items"
RD = "http://www.opengis.net/def/crs/EPSG/0/28992"
FILTER = "sensorType='sound' AND personalData='none'"
ADDRESSES = 200
"""Number of different addresses in a workload, so that no single cached answer is measured."""


@dataclass(frozen=True, slots=True)
class Workload:
    """One kind of request; `target` is the share of the ceiling's requests per second to reach."""

    name: str
    target: float
    paths: Sequence[str]


def list_workloads(engine: Engine, address: str) -> list[Workload]:
    """List every workload, at places of sensors; `address` is the running service, to find page 5,000."""
    places = _choose_places(engine)
    with engine.connect() as connection:
        codes = list(
            connection.scalars(
                text(
                    "SELECT municipality_code FROM publication.municipality_sensor GROUP BY 1 ORDER BY count(*) DESC"
                )
            )
        )[:ADDRESSES]
    deep = _find_deep_cursor(address)
    return [
        Workload("box 1 km²", 0.65, [f"{ITEMS}?bbox={_box(lon, lat, 0.0073, 0.0045)}" for _, lon, lat, *_ in places]),
        Workload("municipality", 0.65, [f"{ITEMS}?municipality={code}" for code in codes]),
        Workload("city box, limit 1000", 0.65, [
            f"{ITEMS}?bbox={_box(lon, lat, 0.07, 0.045)}&limit=1000" for _, lon, lat, *_ in places[:20]
        ]),
        Workload("one sensor", 0.40, [f"{ITEMS}/{identifier}" for identifier, *_ in places]),
        Workload("near 500 m", 0.60, [f"{ITEMS}?near={lon},{lat}&radius=500" for _, lon, lat, *_ in places]),
        Workload("covers", 0.60, [f"{ITEMS}?covers={lon},{lat}" for _, lon, lat, *_ in places]),
        Workload("box 1 km² in RD", 0.50, [
            f"{ITEMS}?bbox={x - 500:.0f},{y - 500:.0f},{x + 500:.0f},{y + 500:.0f}&bbox-crs={RD}&crs={RD}"
            for *_, x, y in places
        ]),
        Workload("CQL2 and box", 0.40, [
            f"{ITEMS}?bbox={_box(lon, lat, 0.02, 0.012)}&filter=" + quote(FILTER) for _, lon, lat, *_ in places
        ]),
        Workload("tile z14", 0.55, [_tile(lon, lat, 14) for _, lon, lat, *_ in places]),
        Workload("first page", 0.0, [ITEMS]),
        Workload("page 5,000", 0.0, [f"{ITEMS}?cursor={deep}"] if deep else []),
    ]  # fmt: skip


def _choose_places(engine: Engine) -> list[tuple[str, float, float, float, float]]:
    """Sample of sensors: id, longitude, latitude, x, y. Every run draws the same sample."""
    with engine.connect() as connection:
        rows = connection.execute(
            text(
                "SELECT id, longitude, latitude, x, y FROM publication.published_sensor"
                " TABLESAMPLE SYSTEM (2) REPEATABLE (7) WHERE hidden_from > CURRENT_DATE"
                " ORDER BY public_code LIMIT 5000"
            )
        ).all()
    chosen = random.Random(7).sample(rows, min(ADDRESSES, len(rows)))
    return [(str(row[0]), round(row[1], 5), round(row[2], 5), row[3], row[4]) for row in chosen]


def _box(lon: float, lat: float, half_width: float, half_height: float) -> str:
    sides = (lon - half_width, lat - half_height, lon + half_width, lat + half_height)
    return ",".join(f"{side:.5f}" for side in sides)


def _tile(lon: float, lat: float, zoom: int) -> str:
    """Tile of a place in WebMercatorQuad."""
    across = (lon + 180) / 360 * 2**zoom
    down = (0.5 - math.asinh(math.tan(math.radians(lat))) / (2 * math.pi)) * 2**zoom
    return f"/v1/tiles/WebMercatorQuad/{zoom}/{int(down)}/{int(across)}"


def _find_deep_cursor(address: str) -> str | None:
    """Cursor of page 5,000 of 100, found page by page; None when there are fewer."""
    path: str | None = f"{ITEMS}?limit=10000"
    with httpx.Client(base_url=address, timeout=60) as client:
        for _ in range(50):
            links = {link["rel"]: link["href"] for link in client.get(path or "").json()["links"]}
            if "next" not in links:
                return None
            path = links["next"].partition("//")[2].partition("/")[2].join(("/", ""))
    return (path or "").partition("cursor=")[2]
