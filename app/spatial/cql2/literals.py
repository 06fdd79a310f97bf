"""Literals in a filter: numbers, dates and timestamps, each checked before it is bound."""

import re
from datetime import UTC, date, datetime
from typing import Final

LARGEST: Final = 2**53
"""Largest number that parsers keep exact."""

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TIMESTAMP = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})", re.ASCII)


def parse_number(value: float) -> int | float | None:
    """The number, with 5.0 as 5; None when it is not finite or too large to be exact."""
    # Written with `not`, so that it is true for NaN too.
    if not abs(value) <= LARGEST:
        return None
    return int(value) if value == int(value) else value


def parse_date(text: object) -> date | None:
    """The date, or None for another text."""
    if not isinstance(text, str) or not _DATE.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def parse_timestamp(text: object) -> datetime | None:
    """The moment in UTC, to the microsecond; None for another text."""
    if not isinstance(text, str) or not _TIMESTAMP.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", text)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
