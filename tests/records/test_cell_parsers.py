"""Parsers of cells that people fill in."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.files.table import Cell, ShownNumber
from app.records.cell_parsers import (
    lacks_scheme,
    parse_boolean,
    parse_date,
    parse_duration,
    parse_number,
    parse_text,
    split_list,
)


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("3", 3),
        ("-2.5", -2.5),
        ("2,5", 2.5),
        ("2,5e-3", 0.0025),
        ("1.234,5", 1234.5),
        ("1,234.5", 1234.5),
        ("1.234.567", 1_234_567),
        ("1 234,5", 1234.5),
        ("3 m", 3),
        ("3 m.", 3),
        ("3,5\u00a0m", 3.5),
        ("12 345 678", 12_345_678),
        ("1'234.5", 1234.5),
        ("1.234.567,8", 1_234_567.8),
        ("3,5 meter", 3.5),
        ("60°", 60),
        ("90 graden", 90),
        ("\u22124", -4),
        ("1e3", 1000),
        (7, 7),
    ],
)
def test_number_in_any_notation_is_parsed(cell: Cell, number: float) -> None:
    assert parse_number(cell) == number


@pytest.mark.parametrize(
    "cell",
    [
        *("veel", "nan", "inf", "3 km", "1.2.3", "12 - 15", "", "1,2,3"),
        *(
            "4,5.",
            "4.5,",
            "12,5.",
            "4 5",
            "5.",
            ",5",
            "1 2345",
            "12.34.567",
            "0.234.567",
            "1.234,567.8",
            "1.234.5",
        ),
        *("1e", "e5", "+-3", "--3", "½", "1½", "１２", "٣", "1_000", "1'23", "4,5.m"),
    ],
)
def test_number_invalid_stays_text_for_validation(cell: str) -> None:
    assert parse_number(cell) == cell


@pytest.mark.parametrize(
    "shown", ["50%", "5 ‰", "0.5 km", "€ 0.50", "0.50 EUR", "0.5 ft", '0.5"', "0.5 mm", "ca. 0.5"]
)
def test_number_shown_with_another_unit_is_that_text(shown: str) -> None:
    assert parse_number(ShownNumber(0.5, shown)) == shown


@pytest.mark.parametrize(
    "shown", ["1", "0.50", "0.5 m", "0.5m", "1°", "0.5 graden", "(0.50)", "-", "00.5", "+0.5", None]
)
def test_number_shown_rounded_or_with_its_own_unit_keeps_all_its_decimals(shown: str | None) -> None:
    number = parse_number(ShownNumber(0.5, shown))
    assert (number, type(number)) == (0.5, float)


def test_number_with_point_is_thousands_in_file_with_decimal_commas() -> None:
    assert parse_number("1.234") == 1.234
    assert parse_number("1.234", decimal_comma=True) == 1234
    assert parse_number("0.234", decimal_comma=True) == 0.234
    assert parse_number("1.23", decimal_comma=True) == 1.23


@given(st.floats(-1e6, 1e6, allow_nan=False))
def test_number_written_with_comma_or_point_parses_to_the_same(number: float) -> None:
    written = f"{number:.4f}"
    assert parse_number(written) == float(written)
    assert parse_number(written.replace(".", ",")) == float(written)
    assert parse_number(f"{number:,.4f}") == float(written)


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        (date(2026, 3, 1), "2026-03-01"),
        (datetime(2026, 3, 1), "2026-03-01"),  # noqa: DTZ001 - Excel has no time zones
        ("2026-03-01", "2026-03-01"),
        ("1-3-2026", "2026-03-01"),
        ("1 maart 2026", "2026-03-01"),
        ("1 mrt. 2026", "2026-03-01"),
        ("01-Mar-2026", "2026-03-01"),
        ("March 1, 2026", "2026-03-01"),
        ("31 okt 2026", "2026-10-31"),
        ("2026-03-01 00:00:00", "2026-03-01"),
        ("2026-03-01T00:00:00Z", "2026-03-01"),
        ("2026-05-31T22:00:00Z", "2026-06-01"),
        ("2026-01-31 23:30:00.000+00", "2026-02-01"),
        ("2026-06-01T00:30+0500", "2026-05-31"),
        ("2026-05-31T220000Z", "2026-06-01"),
        ("2026-05-31T22:00:00 +02:00", "2026-05-31"),
        ("2026-05-31T23:59:59", "2026-05-31"),
        ("2026-05-31T24:00:00Z", "2026-05-31"),
        ("2026-02-30T22:00:00Z", "2026-02-30"),
        ("9999-12-31T23:30:00Z", "9999-12-31"),
        (datetime(2026, 5, 31, 22, tzinfo=UTC), "2026-06-01"),
        (datetime(2026, 5, 31, 21, 59, tzinfo=UTC), "2026-05-31"),
        (datetime(9999, 12, 31, 23, 30, tzinfo=UTC), "9999-12-31"),
        (datetime(2026, 5, 31, 23, 59), "2026-05-31"),  # noqa: DTZ001 - local time
        ("45352", "2024-03-01"),
        (45352, "2024-03-01"),
        (45352.0, "2024-03-01"),
        ("01/03/2026", "2026-03-01"),
        ("1.3.2026", "2026-03-01"),
        ("2026/03/01", "2026-03-01"),
        ("2026-3-1", "2026-03-01"),
        ("01-03-2026 00:00:00", "2026-03-01"),
        ("2026/03/01 23:59", "2026-03-01"),
        # A text that is not a date in that order stays unchanged.
        ("3/14/2026", "3/14/2026"),
        ("1/3-2026", "1/3-2026"),
        ("01-03-26", "01-03-26"),
        ("31-02-2026", "31-02-2026"),
        ("maart 2026", "maart 2026"),
        (12, 12),
        (True, True),
    ],
)
def test_date_in_any_notation_is_parsed(cell: Cell, day: object) -> None:
    assert parse_date(cell) == day


def test_number_of_a_day_counts_from_the_day_zero_of_its_workbook() -> None:
    assert parse_date(44834) == "2022-09-30"
    assert parse_date(44834, date(1904, 1, 1)) == parse_date("44834", date(1904, 1, 1)) == "2026-10-01"


@pytest.mark.parametrize("cell", ["Ja", "ja", "YES", "true", "Waar", "1", 1, True])
def test_boolean_yes_is_true(cell: Cell) -> None:
    assert parse_boolean(cell) is True


@pytest.mark.parametrize("cell", ["Nee", "no", "FALSE", "onwaar", "0", 0, False])
def test_boolean_no_is_false(cell: Cell) -> None:
    assert parse_boolean(cell) is False


def test_boolean_invalid_stays_text_for_validation() -> None:
    assert parse_boolean("misschien") == "misschien"
    assert parse_boolean(2) == 2


@pytest.mark.parametrize(
    ("cell", "duration"),
    [
        ("28 dagen", "P28D"),
        ("6 maanden", "P6M"),
        ("1 jaar", "P1Y"),
        ("2 weeks", "P2W"),
        ("72 uur", "PT72H"),
        ("30min", "PT30M"),
        ("P28D", "P28D"),
        ("p28d", "P28D"),
        ("een maand", "een maand"),
        (28, 28),
    ],
)
def test_period_is_parsed_to_duration(cell: Cell, duration: object) -> None:
    assert parse_duration(cell) == duration


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (ShownNumber(42, "00042"), "00042"),
        (ShownNumber(2.1, "2.10"), "2.10"),
        (12, "12"),
        (12.0, "12"),
        (1.5, "1.5"),
        ("12-2", "12-2"),
    ],
)
def test_number_in_text_column_becomes_text(cell: Cell, text: str) -> None:
    assert parse_text(cell) == text


@pytest.mark.parametrize(
    ("cell", "items"),
    [
        ("a; b|c\nd", ["a", "b", "c", "d"]),
        (" a ;; ", ["a"]),
        ("(2:a,b)", ["a", "b"]),
        ("(1:a)", ["a"]),
        ("(0:)", []),
        ('["a", "b"]', ["a", "b"]),
        ("[]", []),
        ("[a; b", ["[a", "b"]),
        (["a", None, "b"], ["a", "b"]),
        (None, []),
        (3, [3]),
    ],
)
def test_list_in_any_notation_is_parsed(cell: Any, items: list[Any]) -> None:
    assert split_list(cell) == items


def test_lacks_scheme_is_true_for_bare_web_address_only() -> None:
    assert lacks_scheme("amsterdam.nl/privacy")
    assert lacks_scheme("www.example.org")
    for other in (
        "https://example.org",
        "geen",
        "zie de site.",
        "info@example.org",
        "ftp://example.org",
        None,
        3.5,
    ):
        assert not lacks_scheme(other)
