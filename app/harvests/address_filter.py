"""Which addresses a harvest may connect to: those of the public internet, unless private ones are allowed."""

import socket
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final

from app.core.errors import InvalidRequest
from app.core.i18n import LocalizedText

IpAddress = IPv4Address | IPv6Address

Resolve = Callable[[str, int], Sequence[IpAddress]]
"""The addresses of a host's name, the best first. Raises: OSError where it has none."""

Admit = Callable[[IpAddress], bool]
"""Whether a connection to this address may be made."""

_GLOBAL_IPV6: Final = ip_network("2000::/3")
_TRANSLATED: Final = ip_network("64:ff9b::/96")
"""IPv4 as a network without it reaches it: the last 32 bits are the address. Source: RFC 6052, 2.1."""

_SPECIAL: Final = tuple(
    ip_network(network)
    for network in (
        "192.0.0.0/24",  # protocol assignments (RFC 6890)
        "192.88.99.0/24",  # relays of 6to4, withdrawn (RFC 7526)
        "2001::/23",  # protocol assignments, among them Teredo, which tunnels to where it likes
        "3fff::/20",  # documentation (RFC 9637)
    )
)
"""What Python 3.11 takes for global and is not."""


def is_public(address: IpAddress) -> bool:
    """Whether it is on the public internet; IPv4 wrapped in IPv6 is judged by what is inside."""
    if isinstance(address, IPv6Address):
        inside = _unwrap(address)
        if inside is not None:
            return is_public(inside)
        if address not in _GLOBAL_IPV6:
            return False
    special = any(address in network for network in _SPECIAL if network.version == address.version)
    return address.is_global and not address.is_multicast and not special


def admit_every_address(_address: IpAddress) -> bool:
    """For an operator who harvests inside a network of one's own."""
    return True


def resolve_host(host: str, port: int) -> Sequence[IpAddress]:
    """The addresses that the system knows for a name or any spelling of an address, the best first.

    Raises: OSError where there are none.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    # A scope (`fe80::1%eth0`) is of no use here: such addresses are refused.
    return [ip_address(str(place[0]).partition("%")[0]) for *_, place in found]


def check_addresses(host: str, addresses: Sequence[IpAddress], admit: Admit) -> None:
    """One address that may not be connected to refuses them all: who mixes them hopes that we pick the wrong one.

    Raises: InvalidRequest.
    """
    refused = [address for address in addresses if not admit(address)]
    if not refused:
        return
    where = host if host == str(refused[0]) else f"{host} ({refused[0]})"
    raise InvalidRequest(
        LocalizedText(
            f"{where} ligt niet op het openbare internet. Wilt u toch uit uw eigen netwerk oogsten, "
            "geef dan --allow-private mee.",
            f"{where} is not on the public internet. To harvest within your own network, add --allow-private.",
        )
    )


def _unwrap(address: IPv6Address) -> IPv4Address | None:
    if address in _TRANSLATED:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour
