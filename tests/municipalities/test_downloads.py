"""Editions come from checked addresses alone, at every redirect and every link, and within limits."""

import gzip
import json
import threading
from ipaddress import ip_address

import pytest

from app.core.errors import InvalidRequest, RegisterError, Unavailable
from app.core.http_client.addresses import parse_address
from app.core.http_client.client import GuardedClient, RequestLimits
from app.municipalities import downloads
from app.municipalities.downloads import DownloadOptions, download
from tests.support.guarded_clients import admit_loopback
from tests.support.harvest_servers import LOOPBACK, Asked, Reply, serve
from tests.support.waiting import FAR_SECONDS, PATIENCE_SECONDS, not_awaiting

INSIDE = "127.0.0.2"
"""A loopback address that is refused where only 127.0.0.1 is admitted, as a private one beside a public one."""

EMPTY = {"type": "FeatureCollection", "features": [], "links": []}


def fetch(address: str, *, allow_private: bool = False) -> object:
    return download(address, DownloadOptions(PATIENCE_SECONDS, allow_private), lambda *_: None)


@pytest.fixture
def only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """127.0.0.1 stands for the public internet."""
    limits = RequestLimits(wait_seconds=PATIENCE_SECONDS, answer_bytes=1_000_000, tries=1)
    monkeypatch.setattr(
        downloads,
        "open_download_client",
        lambda _: GuardedClient(admit=admit_loopback, limits=limits),
    )


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1"])
def test_private_address_in_any_notation_is_refused_unless_allowed(host: str) -> None:
    with serve(lambda _: Reply(EMPTY)) as server:
        address = f"http://{host}:{server.server_port}/items"
        with pytest.raises(InvalidRequest, match="--allow-private"):
            fetch(address)
        assert server.asked == []


def test_private_address_is_fetched_where_it_is_allowed() -> None:
    with serve(lambda _: Reply(EMPTY)) as server:
        fetch(f"http://{LOOPBACK}:{server.server_port}/items", allow_private=True)
        assert len(server.asked) == 1


@pytest.mark.usefixtures("only_loopback")
@pytest.mark.parametrize("by", ["redirect", "next"])
def test_redirect_and_next_link_to_a_private_address_are_refused(by: str) -> None:
    with serve(lambda _: Reply(EMPTY)) as inside:
        secret = f"http://{INSIDE}:{inside.server_port}/secret"

        def answer(_: Asked) -> Reply:
            if by == "redirect":
                return Reply(status=302, headers={"Location": secret})
            return Reply(EMPTY | {"links": [{"rel": "next", "href": secret}]})

        with serve(answer) as server, pytest.raises(InvalidRequest, match=INSIDE):
            fetch(server.address)
        assert inside.asked == []


@pytest.mark.usefixtures("only_loopback")
def test_edition_larger_than_the_limit_once_decompressed_is_refused() -> None:
    packed = gzip.compress(json.dumps(EMPTY | {"filler": " " * 5_000_000}).encode())
    assert len(packed) < 50_000
    with (
        serve(lambda _: Reply(packed, headers={"Content-Encoding": "gzip"})) as server,
        pytest.raises(Unavailable, match="larger than 1 MB"),
    ):
        fetch(server.address)


@pytest.mark.parametrize("address", ["http://user:secret@example.org/x", "http://", "https://:80/"])
def test_address_that_cannot_be_used_is_refused(address: str) -> None:
    with pytest.raises(RegisterError):
        fetch(address)


def test_address_of_a_name_is_looked_up_once_and_within_the_time_of_the_answer() -> None:
    looked_up: list[str] = []
    released = threading.Event()

    def resolve(host: str, _port: int) -> list[object]:
        looked_up.append(host)
        released.wait(FAR_SECONDS)
        return [ip_address(LOOPBACK)]

    client = GuardedClient(resolve=resolve, limits=RequestLimits(wait_seconds=0.3, tries=1))  # type: ignore[arg-type]
    with not_awaiting(), client, pytest.raises(Unavailable, match="too long"):
        client.download(parse_address("http://slow.example/"))
    released.set()
    assert looked_up == ["slow.example"]
