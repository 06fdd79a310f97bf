"""HTTP client for calls to other servers: with retries, within limits, and only to admitted addresses.

It uses connections of httpcore directly. httpx would follow proxies from the environment, which resolve names
themselves after our check, and would decompress answers without a limit.
"""

import ssl
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from itertools import count
from math import inf
from types import TracebackType
from typing import Final, Literal, NamedTuple, Self
from urllib.parse import urlencode

from app.core.http_client.address_filter import Admit, ResolveHost, is_public, resolve_host
from app.core.http_client.addresses import find_origin, join_link
from app.core.http_client.answers import (
    BadAnswer,
    HttpAnswer,
    RawAnswer,
    ReportReceived,
    decompress,
    read_json,
)
from app.core.http_client.libraries import (
    USER_AGENT,
    create_connection_pool,
    create_trust_store,
    httpcore,
    httpx,
)
from app.core.http_client.network import Deadline, GuardedNetwork
from app.core.i18n import LocalizedText

_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_BUSY: Final = frozenset({429, 500, 502, 503, 504})
_BROKEN: Final = (httpcore.ReadError, httpcore.WriteError, httpcore.RemoteProtocolError)
"""Errors after which another try may succeed."""


@dataclass(frozen=True, slots=True)
class RequestLimits:
    """Limits of the requests of one client. Sizes are those of the content, once it is decompressed."""

    wait_seconds: float = 30
    answer_seconds: float = 120
    total_seconds: float = 4 * 3600
    answer_bytes: int = 50_000_000
    total_bytes: int = 10_000_000_000
    pages: int = 20_000
    redirects: int = 5
    tries: int = 4
    pause_seconds: float = 120
    """Longest pause before another try."""

    @classmethod
    def for_quick_answers(cls, seconds: float, answer_bytes: int) -> Self:
        """Limits of a client of which a page waits for each answer: one try, no redirect, and no total."""
        return cls(
            wait_seconds=seconds,
            answer_seconds=seconds,
            total_seconds=inf,
            answer_bytes=answer_bytes,
            total_bytes=sys.maxsize,
            redirects=0,
            tries=1,
        )


class SourceKey(NamedTuple):
    """A header with a key, and the only origin (scheme, host and port) that it is sent to."""

    header: str
    value: str
    origin: httpx.URL


class _Request(NamedTuple):
    """A request, whatever its address after redirects."""

    method: str
    accept: str
    report: ReportReceived | None = None
    reads_content: bool = True
    form: bytes | None = None
    headers: Mapping[str, str] = {}


@dataclass(slots=True)
class GuardedClient:
    """A client for one task, in one thread; `agent` is its User-Agent."""

    agent: str = USER_AGENT
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
        self._ends_at = time.monotonic() + self.limits.total_seconds

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._pool.close()

    def fetch(self, address: httpx.URL, accept: str = "application/json") -> HttpAnswer:
        """The JSON at an address, redirects followed. Raises: as `download`."""
        answer = self.download(address, accept)
        return HttpAnswer(answer.address, read_json(answer.content, answer.address), answer.headers)

    def download(
        self, address: httpx.URL, accept: str = "*/*", report_received: ReportReceived | None = None
    ) -> RawAnswer:
        """The content at an address, redirects followed.

        Raises: InvalidRequest for a refused address, Unavailable where the server returns no usable answer.
        """
        status, answer = self._follow(address, _Request("GET", accept, report_received))
        if status == HTTPStatus.OK:
            return answer
        raise BadAnswer(
            answer.address, LocalizedText(f"het antwoord is {status}", f"the answer is {status}"), status
        )

    def read_status(self, address: httpx.URL, method: Literal["HEAD", "GET"]) -> int:
        """The status of the answer at an address, redirects followed; none of its content is read.

        Raises: InvalidRequest for a refused address, Unavailable where no answer comes.
        """
        return self._follow(address, _Request(method, "*/*", reads_content=False))[0]

    def _follow(self, address: httpx.URL, request: "_Request") -> tuple[int, RawAnswer]:
        """The status and answer at the end of all redirects."""
        for _ in range(self.limits.redirects + 1):
            status, headers, body = self._request_with_retries(address, request)
            if status not in _REDIRECTS or "location" not in headers:
                return status, RawAnswer(address, body, headers)
            address = join_link(address, headers["location"])
        raise BadAnswer(address, LocalizedText("te veel doorverwijzingen", "too many redirects"))

    def post_form(
        self, address: httpx.URL, fields: Mapping[str, str], headers: Mapping[str, str] | None = None
    ) -> tuple[int, RawAnswer]:
        """Send a form once and return status and JSON answer; no redirect is followed, no failure tried again.

        Raises: InvalidRequest for a refused address, Unavailable where the server returns no usable answer.
        """
        request = _Request("POST", "application/json", form=urlencode(fields).encode(), headers=headers or {})
        try:
            status, received, body = self._request(address, request)
        except _BROKEN as error:
            raise _broken(address, error) from error
        return status, RawAnswer(address, body, received)

    def probe(self, address: httpx.URL) -> None:
        """Check that a server answers, whatever its answer. Raises: InvalidRequest; Unavailable."""
        self._request_with_retries(address, _Request("HEAD", "*/*"))

    def _request_with_retries(
        self, address: httpx.URL, request: "_Request"
    ) -> tuple[int, dict[str, str], bytes]:
        """The first answer other than that the server is busy, or the last answer."""
        for number in count(1):
            seconds = float(2 ** (number - 1))
            try:
                status, headers, body = self._request(address, request)
            except _BROKEN as error:
                if number == self.limits.tries:
                    raise _broken(address, error) from error
            else:
                seconds = _parse_retry_after(headers.get("retry-after"), seconds)
                is_last = number == self.limits.tries or seconds > self.limits.pause_seconds
                if status not in _BUSY or is_last:
                    break
            self.pause(seconds)
        return status, headers, body

    def _request(self, address: httpx.URL, request: "_Request") -> tuple[int, dict[str, str], bytes]:
        remaining = self._ends_at - time.monotonic()
        if remaining <= 0:
            raise BadAnswer(
                address,
                LocalizedText("het ophalen van alles duurt te lang", "fetching everything takes too long"),
            )
        self._deadline.start(min(self.limits.answer_seconds, remaining))
        request_headers: dict[bytes | str, bytes | str] = {
            "User-Agent": self.agent,
            "Accept": request.accept,
            "Accept-Encoding": "gzip",
        }
        request_headers.update(request.headers.items())
        if request.form is not None:
            request_headers["Content-Type"] = "application/x-www-form-urlencoded"
        if self.key and find_origin(address) == find_origin(self.key.origin):
            request_headers[self.key.header] = self.key.value
        timeouts = dict.fromkeys(("connect", "read", "write", "pool"), self.limits.wait_seconds)
        target = httpcore.URL(
            scheme=address.raw_scheme, host=address.raw_host, port=address.port, target=address.raw_path
        )
        try:
            with self._pool.stream(
                request.method,
                target,
                headers=request_headers,
                content=request.form,
                extensions={"timeout": timeouts},
            ) as response:
                headers = {
                    name.decode("latin-1").lower(): value.decode("latin-1")
                    for name, value in response.headers
                }
                # The body of an error is not read: the status is enough, unless a form was refused with a reason.
                is_whole = request.method == "POST" or (
                    response.status == HTTPStatus.OK and request.method == "GET" and request.reads_content
                )
                body = self._receive(response, headers, address, request.report) if is_whole else b""
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

    def _receive(
        self,
        response: httpcore.Response,
        headers: Mapping[str, str],
        address: httpx.URL,
        report_received: ReportReceived | None,
    ) -> bytes:
        body = bytearray()
        announced = headers.get("content-length", "")
        for piece in decompress(response.iter_stream(), headers.get("content-encoding", ""), address):
            body += piece
            self._bytes += len(piece)
            if report_received:
                report_received(len(body), int(announced) if announced.isdecimal() else None)
            if len(body) > self.limits.answer_bytes:
                most = self.limits.answer_bytes // 1_000_000
                raise BadAnswer(
                    address,
                    LocalizedText(
                        f"één antwoord is groter dan {most} MB; vraag om kleinere pagina's (limit)",
                        f"one answer is larger than {most} MB; ask for smaller pages (limit)",
                    ),
                )
            if self._bytes > self.limits.total_bytes:
                most = self.limits.total_bytes // 1_000_000
                raise BadAnswer(
                    address,
                    LocalizedText(
                        f"alle antwoorden samen zijn groter dan {most} MB",
                        f"all answers together are larger than {most} MB",
                    ),
                )
        return bytes(body)


def _broken(address: httpx.URL, error: Exception) -> BadAnswer:
    return BadAnswer(
        address, LocalizedText(f"de verbinding brak af ({error})", f"the connection broke ({error})")
    )


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
