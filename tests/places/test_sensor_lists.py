"""Lists of sensors that a text names in parts, found by the search box."""

from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi.testclient import TestClient

CAMERA = {"sensorType": "optical_camera"}
RADIO = {"sensorType": "radio"}
UTRECHT = {"municipality": "GM0344"}
AMSTERDAM = {"municipality": "GM0363"}


def list_searches(client: TestClient, text: str) -> list[dict[str, str]]:
    """The parameters of each suggested list."""
    answer = client.get("/v1/places", params={"q": text, "lang": "nl"})
    assert answer.status_code == 200, answer.text
    pages = [urlsplit(one["page"]) for one in answer.json()["suggestions"] if one["type"] == "sensors"]
    assert all(page.path == "/sensoren" for page in pages)
    return [{name: values[0] for name, values in parse_qs(page.query).items()} for page in pages]


@pytest.mark.parametrize(
    ("text", "parameters"),
    [
        ("camera utrecht", CAMERA | UTRECHT),
        ("utrecht camera", CAMERA | UTRECHT),
        ("camera's in Utrecht", CAMERA | UTRECHT),
        ("cameras in the municipality of Utrecht", CAMERA | UTRECHT),
        ("camera utr", CAMERA | UTRECHT),
        ("wifi Amsterdam", RADIO | AMSTERDAM),
        ("wifi-sensoren Amsterdam", RADIO | AMSTERDAM),
        ("wifi sensors near Amsterdam", RADIO | AMSTERDAM),
        ("sound sensors Den Haag", {"sensorType": "sound", "municipality": "GM0518"}),
        ("geluidsmeters Den Haag", {"sensorType": "sound", "municipality": "GM0518"}),
        ("flitspalen rotterdam", {"sensorSubtype": "speed_camera", "municipality": "GM0599"}),
        ("speed cameras rotterdam", {"sensorSubtype": "speed_camera", "municipality": "GM0599"}),
        ("sensoren utrecht", UTRECHT),
        ("sensoren gemeente utrecht", UTRECHT),
        ("all sensors in Utrecht", None),
        ("camera Vleuten", CAMERA | UTRECHT),
    ],
)
def test_kind_with_a_municipality_is_a_list(
    offline: TestClient, text: str, parameters: dict[str, str] | None
) -> None:
    found = list_searches(offline, text)

    assert found[:1] == ([parameters] if parameters else [])


def test_owner_with_a_municipality_or_kind_is_a_list(offline: TestClient) -> None:
    (in_town,) = list_searches(offline, "Meetbedrijf Utrecht")
    (of_kind,) = list_searches(offline, "camera's van Meetbedrijf BV")
    (both,) = list_searches(offline, "utrecht meetbedrijf camera")

    owner = {"owner": in_town["owner"]}
    assert in_town == owner | UTRECHT
    assert of_kind == owner | CAMERA
    assert both == owner | CAMERA | UTRECHT


@pytest.mark.parametrize(
    "text", ["camera", "camera sensor", "gemeente amsterdam", "Den Haag", "Neude Utrecht"]
)
def test_text_of_one_part_is_no_list_of_sensors(offline: TestClient, text: str) -> None:
    assert list_searches(offline, text) == []


def test_list_has_a_name_in_both_languages_and_says_where_a_town_is(offline: TestClient) -> None:
    dutch = offline.get("/v1/places", params={"q": "camera Vleuten", "lang": "nl"}).json()
    english = offline.get("/v1/places", params={"q": "cameras Utrecht", "lang": "en"}).json()

    (one,) = dutch["suggestions"]
    assert (one["label"], one["typeLabel"]) == (
        "Camera of andere optische sensor in Utrecht",
        "lijst van sensoren",
    )
    assert one["detail"] == "Vleuten ligt in de gemeente Utrecht"
    assert english["suggestions"][0]["label"] == "Camera or other optical sensor in Utrecht"
    assert "/en/sensoren?" in english["suggestions"][0]["page"]


def test_plural_of_a_kind_is_that_kind(offline: TestClient) -> None:
    (one,) = offline.get("/v1/places", params={"q": "flitspalen"}).json()["suggestions"]

    assert (one["type"], one["page"].rpartition("/")[2]) == ("sensorType", "speed_camera")
