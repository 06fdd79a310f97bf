"""Signed moments at which a form was shown: a program that sends a form at once is recognised, without a session.

They are signed with the salt of the day, so that there is no key to look after; a form of another day is shown again.
"""

import hmac
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Final

from sqlalchemy.orm import Session

from app.access.rate_limits import find_salt

LEAST: Final = timedelta(seconds=3)
"""No person reads a form and fills it in within this time."""

_MOST: Final = timedelta(days=2)
"""A form that was open for longer is shown again."""

_MOST_LENGTH: Final = 100


def make_stamp(session: Session, form: str, now: datetime) -> str:
    """The stamp of a form that is shown now."""
    shown = f"{now.timestamp():.3f}"
    return f"{shown}.{_sign(session, form, shown, now)}"


def is_late_enough(session: Session, form: str, stamp: str, now: datetime) -> bool:
    """Whether this form was shown long enough ago, today or yesterday."""
    shown_for = _measure(session, form, stamp, now)
    return shown_for is not None and shown_for >= LEAST


def renew_stamp(session: Session, form: str, stamp: str, now: datetime) -> str:
    """The stamp of a form that is shown again: its time goes on from when it was shown first."""
    return make_stamp(session, form, now) if _measure(session, form, stamp, now) is None else stamp


def _measure(session: Session, form: str, stamp: str, now: datetime) -> timedelta | None:
    """How long ago this form was shown; None for a stamp of another form, a false or an old one."""
    shown, _, signature = stamp[:_MOST_LENGTH].rpartition(".")
    try:
        moment = datetime.fromtimestamp(float(shown), UTC)
    except (ValueError, OverflowError, OSError):
        return None
    if not timedelta(0) <= now - moment < _MOST:
        return None
    is_ours = hmac.compare_digest(signature.encode(), _sign(session, form, shown, moment).encode())
    return now - moment if is_ours else None


def _sign(session: Session, form: str, shown: str, moment: datetime) -> str:
    salt = find_salt(session, moment.astimezone(UTC).date())
    return hmac.new(salt, f"form {form} {shown}".encode(), sha256).hexdigest()
