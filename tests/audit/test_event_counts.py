"""Counts of events: one entry a minute at most, and a limit to what strangers can fill."""

from datetime import UTC, datetime, timedelta

from app.audit.event_counts import INTERVAL, MAX_EVENTS, MAX_SUBJECTS, Event, EventCounter

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


def make_event(source: str = "192.0.2.0/24", subject: str = "0123456789ab") -> Event:
    return Event("sign_in_failed", "api_key", "unknown", source, subject)


def test_first_event_is_due_at_once_and_later_ones_are_counted_for_a_minute() -> None:
    counter = EventCounter()
    counter.add(make_event(), NOW)
    (first,) = counter.take_due(NOW)
    assert first.count == 1
    for second in range(1, 50):
        counter.add(make_event(), NOW + timedelta(seconds=second))
        assert counter.take_due(NOW + timedelta(seconds=second)) == []
    (rest,) = counter.take_due(NOW + INTERVAL)
    assert (rest.count, rest.first_at, rest.last_at) == (
        49,
        NOW + timedelta(seconds=1),
        NOW + timedelta(seconds=49),
    )
    assert counter.take_due(NOW + 2 * INTERVAL) == []


def test_many_keys_of_one_network_and_many_networks_are_few_entries() -> None:
    counter = EventCounter()
    for number in range(5000):
        counter.add(make_event(subject=f"{number:012x}"), NOW)
    due = counter.take_due(NOW)
    assert len(due) == MAX_SUBJECTS + 1
    assert sum(one.count for one in due) == 5000
    assert max(due, key=lambda one: one.count).event.subject == ""
    for number in range(20_000):
        counter.add(make_event(source=f"2001:db8:{number:x}::/48"), NOW)
    due = counter.take_due(NOW)
    assert len(due) <= MAX_EVENTS
    assert sum(one.count for one in due) == 20_000


def test_counts_that_could_not_be_written_are_due_again() -> None:
    counter = EventCounter()
    counter.add(make_event(), NOW)
    taken = counter.take_due(NOW)
    counter.add(make_event(), NOW + timedelta(seconds=2))
    counter.put_back(taken)
    (again,) = counter.take_due(NOW + timedelta(seconds=3))
    assert (again.count, again.first_at, again.last_at) == (2, NOW, NOW + timedelta(seconds=2))
