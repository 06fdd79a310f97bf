"""Number formats of Excel, and the texts that cells show."""

import pytest
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format

from app.files.readers.number_formats import NumberFormat, parse_number_format


@pytest.mark.parametrize(
    ("code", "number", "shown"),
    [
        ("0", 42, "42"),
        ("0", 2.5, "3"),
        ("00000", 42, "00042"),
        ("00000", -42, "-00042"),
        ("00000", 1234567, "1234567"),
        ("#", 0, ""),
        ("0.00", 2.1, "2.10"),
        ("0.0#", 2.1, "2.1"),
        ("0.##", 2, "2"),
        ("#,##0", 1234567, "1234567"),
        ("0%", 0.5, "50%"),
        ('"CAM-"0000', 1001, "CAM-1001"),
        ("\\N\\L0000", 12, "NL0012"),
        ("000-000", 12345, "012-345"),
        ("0000\\ 00", 123456, "1234 56"),
        ('0" m"', 4, "4 m"),
        ("[Red]0000", 12, "0012"),
        ("[$€-413] 0.00", 5, "€ 5.00"),
        ("0000;(0000)", -12, "(0012)"),
        ('0;-0;"geen"0', 0, "geen0"),
        ("_-0000_-", 12, "0012"),
        # The digits are not those of the number, or there are none.
        ("0.00E+00", 12e5, None),
        ("# ?/?", 0.5, None),
        ("0,", 12_000, None),
        (";;;", 5, None),
        ('"verborgen"', 5, None),
    ],
)
def test_number_is_shown_as_its_format_says(code: str, number: float, shown: str | None) -> None:
    parsed = parse_number_format(code)
    assert isinstance(parsed, NumberFormat)
    assert parsed.show(number) == shown


@pytest.mark.parametrize("code", ["General", "GENERAL", "@", "[<100]0;0.0", 'General" m"'])
def test_number_without_a_format_of_digits_is_shown_as_it_is(code: str) -> None:
    assert parse_number_format(code) is None


@pytest.mark.parametrize(
    "code",
    [
        *BUILTIN_FORMATS.values(),
        *(
            "yyyy-mm-dd",
            "[$-413]d mmmm yyyy;@",
            "[h]:mm:ss",
            "[mm]",
            "mm:ss.0",
            '"dag "0',
            "[Red]0",
            "0_d",
            "\\d0",
        ),
    ],
)
def test_formats_of_dates_are_those_that_openpyxl_finds(code: str) -> None:
    assert (parse_number_format(code) == "date") == is_date_format(code)
