"""Dates, moments, numbers and durations as a person reads them, in either language."""

import re
from datetime import date, datetime
from typing import Final

from app.core.clock import DUTCH_TIME
from app.core.language import Language, Text

MONTHS: Final = (
    Text("januari", "January"),
    Text("februari", "February"),
    Text("maart", "March"),
    Text("april", "April"),
    Text("mei", "May"),
    Text("juni", "June"),
    Text("juli", "July"),
    Text("augustus", "August"),
    Text("september", "September"),
    Text("oktober", "October"),
    Text("november", "November"),
    Text("december", "December"),
)

DURATION: Final = re.compile(
    r"P(?:(?P<Y>\d+)Y)?(?:(?P<M>\d+)M)?(?:(?P<W>\d+)W)?(?:(?P<D>\d+)D)?"
    r"(?:T(?:(?P<h>\d+)H)?(?:(?P<m>\d+)M)?(?:(?P<s>\d+)S)?)?"
)
# Dutch says "2 jaar" and "2 uur", but "2 dagen".
UNITS: Final = {
    "Y": (Text("jaar", "year"), Text("jaar", "years")),
    "M": (Text("maand", "month"), Text("maanden", "months")),
    "W": (Text("week", "week"), Text("weken", "weeks")),
    "D": (Text("dag", "day"), Text("dagen", "days")),
    "h": (Text("uur", "hour"), Text("uur", "hours")),
    "m": (Text("minuut", "minute"), Text("minuten", "minutes")),
    "s": (Text("seconde", "second"), Text("seconden", "seconds")),
}


def word_date(value: date | str, language: Language) -> str:
    """The date, written out: `21 november 2026`."""
    day = date.fromisoformat(value) if isinstance(value, str) else value
    return f"{day.day} {MONTHS[day.month - 1].render(language)} {day.year}"


def word_moment(value: datetime | str, language: Language) -> str:
    """The moment on a Dutch clock: `21 november 2026, 19.05 uur`."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    local = moment.astimezone(DUTCH_TIME)
    time = f"{local:%H.%M} uur" if language == "nl" else f"{local:%H:%M}"
    return f"{word_date(local.date(), language)}, {time}"


def word_number(value: float, language: Language) -> str:
    """The number with the language's separators and no needless decimals: `12.345,6`."""
    text = f"{value:,.12g}"
    return text if language == "en" else text.translate(str.maketrans(",.", ".,"))


def word_duration(value: str, language: Language) -> str:
    """An ISO 8601 duration in words: `28 dagen`; one it cannot read stays as it is."""
    match = DURATION.fullmatch(value)
    if match is None:
        return value
    counts = {unit: int(count) for unit, count in match.groupdict("0").items()}
    parts = [f"{count} {UNITS[unit][count != 1].render(language)}" for unit, count in counts.items() if count]
    return " ".join(parts) or value
