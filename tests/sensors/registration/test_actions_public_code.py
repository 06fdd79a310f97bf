"""Registration numbers as the database gives them out, and as a reader checks them."""

from itertools import pairwise

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.sensors.public_codes import FIGURES, LENGTH, is_public_code

GIVEN = 100_000


@pytest.fixture
def codes(session: Session) -> list[str]:
    numbers = text("SELECT register.public_code(n) FROM generate_series(1, :given) AS n ORDER BY n")
    return list(session.scalars(numbers, {"given": GIVEN}))


def test_public_codes_are_unique_and_valid(codes: list[str]) -> None:
    assert len(set(codes)) == GIVEN
    assert all(len(code) == LENGTH and set(code) <= set(FIGURES) for code in codes)
    assert all(is_public_code(code) for code in codes)


def test_consecutive_public_codes_differ_in_most_positions(codes: list[str]) -> None:
    """A label that is misread by one character is not the number of the sensor beside it."""
    alike = [
        sum(figure == beside for figure, beside in zip(code, neighbour, strict=True))
        for code, neighbour in pairwise(codes)
    ]
    assert max(alike) <= 3


def test_public_code_with_one_wrong_character_is_invalid(codes: list[str]) -> None:
    for code in codes[::5000]:
        for place in range(LENGTH):
            for figure in FIGURES:
                slip = code[:place] + figure + code[place + 1 :]
                assert is_public_code(slip) == (slip == code), (code, slip)


def test_public_code_with_two_swapped_characters_is_invalid(codes: list[str]) -> None:
    """Swaps of any two characters, not of neighbours alone."""
    for code in codes[::500]:
        for first in range(LENGTH):
            for second in range(first + 1, LENGTH):
                swapped = list(code)
                swapped[first], swapped[second] = swapped[second], swapped[first]
                slip = "".join(swapped)
                assert is_public_code(slip) == (slip == code), (code, slip)


def test_public_codes_of_extreme_numbers_have_full_length(session: Session) -> None:
    for number in (0, 1, 29**6 - 1, 29**6):
        code = session.scalar(text("SELECT register.public_code(:number)"), {"number": number})
        assert code is not None
        assert len(code) == LENGTH
        assert is_public_code(code)
