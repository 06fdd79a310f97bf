"""The addresses of the background: each setting, and tiles of other countries."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import create_engine

from app.basemap.background import Background
from app.basemap.brt_tiles import BrtTiles
from app.core.app_state import get_app_state
from app.core.database import sqlalchemy_url, transaction
from tests.support.application import make_client
from tests.support.pmtiles import write_pmtiles
from tests.support.sensors import load_cities
from tests.support.tile_server import make_png, run_tile_server, wait_for_tiles

OUTLINES = "/basemap/municipalities/8/131/84"
"""The tile of Amsterdam."""


@pytest.fixture(scope="module")
def client(module_database: str) -> Iterator[TestClient]:
    engine = create_engine(sqlalchemy_url(module_database))
    with transaction(engine) as session:
        load_cities(session)
    engine.dispose()
    with make_client(module_database, basemap="none") as client:
        yield client


@contextmanager
def use_background(client: TestClient, background: Background) -> Iterator[None]:
    assert isinstance(client.app, FastAPI)
    state = get_app_state(client.app)
    state.set_cache(Background, background)
    yield
    state.set_cache(Background, Background())


def test_outlines_have_the_municipality_and_its_name(client: TestClient) -> None:
    style = client.get("/basemap/style").json()
    answer = client.get(OUTLINES)

    assert style["sources"]["background"]["tiles"] == ["municipalities/{z}/{x}/{y}"]
    assert answer.headers["content-type"] == "application/vnd.mapbox-vector-tile"
    for text in (b"municipalities", b"names", b"Amsterdam"):
        assert text in answer.content
    assert client.get(OUTLINES).content == answer.content


def test_style_in_the_dark_has_other_colours(client: TestClient) -> None:
    light, dark = (client.get(f"/basemap/style?scheme={scheme}").json() for scheme in ("light", "dark"))

    assert light["layers"][0]["paint"] != dark["layers"][0]["paint"]
    assert client.get("/basemap/style?scheme=pink").status_code == 404


@pytest.mark.parametrize("place", ["13/4210/2690", "8/131/84.5", "8/-1/84", "8/131/99999999", "8/256/84"])
def test_address_of_no_tile_is_answered_404(client: TestClient, place: str) -> None:
    assert client.get(f"/basemap/municipalities/{place}").status_code == 404


@pytest.mark.parametrize("place", ["8/0/0", "8/255/255", "12/2048/1400"])
def test_tile_outside_the_netherlands_is_empty_and_no_error(client: TestClient, place: str) -> None:
    answer = client.get(f"/basemap/municipalities/{place}")

    assert answer.status_code == 204
    assert "max-age" in answer.headers["cache-control"]


def test_addresses_of_another_setting_are_answered_404(client: TestClient) -> None:
    assert client.get("/basemap/brt/8/131/84.png").status_code == 404
    assert client.get("/basemap/file.pmtiles").status_code == 404


def test_tiles_of_pdok_come_from_this_server(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    wait_for_tiles(monkeypatch)
    with run_tile_server() as server, use_background(client, Background(BrtTiles(server.url))):
        style = client.get("/basemap/style").json()
        outside = client.get("/basemap/brt/8/0/0.png")
        tile = client.get("/basemap/brt/8/131/84.png")
        server.status = 500
        missing = client.get("/basemap/brt/8/131/85.png")

    assert style["sources"]["background"]["tiles"] == ["brt/{z}/{x}/{y}.png"]
    assert "Kadaster" in style["sources"]["background"]["attribution"]
    assert (tile.content, tile.headers["content-type"]) == (make_png(), "image/png")
    assert missing.status_code == 204
    assert "no-store" in missing.headers["cache-control"]
    assert outside.status_code == 204


def test_without_pdok_the_background_is_the_outlines(client: TestClient) -> None:
    with run_tile_server() as server, use_background(client, Background(BrtTiles(server.url))):
        server.content = b"<html></html>"
        style = client.get("/basemap/style").json()

    assert style["sources"]["background"]["tiles"] == ["municipalities/{z}/{x}/{y}"]
    assert style["isFallback"] is True


def test_outlines_that_the_operator_chose_are_no_fallback(client: TestClient) -> None:
    assert "isFallback" not in client.get("/basemap/style").json()


def test_ranges_of_a_pmtiles_file_are_served(client: TestClient, tmp_path: Path) -> None:
    path = write_pmtiles(tmp_path / "map.pmtiles", make_png())
    with use_background(client, Background.of_setting(f"pmtiles:{path}")):
        style = client.get("/basemap/style").json()
        part = client.get("/basemap/file.pmtiles", headers={"Range": "bytes=0-6"})

    assert style["sources"]["background"]["url"] == "pmtiles://file.pmtiles"
    assert style["sources"]["background"]["type"] == "raster"
    assert (part.status_code, part.content) == (206, b"PMTiles")
