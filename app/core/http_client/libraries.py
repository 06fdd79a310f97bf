"""The libraries of the HTTP client.

Only this module imports them, so that a successor is one line here. Other modules import the addresses of `httpx`, and
`httpcore`, from this one; only `client.py` makes connections.
"""

import ssl
from importlib.metadata import version
from typing import Final

import httpcore
import httpx

__all__ = [
    "USER_AGENT",
    "create_connection_pool",
    "create_trust_store",
    "httpcore",
    "httpx",
]

USER_AGENT: Final = f"sensor-register/{version('sensor-register')}"
"""Name and version of this program, as other servers log it."""


def create_trust_store() -> ssl.SSLContext:
    """The certificate store of the system: many town-hall networks add their own certificate authority to it."""
    return ssl.create_default_context()


def create_connection_pool(
    network: httpcore.NetworkBackend, trust: ssl.SSLContext
) -> httpcore.ConnectionPool:
    """One connection at a time through this network.

    It ignores proxies of the environment, and does not decompress answers.
    """
    return httpcore.ConnectionPool(trust, max_connections=1, network_backend=network)
