"""Uvicorn's HTTP protocol with limits on what a client may send and how long it may take.

Uvicorn bounds neither the head of a request nor the time it takes, and waits for ever for a client that connects and
sends nothing, or that does not read its answer.
"""

from asyncio import TimerHandle, Transport
from typing import Any, Final, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from app.core.http.least_speed import LEAST_BYTES_PER_SECOND

MAX_HEAD_BYTES: Final = 64 * 1024
"""Size of the request line and all headers; also of the parts of a chunked body that are not content."""

HEAD_SECONDS: Final = 10
"""How long the head of a request may take; also how long the rest of a body may, once the answer is sent."""

READER_SECONDS: Final = 60
"""How long a client may be behind the least speed when it reads."""

_TOO_LARGE: Final = (
    431,
    "Request Header Fields Too Large",
    "De headers zijn te groot. The headers are too large.",
)
_TOO_SLOW: Final = (408, "Request Timeout", "De headers duurden te lang. The headers took too long.")


class LimitedProtocol(HttpToolsProtocol):
    """One connection. What is wrong in a complete head is refused by the middleware, which can explain it."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._in_head = False
        """Part of a head has been received."""
        self._in_message = False
        """A head is complete, its body is not."""
        self._unused_bytes = 0
        """Bytes received since the last complete head or piece of a body."""
        self._deadline: TimerHandle | None = None
        self._reader: TimerHandle | None = None

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._set_deadline()

    def connection_lost(self, exc: Exception | None) -> None:
        self._cancel_deadline()
        self._cancel_reader()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._unused_bytes += len(data)
        super().data_received(data)
        if self.transport.is_closing():
            return
        if self._unused_bytes > MAX_HEAD_BYTES:
            self._refuse(*_TOO_LARGE)
        elif self._deadline is None and not self._in_message and (self._in_head or self._unused_bytes):
            self._set_deadline()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._in_head = True

    def on_header(self, name: bytes, value: bytes) -> None:
        # Fields after a chunked body are dropped: the request has been checked without them.
        if not self._in_message:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._in_head, self._in_message = False, True
        self._unused_bytes = 0
        self._cancel_deadline()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._unused_bytes = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._in_message = False
        self._unused_bytes = 0
        self._cancel_deadline()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self._in_message and self.cycle.response_complete and not self.transport.is_closing():
            # The answer came before the end of the body, which is read and dropped.
            self._set_deadline()

    @property
    def _is_answering(self) -> bool:
        # None before the first request, which its type leaves out.
        cycle = cast("RequestResponseCycle | None", self.cycle)
        return cycle is not None and not cycle.response_complete

    def _set_deadline(self) -> None:
        self._cancel_deadline()
        self._deadline = self.loop.call_later(HEAD_SECONDS, self._end)

    def _cancel_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _end(self) -> None:
        self._deadline = None
        if self.transport.is_closing():
            return
        if self._is_answering:
            # The next request waits behind this answer, and is not read meanwhile.
            self._set_deadline()
        elif self._in_head:
            self._refuse(*_TOO_SLOW)
        else:
            self.transport.close()

    def _refuse(self, status: int, phrase: str, sentence: str) -> None:
        if not self._is_answering:
            body = sentence.encode()
            head = (
                f"HTTP/1.1 {status} {phrase}\r\nContent-Type: text/plain; charset=utf-8\r\n"
                f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
            )
            self.transport.write(head.encode() + body)
        self.transport.close()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._watch_reader(0)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._cancel_reader()

    def _cancel_reader(self) -> None:
        if self._reader is not None:
            self._reader.cancel()
            self._reader = None

    def _watch_reader(self, unread_before: int) -> None:
        """Disconnect a client that has taken too little since the last look."""
        unread = self.transport.get_write_buffer_size()
        if unread_before and unread_before - unread < READER_SECONDS * LEAST_BYTES_PER_SECOND:
            self.transport.abort()
            return
        self._reader = self.loop.call_later(READER_SECONDS, self._watch_reader, unread)
