"""Everything that a text may mean, with both what the register knows and what PDOK does."""

import asyncio
from ipaddress import ip_address

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.core.app_state import get_app_state
from app.places.place_search import FoundPlaces, search_places, tidy_text
from app.places.suggestion import SuggestionKind
from tests.support.place_servers import PlaceServer, make_location, send_locations

CLIENT = ip_address("192.0.2.9")


def search(client: TestClient, text: str) -> FoundPlaces:
    app = client.app
    assert isinstance(app, FastAPI)
    assert client.portal is not None
    return client.portal.call(search_places, get_app_state(app), text, CLIENT)


def test_town_with_the_name_of_its_municipality_is_that_municipality(online: TestClient) -> None:
    found = search(online, "Utrecht").find_single()

    assert found is not None
    assert (found.kind, found.key) == (SuggestionKind.MUNICIPALITY, "GM0344")


def test_towns_of_one_name_are_those_of_the_address_service(online: TestClient, server: PlaceServer) -> None:
    server.locations = [
        make_location("woonplaats", "Rijswijk, Rijswijk (Zuid-Holland)", 4.325, 52.036),
        make_location("woonplaats", "Rijswijk, Altena (Noord-Brabant)", 5.025, 51.7975),
        make_location("woonplaats", "Rijswijk, Buren (Gelderland)", 5.36, 51.95),
    ]

    found = search(online, "Rijswijk")

    towns = [one.label.nl for one in found.suggestions if one.kind is SuggestionKind.PLACE]
    assert towns == ["Rijswijk, Altena (Noord-Brabant)", "Rijswijk, Buren (Gelderland)"]
    assert found.find_single() is None


def test_square_is_meant_and_not_the_addresses_on_it(online: TestClient) -> None:
    found = search(online, "Neude, Utrecht").find_single()

    assert found is not None
    assert (found.kind, found.label.nl) == (SuggestionKind.STREET, "Neude, Utrecht (Utrecht)")


def test_address_is_meant_where_it_is_named_whole(online: TestClient) -> None:
    found = search(online, "Neude 1, Utrecht").find_single()

    assert found is not None
    assert found.label.nl.startswith("Neude 1, 3512AD")


def test_answer_of_the_address_service_that_is_not_near_is_left_out(
    online: TestClient, server: PlaceServer
) -> None:
    server.wrong = send_locations(make_location("woonplaats", "Ede, Arnhem (Gelderland)", 5.66, 52.04))

    assert search(online, "Neude").suggestions == ()


@pytest.mark.parametrize(
    ("text", "tidy"),
    [
        ("  Neude ,\tUtrecht ", "Neude , Utrecht"),
        ("a' OR 1=1; --", "a' OR 1 1 --"),
        ("<b>Dam</b>", "b Dam /b"),
        ("x" * 200, "x" * 100),
        ("100%_", "100"),
    ],
)
def test_text_has_only_characters_of_names(text: str, tidy: str) -> None:
    assert tidy_text(text) == tidy


def test_many_questions_at_once_are_all_answered(online: TestClient) -> None:
    async def ask() -> list[FoundPlaces]:
        app = online.app
        assert isinstance(app, FastAPI)
        state = get_app_state(app)
        return await asyncio.gather(*(search_places(state, f"Dam {number}", CLIENT) for number in range(20)))

    assert online.portal is not None
    assert len(online.portal.call(ask)) == 20
