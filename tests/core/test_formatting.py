"""Dates, numbers and durations as text, in both languages."""

from datetime import UTC, date, datetime

import pytest

from app.core.formatting import format_date, format_datetime, format_duration, format_number
from app.core.i18n import Language


def test_date_has_the_name_of_its_month() -> None:
    assert format_date("2026-03-01", "nl") == "1 maart 2026"
    assert format_date(date(2026, 10, 31), "en") == "31 October 2026"


def test_date_of_a_moment_is_that_of_the_netherlands() -> None:
    assert format_date(datetime(2026, 11, 29, 23, 46, tzinfo=UTC), "nl") == "30 november 2026"
    assert format_date(datetime(2026, 6, 30, 22, 0, tzinfo=UTC), "en") == "1 July 2026"


def test_moment_is_in_dutch_time_in_summer_and_winter() -> None:
    assert format_datetime("2026-07-01T22:30:00Z", "nl") == "2 juli 2026, 00.30 uur"
    assert format_datetime(datetime(2026, 1, 1, 12, 5, tzinfo=UTC), "en") == "1 January 2026, 13:05"


@pytest.mark.parametrize(
    ("number", "language", "words"),
    [
        (1202, "nl", "1.202"),
        (1_000_000, "nl", "1.000.000"),
        (1202, "en", "1,202"),
        (-0.5, "nl", "-0,5"),
        (4.5, "nl", "4,5"),
        (45.0, "nl", "45"),
        (12345.678, "nl", "12.345,678"),
        (0.1, "en", "0.1"),
    ],
)
def test_number_has_the_separators_of_its_language(number: float, language: Language, words: str) -> None:
    assert format_number(number, language) == words


@pytest.mark.parametrize(
    ("duration", "nl", "en"),
    [
        ("P28D", "28 dagen", "28 days"),
        ("P1D", "1 dag", "1 day"),
        ("P2Y", "2 jaar", "2 years"),
        ("P1Y6M", "1 jaar en 6 maanden", "1 year and 6 months"),
        ("P1Y2M3D", "1 jaar, 2 maanden en 3 dagen", "1 year, 2 months and 3 days"),
        ("PT72H", "72 uur", "72 hours"),
        ("P1M", "1 maand", "1 month"),
        ("PT1M", "1 minuut", "1 minute"),
        ("P4W", "4 weken", "4 weeks"),
        ("zolang nodig", "zolang nodig", "zolang nodig"),
    ],
)
def test_duration_is_in_words(duration: str, nl: str, en: str) -> None:
    assert format_duration(duration, "nl") == nl
    assert format_duration(duration, "en") == en
