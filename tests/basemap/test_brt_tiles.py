"""PDOK's background through our cache: a good server, and slow, broken and lying ones."""

import asyncio
import socket
from collections.abc import Iterator

import pytest

from app.basemap import brt_tiles
from app.basemap.brt_tiles import BrtTiles
from tests.support.tile_server import TileServer, make_png, run_tile_server, wait_for_tiles
from tests.support.waiting import not_awaiting

PLACE = (12, 2103, 1346)


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[TileServer]:
    wait_for_tiles(monkeypatch)
    with run_tile_server() as server:
        yield server


def test_tile_is_requested_once_and_then_comes_from_the_cache(server: TileServer) -> None:
    async def find() -> None:
        tiles = BrtTiles(server.url)
        assert await tiles.is_available()
        for _ in range(3):
            assert await tiles.find(*PLACE) == make_png()

    asyncio.run(find())
    assert server.asked == ["/7/65/42.png", "/12/2103/1346.png"]


@pytest.mark.parametrize(
    ("status", "content"),
    [
        (500, b"broken"),
        (404, b""),
        (200, b"<html>Sign in to use this network</html>"),
        (200, b""),
        (200, make_png() + bytes(2_000_000)),
    ],
    ids=["error", "missing", "page as image", "empty", "too large"],
)
def test_bad_answer_starts_a_pause_without_requests(server: TileServer, status: int, content: bytes) -> None:
    server.status, server.content = status, content
    clock = Clock()

    async def find() -> None:
        tiles = BrtTiles(server.url, clock=clock)
        assert not await tiles.is_available()
        assert not await tiles.is_available()
        assert await tiles.find(*PLACE) is None
        assert len(server.asked) == 1

        clock.seconds += brt_tiles.PAUSE_SECONDS
        server.status, server.content = 200, make_png()
        assert await tiles.is_available()
        assert await tiles.find(*PLACE) == make_png()

    asyncio.run(find())


def test_single_missing_tile_starts_no_pause(server: TileServer) -> None:
    async def find() -> None:
        tiles = BrtTiles(server.url)
        server.status = 404
        assert await tiles.find(*PLACE) is None
        server.status = 200
        assert await tiles.find(*PLACE) == make_png()

    asyncio.run(find())


def test_slow_server_is_given_up_in_time_then_left_alone(
    server: TileServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    wait_for_tiles(monkeypatch, 0.2)
    server.is_slow = True

    async def find() -> None:
        tiles = BrtTiles(server.url, clock=Clock())
        with not_awaiting():
            assert not await tiles.is_available()
        # More of them than there are threads.
        assert set(await asyncio.gather(*(tiles.find(12, 2103, row) for row in range(30)))) == {None}
        server.released.set()

    asyncio.run(find())
    # That of the first call, unless it was given up before it was sent.
    assert len(server.asked) <= 1


def test_more_calls_than_threads_all_end_in_time(server: TileServer, monkeypatch: pytest.MonkeyPatch) -> None:
    wait_for_tiles(monkeypatch, 0.2)
    server.is_slow = True

    async def find() -> None:
        tiles = BrtTiles(server.url, clock=Clock())
        with not_awaiting():
            assert set(await asyncio.gather(*(tiles.find(12, 2103, row) for row in range(30)))) == {None}
        server.released.set()

    asyncio.run(find())


def test_server_that_is_not_there_is_not_available() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    assert not asyncio.run(BrtTiles(f"http://127.0.0.1:{port}").is_available())
