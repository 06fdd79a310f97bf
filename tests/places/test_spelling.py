"""The text that was probably meant, with and without an address service."""

import pytest
from fastapi.testclient import TestClient

from app.places.spelling import list_spellings, shorten_words
from app.places.suggestion import SuggestionKind
from tests.places.test_place_search import search
from tests.support.place_servers import PlaceServer, make_location
from tests.support.website import read_text


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Damm", "Dam"),
        ("damm amsterdam", "dam amsterdam"),
        ("Camrea", "Camera"),
        ("Amsterdam, Damm", "Amsterdam, Dam"),
    ],
)
def test_mistyped_word_is_asked_for_by_a_word_of_the_register(
    offline: TestClient, typed: str, meant: str
) -> None:
    found = [one for one in search(offline, typed).suggestions if one.kind is SuggestionKind.SPELLING]

    assert [one.label.nl for one in found] == [meant]
    page = read_text(offline.get("/zoeken", params={"zoek": typed}).text)
    assert f"Bedoelt u {meant} ?" in page or f"Bedoelt u {meant}?" in page
    assert search(offline, meant).suggestions


@pytest.mark.parametrize("typed", ["Neude", "Dam", "camera utrecht", "qqqq", "XKV6XX0", "12", "Damm qqqqq"])
def test_text_that_is_known_or_near_nothing_is_not_asked_for(offline: TestClient, typed: str) -> None:
    kinds = {one.kind for one in search(offline, typed).suggestions}

    assert SuggestionKind.SPELLING not in kinds


def test_mistyped_town_is_asked_for_once(offline: TestClient) -> None:
    labels = [one.label.nl for one in search(offline, "Amsterdm").suggestions]

    assert labels.count("Amsterdam") == 1


def test_mistyped_square_is_asked_for_by_the_address_service(online: TestClient, server: PlaceServer) -> None:
    server.locations = [make_location("weg", "Neude, Utrecht (Utrecht)", 5.1189, 52.0928)]

    page = read_text(online.get("/zoeken?zoek=Neudde Utrecht").text)

    assert "Bedoelt u Neude, Utrecht (Utrecht)" in page
    assert server.asked[-1][1]["q"] == ["neud utrecht"]


def test_text_that_is_still_being_typed_is_looked_up_once(online: TestClient, server: PlaceServer) -> None:
    search(online, "Neudde Utrecht")

    assert len(server.asked) == 1


def test_spellings_differ_by_one_mistyping_after_the_first_letter() -> None:
    spellings = list_spellings("damm")

    assert {"dam", "dmam", "damme", "daamm"} <= set(spellings)
    assert not {"damm", "amm", "dams"} & set(spellings)
    assert "vlouten" in list_spellings("vleuten")


def test_shorter_text_keeps_its_other_words() -> None:
    assert shorten_words(("damm",)) == "dam"
    assert shorten_words(("de", "neudde", "utrecht")) == "de neud utrecht"
    assert shorten_words(("dam", "12")) is None
