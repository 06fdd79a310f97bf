"""The address services against servers on this machine: good, slow, broken and lying ones."""

import asyncio
from ipaddress import ip_address

import pytest

from app.core.settings import Settings
from app.places import address_service, lookup_limits
from app.places.address_service import AddressService, Availability
from app.places.location_api import LocationKind
from app.places.lookup_limits import CLIENT_BURST
from app.sensors.search.sensor_search import Spot
from tests.support.place_servers import (
    NEUDE,
    PlaceServer,
    Wrong,
    close_connection,
    make_location,
    send_endlessly,
    send_locations,
    send_nothing,
    send_slowly,
    send_status,
    send_text,
    wait_for_answers,
)
from tests.support.waiting import not_awaiting

CLIENT = ip_address("192.0.2.7")
DAM = (4.8932, 52.3731)
LIMITS = address_service._LIMITS
"""Those of the register; the server of these tests may take longer."""


def make_service(server: PlaceServer) -> AddressService:
    return AddressService(Settings(**server.settings))  # type: ignore[arg-type]


def test_limits_of_time_are_two_seconds_together() -> None:
    assert LIMITS.answer_seconds == LIMITS.wait_seconds == address_service.ANSWER_SECONDS
    assert address_service.SLOT_SECONDS + address_service.ANSWER_SECONDS == 2


def test_locations_are_found_with_a_version_for_each_collection(server: PlaceServer) -> None:
    found = asyncio.run(make_service(server).search("Neude Utrecht", CLIENT))

    assert found.availability is Availability.ANSWERED
    street, *addresses = found.result
    assert (street.kind, street.name) == (LocationKind.STREET, "Neude, Utrecht (Utrecht)")
    assert (street.lon, street.lat) == NEUDE
    assert [one.kind for one in addresses] == [LocationKind.ADDRESS] * 2
    ((_, query),) = server.asked
    assert query["q"] == ["Neude Utrecht"]
    assert {name for name in query if "[" in name} == {
        "adres[version]",
        "weg[version]",
        "woonplaats[version]",
        "gemeentegebied[version]",
    }


def test_same_text_is_asked_once(server: PlaceServer) -> None:
    service = make_service(server)

    async def ask() -> None:
        first = await service.search("Neude", CLIENT)
        assert await service.search("Neude", CLIENT) == first
        # That there is nothing is an answer too.
        assert (await service.search("Nergens", CLIENT)).result == ()
        assert (await service.search("Nergens", CLIENT)).availability is Availability.ANSWERED

    asyncio.run(ask())
    assert len(server.asked) == 2


def test_service_without_an_address_is_off(server: PlaceServer) -> None:
    service = AddressService(Settings(place_search_url="", reverse_url=""))

    found = asyncio.run(service.search("Neude", CLIENT))
    nearest = asyncio.run(service.find_nearest_address(Spot.of_lonlat(*DAM), CLIENT))

    assert found == address_service.Lookup((), Availability.OFF)
    assert nearest == address_service.Lookup(None, Availability.OFF)


WRONG: dict[str, Wrong] = {
    "503": send_status(503),
    "HTML": send_text("<!doctype html><title>Log in</title>", "text/html"),
    "half JSON": send_text('{"features": ['),
    "other JSON": send_text('{"results": []}'),
    "list": send_text("[]"),
    "null": send_text("null"),
    "features of text": send_text('{"features": "none"}'),
    "feature without geometry": send_text(
        '{"features": [{"properties": {"collection_id": "weg", "display_name": "Neude"}, "geometry": null}]}'
    ),
    "number without end": send_text('{"features": [' + "9" * 5000 + "]}"),
    "position out of range": send_text(
        '{"features": [{"properties": {"collection_id": "weg", "display_name": "Neude"},'
        ' "geometry": {"type": "Point", "coordinates": [1e400, 52]}}]}'
    ),
    "swapped axes": send_locations(make_location("weg", "Neude, Utrecht", NEUDE[1], NEUDE[0])),
    "RD": send_locations(make_location("weg", "Neude, Utrecht", 136600, 456100)),
    "abroad": send_locations(
        make_location("weg", "Neude, Utrecht", *NEUDE), make_location("weg", "A", 13.4, 52.5)
    ),
    "name of a megabyte": send_locations(make_location("weg", "N" * 250_000, *NEUDE)),
    "no name": send_locations(make_location("weg", " ", *NEUDE)),
    "closed": close_connection,
    "endless": send_endlessly,
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_answer_is_not_used(server: PlaceServer, name: str) -> None:
    server.wrong = WRONG[name]

    with not_awaiting():
        found = asyncio.run(make_service(server).search("Neude", CLIENT))

    assert found == address_service.Lookup((), Availability.UNREACHABLE)


@pytest.mark.parametrize("wrong", [send_nothing, send_slowly])
def test_slow_answer_is_not_awaited_longer_than_the_limit(
    server: PlaceServer, wrong: Wrong, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.wrong = wrong
    wait_for_answers(monkeypatch, 0.3)

    with not_awaiting():
        found = asyncio.run(make_service(server).search("Neude", CLIENT))

    assert found.availability is Availability.UNREACHABLE


@pytest.fixture
def _frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time of the limits that does not pass: no pause ends, and no question more is allowed."""
    monkeypatch.setattr(lookup_limits, "monotonic", lambda: 1000.0)


@pytest.mark.usefixtures("_frozen")
def test_server_that_is_away_is_not_asked_again_for_a_while(server: PlaceServer) -> None:
    server.wrong = send_status(503)
    service = make_service(server)

    async def ask() -> None:
        for text in ("Neude", "Dam", "Damrak"):
            assert (await service.search(text, CLIENT)).availability is Availability.UNREACHABLE
        # The other service is another server.
        server.wrong = None
        assert (
            await service.find_nearest_address(Spot.of_lonlat(*DAM), CLIENT)
        ).availability is Availability.ANSWERED

    asyncio.run(ask())
    assert len(server.asked) == 2


def test_refused_text_does_not_stop_other_texts(server: PlaceServer) -> None:
    server.wrong = send_status(400)
    service = make_service(server)

    async def ask() -> None:
        assert (await service.search("()", CLIENT)) == address_service.Lookup((), Availability.ANSWERED)
        server.wrong = None
        assert len((await service.search("Neude Utrecht", CLIENT)).result) == 3

    asyncio.run(ask())


@pytest.mark.usefixtures("_frozen")
def test_client_that_asks_too_much_gets_no_addresses_and_another_does(server: PlaceServer) -> None:
    service = make_service(server)

    async def ask() -> None:
        for number in range(CLIENT_BURST):
            assert (await service.search(f"Dam {number}", CLIENT)).availability is Availability.ANSWERED
        assert (await service.search("Neude", CLIENT)).availability is Availability.LIMITED
        assert (await service.search("Neude", ip_address("192.0.2.8"))).availability is Availability.ANSWERED

    asyncio.run(ask())


def test_more_questions_at_once_than_slots_do_not_wait_for_a_slow_server(server: PlaceServer) -> None:
    server.wrong = send_nothing
    service = make_service(server)

    async def ask() -> list[Availability]:
        questions = [asyncio.ensure_future(service.search(f"Dam {number}", CLIENT)) for number in range(8)]
        found = []
        for ended in asyncio.as_completed(questions):
            found.append((await ended).availability)
            if len(found) == 8 - address_service.SLOTS:
                server.released.set()
        return found

    with not_awaiting():
        availabilities = asyncio.run(ask())

    assert availabilities == [Availability.LIMITED] * 4 + [Availability.UNREACHABLE] * address_service.SLOTS


def test_nearest_address_has_its_distance(server: PlaceServer) -> None:
    found = asyncio.run(make_service(server).find_nearest_address(Spot.of_lonlat(*DAM), CLIENT))

    assert found.availability is Availability.ANSWERED
    assert found.result is not None
    assert found.result.name == "Dam 1, 1012JS Amsterdam"
    assert found.result.distance_metres == pytest.approx(5.3, abs=0.5)
    ((_, query),) = server.asked
    assert (query["lat"], query["lon"], query["rows"]) == (["52.37310"], ["4.89320"], ["1"])


@pytest.mark.parametrize(
    ("documents", "availability"),
    [
        ([], Availability.ANSWERED),
        (
            [{"weergavenaam": "Neude 1, Utrecht", "centroide_ll": "POINT(5.119 52.0929)"}],
            Availability.ANSWERED,
        ),
        ([{"weergavenaam": "Dam 1", "centroide_ll": "POINT(52.37308 4.89313)"}], Availability.UNREACHABLE),
        ([{"weergavenaam": "Dam 1", "centroide_ll": "niets"}], Availability.UNREACHABLE),
        ([{"weergavenaam": "Dam 1", "centroide_ll": "POINT EMPTY"}], Availability.UNREACHABLE),
        ([{"weergavenaam": "Dam 1"}], Availability.UNREACHABLE),
        (["Dam 1"], Availability.UNREACHABLE),
    ],
    ids=["none", "far away", "swapped", "no WKT", "empty", "no place", "text"],
)
def test_address_that_is_not_near_is_not_named(
    server: PlaceServer, documents: list[dict[str, str]], availability: Availability
) -> None:
    server.nearest = documents

    found = asyncio.run(make_service(server).find_nearest_address(Spot.of_lonlat(*DAM), CLIENT))

    assert found == address_service.Lookup(None, availability)


def test_name_has_no_characters_that_hide_text(server: PlaceServer) -> None:
    server.wrong = send_locations(make_location("weg", "Neude\u202e\n, Utrecht", *NEUDE))

    found = asyncio.run(make_service(server).search("Neude", CLIENT))

    assert [one.name for one in found.result] == ["Neude , Utrecht"]


def test_question_is_not_logged(server: PlaceServer, caplog: pytest.LogCaptureFixture) -> None:
    server.wrong = send_status(503)

    asyncio.run(make_service(server).search("Geheimestraat 12", CLIENT))

    assert "gives no usable answer" in caplog.text
    assert "Geheimestraat" not in caplog.text
