"""The addresses of the search of places and of the answer of a spot."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi.testclient import TestClient

from tests.support.place_servers import NEUDE, PlaceServer, send_nothing, send_text, wait_for_answers
from tests.support.waiting import not_awaiting

DAM = "4.8932,52.3731"
ALL_STATUSES = {"active", "due_for_confirmation", "planned", "expired"}


def search(client: TestClient, text: str, **parameters: Any) -> dict[str, Any]:
    answer = client.get("/v1/places", params={"q": text, "lang": "nl", **parameters})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def list_found(client: TestClient, text: str) -> list[tuple[str, str]]:
    return [(one["type"], one["label"]) for one in search(client, text)["suggestions"]]


def test_square_is_found_with_its_position_and_its_page(online: TestClient, codes: dict[str, str]) -> None:
    found = search(online, "Neude Utrecht")

    first = found["suggestions"][0]
    assert (first["type"], first["label"]) == ("street", "Neude, Utrecht (Utrecht)")
    assert first["position"] == list(NEUDE)
    page = urlsplit(first["page"])
    assert page.path == "/hier"
    assert parse_qs(page.query)["plek"] == ["5.11890,52.09280"]
    assert found["addressSearch"] == "answered"
    assert "notice" not in found
    assert found["attribution"] == ["Kadaster, PDOK (CC BY 4.0)"]
    # The town alone is no answer where the square is found.
    assert ("municipality", "Utrecht") not in list_found(online, "Neude Utrecht")


def test_square_without_address_service_gives_the_town_and_says_so(offline: TestClient) -> None:
    found = search(offline, "Neude Utrecht")

    (one,) = found["suggestions"]
    assert (one["type"], one["label"]) == ("municipality", "Utrecht")
    assert one["precision"] == "gevonden: de gemeente, niet Neude"
    assert found["addressSearch"] == "off"
    assert found["notice"] == "Dit register zoekt niet op straat, postcode of adres."


@pytest.mark.parametrize("text", ["Neude", "qqqq", "Straat zonder naam"])
def test_name_that_is_not_near_is_not_suggested(offline: TestClient, text: str) -> None:
    assert search(offline, text)["suggestions"] == []


def test_name_with_a_typing_mistake_is_suggested_as_such(offline: TestClient) -> None:
    (one, *_) = search(offline, "Amsterdm")["suggestions"]

    assert (one["type"], one["label"]) == ("municipality", "Amsterdam")
    assert one["precision"] == "lijkt op wat u typte"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Utrecht", ("municipality", "Utrecht")),
        ("gemeente utrecht", ("municipality", "Utrecht")),
        ("Den Haag", ("municipality", "'s-Gravenhage")),
        ("GM0363", ("municipality", "Amsterdam")),
        ("rotter", ("municipality", "Rotterdam")),
        ("Valkenburg", ("place", "Valkenburg")),
        ("camera", ("sensorType", "Camera of andere optische sensor")),
        ("flitspaal", ("sensorType", "Flitser")),
        ("wifi", ("sensorType", "Wifi-, bluetooth- of RFID-sensor")),
        ("sound sensor", ("sensorType", "Geluidsensor")),
        ("meetbedr", ("organisation", "Meetbedrijf BV")),
        ("gemeente amsterdam", ("organisation", "Gemeente Amsterdam")),
    ],
)
def test_name_is_found_without_address_service(
    offline: TestClient, text: str, found: tuple[str, str]
) -> None:
    assert found in list_found(offline, text)


def test_places_of_one_name_are_each_suggested_with_their_municipality(offline: TestClient) -> None:
    places = [one for one in search(offline, "Valkenburg")["suggestions"] if one["type"] == "place"]

    assert len(places) == 2
    assert len({tuple(one["position"]) for one in places}) == 2


def test_registration_number_leads_to_its_sensor(
    online: TestClient, server: PlaceServer, codes: dict[str, str]
) -> None:
    code = codes["full"]
    typed = f"{code[:3].lower()} {code[3:]}"

    found = search(online, typed)

    (one,) = found["suggestions"]
    assert (one["type"], one["label"]) == ("sensor", f"Telcamera op de Dam ({code})")
    assert one["page"].endswith(f"/s/{code}")
    assert found["addressSearch"] == "not_asked"
    # The number on a sticker is not sent to others.
    assert server.asked == []


@pytest.mark.parametrize("form", ["sensor {}", "https://elders.nl/s/{}", "/en/s/{}"])
def test_number_in_an_address_or_after_a_word_is_its_sensor(
    offline: TestClient, codes: dict[str, str], form: str
) -> None:
    (one,) = search(offline, form.format(codes["full"].lower()))["suggestions"]

    assert one["page"].endswith(f"/s/{codes['full']}")


def test_mistyped_number_suggests_the_one_that_was_likely_meant(
    offline: TestClient, codes: dict[str, str]
) -> None:
    found = search(offline, codes["full"][:-1] + "0")

    (one,) = found["suggestions"]
    assert one["page"].endswith(f"/s/{codes['full']}")
    assert one["precision"] == "lijkt op wat u typte"
    assert found["notice"] == "Deze tekens komen niet voor in een registratienummer: 0."


def test_coordinates_are_a_spot_and_are_not_sent_to_others(online: TestClient, server: PlaceServer) -> None:
    found = search(online, "52,0929 5,1190")

    (one,) = found["suggestions"]
    assert (one["type"], one["position"]) == ("position", [5.119, 52.0929])
    assert one["detail"] == "Gelezen als breedtegraad 52,09290 en lengtegraad 5,11900."
    assert parse_qs(urlsplit(one["page"]).query)["plek"] == ["5.11900,52.09290"]
    assert server.asked == []


@pytest.mark.parametrize(
    ("text", "notice"),
    [
        ("48.85, 2.35", "Deze plek ligt niet in Nederland."),
        ("https://example.org/", "In dit webadres vinden wij geen plek en geen sensor."),
    ],
)
def test_place_elsewhere_and_other_address_say_so(offline: TestClient, text: str, notice: str) -> None:
    found = search(offline, text)

    assert found["suggestions"] == []
    assert found["notice"].startswith(notice)


def test_number_of_an_internal_sensor_is_not_found(offline: TestClient, codes: dict[str, str]) -> None:
    assert search(offline, codes["internal"])["suggestions"] == []


def test_postcode_without_address_service_says_what_to_do(offline: TestClient) -> None:
    found = search(offline, "1012 JS")

    assert found["suggestions"] == []
    assert found["notice"].endswith("Zoek op de plaats of gemeente, of kies de plek op de kaart.")


def test_postcode_and_house_number_are_found(online: TestClient) -> None:
    assert list_found(online, "1012 js 1") == [
        ("address", "Dam 1, 1012JS Amsterdam, Amsterdam (Noord-Holland)")
    ]


@pytest.mark.parametrize(
    "wrong", [send_nothing, send_text("<!doctype html>", "text/html")], ids=["slow", "HTML"]
)
def test_names_are_found_in_time_when_the_address_service_fails(
    online: TestClient, server: PlaceServer, wrong: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.wrong = wrong
    wait_for_answers(monkeypatch, 0.3)
    search(online, "xyz")

    with not_awaiting():
        found = search(online, "Utrecht")

    assert [one["label"] for one in found["suggestions"] if one["type"] == "municipality"] == ["Utrecht"]
    assert found["addressSearch"] == "unreachable"
    assert "geeft geen goed antwoord" in found["notice"]


def test_suggestions_are_worded_in_the_language_of_the_reader(offline: TestClient) -> None:
    answer = offline.get("/v1/places", params={"q": "camera"}, headers={"Accept-Language": "en"})

    first = answer.json()["suggestions"][0]
    assert (first["label"], first["typeLabel"]) == ("Camera or other optical sensor", "kind of sensor")
    assert "/en/soort/" in first["page"]
    assert answer.headers["content-language"] == "en"
    assert answer.headers["cache-control"] == "private, max-age=60"


@pytest.mark.parametrize(
    ("query", "problems"),
    [
        ("", {("q", "required")}),
        ("q=", {("q", "invalid_text")}),
        ("q=+", {("q", "invalid_text")}),
        ("q=" + "a" * 501, {("q", "too_long")}),
        ("q=a&limit=11", {("limit", "invalid_number")}),
        (
            "lang=fr&limit=0&x=1",
            {
                ("q", "required"),
                ("lang", "unknown_language"),
                ("limit", "invalid_number"),
                ("x", "unknown_parameter"),
            },
        ),
    ],
)
def test_every_problem_of_a_search_is_named(
    offline: TestClient, query: str, problems: set[tuple[str, str]]
) -> None:
    answer = offline.get(f"/v1/places?{query}")

    assert answer.status_code == 400
    assert {(one["location"], one["code"]) for one in answer.json()["errors"]} == problems


@pytest.mark.parametrize(
    "text", ["%", "\\", "'; DROP TABLE x; --", "()", "🚲", "a" * 100, "_" * 50, "ß", "İstanbul"]
)
def test_any_text_is_answered(online: TestClient, text: str) -> None:
    assert online.get("/v1/places", params={"q": text}).status_code == 200


def read_spot(client: TestClient, at: str, **parameters: str) -> dict[str, Any]:
    answer = client.get("/v1/places/spot", params={"at": at, "lang": "nl", **parameters})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def find_codes(group: dict[str, Any]) -> set[str]:
    return {sensor["publicCode"] for sensor in group["sensors"]}


def test_spot_has_each_sensor_in_one_group(online: TestClient, codes: dict[str, str]) -> None:
    # South-west of the camera, which looks that way to 60 metres.
    spot = read_spot(online, "4.8929,52.3729")

    assert find_codes(spot["canSee"]) == {codes["full"]}
    assert find_codes(spot["comesBy"]) == {codes["mobile"]}
    near = find_codes(spot["standsNear"])
    assert near == {
        codes[name] for name in ("plain", "planned", "expired", "due", "generalised", "represented")
    }
    assert spot["municipality"] == {"code": "GM0363", "name": "Amsterdam"}
    assert spot["address"]["name"] == "Dam 1, 1012JS Amsterdam"
    assert spot["position"] == [4.8929, 52.3729]


def test_spot_outside_the_field_of_view_is_not_seen(offline: TestClient, codes: dict[str, str]) -> None:
    # North of the camera.
    spot = read_spot(offline, "4.8932,52.3734")

    assert find_codes(spot["canSee"]) == set()
    assert codes["full"] in find_codes(spot["standsNear"])
    assert spot["sentence"].startswith("Volgens het register kan geen sensor deze plek zien.")


def test_spot_counts_only_what_is_there_today(offline: TestClient, codes: dict[str, str]) -> None:
    spot = read_spot(offline, "4.8929,52.3729")

    counted = {one["publicCode"] for one in spot["standsNear"]["sensors"] if one["counts"]}
    assert counted == {codes[name] for name in ("plain", "due", "represented", "generalised")}
    assert spot["standsNear"]["number"] == 4
    assert spot["sentence"] == (
        "Op deze plek kan 1 camera u zien. "
        "Binnen 500 meter staan nog 3 andere sensoren in gebruik; er komt later 1 bij; "
        "1 die al weg had moeten zijn, is er misschien nog. "
        "Een mobiele sensor komt hier soms langs, "
        "en van 1 sensor in de buurt is de precieze plek niet openbaar."
    )


def test_generalised_sensor_has_no_distance(offline: TestClient, codes: dict[str, str]) -> None:
    sensors = {one["publicCode"]: one for one in read_spot(offline, DAM)["standsNear"]["sensors"]}

    generalised = sensors[codes["generalised"]]
    assert generalised["placeIsExact"] is False
    assert not {"distanceM", "withinM"} & generalised.keys()
    plain = sensors[codes["plain"]]
    assert plain["withinM"] == 50
    assert plain["distanceM"] < 1


def test_distances_are_in_bands(offline: TestClient, codes: dict[str, str]) -> None:
    # 0.0015 degrees of latitude are 167 metres.
    sensors = {
        one["publicCode"]: one for one in read_spot(offline, "4.8932,52.3746")["standsNear"]["sensors"]
    }

    assert sensors[codes["plain"]]["withinM"] == 500
    assert sensors[codes["plain"]]["distanceM"] == pytest.approx(167, abs=2)


def test_spot_without_sensors_says_so(offline: TestClient) -> None:
    spot = read_spot(offline, "5.12138,52.09066")

    assert spot["municipality"]["name"] == "Utrecht"
    assert spot["sentence"] == (
        "Volgens het register kan geen sensor deze plek zien. "
        "Binnen 500 meter staan geen sensoren in het register."
    )
    assert spot["addressSearch"] == "off"
    assert "address" not in spot


def test_spot_in_no_municipality_has_none(offline: TestClient) -> None:
    assert "municipality" not in read_spot(offline, "3.5,53.5")


def test_spot_in_rd_is_the_same_spot(offline: TestClient) -> None:
    rd = "http://www.opengis.net/def/crs/EPSG/0/28992"

    spot = read_spot(offline, "121400,487400", atCrs=rd)

    assert spot["position"] == pytest.approx([4.89381, 52.37345], abs=1e-4)
    same = read_spot(offline, ",".join(map(str, spot["position"])))
    assert find_codes(spot["standsNear"]) == find_codes(same["standsNear"]) != set()


def test_spot_links_lead_to_the_same_sensors(offline: TestClient, codes: dict[str, str]) -> None:
    links = read_spot(offline, "4.8929,52.3729")["links"]

    covering = next(link["href"] for link in links if "covers=" in link["href"])
    items = offline.get(covering.removeprefix("http://127.0.0.1:8000")).json()["features"]
    assert {one["properties"]["publicCode"] for one in items} == {codes["full"], codes["mobile"]}
    assert any("near=4.8929,52.3729&radius=500" in link["href"] for link in links)


@pytest.mark.parametrize(
    ("query", "location", "code"),
    [
        ("", "at", "required"),
        ("at=52.3731,4.8932", "at", "swapped_axes"),
        ("at=121358,487361", "at", "wrong_crs"),
        ("at=4.8932", "at", "invalid_position"),
        ("at=13.4,52.5", "at", "outside_netherlands"),
        ("at=3.0,50.0", "at", "outside_netherlands"),
        ("at=nan,nan", "at", "invalid_number"),
    ],
)
def test_wrong_spot_is_refused_with_the_mistake(
    offline: TestClient, query: str, location: str, code: str
) -> None:
    answer = offline.get(f"/v1/places/spot?{query}")

    assert answer.status_code == 400
    assert [(one["location"], one["code"]) for one in answer.json()["errors"]] == [(location, code)]


def test_spot_is_in_no_log_and_in_no_shared_cache(
    offline: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO"):
        answer = offline.get(f"/v1/places/spot?at={DAM}")

    assert answer.headers["cache-control"] == "private, max-age=60"
    lines = [record.getMessage() for record in caplog.records if record.name.startswith("app")]
    assert any("/v1/places/spot" in line for line in lines)
    assert not any("52.3731" in line for line in lines)


def read_nearest(client: TestClient, code: str, language: str = "nl") -> dict[str, Any]:
    answer = client.get("/v1/places/nearest", params={"sensor": code, "lang": language})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_sensor_has_its_nearest_address_in_words(
    online: TestClient, server: PlaceServer, codes: dict[str, str]
) -> None:
    found = read_nearest(online, codes["full"])

    assert (found["text"], found["addressSearch"]) == ("bij Dam 1, Amsterdam", "answered")
    assert read_nearest(online, codes["full"], "en")["text"] == "near Dam 1, Amsterdam"
    # The answer is cached: the service was asked once.
    assert len(server.asked) == 1


@pytest.mark.parametrize("name", ["generalised", "mobile"])
def test_address_of_a_sensor_without_an_exact_public_place_is_not_looked_up(
    online: TestClient, server: PlaceServer, codes: dict[str, str], name: str
) -> None:
    found = read_nearest(online, codes[name])

    assert "text" not in found
    assert found["addressSearch"] == "not_asked"
    assert server.asked == []


@pytest.mark.parametrize(
    "wrong", [send_nothing, send_text("<!doctype html>", "text/html")], ids=["slow", "HTML"]
)
def test_address_is_left_out_in_time_when_the_service_fails(
    online: TestClient,
    server: PlaceServer,
    codes: dict[str, str],
    wrong: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    server.wrong = wrong
    wait_for_answers(monkeypatch, 0.3)

    with not_awaiting():
        found = read_nearest(online, codes["full"])

    assert "text" not in found
    assert found["addressSearch"] == "unreachable"


def test_address_that_is_far_away_or_a_lie_is_left_out(
    online: TestClient, server: PlaceServer, codes: dict[str, str]
) -> None:
    server.nearest = [{"weergavenaam": "Neude 1, Utrecht", "centroide_ll": "POINT(5.119 52.0929)"}]

    assert "text" not in read_nearest(online, codes["full"])


def test_address_without_a_service_is_left_out(offline: TestClient, codes: dict[str, str]) -> None:
    assert read_nearest(offline, codes["full"])["addressSearch"] == "off"


def test_address_of_an_unknown_number_is_not_found(offline: TestClient, codes: dict[str, str]) -> None:
    assert offline.get("/v1/places/nearest?sensor=2222222").status_code == 404
    assert offline.get(f"/v1/places/nearest?sensor={codes['internal']}").status_code == 404


def test_pages_ask_for_the_address_where_there_may_be_one(
    online: TestClient, offline: TestClient, codes: dict[str, str]
) -> None:
    asked = f"/v1/places/nearest?sensor={codes['full']}&amp;lang=nl"

    assert asked in online.get(f"/s/{codes['full']}").text
    assert "data-nearest-address" not in online.get(f"/s/{codes['generalised']}").text
    assert "data-nearest-address" not in offline.get(f"/s/{codes['full']}").text


def test_title_of_a_spot_has_its_address(online: TestClient, offline: TestClient) -> None:
    assert "<h1>Sensoren bij Dam 1, Amsterdam</h1>" in online.get(f"/hier?plek={DAM}").text
    assert "<h1>Sensoren op deze plek</h1>" in offline.get(f"/hier?plek={DAM}").text
