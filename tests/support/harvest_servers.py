"""Servers on loopback: one with given replies, one with pages of features, and a SensorThings server."""

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as the server received it; header names in lower case."""

    path: str
    parameters: dict[str, str]
    headers: dict[str, str]


@dataclass(frozen=True, slots=True)
class Reply:
    """Answer of the server: JSON of `body`, or these bytes; `pause_seconds` before each byte of it.

    `promised` more bytes are announced than come.
    """

    body: Any = b"{}"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    pause_seconds: float = 0.0
    promised: int = 0


Answering = Callable[[Asked], Reply]


class Server(ThreadingHTTPServer):
    """Answers by `answering`, and stores the requests."""

    daemon_threads = True

    def __init__(self, answering: Answering) -> None:
        super().__init__((LOOPBACK, 0), _Handler)
        self.answering = answering
        self.asked: list[Asked] = []

    @property
    def address(self) -> str:
        return f"http://{LOOPBACK}:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = Asked(url.path, dict(parse_qsl(url.query)), headers)
        self.server.asked.append(asked)
        reply = self.server.answering(asked)
        content = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
        self.send_response(reply.status)
        for name, value in {"Content-Type": "application/json", **reply.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content) + reply.promised))
        try:
            self.end_headers()
            if reply.pause_seconds:
                for byte in content:
                    time.sleep(reply.pause_seconds)
                    self.wfile.write(bytes([byte]))
            else:
                self.wfile.write(content)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the library's name)
        """Print nothing."""


@contextmanager
def serve(answering: Answering) -> Iterator[Server]:
    """The server, which runs until the block ends."""
    with Server(answering) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


@dataclass(slots=True)
class FeaturePages:
    """A collection in pages, with relative next links as the standard allows; `extra` goes into every page."""

    features: list[dict[str, Any]]
    page: int = 2
    extra: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    breaks_at: int | None = None
    """The page (from 0) that is answered by an error."""

    def __call__(self, asked: Asked) -> Reply:
        if not asked.path.endswith("/items"):
            return Reply(status=404)
        start = int(asked.parameters.get("cursor", "0"))
        if self.breaks_at is not None and start >= self.breaks_at * self.page:
            return Reply(status=500)
        links = [{"rel": "self", "href": asked.path}]
        if start + self.page < len(self.features):
            others = {name: value for name, value in asked.parameters.items() if name != "cursor"}
            link = f"items?{urlencode({**others, 'cursor': start + self.page})}"
            # The link to HTML comes first, as on some servers.
            links += [
                {"rel": "next", "type": "text/html", "href": "items.html"},
                {"rel": "next", "type": "application/geo+json", "href": link},
            ]
        body = {
            "type": "FeatureCollection",
            "numberMatched": len(self.features),
            "features": self.features[start : start + self.page],
            "links": links,
        }
        return Reply(body | self.extra, headers=self.headers)


@dataclass(slots=True)
class ThingPages:
    """A SensorThings server with Things; a page has at most `nested` of their datastreams."""

    things: list[dict[str, Any]]
    page: int = 2
    nested: int = 100
    address: str = ""

    def __call__(self, asked: Asked) -> Reply:
        start = int(asked.parameters.get("$skip", "0"))
        if asked.path.endswith("/Things"):
            things = [self._cut(thing) for thing in self.things[start : start + self.page]]
            body: dict[str, Any] = {"value": things}
            if asked.parameters.get("$count") == "true":
                body["@iot.count"] = len(self.things)
            if start + self.page < len(self.things):
                query = urlencode({**asked.parameters, "$skip": start + self.page})
                body["@iot.nextLink"] = f"{self.address}/v1.1/Things?{query}"
            return Reply(body)
        for thing in self.things:
            if asked.path.endswith(f"/Things({thing['@iot.id']})/Datastreams"):
                return Reply({"value": thing["Datastreams"][start:]})
        return Reply(status=404)

    def _cut(self, thing: dict[str, Any]) -> dict[str, Any]:
        cut = {**thing, "Datastreams": thing["Datastreams"][: self.nested]}
        if len(thing["Datastreams"]) > self.nested:
            cut["Datastreams@iot.nextLink"] = f"Things({thing['@iot.id']})/Datastreams?$skip={self.nested}"
        return cut


def make_feature(number: int, **properties: Any) -> dict[str, Any]:
    """A sound meter near Dam square, in the words of another register."""
    return {
        "type": "Feature",
        "id": f"meter.{number}",
        "geometry": {"type": "Point", "coordinates": [4.8932 + number / 10_000, 52.3731]},
        "properties": {"naam": f"Meter {number}", "soort": "Geluidsmeter", "volgnummer": number} | properties,
    }


def make_thing(number: int, *observed: str) -> dict[str, Any]:
    """A weather box near Dam square with a datastream for each of these properties."""
    return {
        "@iot.id": number,
        "@iot.selfLink": f"Things({number})",
        "name": f"Box {number}",
        "description": "Weerkastje aan een lantaarnpaal",
        "Locations": [
            {
                "@iot.id": 100 + number,
                "encodingType": "application/geo+json",
                "location": {"type": "Point", "coordinates": [4.8932, 52.3731 + number / 10_000]},
            }
        ],
        "Datastreams": [
            {
                "@iot.id": number * 1000 + index,
                "name": f"{name} van box {number}",
                "phenomenonTime": "2026-01-31T23:30:00Z/2026-02-10T12:00:00Z",
                "Sensor": {"@iot.id": 1, "name": "SHT31"},
                "ObservedProperty": {"@iot.id": index, "name": name},
            }
            for index, name in enumerate(observed)
        ],
    }
