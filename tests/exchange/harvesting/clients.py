"""Guarded clients for tests: only 127.0.0.1 counts as public, so that its neighbours can be out of bounds."""

from dataclasses import replace
from ipaddress import ip_address
from typing import Any

from app.exchange.harvesting.addresses import Address
from app.exchange.harvesting.guarded import GuardedClient, Limits
from tests.exchange.harvesting.servers import LOOPBACK

AGENT = "sensor-register/test (+https://register.example)"


def admit_loopback(address: Address) -> bool:
    return address == ip_address(LOOPBACK)


def make_client(limits: Limits | None = None, **fields: Any) -> GuardedClient:
    """A client that does not wait between its tries."""
    given: dict[str, Any] = {
        "agent": AGENT,
        "admit": admit_loopback,
        "pause": lambda _: None,
        "limits": limits or Limits(),
    }
    return GuardedClient(**(given | fields))


def make_limits(**fields: Any) -> Limits:
    return replace(Limits(), **fields)
