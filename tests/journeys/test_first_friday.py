"""The first Friday: an officer registers a camera, and a resident asks what is measured around here."""

import html
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from app.core.clock import dutch_date
from app.sensors.registration.rules import years_later
from tests.support.register import Register, open_register

SQUARE = (4.8932, 52.3731)
BEFORE_THE_CAMERA = "4.8932,52.3735"
BEHIND_THE_CAMERA = "4.8932,52.3727"
RD = "http://www.opengis.net/def/crs/EPSG/0/28992"


def day(number: int) -> str:
    return (dutch_date() + timedelta(days=number)).isoformat()


@pytest.fixture
def register(fresh_database: str) -> Iterator[Register]:
    with open_register(fresh_database) as register:
        yield register


@pytest.fixture
def half_done() -> dict[str, Any]:
    """The camera as it first comes from the drawer: without ground, statement and retention, and turned round."""
    return {
        "reference": "CAM-0042",
        "name": "Camera op de Dam",
        "sensorType": "optical_camera",
        "sensorSubtype": "people_counting",
        "measures": "Beelden, om voorbijgangers te tellen",
        "purpose": "Weten hoe druk het op het plein is.",
        "themes": ["mobility_pedestrian", "safety_security_camera"],
        "personalData": "yes",
        "dpiaStatus": "done",
        "dpiaReference": "DPIA-42",
        "mobility": "fixed",
        "location": {"type": "Point", "coordinates": [SQUARE[1], SQUARE[0]]},
        "viewDirectionDeg": 0,
        "viewAngleDeg": 60,
        "viewRangeM": 80,
        "placedFrom": day(-1),
        "activeUntil": day(900),
    }


def read_page(register: Register, path: str) -> str:
    """The words of a page, without its tags."""
    answer = register.client.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == 200, path
    assert answer.headers["content-type"].startswith("text/html")
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", answer.text)).split())


def test_the_first_friday(register: Register, half_done: dict[str, Any]) -> None:
    # The answer lists everything that is missing, and that the coordinates are swapped.
    problems = {one["location"]: one for one in register.post(half_done).json()["errors"]}
    assert problems.keys() == {
        "/gdprBases",
        "/privacyStatementUrl",
        "/retentionKind",
        "/location/coordinates",
    }
    meant = problems["/location/coordinates"]["suggestion"]
    assert meant == list(SQUARE)

    # Once it is complete, it is registered, and the receipt has the number for the label.
    complete = half_done | {
        "location": {"type": "Point", "coordinates": meant},
        "gdprBases": ["public_task"],
        "legalBasisText": "Gemeentewet art. 172",
        "legalBasisUrl": "https://wetten.overheid.nl/BWBR0005416",
        "privacyStatementUrl": "https://example.org/privacy",
        "retentionKind": "fixed",
        "retentionPeriod": "P1D",
    }
    answer = register.post(complete)
    assert answer.status_code == 201
    registered = answer.json()
    code = registered["receipt"]["publicCode"]
    assert registered["registrationStatus"] == "published"

    # A resident finds it a moment later, in every way there is, and only where it is.
    for query in (
        "municipality=Amsterdam",
        "municipality=GM0363&sensorType=optical_camera",
        "bbox=4.89,52.37,4.90,52.38",
        f"bbox=121000,487000,122000,488000&bbox-crs={RD}",
        f"near={SQUARE[0]},{SQUARE[1]}&radius=100",
        f"covers={BEFORE_THE_CAMERA}",
        f"publicCode={code}",
    ):
        found = register.find(query)
        assert [feature["id"] for feature in found["features"]] == [registered["id"]], query
    for query in (
        "municipality=Rotterdam",
        "bbox=4.90,52.37,4.91,52.38",
        "near=4.90,52.38&radius=100",
        f"covers={BEHIND_THE_CAMERA}",
    ):
        assert register.find(query)["features"] == [], query

    # The item tells who, what, where, why, on what legal basis and for how long.
    (feature,) = register.find(f"publicCode={code}")["features"]
    properties = feature["properties"]
    assert properties["ownerName"] == properties["controllerName"] == "Gemeente Amsterdam"
    assert properties["smartCityTheme"] == ["safety_security", "smart_mobility"]
    assert (properties["retentionPeriod"], properties["operationalStatus"]) == ("P1D", "active")
    (area,) = register.find(f"publicCode={code}", "observed-areas")["features"]
    assert area["geometry"]["type"] == "MultiPolygon"

    # The label on the pole leads to its page, in either language.
    dutch, english = read_page(register, f"/s/{code}"), read_page(register, f"/en/s/{code}")
    for words in ("Camera op de Dam", "Weten hoe druk het op het plein is.", "Gemeente Amsterdam", code):
        assert words in dutch, words
        assert words in english, words
    assert "Publieke taak" in dutch
    assert "Public task" in english
    assert "Camera op de Dam" in read_page(register, "/")
    assert "Camera op de Dam" in read_page(register, "/sensoren?municipality=Amsterdam")
    # A slip in typing the number is noticed, and the right one is offered.
    slip = register.client.get(f"/s/{code[1] + code[0] + code[2:]}")
    assert (slip.status_code, code in slip.text) == (404, code[0] != code[1])


def test_removal_of_registered_sensor(register: Register, half_done: dict[str, Any]) -> None:
    simple = half_done | {
        "personalData": "none", "location": {"type": "Point", "coordinates": list(SQUARE)},
    }  # fmt: skip
    registered = register.post(simple)
    address, code = f"/v1/sensors/{registered.json()['id']}", registered.json()["publicCode"]

    # The same afternoon a colleague confirms that it is still there: nothing changes.
    confirmed = register.client.post(f"{address}/confirmation", headers=register.officer)
    assert confirmed.json()["confirmBy"] == years_later(dutch_date(), 1).isoformat()
    # Then it is gone: it leaves the answers, and its page says so.
    headers = register.officer | {"If-Match": confirmed.headers["etag"]}
    assert register.client.post(f"{address}/removal", headers=headers).status_code == 200
    assert register.find("municipality=Amsterdam")["features"] == []
    assert register.find("operationalStatus=removed&municipality=Amsterdam")["numberMatched"] == 1
    assert "verwijderd" in read_page(register, f"/s/{code}").lower()
    versions = register.client.get(f"{address}/versions", headers=register.officer).json()["versions"]
    assert [version["version"] for version in versions] == [2, 1]
