"""Own words and the values that the register has for them."""

from typing import Any

import pytest

from app.records.value_words import translate_value

WORDS: dict[str, Any] = {"dome": "optical_camera", "beide": ["sound", "optical_camera"], "geen": None}


@pytest.mark.parametrize(
    ("found", "meant"),
    [
        (" Dome ", "optical_camera"),
        ("lus", "lus"),
        ("geen", None),
        (["dome", "lus"], ["optical_camera", "lus"]),
        (["Beide"], ["sound", "optical_camera"]),
        ({"dome": 1}, {"dome": 1}),
    ],
)
def test_known_words_are_translated_and_others_stay(found: Any, meant: Any) -> None:
    assert translate_value(found, WORDS) == meant


def test_any_other_word_has_the_value_of_the_star() -> None:
    assert translate_value("lus", WORDS | {"*": "other"}) == "other"
