"""A server of map tiles on this machine, which can be slow, broken, or lie."""

import struct
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from app.basemap import brt_tiles
from app.core.http_client.client import RequestLimits
from tests.support.waiting import FAR_SECONDS, PATIENCE_SECONDS


def make_png(grey: int = 200) -> bytes:
    """An image of one pixel."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        check = zlib.crc32(kind + content)
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    pixel = zlib.compress(bytes([0, grey]))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixel) + chunk(b"IEND", b"")


@dataclass
class TileServer:
    """Answers of the server, and the paths of its requests. A slow one waits for `released`."""

    url: str
    status: int = 200
    content: bytes = field(default_factory=make_png)
    is_slow: bool = False
    asked: list[str] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)


def wait_for_tiles(monkeypatch: pytest.MonkeyPatch, seconds: float = PATIENCE_SECONDS) -> None:
    """Let the register wait so long for a tile, instead of the seconds that a slow machine may take."""
    monkeypatch.setattr(brt_tiles, "ANSWER_SECONDS", seconds)
    monkeypatch.setattr(brt_tiles, "_LIMITS", RequestLimits.for_quick_answers(seconds, 1_000_000))


@contextmanager
def run_tile_server() -> Iterator[TileServer]:
    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            tiles.asked.append(self.path)
            if tiles.is_slow:
                tiles.released.wait(FAR_SECONDS)
            try:
                self.send_response(tiles.status)
                # A liar says that it sends an image.
                self.send_header("Content-Type", "image/png")
                self.send_header("Content-Length", str(len(tiles.content)))
                self.end_headers()
                self.wfile.write(tiles.content)
            except OSError:
                return

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    server.daemon_threads = True
    tiles = TileServer(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield tiles
    finally:
        tiles.released.set()
        server.shutdown()
        thread.join()
        server.server_close()
