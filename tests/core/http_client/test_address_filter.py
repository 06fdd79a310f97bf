"""Public and private addresses, in any notation."""

from ipaddress import ip_address

import pytest

from app.core.errors import InvalidRequest
from app.core.http_client.address_filter import check_addresses, is_public, resolve_host

PRIVATE = [
    "10.1.2.3",
    "172.16.0.1",
    "192.168.0.1",
    "127.0.0.1",
    "0.0.0.0",
    "169.254.169.254",  # metadata service of cloud providers
    "100.64.0.1",
    "192.0.0.9",
    "192.0.2.1",
    "198.18.0.1",
    "224.0.0.1",
    "239.1.1.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::1",
    "2002:7f00:1::",  # 6to4 of 127.0.0.1
    "2001:0:53aa:64c::1",  # Teredo
    "2001:db8::1",
    "3fff::1",
    "fc00::1",
    "fe80::1",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
]
PUBLIC = ["1.1.1.1", "145.222.1.1", "::ffff:1.1.1.1", "64:ff9b::808:808", "2a00:1450:400e::1"]


@pytest.mark.parametrize("address", PRIVATE)
def test_is_public_of_private_address_is_false(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", PUBLIC)
def test_is_public_of_public_address_is_true(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    "spelling", ["2130706433", "0177.0.0.1", "0x7f000001", "127.1", "0x7f.1", "localhost"]
)
def test_resolve_host_of_any_loopback_notation_is_private(spelling: str) -> None:
    with pytest.raises(InvalidRequest, match="not on the public internet"):
        check_addresses(spelling, resolve_host(spelling, 80), is_public)


def test_check_addresses_with_one_private_address_refuses_all() -> None:
    addresses = [ip_address("1.1.1.1"), ip_address("10.0.0.1")]
    with pytest.raises(InvalidRequest, match=r"register\.example \(10\.0\.0\.1\)"):
        check_addresses("register.example", addresses, is_public)
    check_addresses("register.example", addresses[:1], is_public)
