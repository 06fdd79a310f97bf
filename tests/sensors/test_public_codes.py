"""Registration numbers as people type them."""

import pytest
from hypothesis import given, strategies
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.sensors.plain_text import tidy_code
from app.sensors.public_codes import FIGURES, explain_code, guess_codes, is_public_code

CODE = "BSK4Y5M"
figures = strategies.sampled_from(FIGURES)
places = strategies.integers(0, 6)


def test_registration_numbers_are_recognised(session: Session) -> None:
    codes = session.scalars(text("SELECT register.public_code(n) FROM generate_series(1, 5000) AS n")).all()

    assert all(is_public_code(code) for code in codes)
    assert CODE in codes


@given(places, figures)
def test_wrong_character_is_corrected(place: int, figure: str) -> None:
    wrong = CODE[:place] + figure + CODE[place + 1 :]

    assert is_public_code(wrong) == (wrong == CODE)
    assert wrong == CODE or CODE in guess_codes(wrong)


@pytest.mark.parametrize("place", range(6))
def test_swapped_characters_are_corrected(place: int) -> None:
    wrong = CODE[:place] + CODE[place + 1] + CODE[place] + CODE[place + 2 :]

    assert not is_public_code(wrong)
    assert CODE in guess_codes(wrong)


@given(places, figures)
def test_missing_or_extra_character_is_corrected(place: int, figure: str) -> None:
    assert CODE in guess_codes(CODE[:place] + CODE[place + 1 :])
    assert CODE in guess_codes(CODE[:place] + figure + CODE[place:])


def test_character_outside_the_alphabet_is_corrected() -> None:
    assert CODE in guess_codes("8SK4Y5M".replace("8", "I"))


@given(strategies.text(max_size=20))
def test_any_typed_text_has_explanation_and_valid_guesses(typed: str) -> None:
    code = tidy_code(typed)

    assert all(is_public_code(guess) for guess in guess_codes(code))
    assert explain_code(code).nl


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("", "Vul het nummer in"),
        ("0SK4Y5M", "niet voor in een registratienummer: 0"),
        ("BSK", "dit zijn er 3"),
        ("BSK4Y5N", "tikfout"),
    ],
)
def test_reason_of_an_unknown_number_is_given(code: str, words: str) -> None:
    assert words in explain_code(code).nl
