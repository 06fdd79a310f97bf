"""Dates, moments, numbers and durations as text for people, in Dutch or English.

Words and separators come from the Unicode CLDR by way of Babel. English is British: the day comes before the month.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from babel import Locale
from babel.dates import format_date as format_babel_date
from babel.lists import format_list as format_babel_list
from babel.numbers import format_decimal
from babel.units import format_unit

from app.core.clock import DUTCH_TIME
from app.core.i18n import Language, LocalizedText

LOCALES: Final = {"nl": Locale("nl", "NL"), "en": Locale("en", "GB")}
NUMBER_PATTERN: Final = "#,##0.############"
"""At most twelve decimals, and no trailing zeros."""

ISO_DURATION: Final = re.compile(
    r"P(?:(?P<year>\d+)Y)?(?:(?P<month>\d+)M)?(?:(?P<week>\d+)W)?(?:(?P<day>\d+)D)?"
    r"(?:T(?:(?P<hour>\d+)H)?(?:(?P<minute>\d+)M)?(?:(?P<second>\d+)S)?)?"
)


def format_date(value: date | str, language: Language) -> str:
    """The date with the name of its month: `21 november 2026`. A moment has the date that it is in the Netherlands."""
    day = date.fromisoformat(value) if isinstance(value, str) else value
    if isinstance(day, datetime):
        day = day.astimezone(DUTCH_TIME).date()
    return format_babel_date(day, "long", LOCALES[language])


def format_datetime(value: datetime | str, language: Language) -> str:
    """The moment in Dutch time: `21 november 2026, 19.05 uur`."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    local = moment.astimezone(DUTCH_TIME)
    time = f"{local:%H.%M} uur" if language == "nl" else f"{local:%H:%M}"
    return f"{format_date(local.date(), language)}, {time}"


def format_month(value: date, language: Language) -> str:
    """The month of a day in words: `november 2026`."""
    return format_babel_date(value, "MMMM y", LOCALES[language])


def format_number(value: float, language: Language) -> str:
    """The number with the separators of the language and without trailing zeros: `12.345,6`."""
    return format_decimal(value, NUMBER_PATTERN, LOCALES[language])


def format_list(words: Sequence[str], language: Language) -> str:
    """The words as a list in a sentence: `Amsterdam, Diemen en Zaanstad`."""
    return format_babel_list(words, locale=LOCALES[language])


def count_rows(number: int) -> LocalizedText:
    """A number of rows in words: `1 rij`, `1.200 rijen`."""
    return LocalizedText(
        f"{format_number(number, 'nl')} {'rij' if number == 1 else 'rijen'}",
        f"{format_number(number, 'en')} {'row' if number == 1 else 'rows'}",
    )


def format_duration(value: str, language: Language) -> str:
    """An ISO 8601 duration in words: `28 dagen`. A text of another form is returned unchanged."""
    match = ISO_DURATION.fullmatch(value)
    if match is None:
        return value
    counts = {unit: int(count) for unit, count in match.groupdict("0").items()}
    locale = LOCALES[language]
    parts = [
        format_unit(count, f"duration-{unit}", "long", NUMBER_PATTERN, locale)
        for unit, count in counts.items()
        if count
    ]
    return format_babel_list(parts, locale=locale) or value
