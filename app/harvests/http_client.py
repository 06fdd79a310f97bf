"""HTTP client for JSON of other servers: with retries, within limits, and only to admitted addresses.

It uses connections of httpcore directly. httpx would follow proxies from the environment, which resolve names
themselves after our check, and would decompress answers without a limit.
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

from app.core.errors import InvalidRequest, Unavailable
from app.core.http_client import create_connection_pool, create_trust_store, httpcore, httpx
from app.core.i18n import LocalizedText
from app.harvests.address_filter import Admit, ResolveHost, is_public, resolve_host
from app.harvests.network import Deadline, GuardedNetwork

_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_BUSY: Final = frozenset({429, 502, 503, 504})
_BROKEN: Final = (httpcore.ReadError, httpcore.WriteError, httpcore.RemoteProtocolError)
"""Errors after which another try may succeed."""

_DECOMPRESSED_BYTES: Final = 65_536
"""Size of the pieces in which a compressed answer is unpacked and counted."""


@dataclass(frozen=True, slots=True)
class RequestLimits:
    """Limits of the requests of a harvest."""

    wait_seconds: float = 30
    answer_seconds: float = 120
    harvest_seconds: float = 4 * 3600
    answer_bytes: int = 50_000_000
    harvest_bytes: int = 10_000_000_000
    pages: int = 20_000
    redirects: int = 5
    tries: int = 4
    pause_seconds: float = 120
    """Longest pause before another try."""


class SourceKey(NamedTuple):
    """A header with a key, and the only origin (scheme, host and port) that it is sent to."""

    header: str
    value: str
    origin: httpx.URL


class HttpAnswer(NamedTuple):
    """An answer, with its address after redirects."""

    address: httpx.URL
    content: Any
    headers: Mapping[str, str]


class BadAnswer(Unavailable):
    """The answer of another server cannot be used."""

    def __init__(self, address: httpx.URL, reason: LocalizedText) -> None:
        shown = str(address)[:300]
        super().__init__(
            LocalizedText(
                f"{shown} geeft geen bruikbaar antwoord: {reason.nl}.",
                f"{shown} returns no usable answer: {reason.en}.",
            )
        )


@dataclass(slots=True)
class HarvestClient:
    """A client for one harvest; `agent` is its User-Agent."""

    agent: str
    admit: Admit = is_public
    limits: RequestLimits = RequestLimits()
    key: SourceKey | None = None
    resolve: ResolveHost = resolve_host
    pause: Callable[[float], None] = time.sleep
    trust: ssl.SSLContext = field(default_factory=create_trust_store)
    _bytes: int = field(init=False, default=0)
    _deadline: Deadline = field(init=False, default_factory=Deadline)
    _ends_at: float = field(init=False)
    _pool: httpcore.ConnectionPool = field(init=False)

    def __post_init__(self) -> None:
        network = GuardedNetwork(self.admit, self.resolve, self._deadline)
        self._pool = create_connection_pool(network, self.trust)
        self._ends_at = time.monotonic() + self.limits.harvest_seconds

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.close()

    def fetch(self, address: httpx.URL, accept: str = "application/json") -> HttpAnswer:
        """The JSON at an address, redirects followed.

        Raises: InvalidRequest for a refused address, Unavailable where the server returns no usable answer.
        """
        for _ in range(self.limits.redirects + 1):
            status, headers, body = self._request_with_retries(address, accept)
            if status in _REDIRECTS and "location" in headers:
                address = join_link(address, headers["location"])
            elif status == HTTPStatus.OK:
                return HttpAnswer(address, _read_json(body, address), headers)
            else:
                raise BadAnswer(
                    address, LocalizedText(f"het antwoord is {status}", f"the answer is {status}")
                )
        raise BadAnswer(address, LocalizedText("te veel doorverwijzingen", "too many redirects"))

    def _request_with_retries(self, address: httpx.URL, accept: str) -> tuple[int, dict[str, str], bytes]:
        """The first answer other than that the server is busy, or the last answer."""
        for number in count(1):
            seconds = float(2 ** (number - 1))
            try:
                status, headers, body = self._request(address, accept)
            except _BROKEN as error:
                if number == self.limits.tries:
                    reason = LocalizedText(
                        f"de verbinding brak af ({error})", f"the connection broke ({error})"
                    )
                    raise BadAnswer(address, reason) from error
            else:
                seconds = _parse_retry_after(headers.get("retry-after"), seconds)
                is_last = number == self.limits.tries or seconds > self.limits.pause_seconds
                if status not in _BUSY or is_last:
                    break
            self.pause(seconds)
        return status, headers, body

    def _request(self, address: httpx.URL, accept: str) -> tuple[int, dict[str, str], bytes]:
        remaining = self._ends_at - time.monotonic()
        if remaining <= 0:
            raise BadAnswer(
                address,
                LocalizedText("het ophalen van alles duurt te lang", "the whole harvest takes too long"),
            )
        self._deadline.start(min(self.limits.answer_seconds, remaining))
        request_headers: dict[bytes | str, bytes | str] = {
            "User-Agent": self.agent,
            "Accept": accept,
            "Accept-Encoding": "gzip",
        }
        if self.key and _origin(address) == _origin(self.key.origin):
            request_headers[self.key.header] = self.key.value
        timeouts = dict.fromkeys(("connect", "read", "write", "pool"), self.limits.wait_seconds)
        target = httpcore.URL(
            scheme=address.raw_scheme, host=address.raw_host, port=address.port, target=address.raw_path
        )
        try:
            with self._pool.stream(
                "GET", target, headers=request_headers, extensions={"timeout": timeouts}
            ) as response:
                headers = {
                    name.decode("latin-1").lower(): value.decode("latin-1")
                    for name, value in response.headers
                }
                # The body of an error is not read: the status is enough.
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
        for piece in _decompress(response.iter_stream(), headers.get("content-encoding", ""), address):
            body += piece
            self._bytes += len(piece)
            if len(body) > self.limits.answer_bytes:
                most = self.limits.answer_bytes // 1_000_000
                raise BadAnswer(
                    address,
                    LocalizedText(
                        f"één antwoord is groter dan {most} MB; vraag om kleinere pagina's (limit)",
                        f"one answer is larger than {most} MB; ask for smaller pages (limit)",
                    ),
                )
            if self._bytes > self.limits.harvest_bytes:
                most = self.limits.harvest_bytes // 1_000_000
                raise BadAnswer(
                    address,
                    LocalizedText(
                        f"alle antwoorden samen zijn groter dan {most} MB",
                        f"all answers together are larger than {most} MB",
                    ),
                )
        return bytes(body)


def parse_address(text: str) -> httpx.URL:
    """Parse an http(s) address without a password in it. Raises: InvalidRequest."""
    try:
        address = httpx.URL(text)
    except (httpx.InvalidURL, UnicodeError):
        address = httpx.URL()
    if address.scheme not in ("http", "https") or not address.host or address.userinfo:
        shown = text[:200]
        raise InvalidRequest(
            LocalizedText(
                f"{shown} is niet te gebruiken: een webadres begint met https:// of http:// en bevat geen wachtwoord.",
                f"{shown} cannot be used: an address starts with https:// or http:// and contains no password.",
            )
        )
    return address


def join_link(base: httpx.URL, link: str) -> httpx.URL:
    """The target of a link, which may be relative. Raises: InvalidRequest, also for a link from https to http."""
    try:
        joined = str(base.join(link))
    except (httpx.InvalidURL, UnicodeError):
        joined = link
    address = parse_address(joined)
    if base.scheme == "https" and address.scheme == "http":
        raise InvalidRequest(
            LocalizedText(
                f"{base.host} verwijst van https naar http ({address}). Dat is niet veilig. Meld het aan de beheerder.",
                f"{base.host} links from https to http ({address}). That is not safe. Report it to the operator.",
            )
        )
    return address


def _origin(address: httpx.URL) -> tuple[str, str, int]:
    return address.scheme, address.host, address.port or (443 if address.scheme == "https" else 80)


def _parse_retry_after(retry_after: str | None, default: float) -> float:
    """Seconds to wait by Retry-After, a number or a date. Source: RFC 9110, 10.2.3."""
    if retry_after is None:
        return default
    if retry_after.strip().isdecimal():
        return float(retry_after)
    with suppress(ValueError, TypeError, OverflowError):
        moment = parsedate_to_datetime(retry_after)
        return max(0.0, (moment - datetime.now(UTC)).total_seconds())
    return default


def _decompress(pieces: Iterable[bytes], encoding: str, address: httpx.URL) -> Iterator[bytes]:
    """The pieces, where gzip unpacked some kilobytes at a time: a small piece may hold gigabytes."""
    if encoding.lower() in ("", "identity"):
        yield from pieces
        return
    if encoding.lower() not in ("gzip", "x-gzip"):
        raise BadAnswer(
            address,
            LocalizedText("een compressie waar wij niet om vroegen", "a compression that we did not ask for"),
        )
    decompressor = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
    try:
        for piece in pieces:
            rest = piece
            while rest:
                yield decompressor.decompress(rest, _DECOMPRESSED_BYTES)
                rest = decompressor.unconsumed_tail
        yield decompressor.flush()
    except zlib.error as error:
        reason = LocalizedText(f"ongeldige gzip ({error})", f"invalid gzip ({error})")
        raise BadAnswer(address, reason) from error
    if not decompressor.eof:
        raise BadAnswer(address, LocalizedText("afgebroken gzip", "truncated gzip"))


def _read_json(body: bytes, address: httpx.URL) -> Any:
    def refuse(name: str) -> NoReturn:
        raise ValueError(name)

    try:
        return json.loads(body, parse_constant=refuse)
    except (ValueError, RecursionError) as error:
        reason = LocalizedText("het is geen geldige JSON", "it is not valid JSON")
        raise BadAnswer(address, reason) from error
