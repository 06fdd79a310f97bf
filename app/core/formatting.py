"""Dates, moments, numbers and durations as a person reads them, in either language."""

import re
from datetime import date, datetime
from typing import Final

from app.core.clock import DUTCH_TIME
from app.core.i18n import Language, LocalizedText

MONTHS: Final = (
    LocalizedText("januari", "January"),
    LocalizedText("februari", "February"),
    LocalizedText("maart", "March"),
    LocalizedText("april", "April"),
    LocalizedText("mei", "May"),
    LocalizedText("juni", "June"),
    LocalizedText("juli", "July"),
    LocalizedText("augustus", "August"),
    LocalizedText("september", "September"),
    LocalizedText("oktober", "October"),
    LocalizedText("november", "November"),
    LocalizedText("december", "December"),
)

ISO_DURATION: Final = re.compile(
    r"P(?:(?P<Y>\d+)Y)?(?:(?P<M>\d+)M)?(?:(?P<W>\d+)W)?(?:(?P<D>\d+)D)?"
    r"(?:T(?:(?P<h>\d+)H)?(?:(?P<m>\d+)M)?(?:(?P<s>\d+)S)?)?"
)
# Dutch says "2 jaar" and "2 uur", but "2 dagen".
DURATION_UNITS: Final = {
    "Y": (LocalizedText("jaar", "year"), LocalizedText("jaar", "years")),
    "M": (LocalizedText("maand", "month"), LocalizedText("maanden", "months")),
    "W": (LocalizedText("week", "week"), LocalizedText("weken", "weeks")),
    "D": (LocalizedText("dag", "day"), LocalizedText("dagen", "days")),
    "h": (LocalizedText("uur", "hour"), LocalizedText("uur", "hours")),
    "m": (LocalizedText("minuut", "minute"), LocalizedText("minuten", "minutes")),
    "s": (LocalizedText("seconde", "second"), LocalizedText("seconden", "seconds")),
}


def format_date(value: date | str, language: Language) -> str:
    """The date, written out: `21 november 2026`."""
    day = date.fromisoformat(value) if isinstance(value, str) else value
    return f"{day.day} {MONTHS[day.month - 1].render(language)} {day.year}"


def format_datetime(value: datetime | str, language: Language) -> str:
    """The moment on a Dutch clock: `21 november 2026, 19.05 uur`."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    local = moment.astimezone(DUTCH_TIME)
    time = f"{local:%H.%M} uur" if language == "nl" else f"{local:%H:%M}"
    return f"{format_date(local.date(), language)}, {time}"


def format_number(value: float, language: Language) -> str:
    """The number with the language's separators and no needless decimals: `12.345,6`."""
    text = f"{value:,.12g}"
    return text if language == "en" else text.translate(str.maketrans(",.", ".,"))


def format_duration(value: str, language: Language) -> str:
    """An ISO 8601 duration in words: `28 dagen`; one it cannot read stays as it is."""
    match = ISO_DURATION.fullmatch(value)
    if match is None:
        return value
    counts = {unit: int(count) for unit, count in match.groupdict("0").items()}
    parts = [
        f"{count} {DURATION_UNITS[unit][count != 1].render(language)}"
        for unit, count in counts.items()
        if count
    ]
    return " ".join(parts) or value
