"""Numbers of receipts: typed in any way, and with a check that finds a typing error."""

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.sensors.public_codes import FIGURES
from app.sensors.receipts.numbers import NUMBER_LENGTH, format_number, is_receipt_number, tidy_number


def draw(session: Session, count: int) -> list[str]:
    statement = text("SELECT register.receipt_number() FROM generate_series(1, :count)")
    return list(session.scalars(statement, {"count": count}))


def test_numbers_have_their_check_and_no_order(session: Session) -> None:
    drawn = draw(session, 500)
    assert all(map(is_receipt_number, drawn))
    assert len(set(drawn)) == len(drawn)
    # Not of a sequence: any character occurs at any place but the first, which does so too.
    for place in range(NUMBER_LENGTH):
        assert len({number[place] for number in drawn}) > 20
    assert drawn != sorted(drawn)


def test_a_typing_error_is_found(session: Session) -> None:
    number = draw(session, 1)[0]
    for place, right in enumerate(number):
        for wrong in set(FIGURES) - {right}:
            assert not is_receipt_number(number[:place] + wrong + number[place + 1 :])
        if place and number[place - 1] != right:
            swapped = number[: place - 1] + right + number[place - 1] + number[place + 1 :]
            assert not is_receipt_number(swapped)


@pytest.mark.parametrize("typed", ["", "K7QX", "0123456789AB", "K7QX-29BH-TMPCC", "x" * 500])
def test_what_is_no_number_is_none(typed: str) -> None:
    assert not is_receipt_number(tidy_number(typed))


def test_number_is_read_as_it_is_printed(session: Session) -> None:
    number = draw(session, 1)[0]
    printed = format_number(number)
    assert (len(printed), printed.count("-")) == (14, 2)
    for typed in (
        printed,
        printed.lower(),
        printed.replace("-", " "),
        f" {number} ",
        printed.replace("-", "\u2013"),
    ):
        assert tidy_number(typed) == number
