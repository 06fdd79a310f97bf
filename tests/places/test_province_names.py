"""Provinces by their names."""

import pytest

from app.places.name_match import Match, split_words
from app.places.province_names import find_provinces


@pytest.mark.parametrize(
    ("text", "match", "path"),
    [
        ("Gelderland", Match.EXACT, "/provincie/gelderland"),
        ("provincie Gelderland", Match.EXACT, "/provincie/gelderland"),
        ("Friesland", Match.EXACT, "/provincie/fryslan"),
        ("noord holl", Match.WORDS, "/provincie/noord-holland"),
        ("Gelderlant", Match.SIMILAR, "/provincie/gelderland"),
        ("Kelderland", Match.SIMILAR, "/provincie/gelderland"),
        ("Drente", Match.SIMILAR, "/provincie/drenthe"),
        ("Overijsel", Match.SIMILAR, "/provincie/overijssel"),
    ],
)
def test_province_is_found_by_its_name_and_by_one_a_letter_off(text: str, match: Match, path: str) -> None:
    assert [(one.match, one.path) for one in find_provinces(split_words(text))] == [(match, path)]


@pytest.mark.parametrize("text", ["Neude", "Ede", "Gelder"])
def test_other_text_is_no_misspelled_province(text: str) -> None:
    assert [one for one in find_provinces(split_words(text)) if one.match is Match.SIMILAR] == []
