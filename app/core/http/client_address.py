"""The address of a client, as far as it can be believed.

A proxy on this machine makes every client look local. Its headers are believed where `REGISTER_TRUSTED_PROXIES` names
it; without that setting, a request that any proxy passed on has no address that proves anything.
"""

from collections.abc import Collection
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from starlette.requests import HTTPConnection

_FORWARDING = ("forwarded", "x-forwarded-for", "x-real-ip", "via", "cf-connecting-ip", "true-client-ip")


def find_client_address(
    connection: HTTPConnection, trusted_proxies: Collection[str]
) -> IPv4Address | IPv6Address | None:
    """The address of the client; None where a proxy that is not trusted, or that names no client, is in between.

    The server replaces the address of a trusted proxy by that of its client before this is called.
    """
    if connection.client is None:
        return None
    try:
        address = ip_address(connection.client.host.partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    if not trusted_proxies:
        return None if any(name in connection.headers for name in _FORWARDING) else address
    is_proxy = any(address in ip_network(proxy, strict=False) for proxy in trusted_proxies)
    return None if is_proxy else address


def is_inside(address: IPv4Address | IPv6Address | None) -> bool:
    """Whether it is an address of this machine or of a private network."""
    # `is_private` is wider: it also holds addresses for documentation and benchmarks.
    return address is not None and any(
        address in network for network in _INSIDE if network.version == address.version
    )


_INSIDE = tuple(
    ip_network(network)
    for network in ("127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")
)
