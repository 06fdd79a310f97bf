"""The outermost middleware: it checks requests, completes the headers of answers, and logs and measures both."""

import logging
import os
import re
from collections.abc import Mapping
from time import perf_counter
from typing import Any
from urllib.parse import unquote_to_bytes

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.address_search import set_address_search
from app.core.errors import HeadersTooLarge, InvalidRequest, RegisterError, TooLarge
from app.core.http.audience import get_audience, may_frame
from app.core.http.compression import CompressedSend, choose_encoding
from app.core.http.headers import complete_headers
from app.core.http.limited_body import LimitedBody
from app.core.http.problem_json import answer_problem
from app.core.http.routing import IS_HEAD_KEY, TEMPLATE_KEY
from app.core.http.server_protocol import MAX_HEAD_BYTES
from app.core.i18n import LocalizedText
from app.core.observability import current_request_id, record_request
from app.core.problems import Problem, ProblemCode
from app.core.site_path import enter_site
from app.core.suggestions import limit_suggestions

_log = logging.getLogger(__name__)

_VALID_REQUEST_ID = re.compile(rb"[A-Za-z0-9._:-]{1,64}")
MAX_HEADERS = 100
MAX_HEADER_BYTES = 16 * 1024
"""Size of one header, name and value."""

_BODILESS_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_CLIENT_DISCONNECTED = 499
"""Status in the log and the metrics; it is never sent."""


class EdgeMiddleware:
    """One middleware for everything: a chain of small ones costs more than a short read."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        body_limit_bytes: int,
        body_limits: Mapping[str, int] | None = None,
        site_prefix: str = "",
        has_address_search: bool = False,
    ) -> None:
        self.app = app
        self.site_prefix = site_prefix
        self.has_address_search = has_address_search
        self.body_limit_bytes = body_limit_bytes
        self.body_limits = body_limits or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = perf_counter()
        if self.site_prefix:
            scope = enter_site(scope, self.site_prefix)
        set_address_search(is_on=self.has_address_search)
        limit = self.body_limit_bytes
        if scope["method"] == "POST":
            limit = self.body_limits.get(scope["path"], limit)
        exchange = _Exchange(scope, receive, send, limit)
        current_request_id.set(exchange.request_id.decode())
        try:
            with limit_suggestions():
                await self._answer(exchange)
        finally:
            record_request(
                method=exchange.method,
                path=scope.get("raw_path", b"").decode("latin-1") or scope["path"],
                template=exchange.scope.get(TEMPLATE_KEY, "none"),
                status=exchange.status,
                seconds=perf_counter() - started,
            )

    async def _answer(self, exchange: "_Exchange") -> None:
        scope = exchange.scope
        try:
            exchange.check()
            await self.app(scope, exchange.receive, exchange.send)
        except ClientDisconnect:
            exchange.status = exchange.status or _CLIENT_DISCONNECTED
        except Exception as error:  # noqa: BLE001 - the one place where the unexpected is caught and logged
            if not isinstance(error, RegisterError):
                _log.exception("%s %s failed", exchange.method, scope["path"])
                error = RegisterError()
            if exchange.status:
                # Part of the answer has been sent: returning here makes the server close the connection.
                return
            await answer_problem(error, scope)(scope, exchange.receive, exchange.send)


class _Exchange:
    """One request and its answer."""

    __slots__ = (
        "_body_limit_bytes",
        "_content_length",
        "_deliver",
        "_has_large_headers",
        "_has_one_host",
        "_send",
        "method",
        "receive",
        "request_id",
        "scope",
        "status",
    )

    def __init__(self, scope: Scope, receive: Receive, send: Send, body_limit_bytes: int) -> None:
        self.scope = scope
        self.method: str = scope["method"]
        self.status = 0
        self.request_id = b""
        self._send = send
        self._body_limit_bytes = body_limit_bytes
        self._content_length = b""
        self._deliver: Send = self._send_to_server
        longest = total = hosts = 0
        has_body = self.method not in _BODILESS_METHODS
        for name, value in scope["headers"]:
            size = len(name) + len(value)
            total += size
            longest = max(longest, size)
            if name == b"host":
                hosts += 1
            elif name == b"x-request-id":
                if _VALID_REQUEST_ID.fullmatch(value):
                    self.request_id = value
            elif name == b"content-length":
                self._content_length = value
                has_body = True
            elif name == b"transfer-encoding":
                has_body = True
            elif name == b"accept-encoding" and (encoding := choose_encoding(value)):
                self._deliver = CompressedSend(self._send_to_server, encoding)
        self._has_large_headers = (
            longest > MAX_HEADER_BYTES or total > MAX_HEAD_BYTES or len(scope["headers"]) > MAX_HEADERS
        )
        # Source: RFC 9112, section 3.2. A proxy may have checked another host than the one used here.
        self._has_one_host = hosts == 1 or (not hosts and scope["http_version"] == "1.0")
        if not self.request_id:
            self.request_id = os.urandom(8).hex().encode()
        if self.method == "HEAD":
            # A copy: the server uses its own scope to suppress the body.
            self.scope = {**scope, "method": "GET", IS_HEAD_KEY: True}
        self.receive: Receive = LimitedBody(receive, body_limit_bytes).receive if has_body else receive

    def check(self) -> None:
        """Refuse requests that no route has to handle.

        Raises: HeadersTooLarge; TooLarge for a body announced as too large; InvalidRequest for an unreadable path or
        query, and for another number of hosts than one.
        """
        self._check_headers()
        if self._content_length.isdigit() and int(self._content_length) > self._body_limit_bytes:
            raise TooLarge
        scope = self.scope
        path, query = scope.get("raw_path") or b"", scope["query_string"]
        if b"%" in path and not _is_text(path):
            raise InvalidRequest(problems=[_unreadable("path")])
        if (b"%" in query or not query.isascii()) and not _is_text(query):
            raise InvalidRequest(problems=[_unreadable("query")])

    def _check_headers(self) -> None:
        # The rest of such a connection is not trusted.
        if self._has_large_headers:
            raise HeadersTooLarge(_HEADER_LIMITS, headers={"Connection": "close"})
        if not self._has_one_host:
            raise InvalidRequest(problems=[_ONE_HOST], headers={"Connection": "close"})

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message["headers"] = complete_headers(
                message["headers"],
                request_id=self.request_id,
                audience=get_audience(self.scope),
                framed=may_frame(self.scope),
            )
        await self._deliver(message)

    async def _send_to_server(self, message: Message) -> None:
        if self.method == "HEAD" and message["type"] == "http.response.body":
            await self._send({"type": "http.response.body", "body": b""})
            if message.get("more_body"):
                # Ends the generation of a long answer.
                raise ClientDisconnect
            return
        await self._send(message)


_HEADER_LIMITS = LocalizedText(
    f"Stuur hoogstens {MAX_HEADERS} headers, elk van hoogstens {MAX_HEADER_BYTES // 1024} kB en samen "
    f"{MAX_HEAD_BYTES // 1024} kB.",
    f"Send at most {MAX_HEADERS} headers, each of at most {MAX_HEADER_BYTES // 1024} kB and together "
    f"{MAX_HEAD_BYTES // 1024} kB.",
)
_ONE_HOST = Problem(
    ProblemCode.INVALID_HOST,
    "Host",
    LocalizedText("Stuur precies één header `Host`.", "Send exactly one header `Host`."),
    where="header",
)


def _is_text(sent: bytes) -> bool:
    """Whether it is, percent-decoded, UTF-8 without NUL, which PostgreSQL cannot store."""
    decoded = unquote_to_bytes(sent)
    if b"\0" in decoded:
        return False
    try:
        decoded.decode()
    except UnicodeDecodeError:
        return False
    return True


def _unreadable(where: Any) -> Problem:
    return Problem(
        ProblemCode.INVALID_TEXT,
        "",
        LocalizedText(
            "Schrijf dit in UTF-8, zonder NUL-teken.", "Write this in UTF-8, without the character NUL."
        ),
        where=where,
    )
