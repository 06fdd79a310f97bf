"""A real server with three hundred sensors round Dam square, and what its clients asked of it."""

import math
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from app.bootstrap.paths import ROOT
from app.core.settings import Settings
from app.main import create_app
from app.spatial.crs import lonlat_from_rd
from tests.conftest import copy_database
from tests.support.register import make_today_record, open_register
from tests.support.sensors import make_camera

SENSORS = 300
CAMERAS = SENSORS // 3
EXACT_CAMERA = 126
"""The camera whose view has decimals; those of the others are whole numbers."""
PROJECTS = {10: "Zorg", 11: "welzijn", 13: "Zorg, welzijn"}
MAPLIBRE_PACKAGES = {3: "maplibre-gl-3", 6: "maplibre-gl"}
"""Packages of the oldest and the newest MapLibre that draw the style, by major version."""
DAM_RD = (121_390.0, 487_370.0)
_TURN = math.pi * (3 - math.sqrt(5))


@dataclass(frozen=True, slots=True)
class Site:
    """The register at an address, and the requests it got: path and query."""

    address: str
    requests: list[str] = field(default_factory=list)

    @property
    def root(self) -> str:
        return f"{self.address}/v1"


def place_rd(number: int) -> tuple[float, float]:
    """The places lie on a spiral as seeds in a sunflower, to 7 km from the Dam."""
    distance, angle = 7_000 * math.sqrt((number + 0.5) / SENSORS), number * _TURN
    return (
        round(DAM_RD[0] + distance * math.cos(angle), 3),
        round(DAM_RD[1] + distance * math.sin(angle), 3),
    )


def make_sensor(number: int) -> dict[str, Any]:
    """Every third is a camera, which processes personal data; the others listen, each at a height, as open data."""
    longitude, latitude = lonlat_from_rd(*place_rd(number))
    fields = {
        "reference": f"sensor-{number:03}",
        "location": {"type": "Point", "coordinates": [float(longitude), float(latitude)]},
    }
    today = make_today_record()
    dates = {name: today[name] for name in ("placedFrom", "activeUntil")}
    if number % 3 == 0:
        view = {"viewDirectionDeg": 45.25, "viewAngleDeg": 33.3} if number == EXACT_CAMERA else {}
        return make_camera(**dates, **fields, **view)
    project = PROJECTS.get(number)
    return make_today_record(
        **fields, heightM=number / 10, heightReference="ground", openData=True, project=project
    )


@pytest.fixture(scope="package")
def site(cluster: Any) -> Iterator[Site]:
    """The application served on a port of its own, with `SENSORS` sensors."""
    with copy_database(cluster) as url:
        with open_register(url) as register:
            for number in range(SENSORS):
                answer = register.post(make_sensor(number))
                assert answer.status_code == 201, answer.text
        yield from _serve(url)


def _serve(database_url: str) -> Iterator[Site]:
    listener = socket.create_server(("127.0.0.1", 0))
    site = Site(f"http://127.0.0.1:{listener.getsockname()[1]}")
    app = create_app(Settings(database_url=database_url, public_url=site.address))
    # A page of another site's map, under the policy of our own pages.
    for version, package in MAPLIBRE_PACKAGES.items():
        folder = ROOT / "node_modules" / package / "dist"
        app.mount(f"/map/maplibre-{version}", StaticFiles(directory=folder))
    app.mount("/map", StaticFiles(directory=Path(__file__).with_name("maplibre"), html=True))

    async def listen(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            site.requests.append(f"{scope['path']}?{scope['query_string'].decode()}")
        await app(scope, receive, send)

    server = uvicorn.Server(uvicorn.Config(listen, log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield site
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


@pytest.fixture
def requests(site: Site) -> list[str]:
    """Requests made during one test."""
    site.requests.clear()
    return site.requests
