"""Asking other people's servers for JSON: patiently, within limits, and never somewhere it should not go.

httpcore is used without httpx in front of it, since that would follow environment proxies (which look names up
themselves, after our check) and unpack compressed answers without a limit.
"""

import json
import ssl
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from itertools import count
from types import TracebackType
from typing import Any, Final, NamedTuple, NoReturn, Self

import httpcore
import httpx

from app.core.errors import InvalidRequest, Unavailable
from app.core.i18n import LocalizedText
from app.harvests.address_filter import Admit, Resolve, is_public, resolve_host
from app.harvests.network import Deadline, GuardedNetwork

_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_BUSY: Final = frozenset({429, 502, 503, 504})
_BROKEN: Final = (httpcore.ReadError, httpcore.WriteError, httpcore.RemoteProtocolError)
"""A connection that another try may mend."""

_UNPACKED_BYTES: Final = 65_536
"""How much of a compressed answer is unpacked before it is counted."""


@dataclass(frozen=True, slots=True)
class RequestLimits:
    """How much a harvest may ask of the other side, and of us."""

    wait_seconds: float = 30
    answer_seconds: float = 120
    harvest_seconds: float = 4 * 3600
    answer_bytes: int = 50_000_000
    harvest_bytes: int = 10_000_000_000
    pages: int = 20_000
    redirects: int = 5
    tries: int = 4
    pause_seconds: float = 120
    """The longest pause for which another try is waited."""


class SourceKey(NamedTuple):
    """The header that lets us in, and the origin (scheme, host and port of an address) that alone gets to see it."""

    header: str
    value: str
    origin: httpx.URL


class HttpAnswer(NamedTuple):
    """What an address gave in the end, and which address that was."""

    address: httpx.URL
    content: Any
    headers: Mapping[str, str]


class BadAnswer(Unavailable):
    """The other side does not answer well: its address, and why."""

    def __init__(self, address: httpx.URL, reason: LocalizedText) -> None:
        where = str(address)[:300]
        super().__init__(
            LocalizedText(
                f"{where} geeft geen goed antwoord: {reason.nl}.",
                f"{where} does not answer well: {reason.en}.",
            )
        )


@dataclass(slots=True)
class HarvestClient:
    """A client for the length of one harvest; `agent` is the User-Agent it goes by."""

    agent: str
    admit: Admit = is_public
    limits: RequestLimits = RequestLimits()
    key: SourceKey | None = None
    resolve: Resolve = resolve_host
    pause: Callable[[float], None] = time.sleep
    # The system's certificate store: many town-hall networks have their own certificate authority in it.
    trust: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    _bytes: int = field(init=False, default=0)
    _deadline: Deadline = field(init=False, default_factory=Deadline)
    _ends_at: float = field(init=False)
    _pool: httpcore.ConnectionPool = field(init=False)

    def __post_init__(self) -> None:
        network = GuardedNetwork(self.admit, self.resolve, self._deadline)
        self._pool = httpcore.ConnectionPool(self.trust, max_connections=1, network_backend=network)
        self._ends_at = time.monotonic() + self.limits.harvest_seconds

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.close()

    def fetch(self, address: httpx.URL, accept: str = "application/json") -> HttpAnswer:
        """The JSON at an address, redirects followed.

        Raises: InvalidRequest for what we will not ask, Unavailable for what the other side does not answer well.
        """
        for _ in range(self.limits.redirects + 1):
            status, headers, body = self._ask_patiently(address, accept)
            if status in _REDIRECTS and "location" in headers:
                address = join_link(address, headers["location"])
            elif status == HTTPStatus.OK:
                return HttpAnswer(address, _read_json(body, address), headers)
            else:
                raise BadAnswer(
                    address, LocalizedText(f"het antwoord is {status}", f"the answer is {status}")
                )
        raise BadAnswer(address, LocalizedText("te veel doorverwijzingen", "too many redirects"))

    def _ask_patiently(self, address: httpx.URL, accept: str) -> tuple[int, dict[str, str], bytes]:
        """An answer other than that the server is busy, in as many tries as there may be."""
        for number in count(1):
            seconds = float(2 ** (number - 1))
            try:
                status, headers, body = self._ask(address, accept)
            except _BROKEN as error:
                if number == self.limits.tries:
                    reason = LocalizedText(
                        f"de verbinding brak af ({error})", f"the connection broke ({error})"
                    )
                    raise BadAnswer(address, reason) from error
            else:
                seconds = _read_pause(headers.get("retry-after"), seconds)
                is_last = number == self.limits.tries or seconds > self.limits.pause_seconds
                if status not in _BUSY or is_last:
                    break
            self.pause(seconds)
        return status, headers, body

    def _ask(self, address: httpx.URL, accept: str) -> tuple[int, dict[str, str], bytes]:
        left = self._ends_at - time.monotonic()
        if left <= 0:
            raise BadAnswer(
                address, LocalizedText("de hele oogst duurt te lang", "the whole harvest takes too long")
            )
        self._deadline.start(min(self.limits.answer_seconds, left))
        wanted: dict[bytes | str, bytes | str] = {
            "User-Agent": self.agent,
            "Accept": accept,
            "Accept-Encoding": "gzip",
        }
        if self.key and _origin(address) == _origin(self.key.origin):
            wanted[self.key.header] = self.key.value
        timeouts = dict.fromkeys(("connect", "read", "write", "pool"), self.limits.wait_seconds)
        target = httpcore.URL(
            scheme=address.raw_scheme, host=address.raw_host, port=address.port, target=address.raw_path
        )
        try:
            with self._pool.stream(
                "GET", target, headers=wanted, extensions={"timeout": timeouts}
            ) as response:
                headers = {
                    name.decode("latin-1").lower(): value.decode("latin-1")
                    for name, value in response.headers
                }
                # An error's body is not read: it may be anything, and the status says enough.
                body = self._receive(response, headers, address) if response.status == HTTPStatus.OK else b""
        except _BROKEN:
            raise
        except httpcore.TimeoutException as error:
            raise BadAnswer(
                address, LocalizedText("het antwoord duurt te lang", "the answer takes too long")
            ) from error
        except (httpcore.NetworkError, httpcore.ProtocolError) as error:
            reason = LocalizedText(f"geen verbinding ({error})", f"no connection ({error})")
            raise BadAnswer(address, reason) from error
        return response.status, headers, body

    def _receive(self, response: httpcore.Response, headers: Mapping[str, str], address: httpx.URL) -> bytes:
        body = bytearray()
        for piece in _unpack(response.iter_stream(), headers.get("content-encoding", ""), address):
            body += piece
            self._bytes += len(piece)
            if len(body) > self.limits.answer_bytes:
                most = self.limits.answer_bytes // 1_000_000
                raise BadAnswer(
                    address,
                    LocalizedText(
                        f"één antwoord is groter dan {most} MB; vraag minder tegelijk (limit)",
                        f"one answer is larger than {most} MB; ask for fewer at a time (limit)",
                    ),
                )
            if self._bytes > self.limits.harvest_bytes:
                most = self.limits.harvest_bytes // 1_000_000
                raise BadAnswer(
                    address,
                    LocalizedText(
                        f"alles samen is groter dan {most} MB", f"all together is larger than {most} MB"
                    ),
                )
        return bytes(body)


def read_address(text: str) -> httpx.URL:
    """An http(s) address without a password in it. Raises: InvalidRequest."""
    try:
        address = httpx.URL(text)
    except (httpx.InvalidURL, UnicodeError):
        address = httpx.URL()
    if address.scheme not in ("http", "https") or not address.host or address.userinfo:
        shown = text[:200]
        raise InvalidRequest(
            LocalizedText(
                f"{shown} volgen wij niet: een webadres begint met https:// of http:// en bevat geen wachtwoord.",
                f"{shown} is not followed: an address starts with https:// or http:// and holds no password.",
            )
        )
    return address


def join_link(base: httpx.URL, link: str) -> httpx.URL:
    """Where a link on a page leads; it may be relative. Raises: InvalidRequest, also for https that leads to http."""
    try:
        joined = str(base.join(link))
    except (httpx.InvalidURL, UnicodeError):
        joined = link
    address = read_address(joined)
    if base.scheme == "https" and address.scheme == "http":
        raise InvalidRequest(
            LocalizedText(
                f"{base.host} verwijst van https naar http ({address}). Dat volgen wij niet; meld het de beheerder.",
                f"{base.host} leads from https to http ({address}). We do not follow; tell who keeps that server.",
            )
        )
    return address


def _origin(address: httpx.URL) -> tuple[str, str, int]:
    return address.scheme, address.host, address.port or (443 if address.scheme == "https" else 80)


def _read_pause(retry_after: str | None, otherwise: float) -> float:
    """The seconds a server asks us to wait, given as such or as a moment. Source: RFC 9110, 10.2.3."""
    if retry_after is None:
        return otherwise
    if retry_after.strip().isdecimal():
        return float(retry_after)
    with suppress(ValueError, TypeError, OverflowError):
        moment = parsedate_to_datetime(retry_after)
        return max(0.0, (moment - datetime.now(UTC)).total_seconds())
    return otherwise


def _unpack(pieces: Iterable[bytes], encoding: str, address: httpx.URL) -> Iterator[bytes]:
    """The pieces, unpacked some kilobytes at a time where they are gzip: a small one may hold gigabytes."""
    if encoding.lower() in ("", "identity"):
        yield from pieces
        return
    if encoding.lower() not in ("gzip", "x-gzip"):
        raise BadAnswer(
            address,
            LocalizedText(
                "een samenpersing waar wij niet om vroegen", "a compression that we did not ask for"
            ),
        )
    unpacking = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
    try:
        for piece in pieces:
            rest = piece
            while rest:
                yield unpacking.decompress(rest, _UNPACKED_BYTES)
                rest = unpacking.unconsumed_tail
        yield unpacking.flush()
    except zlib.error as error:
        reason = LocalizedText(f"gzip dat niet klopt ({error})", f"gzip that is not right ({error})")
        raise BadAnswer(address, reason) from error
    if not unpacking.eof:
        raise BadAnswer(address, LocalizedText("gzip dat is afgebroken", "gzip that was cut off"))


def _read_json(body: bytes, address: httpx.URL) -> Any:
    def refuse(name: str) -> NoReturn:
        raise ValueError(name)

    try:
        return json.loads(body, parse_constant=refuse)
    except (ValueError, RecursionError) as error:
        reason = LocalizedText("het is geen JSON, of afgebroken", "it is not JSON, or was cut off")
        raise BadAnswer(address, reason) from error
