"""Guarded clients for tests: only 127.0.0.1 is admitted, so that other loopback addresses are refused."""

from dataclasses import replace
from ipaddress import ip_address
from typing import Any

from app.core.http_client.address_filter import IpAddress
from app.core.http_client.client import GuardedClient, RequestLimits
from tests.support.harvest_servers import LOOPBACK

AGENT = "sensor-register/test (+https://register.example)"


def admit_loopback(address: IpAddress) -> bool:
    return address == ip_address(LOOPBACK)


def make_client(limits: RequestLimits | None = None, **fields: Any) -> GuardedClient:
    """A client that does not pause between tries."""
    given: dict[str, Any] = {
        "agent": AGENT,
        "admit": admit_loopback,
        "pause": lambda _: None,
        "limits": limits or RequestLimits(),
    }
    return GuardedClient(**(given | fields))


def make_limits(**fields: Any) -> RequestLimits:
    return replace(RequestLimits(), **fields)
