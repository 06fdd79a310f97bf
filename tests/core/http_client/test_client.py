"""The guarded client against real servers: refused addresses, deadlines and size limits."""

import gzip
import re
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from http import HTTPStatus
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.core.errors import InvalidRequest, Unavailable
from app.core.http_client.address_filter import is_public
from app.core.http_client.addresses import join_link, parse_address
from app.core.http_client.client import RequestLimits, SourceKey
from tests.support.guarded_clients import AGENT, make_client, make_limits
from tests.support.harvest_servers import LOOPBACK, Asked, Reply, Server, serve
from tests.support.waiting import FAR_SECONDS, not_awaiting

OUT_OF_BOUNDS = "127.0.0.2"
"""Another loopback address, which the client of these tests does not admit."""


def answer_in_turn(*replies: Reply) -> Callable[[Asked], Reply]:
    left = list(replies)
    return lambda _asked: left.pop(0) if len(left) > 1 else left[0]


def check_refused(
    server: Server, explanation: str, limits: RequestLimits | None = None, **fields: Any
) -> None:
    """Check that the answer is refused with this explanation."""
    with make_client(limits, **fields) as client, pytest.raises(Unavailable, match=explanation):
        client.fetch(httpx.URL(server.address))


def test_request_has_user_agent() -> None:
    with serve(lambda _: Reply({"a": 1})) as server, make_client() as client:
        answer = client.fetch(httpx.URL(f"{server.address}/x?y=1"))
    assert answer.content == {"a": 1}
    assert server.asked[0].headers["user-agent"] == AGENT
    assert server.asked[0].headers["host"] == f"{LOOPBACK}:{server.server_port}"


def test_private_address_is_refused() -> None:
    with serve(lambda _: Reply()) as server, make_client(admit=is_public) as client:
        with pytest.raises(InvalidRequest, match="--allow-private"):
            client.fetch(httpx.URL(server.address))
        assert server.asked == []


def test_redirect_to_private_address_is_refused() -> None:
    with serve(lambda _: Reply()) as inside:
        leading = f"http://{OUT_OF_BOUNDS}:{inside.server_port}/secrets"
        with (
            serve(lambda _: Reply(status=302, headers={"Location": leading})) as server,
            make_client() as client,
            pytest.raises(InvalidRequest, match=re.escape(OUT_OF_BOUNDS)),
        ):
            client.fetch(httpx.URL(server.address))
        assert inside.asked == []


def test_connection_goes_to_checked_address() -> None:
    """The name resolves to another address at each look-up (DNS rebinding)."""
    looked_up: list[str] = []
    answers = [[ip_address(LOOPBACK)], [ip_address(OUT_OF_BOUNDS)]]

    def resolve(host: str, _port: int) -> Any:
        looked_up.append(host)
        return answers.pop(0)

    closing = {"Connection": "close"}
    with serve(lambda _: Reply({"a": 1}, headers=closing)) as server, make_client(resolve=resolve) as client:
        address = httpx.URL(f"http://rebinding.example:{server.server_port}/")
        assert client.fetch(address).content == {"a": 1}
        assert looked_up == ["rebinding.example"]
        assert server.asked[0].headers["host"] == f"rebinding.example:{server.server_port}"
        with pytest.raises(InvalidRequest, match=re.escape(OUT_OF_BOUNDS)):
            client.fetch(address)
    assert len(server.asked) == 1


def test_unreachable_address_next_one_is_tried() -> None:
    with serve(lambda _: Reply({"a": 1})) as server:
        port = server.server_port
        client = make_client(
            resolve=lambda _host, _port: [ip_address("::1"), ip_address(LOOPBACK)], admit=lambda _: True
        )
        with client:
            assert client.fetch(httpx.URL(f"http://two.example:{port}/")).content == {"a": 1}


def test_unknown_host_and_closed_port_are_explained() -> None:
    def resolve(_host: str, _port: int) -> Any:
        raise OSError("Name or service not known")

    with make_client(resolve=resolve) as client, pytest.raises(Unavailable, match="is not known"):
        client.fetch(httpx.URL("http://nowhere.example/"))
    with serve(lambda _: Reply()) as server:
        closed = server.address
    with make_client() as client, pytest.raises(Unavailable, match="no connection"):
        client.fetch(httpx.URL(closed))


@pytest.mark.parametrize(
    "address",
    ["ftp://example.org/", "file:///etc/passwd", "https://me:secret@example.org/", "//", "http://", "x"],
)
def test_parse_address_of_other_scheme_is_refused(address: str) -> None:
    with pytest.raises(InvalidRequest, match="cannot be used"):
        parse_address(address)


def test_link_from_https_to_http_is_refused() -> None:
    base = httpx.URL("https://register.example/v1/items?limit=2")
    assert (
        str(join_link(base, "items?limit=2&cursor=b")) == "https://register.example/v1/items?limit=2&cursor=b"
    )
    assert str(join_link(base, "//other.example/a")) == "https://other.example/a"
    with pytest.raises(InvalidRequest, match="from https to http"):
        join_link(base, "http://register.example/v1/items")


def test_key_is_sent_to_its_origin_only() -> None:
    with serve(lambda _: Reply({"a": 1})) as other:
        to_other = {"Location": f"{other.address}/elsewhere"}
        with serve(answer_in_turn(Reply({}), Reply(status=307, headers=to_other))) as server:
            key = SourceKey("Authorization", "Bearer secret", httpx.URL(server.address))
            with make_client(key=key) as client:
                client.fetch(httpx.URL(f"{server.address}/first"))
                client.fetch(httpx.URL(f"{server.address}/second"))
    assert [asked.headers.get("authorization") for asked in server.asked] == ["Bearer secret"] * 2
    assert [asked.path for asked in other.asked] == ["/elsewhere"]
    assert "authorization" not in other.asked[0].headers


def test_redirects_above_limit_are_refused() -> None:
    with (
        serve(lambda _: Reply(status=301, headers={"Location": "/again"})) as server,
        make_client(make_limits(redirects=3)) as client,
        pytest.raises(Unavailable, match="too many redirects"),
    ):
        client.fetch(httpx.URL(server.address))
    assert len(server.asked) == 4


def test_busy_server_is_retried_after_retry_after() -> None:
    pauses: list[float] = []
    busy = Reply(status=429, headers={"Retry-After": "7"})
    later = Reply(status=503)
    with (
        serve(answer_in_turn(busy, later, Reply({"a": 1}))) as server,
        make_client(pause=pauses.append) as client,
    ):
        assert client.fetch(httpx.URL(server.address)).content == {"a": 1}
    assert pauses == [7.0, 2.0]


def test_busy_server_after_last_try_is_refused() -> None:
    pauses: list[float] = []
    with serve(lambda _: Reply(status=503)) as server:
        check_refused(server, "the answer is 503", pause=pauses.append)
    assert pauses == [1.0, 2.0, 4.0]
    with serve(lambda _: Reply(status=429, headers={"Retry-After": "86400"})) as server:
        check_refused(server, "the answer is 429")
        assert len(server.asked) == 1


def test_truncated_answer_is_retried() -> None:
    broken, whole = Reply({"a": [1]}, promised=10, headers={"Connection": "close"}), Reply({"a": [1, 2]})
    with serve(answer_in_turn(broken, whole)) as server, make_client() as client:
        assert client.fetch(httpx.URL(server.address)).content == {"a": [1, 2]}
    with serve(lambda _: broken) as server:
        check_refused(server, "the connection broke")
        assert len(server.asked) == 4


@pytest.mark.parametrize(
    "body",
    [
        b"<html></html>",
        b'{"a": ',
        b'{"a": NaN}',
        b"\xff\xfe\xfa",
        b"[" * 100_000,
        b"",
        b'{"a": ' + b"9" * 5000 + b"}",
    ],
    ids=["html", "cut", "nan", "bytes", "deep", "empty", "number"],
)
def test_answer_without_json_is_refused(body: bytes) -> None:
    with serve(lambda _: Reply(body)) as server:
        check_refused(server, "it is not valid JSON")


def test_answer_above_size_limit_is_refused() -> None:
    with serve(lambda _: Reply([0] * 600_000)) as server:
        check_refused(server, "larger than 1 MB", make_limits(answer_bytes=1_000_000))


def pack(content: bytes, encoding: str = "gzip") -> Reply:
    return Reply(content, headers={"Content-Encoding": encoding})


def test_gzip_answer_is_decompressed() -> None:
    with serve(lambda _: pack(gzip.compress(b'{"a": 1}'))) as server, make_client() as client:
        assert client.fetch(httpx.URL(server.address)).content == {"a": 1}
    assert server.asked[0].headers["accept-encoding"] == "gzip"


@pytest.mark.parametrize(
    ("reply", "explanation"),
    [
        (pack(gzip.compress(b" " * 200_000_000)), "larger than 2 MB"),
        (pack(gzip.compress(b'{"a": 1}')[:-9]), "truncated gzip"),
        (pack(b"{}"), "invalid gzip"),
        (pack(gzip.compress(gzip.compress(b"{}")), "gzip, gzip"), "compression that we did not ask for"),
    ],
    ids=["bomb", "cut", "plain", "twice"],
)
def test_wrong_or_large_gzip_answer_is_refused(reply: Reply, explanation: str) -> None:
    assert len(reply.body) < 200_000
    with serve(lambda _: reply) as server:
        check_refused(server, explanation, make_limits(answer_bytes=2_000_000))


def test_harvest_above_size_or_time_limit_is_refused() -> None:
    with serve(lambda _: Reply([0] * 100_000)) as server:
        with make_client(make_limits(total_bytes=500_000)) as client:
            address = httpx.URL(server.address)
            client.fetch(address)
            with pytest.raises(Unavailable, match="all answers together are larger"):
                client.fetch(address)
        check_refused(server, "fetching everything takes too long", make_limits(total_seconds=0.0))


def test_slow_answer_ends_at_deadline() -> None:
    with serve(lambda _: Reply([0] * 10 * FAR_SECONDS, pause_seconds=0.1)) as server, not_awaiting():
        check_refused(server, "takes too long", make_limits(answer_seconds=0.4))


def test_silent_server_ends_at_timeout() -> None:
    released = threading.Event()

    def wait(_asked: Asked) -> Reply:
        released.wait(FAR_SECONDS)
        return Reply()

    with serve(wait) as server:
        check_refused(server, "takes too long", make_limits(wait_seconds=0.2))
        released.set()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for register.example with its key, in one file."""
    folder = tmp_path_factory.mktemp("certificate")
    path = folder / "both.pem"
    words = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=register.example"
    named = f"-addext subjectAltName=DNS:register.example -keyout {folder}/key.pem -out {folder}/c.pem"
    subprocess.run(["openssl", *words.split(), *named.split()], check=True, capture_output=True)
    path.write_text((folder / "key.pem").read_text() + (folder / "c.pem").read_text())
    return path


@pytest.fixture
def secure_server(certificate: Path) -> Iterator[Server]:
    with serve(lambda _: Reply({"a": 1})) as server:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        yield server


def test_certificate_is_verified_against_host_name(secure_server: Server, certificate: Path) -> None:
    trust = ssl.create_default_context(cafile=str(certificate))

    def resolve(_host: str, _port: int) -> Any:
        return [ip_address(LOOPBACK)]

    port = secure_server.server_port
    with make_client(trust=trust, resolve=resolve) as client:
        answer = client.fetch(httpx.URL(f"https://register.example:{port}/"))
        assert answer.content == {"a": 1}
        with pytest.raises(Unavailable, match="no connection"):
            client.fetch(httpx.URL(f"https://other.example:{port}/"))
    with make_client(resolve=resolve) as client, pytest.raises(Unavailable, match="no connection"):
        client.fetch(httpx.URL(f"https://register.example:{port}/"))


def test_error_status_is_explained() -> None:
    with serve(lambda _: Reply(status=HTTPStatus.NOT_FOUND)) as server:
        check_refused(server, "the answer is 404")
