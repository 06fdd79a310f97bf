"""Limits on the questions that this process sends to another server: of one client, of all, and after failures."""

from collections import OrderedDict
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, ip_network
from time import monotonic
from typing import Final

ClientAddress = IPv4Address | IPv6Address | None
"""The address of a client; None where a proxy hides it."""

CLIENT_BURST: Final = 40
CLIENT_PER_SECOND: Final = 1.0
"""Someone who types asks about four times a second, for some seconds."""
TOTAL_BURST: Final = 100
TOTAL_PER_SECOND: Final = 20.0
REMEMBERED_CLIENTS: Final = 10_000

FIRST_PAUSE_SECONDS: Final = 2.0
LONGEST_PAUSE_SECONDS: Final = 600.0
_PAUSE_GROWTH: Final = 4.0


@dataclass(slots=True)
class TokenBucket:
    """A number of questions at once, refilled at a rate per second."""

    burst: int
    per_second: float
    _left: float = field(init=False)
    _seen: float = field(init=False)

    def __post_init__(self) -> None:
        self._left, self._seen = float(self.burst), monotonic()

    def take(self) -> bool:
        """Whether one more question may be sent now."""
        now = monotonic()
        self._left = min(self.burst, self._left + (now - self._seen) * self.per_second)
        self._seen = now
        if self._left < 1:
            return False
        self._left -= 1
        return True


class LookupLimits:
    """The buckets of all clients together and of each client; the network of an IPv6 address (/64) is one client."""

    def __init__(self) -> None:
        self._total = TokenBucket(TOTAL_BURST, TOTAL_PER_SECOND)
        self._clients: OrderedDict[str, TokenBucket] = OrderedDict()

    def take(self, client: ClientAddress) -> bool:
        """Whether this client may ask one more question now. Without an address only the total counts."""
        return (client is None or self._find_bucket(client).take()) and self._total.take()

    def _find_bucket(self, client: IPv4Address | IPv6Address) -> TokenBucket:
        name = str(client)
        if isinstance(client, IPv6Address):
            name = str(ip_network((client, 64), strict=False))
        bucket = self._clients.pop(name, None) or TokenBucket(CLIENT_BURST, CLIENT_PER_SECOND)
        self._clients[name] = bucket
        if len(self._clients) > REMEMBERED_CLIENTS:
            self._clients.popitem(last=False)
        return bucket


class FailurePause:
    """The time after failures in which a server is not asked: 2 s after the first, four times longer each time."""

    def __init__(self) -> None:
        self._failures = 0
        self._until = 0.0

    def is_on(self) -> bool:
        return monotonic() < self._until

    def report_failure(self) -> None:
        """Start the pause; failures of questions that were sent before it are the same one."""
        if self.is_on():
            return
        seconds = FIRST_PAUSE_SECONDS * _PAUSE_GROWTH ** min(self._failures, 10)
        self._failures += 1
        self._until = monotonic() + min(seconds, LONGEST_PAUSE_SECONDS)

    def report_success(self) -> None:
        self._failures, self._until = 0, 0.0
