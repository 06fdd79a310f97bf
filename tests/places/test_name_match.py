"""Comparing typed words with names."""

import pytest

from app.places.name_match import (
    Match,
    NameMatch,
    drop_plurals,
    is_postcode,
    match_location,
    match_name,
    split_words,
)

NEUDE = "Neude, Utrecht (Utrecht)"
FIRST_ADDRESS = "Neude 1, 3512AD Utrecht, Utrecht (Utrecht)"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Neude, Utrecht", ("neude", "utrecht")),
        ("'s-Gravenhage", ("s", "gravenhage")),
        ("Súdwest-Fryslân", ("sudwest", "fryslan")),
        ("camera's", ("camera",)),
        ("3512 ad 11", ("3512ad", "11")),
        ("3512AD", ("3512ad",)),
        ("  ", ()),
    ],
)
def test_text_is_split_into_folded_words(text: str, words: tuple[str, ...]) -> None:
    assert split_words(text) == words


@pytest.mark.parametrize(
    ("typed", "name", "match"),
    [
        ("Neude", "Ede", None),
        ("Ede", "Ede", Match.EXACT),
        ("amst", "Amsterdam", Match.WORDS),
        ("dam", "Amsterdam", None),
        ("a", "Amsterdam", None),
        ("den h", "Den Haag", Match.WORDS),
        ("haag", "Den Haag", Match.WORDS),
        ("haag den", "Den Haag", None),
        ("Neude Utrecht", "Utrecht", Match.PART),
        ("Utrecht Neude", "Utrecht", Match.PART),
        ("Neude Ede straat", "Ede", None),
    ],
)
def test_name_matches_by_whole_words(typed: str, name: str, match: Match | None) -> None:
    found = match_name(split_words(typed), split_words(name), allows_part=True)

    assert (found.match if found else None) == match


def test_part_match_has_the_words_that_were_not_found() -> None:
    found = match_name(("neude", "utrecht"), ("utrecht",), allows_part=True)

    assert found == NameMatch(Match.PART, ("neude",))


def test_name_in_longer_text_is_no_match_where_parts_are_not_allowed() -> None:
    assert match_name(("neude", "utrecht"), ("utrecht",)) is None


@pytest.mark.parametrize(
    ("typed", "name", "match"),
    [
        ("Neude", NEUDE, Match.EXACT),
        ("Neude Utrecht", NEUDE, Match.EXACT),
        ("Neude, Utrecht", NEUDE, Match.EXACT),
        ("Neude Utrecht", FIRST_ADDRESS, Match.WORDS),
        ("neude utr", NEUDE, Match.WORDS),
        ("Neude 1 Utrecht", FIRST_ADDRESS, Match.EXACT),
        ("3512AD 1", FIRST_ADDRESS, Match.EXACT),
        ("3512 AD", FIRST_ADDRESS, Match.WORDS),
        ("St Neude Utrecht", NEUDE, Match.SIMILAR),
        ("Neude Amsterdam", NEUDE, None),
        ("Neude", "Ede, Ede (Gelderland)", None),
    ],
)
def test_location_matches_by_its_parts(typed: str, name: str, match: Match | None) -> None:
    assert match_location(split_words(typed), name) == match


@pytest.mark.parametrize(
    ("one", "more"),
    [
        ("flitspaal", "flitspalen"),
        ("camera", "cameras"),
        ("sensor", "sensoren"),
        ("verkeerslus", "verkeerslussen"),
        ("lantaarnpaal", "lantaarnpalen"),
        ("peilschaal", "peilschalen"),
        ("microfoon", "microfoons"),
    ],
)
def test_plural_is_the_same_as_the_singular(one: str, more: str) -> None:
    assert drop_plurals((one,)) == drop_plurals((more,))


def test_postcode_is_recognised() -> None:
    assert is_postcode(split_words("3512 AD 1"))
    assert not is_postcode(split_words("3512"))
    assert not is_postcode(())
