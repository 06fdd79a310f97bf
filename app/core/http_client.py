"""HTTP clients for calls to other servers.

Only this module imports the client library and the connections below it, so that a successor is one line here. Other
modules import `httpx` and `httpcore` from this one.
"""

import ssl
from importlib.metadata import version
from typing import Final

import httpcore
import httpx

__all__ = [
    "USER_AGENT",
    "create_connection_pool",
    "create_http_client",
    "create_trust_store",
    "httpcore",
    "httpx",
]

USER_AGENT: Final = f"sensor-register/{version('sensor-register')}"
"""Name and version of this program, as other servers log it."""


def create_trust_store() -> ssl.SSLContext:
    """The certificate store of the system: many town-hall networks add their own certificate authority to it."""
    return ssl.create_default_context()


def create_http_client(
    timeout_seconds: float, *, accept: str = "*/*", follow_redirects: bool = False
) -> httpx.Client:
    """A client for servers of the operator's choice; `timeout_seconds` limits each wait for the server."""
    return httpx.Client(
        verify=create_trust_store(),
        timeout=timeout_seconds,
        follow_redirects=follow_redirects,
        headers={"Accept": accept, "User-Agent": USER_AGENT},
    )


def create_connection_pool(
    network: httpcore.NetworkBackend, trust: ssl.SSLContext
) -> httpcore.ConnectionPool:
    """One connection at a time through this network, for servers that may be hostile.

    It ignores proxies of the environment, and does not decompress answers.
    """
    return httpcore.ConnectionPool(trust, max_connections=1, network_backend=network)
