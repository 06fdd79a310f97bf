"""A server on this machine that answers as PDOK's Locatieserver does."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit


def make_address(
    postcode: str, number: int, lon: float, lat: float, *, letter: str = "", addition: str = ""
) -> dict[str, Any]:
    """An address as the Locatieserver has it; what it lacks is left out."""
    suffix = letter + (f"-{addition}" if addition else "")
    document = {
        "id": f"adr-{postcode}-{number}{suffix}",
        "type": "adres",
        "weergavenaam": f"Proefstraat {number}{suffix}, {postcode} Amsterdam",
        "postcode": postcode,
        "huisnummer": number,
        "huisletter": letter,
        "huisnummertoevoeging": addition,
        "centroide_ll": f"POINT({lon} {lat})",
    }
    return {name: value for name, value in document.items() if value != ""}


@dataclass
class Locatieserver:
    """Contents of the server, the requests it got, and how often it fails before it answers."""

    url: str
    documents: list[dict[str, Any]] = field(default_factory=list)
    asked: list[dict[str, list[str]]] = field(default_factory=list)
    failures: int = 0
    answer: bytes | None = None

    def search(self, query: dict[str, list[str]]) -> bytes:
        if self.answer is not None:
            return self.answer
        wanted = dict(each.split(":", 1) for each in query["fq"])
        shown = query["fl"][0].split(",")
        found = [
            each
            for each in self.documents
            if all(str(each.get(name)) == value for name, value in wanted.items())
        ]
        documents = [
            {name: each[name] for name in shown if name in each} for each in found[: int(query["rows"][0])]
        ]
        return json.dumps({"response": {"numFound": len(found), "start": 0, "docs": documents}}).encode()


class _Handler(BaseHTTPRequestHandler):
    held: ClassVar[Locatieserver]

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        assert parts.path == "/bzk/locatieserver/search/v3_1/free"
        query = parse_qs(parts.query)
        self.held.asked.append(query)
        status = 200
        if self.held.failures > 0:
            self.held.failures -= 1
            status = 503
        content = self.held.search(query)
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        pass


@contextmanager
def run_locatieserver(*documents: dict[str, Any]) -> Iterator[Locatieserver]:
    """The server with these addresses, until the block ends."""

    class Handler(_Handler):
        pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        held = Locatieserver(f"http://127.0.0.1:{server.server_port}/bzk/locatieserver", list(documents))
        Handler.held = held
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield held
        finally:
            server.shutdown()
            thread.join()
