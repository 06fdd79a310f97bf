"""JSON as the register reads it: no NaN, no numbers beyond a double, no half characters."""

import pytest

from app.core.strict_json import InvalidJson, NestedTooDeeply, parse_json


@pytest.mark.parametrize(
    "text",
    ["NaN", "-Infinity", "1e999", "[-1e999]", "1" + "0" * 301, "1" + "0" * 5000, '{"a": [1e400]}'],
)
def test_number_that_no_double_holds_is_refused(text: str) -> None:
    with pytest.raises(InvalidJson, match="too large"):
        parse_json(text)


@pytest.mark.parametrize(
    "text", [r'"\ud800"', r'"\uDFFFx"', r'{"\ud83d": 1}', r'["\udc00\ud800"]', '"\ud800"', r'"\ud83d\\ude00"']
)
def test_half_character_is_refused(text: str) -> None:
    with pytest.raises(InvalidJson, match="half a character"):
        parse_json(text)


def test_pair_of_halves_is_a_character() -> None:
    assert parse_json(r'{"\ud83d\ude00": "\uD83D\uDE00", "n": [1.5, -2, 1e308]}') == {
        "😀": "😀",
        "n": [1.5, -2, 1e308],
    }


def test_escaped_backslash_before_u_is_text() -> None:
    assert parse_json(r'"\\ud800"') == r"\ud800"


def test_name_that_occurs_twice_is_refused() -> None:
    with pytest.raises(InvalidJson, match="“a” occurs twice"):
        parse_json('{"a": 1, "b": 2, "a": 3}')


def test_syntax_error_has_its_position() -> None:
    with pytest.raises(InvalidJson) as raised:
        parse_json('{"a": }')
    assert raised.value.position == 6


def test_deep_nesting_is_refused() -> None:
    with pytest.raises(NestedTooDeeply):
        parse_json("[" * 100_000)
