"""The date in the Netherlands, which all dates of the register refer to."""

from datetime import UTC, date, datetime
from typing import Final
from zoneinfo import ZoneInfo

DUTCH_TIME: Final = ZoneInfo("Europe/Amsterdam")


def dutch_date(moment: datetime | None = None) -> date:
    """The date in the Netherlands, now or at a moment."""
    return (moment or datetime.now(UTC)).astimezone(DUTCH_TIME).date()
