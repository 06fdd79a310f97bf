"""Everything that a text may mean, with both what the register knows and what PDOK does."""

import asyncio
from ipaddress import ip_address

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.core.app_state import get_app_state
from app.core.i18n import LocalizedText
from app.places.address_service import Availability
from app.places.found_places import FoundPlaces
from app.places.name_match import Match
from app.places.place_search import search_places, tidy_text
from app.places.suggestion import Suggestion, SuggestionKind
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


def test_square_with_the_name_of_a_hamlet_is_a_choice(online: TestClient, server: PlaceServer) -> None:
    server.locations = [make_location("weg", "Vredenburg, Utrecht (Utrecht)", 5.1146, 52.0921)]

    found = search(online, "Vredenburg")

    assert [(one.kind, one.label.nl) for one in found.exact] == [
        (SuggestionKind.PLACE, "Vredenburg"),
        (SuggestionKind.STREET, "Vredenburg, Utrecht (Utrecht)"),
    ]
    assert found.find_single() is None
    assert [one.nl for one in found.notices] == [
        "Er is meer dan één plek met deze naam. Kies welke u bedoelt."
    ]


def test_town_is_meant_where_the_address_service_knows_no_street_of_the_name(online: TestClient) -> None:
    found = search(online, "Volendam").find_single()

    assert found is not None
    assert (found.kind, found.label.nl) == (SuggestionKind.PLACE, "Volendam")


def test_town_is_a_choice_where_no_address_service_answered(offline: TestClient) -> None:
    found = search(offline, "Volendam")

    assert found.find_single() is None
    assert "Bedoelt u een straat, plein of gebouw met deze naam?" in found.notices[-1].nl


def test_every_street_with_the_very_name_is_listed(online: TestClient, server: PlaceServer) -> None:
    towns = ("Ede", "Epe", "Elst", "Eemnes", "Eersel", "Emmen", "Elburg", "Echt")
    server.locations = [make_location("weg", f"Kerkstraat, {town}", 5.5, 52) for town in towns]

    assert len(search(online, "Kerkstraat").exact) == len(towns)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Veldhuizen Utrecht", "Utrecht"),
        ("Veldhuizen in de gemeente Utrecht", "Utrecht"),
        ("Veldhuizen, gemeente Utrecht", "Utrecht"),
        ("Vredenburg Utrecht", None),
    ],
)
def test_town_with_its_municipality_is_that_town(offline: TestClient, text: str, found: str | None) -> None:
    towns = [one for one in search(offline, text).suggestions if one.kind is SuggestionKind.PLACE]

    assert [one.detail.nl for one in towns if one.detail] == ([f"in de gemeente {found}"] if found else [])


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


@pytest.mark.parametrize("text", ["Dam", "paleis", "gevel van het paleis"])
def test_sensors_that_have_a_word_in_their_public_texts_are_found_without_address_service(
    offline: TestClient, text: str
) -> None:
    found = [one for one in search(offline, text).suggestions if one.kind is SuggestionKind.TEXT]

    assert [one.path for one in found] == [f"/sensoren?q={text.replace(' ', '+')}"]
    assert found[0].label.nl == f"Sensor die “{text}” in zijn naam, plaats of beschrijving heeft (1)"


def test_text_that_no_sensor_has_finds_no_list_of_sensors(offline: TestClient) -> None:
    assert search(offline, "Vredenburgplein").suggestions == ()


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("Gelderland", "/provincie/gelderland"),
        ("provincie Utrecht", "/provincie/utrecht"),
        ("Utrecht", "/gemeente/GM0344"),
        ("Slimme mobiliteit", "/sensoren?smartCityTheme=smart_mobility"),
        ("Wettelijke verplichting", "/sensoren?gdprBases=legal_obligation"),
        ("Economie: dienstensector", "/sensoren?themes=economy_services"),
        ("bezwaar", "/uitleg/rechten#bezwaar"),
    ],
)
def test_name_of_a_province_theme_ground_or_subject_leads_to_it(
    offline: TestClient, text: str, path: str
) -> None:
    found = search(offline, text).find_single()

    assert found is not None
    assert found.path == path


def test_kind_in_a_province_is_a_list(offline: TestClient) -> None:
    lists = [one for one in search(offline, "camera gelderland").suggestions if "province" in one.path]

    assert [(one.path, one.label.nl) for one in lists] == [
        (
            "/sensoren?sensorType=optical_camera&province=PV25",
            "Camera of andere optische sensor in de provincie Gelderland",
        )
    ]


def test_misspelled_province_is_suggested(offline: TestClient) -> None:
    assert [one.path for one in search(offline, "Gelderlant").suggestions] == ["/provincie/gelderland"]


def test_number_with_two_letters_that_no_number_has_finds_the_sensor(
    offline: TestClient, codes: dict[str, str]
) -> None:
    code = codes["full"]

    found = search(offline, f"{code[:2]}O{code[3:5]}I{code[6:]}")

    assert code in [one.key for one in found.suggestions]


@pytest.mark.parametrize(
    ("text", "kind", "is_noted"),
    [
        ("gezichtsherkenning", SuggestionKind.TEXT, False),
        ("wordt ik gefilmd", SuggestionKind.PAGE, False),
        ("Kerkstraat", SuggestionKind.TEXT, True),
        ("Neude 1", SuggestionKind.TEXT, True),
        ("Vleuten", SuggestionKind.PLACE, True),
        ("Neude", None, True),
    ],
)
def test_note_on_addresses_is_for_what_may_be_one(
    text: str, kind: SuggestionKind | None, is_noted: bool
) -> None:
    label = LocalizedText(text, text)
    found = (Suggestion(kind, text, label, "/", Match.WORDS),) if kind else ()

    assert bool(FoundPlaces(text, found, Availability.OFF).address_notices) == is_noted
