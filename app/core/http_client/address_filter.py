"""IP addresses that the register connects to: those of the public internet, unless private ones are allowed."""

import socket
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final

from app.core.errors import InvalidRequest
from app.core.i18n import LocalizedText

IpAddress = IPv4Address | IPv6Address

ResolveHost = Callable[[str, int], Sequence[IpAddress]]
"""Resolves a host name to addresses, the best first. Raises: OSError where it has none."""

Admit = Callable[[IpAddress], bool]
"""Whether a connection to this address may be made."""

_GLOBAL_IPV6: Final = ip_network("2000::/3")
_NAT64: Final = ip_network("64:ff9b::/96")
"""IPv4 addresses embedded in IPv6 for NAT64, in the last 32 bits. Source: RFC 6052, 2.1."""

_SPECIAL: Final = tuple(
    ip_network(network)
    for network in (
        "192.0.0.0/24",  # protocol assignments (RFC 6890)
        "192.88.99.0/24",  # relays of 6to4, withdrawn (RFC 7526)
        "2001::/23",  # protocol assignments, including Teredo, which tunnels to any address
        "3fff::/20",  # documentation (RFC 9637)
    )
)
"""Networks that `ipaddress` of Python 3.11 wrongly reports as global."""


def is_public(address: IpAddress) -> bool:
    """Whether it is on the public internet; IPv4 embedded in IPv6 is judged by the IPv4 address."""
    if isinstance(address, IPv6Address):
        embedded = _find_embedded(address)
        if embedded is not None:
            return is_public(embedded)
        if address not in _GLOBAL_IPV6:
            return False
    special = any(address in network for network in _SPECIAL if network.version == address.version)
    return address.is_global and not address.is_multicast and not special


def admit_every_address(_address: IpAddress) -> bool:
    """Admit any address, for an operator who fetches inside their own network."""
    return True


def resolve_host(host: str, port: int) -> Sequence[IpAddress]:
    """Addresses that the system resolves for a host name or any notation of an address, the best first.

    Raises: OSError where there are none.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    # Addresses with a scope (`fe80::1%eth0`) are link-local and refused: the scope is dropped.
    return [ip_address(str(place[0]).partition("%")[0]) for *_, place in found]


def check_addresses(host: str, addresses: Sequence[IpAddress], admit: Admit) -> None:
    """Check that every address is admitted: a mix of public and private ones is a sign of an attack.

    Raises: InvalidRequest where one is not.
    """
    refused = [address for address in addresses if not admit(address)]
    if not refused:
        return
    name = host if host == str(refused[0]) else f"{host} ({refused[0]})"
    raise InvalidRequest(
        LocalizedText(
            f"{name} ligt niet op het openbare internet. Wilt u toch iets uit uw eigen netwerk ophalen, "
            "geef dan --allow-private mee.",
            f"{name} is not on the public internet. To fetch something within your own network, add --allow-private.",
        )
    )


def _find_embedded(address: IPv6Address) -> IPv4Address | None:
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour
