"""Values written in a filter: numbers, dates and moments, each checked before it is bound."""

import re
from datetime import UTC, date, datetime
from typing import Final

LARGEST: Final = 2**53
"""Above this a number is no longer exact on its way through a parser."""

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})", re.ASCII)


def parse_number(value: float) -> int | float | None:
    """A number as it is meant, 5.0 as 5; None for one that is not finite or too large to be exact."""
    # Asked this way round, NaN is no such number either.
    if not abs(value) <= LARGEST:
        return None
    return int(value) if value == int(value) else value


def parse_date(text: object) -> date | None:
    """The date, or None when it is none."""
    if not isinstance(text, str) or not _DATE.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def parse_moment(text: object) -> datetime | None:
    """The moment in UTC, or None when it is none; smaller parts than microseconds are dropped."""
    if not isinstance(text, str) or not _MOMENT.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", text)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
