"""Pages of text by the words that people use for their subjects."""

import pytest

from app.places.name_match import split_words
from app.places.text_pages import find_text_pages


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("bezwaar", "/uitleg/rechten#bezwaar"),
        ("bezwaar maken", "/uitleg/rechten#bezwaar"),
        ("inzage", "/uitleg/rechten#inzage"),
        ("klacht", "/uitleg/rechten#complaint"),
        ("klachten", "/uitleg/rechten#complaint"),
        ("privacy", "/privacy"),
        ("AVG", "/uitleg/grondslagen"),
        ("sticker", "/over#sticker"),
        ("QGIS", "/open-data#api"),
        ("de API", "/open-data#api"),
        ("download", "/open-data#files"),
        ("toegankelijkheid", "/toegankelijkheid"),
        ("accessibility", "/toegankelijkheid"),
        ("contact", "/contact"),
    ],
)
def test_subject_of_a_page_finds_that_page_first(text: str, path: str) -> None:
    found = sorted(find_text_pages(split_words(text)), key=lambda one: one.match)

    assert found[0].path == path


def test_word_of_no_page_finds_none() -> None:
    assert list(find_text_pages(split_words("Neude"))) == []
