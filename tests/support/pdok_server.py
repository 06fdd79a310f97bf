"""An OGC API Features service on loopback, in the shape of the official one: pages, and next links."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

PAGE = 4


class CollectionServer(ThreadingHTTPServer):
    """Serves `features` in pages, and `files` as they are; `content_crs` goes into a header."""

    daemon_threads = True

    def __init__(self, features: list[dict[str, Any]], files: dict[str, bytes]) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.features = features
        self.files = files
        self.number_matched = len(features)
        self.content_crs = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
        self.asked: list[str] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    @property
    def items(self) -> str:
        return f"{self.address}/ogc/v1/collections/gemeentegebied/items?f=json&limit=1000"


class _Answers(BaseHTTPRequestHandler):
    server: CollectionServer

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        url = urlsplit(self.path)
        if content := self.server.files.get(url.path):
            self._answer(200, content, "application/octet-stream")
        elif not url.path.endswith("/items"):
            self._answer(404, b"{}", "application/json")
        else:
            start = int(parse_qs(url.query).get("cursor", ["0"])[0])
            page = self.server.features[start : start + PAGE]
            links = [{"rel": "self", "href": self.path}]
            if start + PAGE < len(self.server.features):
                # Relative, as the standard allows; absolute ones are the usual case of it.
                links.append({"rel": "next", "href": f"items?f=json&limit=1000&cursor={start + PAGE}"})
            body = {
                "type": "FeatureCollection",
                "links": links,
                "numberMatched": self.server.number_matched,
                "numberReturned": len(page),
                "features": page,
            }
            self._answer(200, json.dumps(body).encode(), "application/geo+json")

    def _answer(self, status: int, content: bytes, media_type: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Content-Crs", f"<{self.server.content_crs}>")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the library's name)
        """Tests tell what was asked; nothing is printed."""


@contextmanager
def serve_collection(
    features: list[dict[str, Any]], files: dict[str, bytes] | None = None
) -> Iterator[CollectionServer]:
    """The service, until the block ends."""
    with CollectionServer(features, files or {}) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
