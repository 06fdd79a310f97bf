"""Limits on questions to another server."""

from ipaddress import ip_address

import pytest

from app.places import lookup_limits
from app.places.lookup_limits import CLIENT_BURST, TOTAL_BURST, FailurePause, LookupLimits

ONE, OTHER = ip_address("192.0.2.1"), ip_address("192.0.2.2")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The moment in seconds, which a test moves."""
    now = [1000.0]
    monkeypatch.setattr(lookup_limits, "monotonic", lambda: now[0])
    return now


def test_client_above_its_burst_is_refused_and_another_is_not(clock: list[float]) -> None:
    limits = LookupLimits()

    assert all(limits.take(ONE) for _ in range(CLIENT_BURST))
    assert not limits.take(ONE)
    assert limits.take(OTHER)


def test_client_may_ask_again_after_a_second(clock: list[float]) -> None:
    limits = LookupLimits()
    while limits.take(ONE):
        pass
    clock[0] += 1

    assert limits.take(ONE)
    assert not limits.take(ONE)


def test_addresses_of_one_ipv6_network_share_a_limit(clock: list[float]) -> None:
    limits = LookupLimits()
    for number in range(CLIENT_BURST):
        assert limits.take(ip_address(f"2001:db8:0:1::{number:x}"))

    assert not limits.take(ip_address("2001:db8:0:1:ffff::1"))
    assert limits.take(ip_address("2001:db8:0:2::1"))


def test_clients_without_an_address_have_the_total_limit_alone(clock: list[float]) -> None:
    limits = LookupLimits()

    assert sum(limits.take(None) for _ in range(TOTAL_BURST * 2)) == TOTAL_BURST


def test_remembered_clients_are_bounded(clock: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookup_limits, "REMEMBERED_CLIENTS", 3)
    limits = LookupLimits()
    for number in range(10):
        limits.take(ip_address(number))

    assert len(limits._clients) == 3


def test_pause_grows_with_each_failure_after_it_and_ends_at_a_success(clock: list[float]) -> None:
    pause = FailurePause()
    assert not pause.is_on()

    pause.report_failure()
    # Questions that were sent before the pause fail too; they are the same failure.
    pause.report_failure()
    assert pause.is_on()
    clock[0] += 2
    assert not pause.is_on()
    pause.report_failure()
    clock[0] += 7
    assert pause.is_on()
    clock[0] += 1
    assert not pause.is_on()
    pause.report_success()
    pause.report_failure()
    clock[0] += 2
    assert not pause.is_on()
