"""The pages of text in plain language: short sentences in Dutch and English, and no words of an office."""

import re
from html import unescape
from typing import Final

import pytest
from fastapi.testclient import TestClient

PAGES: Final = (
    "/uitleg",
    "/uitleg/soorten",
    "/uitleg/grondslagen",
    "/uitleg/rechten",
    "/over",
    "/contact",
    "/privacy",
    "/toegankelijkheid",
    "/beveiligingslek",
    "/open-data",
    "/overzicht-nodig",
)
MOST_WORDS: Final = 25
"""Words of a sentence: those of the Dutch government at level B1 have 10 to 15 on average."""
MOST_ON_AVERAGE: Final = 14
OFFICIALESE: Final = re.compile(
    r"\b(dien(?:t|en) te|middels|derhalve|conform|inzake|teneinde|omtrent|desbetreffende|aangaande|hieromtrent|"
    r"indien|tevens|echter|reeds|welke in|met betrekking tot|ten behoeve van|worden? beheerd door|"
    r"pursuant|hereby|hereinafter|notwithstanding|aforementioned|shall|in order to)\b",
    re.IGNORECASE,
)


def list_sentences(page: str) -> list[str]:
    """The sentences of the paragraphs and list items in the main part of a page."""
    main = page[page.index("<main") : page.index("</main>")]
    main = re.sub(r"<nav.*?</nav>|<table.*?</table>|<svg.*?</svg>", "", main, flags=re.DOTALL)
    parts = re.findall(r"<(?:p|li|dd)\b[^>]*>(.*?)</(?:p|li|dd)>", main, re.DOTALL)
    texts = [re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", part))).strip() for part in parts]
    return [one for text in texts for one in re.split(r"(?<=[.?!:;])\s+", text) if one]


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("path", PAGES)
def test_sentences_are_short_and_have_no_words_of_an_office(site: TestClient, path: str, prefix: str) -> None:
    sentences = list_sentences(site.get(prefix + path).text)

    lengths = [len(one.split()) for one in sentences]
    assert sentences
    assert [one for one in sentences if len(one.split()) > MOST_WORDS] == []
    assert sum(lengths) / len(lengths) <= MOST_ON_AVERAGE
    assert [one for one in sentences if OFFICIALESE.search(one)] == []


def test_page_on_privacy_names_the_address_service_only_where_there_is_one(site: TestClient) -> None:
    assert "PDOK" not in site.get("/privacy").text
