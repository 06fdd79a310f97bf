"""Suggestions for mistyped names."""

import pytest

from app.core.i18n import LocalizedText
from app.core.suggestions import (
    MAX_TYPED_LENGTH,
    ask_whether_meant,
    find_mistyped,
    find_nearest,
    find_nearest_spelling,
    limit_suggestions,
)


@pytest.mark.parametrize(
    ("typed", "nearest"),
    [
        ("sensortype", "sensorType"),
        ("sensorTyp", "sensorType"),
        ("purpos", "purpose"),
        ("xyz", None),
        ("", None),
    ],
)
def test_find_nearest_of_names_returns_the_similar_one(typed: str, nearest: str | None) -> None:
    assert find_nearest(typed, ["sensorType", "purpose"]) == nearest


def test_find_nearest_of_keys_returns_the_key() -> None:
    assert find_nearest("sensortype", {"sensorType": "a description"}) == "sensorType"


def test_find_nearest_of_spellings_returns_the_name() -> None:
    known = {"Geluidssensor": "sound", "Sound sensor": "sound", "Weerstation": "weather"}
    assert find_nearest_spelling("geluidsensor", known) == "sound"


def test_find_nearest_with_a_high_cutoff_returns_nothing() -> None:
    assert find_nearest("Neude", ["Ede"], cutoff=0.8) is None


def test_find_nearest_of_a_long_text_compares_its_beginning() -> None:
    assert find_nearest("a" * MAX_TYPED_LENGTH + "b" * 1_000_000, ["a" * MAX_TYPED_LENGTH]) is not None


def test_only_the_first_names_inside_a_limit_have_a_suggestion() -> None:
    with limit_suggestions(2):
        found = [find_nearest("purpos", ["purpose"]) for _ in range(3)]
    assert found == ["purpose", "purpose", None]
    assert find_nearest("purpos", ["purpose"]) == "purpose"


def test_question_names_the_suggestion_in_both_languages() -> None:
    assert ask_whether_meant("sound") == LocalizedText(" Bedoelt u sound?", " Did you mean sound?")


def test_question_without_suggestion_is_the_other_sentence() -> None:
    other = LocalizedText(" Kies uit de lijst.", " Choose from the list.")
    assert ask_whether_meant(None, other) == other
    assert ask_whether_meant(None) == LocalizedText("", "")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("utregt", "utrecht"),
        ("amsterdm", "amsterdam"),
        ("amstredam", "amsterdam"),
        ("edde", "ede"),
        ("neude", None),
        ("ee", None),
        ("utrecht", None),
    ],
)
def test_mistyped_name_has_one_edit_or_two_by_its_length(typed: str, meant: str | None) -> None:
    assert find_mistyped(typed, ("utrecht", "amsterdam", "ede")) == meant


def test_mistyped_names_are_limited_for_a_request() -> None:
    with limit_suggestions(1):
        assert find_mistyped("utregt", ("utrecht",)) == "utrecht"
        assert find_mistyped("utregt", ("utrecht",)) is None
