"""Limits on acts of strangers: how many at once, how soon again, and for whom."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest
from sqlalchemy import Engine, create_engine, text

from app.access.rate_limits import LIMITS, limit_client, limit_subject
from app.access.upkeep import delete_old_access
from app.core.database import sqlalchemy_url, transaction
from app.core.errors import TooManyRequests

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
LIMIT = LIMITS["receive_link"]


@pytest.fixture
def engine(fresh_database: str) -> Iterator[Engine]:
    engine = create_engine(sqlalchemy_url(fresh_database))
    yield engine
    engine.dispose()


def use_up(engine: Engine, subject: str = "noor@leiden.nl", now: datetime = NOW) -> int:
    """How many acts are let through."""
    count = 0
    while True:
        try:
            limit_subject(engine, "receive_link", subject, now)
        except TooManyRequests:
            return count
        count += 1


def test_burst_is_let_through_and_then_one_in_each_step(engine: Engine) -> None:
    assert use_up(engine) == LIMIT.burst
    assert use_up(engine, now=NOW + LIMIT.step - timedelta(seconds=1)) == 0
    assert use_up(engine, now=NOW + LIMIT.step) == 1
    assert use_up(engine, now=NOW + 3 * LIMIT.step) == 2
    assert use_up(engine, now=NOW + 100 * LIMIT.step) == LIMIT.burst


def test_refusal_says_when_to_try_again_in_words_and_for_programs(engine: Engine) -> None:
    use_up(engine)
    with pytest.raises(TooManyRequests) as refused:
        limit_subject(engine, "receive_link", "noor@leiden.nl", NOW)
    assert refused.value.headers == {"Retry-After": "600"}
    assert refused.value.detail is not None
    assert "over 10 minuten" in refused.value.detail.nl
    assert "in 10 minutes" in refused.value.detail.en
    with pytest.raises(TooManyRequests) as refused:
        limit_subject(engine, "receive_link", "noor@leiden.nl", NOW + timedelta(seconds=599))
    assert refused.value.headers == {"Retry-After": "1"}
    assert "over 1 seconde " in str(refused.value.detail)


def test_limits_are_apart_for_each_subject_and_act(engine: Engine) -> None:
    use_up(engine)
    assert use_up(engine, "eva@leiden.nl") == LIMIT.burst
    limit_subject(engine, "failed_key", "noor@leiden.nl", NOW)


def test_refused_acts_do_not_lengthen_the_wait(engine: Engine) -> None:
    use_up(engine)
    for _ in range(20):
        with pytest.raises(TooManyRequests):
            limit_subject(engine, "receive_link", "noor@leiden.nl", NOW)
    assert use_up(engine, now=NOW + LIMIT.step) == 1


def test_acts_side_by_side_are_all_counted(engine: Engine) -> None:
    with ThreadPoolExecutor(4) as threads:
        counts = list(threads.map(lambda _: use_up(engine), range(4)))
    assert sum(counts) == LIMIT.burst


def test_network_of_an_ipv6_address_is_one_client_and_no_address_is_none(engine: Engine) -> None:
    burst = LIMITS["start_sign_in"].burst
    for number in range(burst):
        limit_client(engine, "start_sign_in", ip_address(f"2001:db8::{number:x}"), NOW)
    with pytest.raises(TooManyRequests):
        limit_client(engine, "start_sign_in", ip_address("2001:db8::ffff"), NOW)
    limit_client(engine, "start_sign_in", ip_address("2001:db8:0:1::1"), NOW)
    for _ in range(burst + 1):
        limit_client(engine, "start_sign_in", None, NOW)


def test_what_is_stored_names_no_one_and_upkeep_forgets_it(engine: Engine) -> None:
    address = ip_address("192.0.2.7")
    limit_client(engine, "failed_key", address, NOW)
    with engine.connect() as connection:
        first = connection.execute(text("SELECT * FROM register.rate_limit")).all()
    assert len(first) == 1
    assert b"192.0.2.7" not in bytes(first[0].key)
    tomorrow = NOW + timedelta(days=1)
    limit_client(engine, "failed_key", address, tomorrow)
    with engine.connect() as connection:
        keys = set(connection.scalars(text("SELECT key FROM register.rate_limit")))
    assert len(keys) == 2, "a client has another hash each day"
    with transaction(engine) as session:
        delete_old_access(session, tomorrow)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM register.rate_limit")) == 1
        assert connection.scalar(text("SELECT min(day) FROM register.rate_limit_salt")) == tomorrow.date()
