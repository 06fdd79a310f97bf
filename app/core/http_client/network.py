"""Network backend that connects only to checked addresses, within a deadline.

A host name is resolved once for each connection, all its addresses are checked, and one of those is connected to. There
is no second look-up, which could return another address. The certificate is still verified against the host name.
"""

import queue
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from ssl import SSLContext
from typing import Any

from app.core.http_client.address_filter import Admit, IpAddress, ResolveHost, check_addresses
from app.core.http_client.libraries import httpcore


@dataclass(slots=True)
class Deadline:
    """Moment on the monotonic clock at which an answer must be complete.

    Timeouts of single reads do not end an answer that arrives one byte at a time.
    """

    ends_at: float = field(default=0.0)

    def start(self, seconds: float) -> None:
        self.ends_at = time.monotonic() + seconds

    def shorten(self, timeout: float | None) -> float:
        """Remaining time for one wait, at most `timeout`. Raises: ReadTimeout when there is none."""
        left = self.ends_at - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("The answer took too long.")
        return left if timeout is None else min(timeout, left)


class GuardedNetwork(httpcore.NetworkBackend):
    """Network backend that checks the addresses of a host before it connects."""

    def __init__(self, admit: Admit, resolve: ResolveHost, deadline: Deadline) -> None:
        self._admit = admit
        self._resolve = resolve
        self._deadline = deadline
        self._network = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to a checked address. Raises: InvalidRequest for a refused address, ConnectError."""
        try:
            addresses = self._resolve_in_time(host, port, self._deadline.shorten(timeout))
        # UnicodeError: not a valid host name, such as one with an empty label.
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"{host} is not known: {error}") from error
        check_addresses(host, addresses, self._admit)
        failure: Exception = httpcore.ConnectError(f"{host} has no address.")
        for address in addresses:
            try:
                stream = self._network.connect_tcp(
                    str(address), port, self._deadline.shorten(timeout), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _TimedStream(stream, self._deadline)
        raise failure

    def _resolve_in_time(self, host: str, port: int, seconds: float) -> Sequence[IpAddress]:
        """The addresses of a host. Raises: ConnectTimeout; whatever the look-up raises.

        The system's look-up has no limit of time: the thread of one that hangs is abandoned.
        """
        found: queue.SimpleQueue[Sequence[IpAddress] | Exception] = queue.SimpleQueue()

        def resolve() -> None:
            try:
                found.put(self._resolve(host, port))
            except Exception as error:  # noqa: BLE001 - raised below, in the thread that waits
                found.put(error)

        threading.Thread(target=resolve, name="resolve-host", daemon=True).start()
        try:
            outcome = found.get(timeout=seconds)
        except queue.Empty:
            raise httpcore.ConnectTimeout(f"The look-up of {host} took too long.") from None
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


class _TimedStream(httpcore.NetworkStream):
    """A connection whose waits end at the deadline of the answer."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.shorten(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.shorten(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        secured = self._stream.start_tls(ssl_context, server_hostname, self._deadline.shorten(timeout))
        return _TimedStream(secured, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
