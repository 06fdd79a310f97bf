"""Geocoding of addresses with a fake of the server of PDOK."""

from collections.abc import Iterator

import pytest

from app.core.problems import Problem
from app.records.geocoding import Located, PdokGeocoder, PostalAddress, open_geocoder
from tests.support.locatieserver import Locatieserver, make_address, run_locatieserver
from tests.support.waiting import PATIENCE_SECONDS

DAM = (4.8932, 52.3731)
ONE = make_address("1012JS", 1, *DAM)
LETTER = make_address("1012JS", 12, *DAM, letter="A")
FLOORS = [make_address("1013AA", 7, 4.88, 52.38, addition=floor) for floor in ("H", "1", "2")]
APART = [
    make_address("1014AA", 5, 4.87, 52.38, letter="A"),
    make_address("1014AA", 5, 4.88, 52.38, letter="B"),
]
_ANSWER = b'{"response": {"docs": [{"postcode": "1012JS", "huisnummer": 1, "weergavenaam": "", "centroide_ll": "%s"}]}}'


@pytest.fixture
def server() -> Iterator[Locatieserver]:
    with run_locatieserver(ONE, LETTER, *FLOORS, *APART) as server:
        yield server


@pytest.fixture
def geocoder(server: Locatieserver) -> Iterator[PdokGeocoder]:
    with open_geocoder(server.url, timeout_seconds=PATIENCE_SECONDS, pause=lambda _: None) as geocoder:
        yield geocoder


def locate(geocoder: PdokGeocoder, postcode: str, number: str) -> Located | Problem:
    address = PostalAddress(postcode, number)
    return geocoder.locate([address])[address]


def refuse(geocoder: PdokGeocoder, postcode: str, number: str) -> Problem:
    found = locate(geocoder, postcode, number)
    assert isinstance(found, Problem)
    assert found.location == "/location"
    return found


@pytest.mark.parametrize(
    ("postcode", "number", "name"),
    [
        ("1012 js", "1", "Proefstraat 1, 1012JS Amsterdam"),
        ("1012JS", "12A", "Proefstraat 12A, 1012JS Amsterdam"),
        ("1012JS", "12 a", "Proefstraat 12A, 1012JS Amsterdam"),
        # The only address with that house number.
        ("1012JS", "12", "Proefstraat 12A, 1012JS Amsterdam"),
        ("1013AA", "7-2", "Proefstraat 7-2, 1013AA Amsterdam"),
        ("1013AA", "7 H", "Proefstraat 7-H, 1013AA Amsterdam"),
        # Several addresses in one building.
        ("1013AA", "7", "Proefstraat 7-H, 1013AA Amsterdam"),
    ],
)
def test_address_in_any_notation_is_found(
    geocoder: PdokGeocoder, postcode: str, number: str, name: str
) -> None:
    found = locate(geocoder, postcode, number)
    assert isinstance(found, Located)
    assert found.name == name


def test_address_found_has_its_location(geocoder: PdokGeocoder) -> None:
    assert locate(geocoder, "1012JS", "1") == Located(*DAM, "Proefstraat 1, 1012JS Amsterdam")


def test_address_unknown_is_reported(geocoder: PdokGeocoder) -> None:
    problem = refuse(geocoder, "1012JS", "99")
    assert (problem.code, problem.value) == ("unknown_address", "1012JS 99")


def test_house_number_suffix_unknown_is_refused_with_known_ones(geocoder: PdokGeocoder) -> None:
    problem = refuse(geocoder, "1013AA", "7-9")
    assert problem.code == "unknown_address"
    assert "Proefstraat 7-2, 1013AA Amsterdam" in problem.detail.nl


def test_house_number_at_two_places_is_ambiguous(geocoder: PdokGeocoder) -> None:
    problem = refuse(geocoder, "1014AA", "5")
    assert problem.code == "ambiguous_address"
    assert problem.suggestion == "Proefstraat 5A, 1014AA Amsterdam"


@pytest.mark.parametrize(
    ("postcode", "number"), [("1012", "1"), ("1012JS", "huis"), ("0012JS", "1"), ("x", "x OR 1")]
)
def test_text_that_is_no_address_is_not_requested(
    geocoder: PdokGeocoder, server: Locatieserver, postcode: str, number: str
) -> None:
    assert refuse(geocoder, postcode, number).code == "invalid_address"
    assert not server.asked


def test_address_is_requested_once(geocoder: PdokGeocoder, server: Locatieserver) -> None:
    address = PostalAddress("1012JS", "1")
    for _ in range(2):
        assert isinstance(geocoder.locate([address, address])[address], Located)
    assert len(server.asked) == 1
    assert server.asked[0]["fq"] == ["type:adres", "postcode:1012JS", "huisnummer:1"]


def test_server_error_is_retried(geocoder: PdokGeocoder, server: Locatieserver) -> None:
    server.failures = 2
    assert isinstance(locate(geocoder, "1012JS", "1"), Located)
    assert len(server.asked) == 3


def test_server_down_gets_no_more_requests(geocoder: PdokGeocoder, server: Locatieserver) -> None:
    server.failures = 10_000
    found = geocoder.locate([PostalAddress("1012JS", str(number)) for number in range(1, 60)])
    assert {each.code for each in found.values() if isinstance(each, Problem)} == {"geocoder_unreachable"}
    assert len(found) == 59
    # Five failures of three attempts each, and the requests already in progress.
    assert len(server.asked) <= (5 + 4) * 3


@pytest.mark.parametrize(
    "answer",
    [
        b"<html>",
        b"[]",
        b'{"response": {}}',
        b'{"response": {"docs": [7]}}',
        _ANSWER % b"nee",
        _ANSWER % b"POINT(52.3 4.9)",
    ],
)
def test_response_invalid_is_reported_as_unreachable(
    geocoder: PdokGeocoder, server: Locatieserver, answer: bytes
) -> None:
    server.answer = answer
    assert refuse(geocoder, "1012JS", "1").code == "geocoder_unreachable"


def test_server_unreachable_gives_clear_problem(server: Locatieserver) -> None:
    with open_geocoder("http://127.0.0.1:1", pause=lambda _: None) as geocoder:
        problem = refuse(geocoder, "1012JS", "1")
    assert problem.code == "geocoder_unreachable"
    assert "coördinaten" in problem.detail.nl


def test_geocoder_opened_finds_address(server: Locatieserver) -> None:
    with open_geocoder(f"{server.url}/") as geocoder:
        assert isinstance(locate(geocoder, "1012JS", "1"), Located)
