"""A server on this machine that answers as PDOK's Location API and Locatieserver do, or in every wrong way."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

import pytest

from app.core.http_client.client import RequestLimits
from app.places import address_service
from tests.support.waiting import FAR_SECONDS, PATIENCE_SECONDS

NEUDE = (5.11890, 52.09280)
"""A square in Utrecht."""


def make_location(collection: str, name: str, lon: float, lat: float) -> dict[str, Any]:
    """A feature of the Location API."""
    return {
        "type": "Feature",
        "id": f"{collection}-{name}",
        "properties": {
            "collection_id": collection,
            "collection_version": 1,
            "display_name": name,
            "score": 0.9,
        },
        "geometry": {"type": "Point", "coordinates": [lon, lat]},
    }


LOCATIONS = (
    make_location("weg", "Neude, Utrecht (Utrecht)", *NEUDE),
    make_location("adres", "Neude 1, 3512AD Utrecht, Utrecht (Utrecht)", 5.1190, 52.0929),
    make_location("adres", "Neude 11, 3512AE Utrecht, Utrecht (Utrecht)", 5.1195, 52.0931),
    make_location("adres", "Dam 1, 1012JS Amsterdam, Amsterdam (Noord-Holland)", 4.89313, 52.37308),
    make_location("woonplaats", "Utrecht, Utrecht (Utrecht)", 5.1, 52.09),
    make_location("gemeentegebied", "Gemeente Utrecht, Utrecht", 5.07, 52.09),
)

Wrong = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class PlaceServer:
    """The addresses of both services, what they know, and the questions they got; `wrong` replaces every answer.

    A slow one waits for `released`.
    """

    url: str
    locations: list[dict[str, Any]] = field(default_factory=lambda: list(LOCATIONS))
    nearest: list[dict[str, Any]] = field(
        default_factory=lambda: [
            {"weergavenaam": "Dam 1, 1012JS Amsterdam", "centroide_ll": "POINT(4.89313 52.37308)"}
        ]
    )
    asked: list[tuple[str, dict[str, list[str]]]] = field(default_factory=list)
    wrong: Wrong | None = None
    released: threading.Event = field(default_factory=threading.Event)

    @property
    def settings(self) -> dict[str, str]:
        """The settings of an application that uses both services."""
        return {"place_search_url": f"{self.url}/location-api/v1", "reverse_url": f"{self.url}/locatieserver"}

    def answer(self, path: str, query: dict[str, list[str]]) -> Any:
        if path == "/locatieserver/search/v3_1/reverse":
            assert query["type"] == ["adres"]
            return {"response": {"numFound": len(self.nearest), "start": 0, "docs": self.nearest}}
        assert path == "/location-api/v1/search"
        words = query["q"][0].lower().replace(",", " ").split()
        found = [
            one
            for one in self.locations
            # As the real one: nothing of a collection without its version.
            if query.get(f"{one['properties']['collection_id']}[version]") == ["1"]
            and all(word in one["properties"]["display_name"].lower() for word in words)
        ]
        return {"type": "FeatureCollection", "numberReturned": len(found), "features": found, "links": []}


class _Handler(BaseHTTPRequestHandler):
    held: ClassVar[PlaceServer]

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = parse_qs(parts.query)
        self.held.asked.append((parts.path, query))
        try:
            if self.held.wrong:
                self.held.wrong(self)
            else:
                send(self, json.dumps(self.held.answer(parts.path, query)).encode())
        except (BrokenPipeError, ConnectionResetError):
            pass

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        pass


def _find_server(handler: BaseHTTPRequestHandler) -> PlaceServer:
    assert isinstance(handler, _Handler)
    return handler.held


def wait_for_answers(monkeypatch: pytest.MonkeyPatch, seconds: float = PATIENCE_SECONDS) -> None:
    """Let the register wait so long for an answer, instead of the seconds that a slow machine may take."""
    limits = RequestLimits.for_quick_answers(seconds, 300_000)
    monkeypatch.setattr(address_service, "_LIMITS", limits)


def send(
    handler: BaseHTTPRequestHandler, content: bytes, status: int = 200, kind: str = "application/json"
) -> None:
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content)


def send_status(status: int) -> Wrong:
    return lambda handler: send(handler, b"{}", status)


def send_text(text: str, kind: str = "application/json") -> Wrong:
    return lambda handler: send(handler, text.encode(), kind=kind)


def send_locations(*locations: dict[str, Any]) -> Wrong:
    return send_text(json.dumps({"type": "FeatureCollection", "features": list(locations)}))


def send_slowly(handler: BaseHTTPRequestHandler) -> None:
    """One byte at a time, for longer than anyone waits."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.end_headers()
    for _ in range(10 * FAR_SECONDS):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        if _find_server(handler).released.wait(0.1):
            return


def send_nothing(handler: BaseHTTPRequestHandler) -> None:
    _find_server(handler).released.wait(FAR_SECONDS)


def send_endlessly(handler: BaseHTTPRequestHandler) -> None:
    """Megabytes of the beginning of a list."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.end_headers()
    handler.wfile.write(b'{"features": [')
    for _ in range(1000):
        handler.wfile.write(b"1," * 50_000)


def close_connection(handler: BaseHTTPRequestHandler) -> None:
    handler.close_connection = True
    handler.connection.close()


@contextmanager
def run_place_server() -> Iterator[PlaceServer]:
    """Both services, until the block ends."""

    class Handler(_Handler):
        pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        server.block_on_close = False
        held = PlaceServer(f"http://127.0.0.1:{server.server_port}")
        Handler.held = held
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield held
        finally:
            held.released.set()
            server.shutdown()
            thread.join()
