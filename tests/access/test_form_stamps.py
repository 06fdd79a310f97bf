"""Signed moments at which a form was shown."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from app.access.form_stamps import LEAST, is_late_enough, make_stamp, renew_stamp

NOON = datetime(2026, 5, 12, 12, tzinfo=UTC)
MOMENT = timedelta(milliseconds=10)


@pytest.mark.parametrize(
    ("later", "is_right"),
    [
        (timedelta(0), False),
        (LEAST - MOMENT, False),
        (LEAST + MOMENT, True),
        (timedelta(hours=20), True),
        (timedelta(days=3), False),
        (timedelta(days=-1), False),
    ],
)
def test_form_is_sent_by_a_person_after_some_seconds(
    session: Session, later: timedelta, *, is_right: bool
) -> None:
    assert is_late_enough(session, "/melden", make_stamp(session, "/melden", NOON), NOON + later) is is_right


def test_stamp_serves_one_form_and_cannot_be_changed(session: Session) -> None:
    stamp, later = make_stamp(session, "/melden", NOON), NOON + timedelta(minutes=1)
    assert not is_late_enough(session, "/aanmelden", stamp, later)
    earlier = f"{(NOON - timedelta(hours=1)).timestamp():.3f}{stamp[stamp.rindex('.') :]}"
    assert not is_late_enough(session, "/melden", earlier, later)
    for odd in ("", ".", "x", "nan.x", "1e400.x", "-1e18.x", "é.é", f"{stamp}x", "1" * 5000):
        assert not is_late_enough(session, "/melden", odd, later), odd


def test_time_goes_on_where_a_form_is_shown_again(session: Session) -> None:
    stamp = make_stamp(session, "/melden", NOON)
    again = renew_stamp(session, "/melden", stamp, NOON + timedelta(seconds=1))
    assert is_late_enough(session, "/melden", again, NOON + LEAST + MOMENT)


@pytest.mark.parametrize("stamp", ["", "x", "nan.x", "other", "old"])
def test_time_begins_where_a_stamp_says_nothing(session: Session, stamp: str) -> None:
    stamps = {
        "other": make_stamp(session, "/aanmelden", NOON - timedelta(hours=1)),
        "old": make_stamp(session, "/melden", NOON - timedelta(days=3)),
    }
    again = renew_stamp(session, "/melden", stamps.get(stamp, stamp), NOON)
    assert not is_late_enough(session, "/melden", again, NOON)
    assert is_late_enough(session, "/melden", again, NOON + LEAST)
