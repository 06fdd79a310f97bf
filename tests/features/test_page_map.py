"""The maps on pages of the API: they show what the search of the page finds."""

import html
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from app.spatial.crs import Crs
from tests.support.register import Register, make_today_record, open_register
from tests.support.sensors import make_camera

PAGE = {"Accept": "text/html"}
RD = "http://www.opengis.net/def/crs/EPSG/0/28992"
WEST_HALF = "4.88,52.36,4.8925,52.39"
SOUND = "sensorType='sound'"
EITHER = f"{SOUND} OR sensorType='optical_camera'"


@pytest.fixture(scope="module")
def register(module_database: str) -> Iterator[Register]:
    dates = {name: make_today_record()[name] for name in ("placedFrom", "activeUntil")}
    with open_register(module_database) as register:
        for number, longitude in enumerate((4.885, 4.89, 4.895)):
            at = {"location": {"type": "Point", "coordinates": [longitude, 52.37]}}
            register.register(**make_camera(reference=f"camera-{number}") | dates | at)
            register.register(reference=f"geluid-{number}", **at)
        yield register


def read_map(register: Register, address: str) -> dict[str, str]:
    """The attributes of the map of a page, without `data-`."""
    page = register.client.get(address, headers=PAGE)
    assert page.status_code == 200, page.text
    (tag,) = re.findall(r'<div class="map"[^>]*>', page.text)
    attributes = re.findall(r'data-([\w-]+)="([^"]*)"', tag)
    return {name: html.unescape(value) for name, value in attributes}


def find_codes(register: Register, query: str) -> set[str]:
    features: list[dict[str, Any]] = register.client.get(f"/v1/collections/sensors/items?{query}").json()[
        "features"
    ]
    return {feature["properties"]["publicCode"] for feature in features}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("sensorType=sound&sortby=-placedFrom&limit=1", 3),
        (f"bbox={WEST_HALF}", 4),
        (f"bbox={WEST_HALF}&sensorType=sound&properties=name&skipGeometry=true", 2),
        (f"bbox=120500,486000,121350,489000&bbox-crs={RD}", 4),
        (f"bbox={WEST_HALF}&filter={SOUND}", 2),
        (f"bbox={WEST_HALF}&filter={EITHER}", 4),
        (f"bbox={WEST_HALF}&filter={SOUND}&filter-crs={RD}", 2),
        (f"bbox=120500,486000,121350,489000&bbox-crs={RD}&filter={SOUND}", 2),
        (
            f"bbox={WEST_HALF}&filter-lang=cql2-json&filter="
            + json.dumps({"op": "=", "args": [{"property": "sensorType"}, "sound"]}),
            2,
        ),
    ],
)
def test_map_of_items_shows_what_the_search_finds(register: Register, query: str, found: int) -> None:
    shown = read_map(register, f"/v1/collections/sensors/items?{query}")["query"]

    searched = find_codes(register, query.replace("&limit=1", "").replace("&properties=name", ""))
    assert len(searched) == found
    assert find_codes(register, shown) == searched
    assert register.client.get(f"/v1/styles/sensors?{shown}").status_code == 200


@pytest.mark.parametrize(
    ("query", "holds"),
    [
        (f"bbox={WEST_HALF}", [4.88, 52.36, 4.8925, 52.39]),
        ("near=4.89,52.37&radius=1000", [4.8753, 52.361, 4.9047, 52.379]),
        ("", [3.3, 50.7, 7.3, 53.6]),
        ("bbox=-180,-90,180,90", [3.0, 50.6, 7.4, 53.8]),
    ],
)
def test_map_begins_with_the_place_of_the_search(register: Register, query: str, holds: list[float]) -> None:
    bounds = json.loads(read_map(register, f"/v1/collections/sensors/items?{query}")["bounds"])

    assert bounds == pytest.approx(holds)


@pytest.mark.parametrize("crs", Crs)
def test_map_of_a_sensor_has_a_marker_on_its_place(register: Register, crs: Crs) -> None:
    feature = register.client.get("/v1/collections/sensors/items?limit=1").json()["features"][0]

    shown = read_map(register, f"/v1/collections/sensors/items/{feature['id']}?crs={crs.uri}")

    assert json.loads(shown["spot"]) == pytest.approx(feature["geometry"]["coordinates"], abs=1e-6)
    assert shown["query"] == f"publicCode={feature['properties']['publicCode']}"


@pytest.mark.parametrize("crs", [Crs.CRS84, Crs.RD, Crs.WGS84])
@pytest.mark.parametrize(
    ("collection", "query"), [("observed-areas", "limit=1"), ("municipalities", "name=Amsterdam")]
)
def test_map_of_an_area_has_its_outline(register: Register, collection: str, query: str, crs: Crs) -> None:
    feature = register.client.get(f"/v1/collections/{collection}/items?{query}").json()["features"][0]

    shown = read_map(register, f"/v1/collections/{collection}/items/{feature['id']}?crs={crs.uri}")

    west, south, east, north = json.loads(shown["bounds"])
    for longitude, latitude in feature["geometry"]["coordinates"][0][0]:
        assert west < longitude < east
        assert south < latitude < north
    assert json.loads(shown["highlight"])["type"] in {"Polygon", "MultiPolygon"}
    assert find_codes(register, shown["query"])


def test_feature_without_geometry_has_no_map(register: Register) -> None:
    feature = register.client.get("/v1/collections/sensors/items?limit=1").json()["features"][0]
    page = register.client.get(
        f"/v1/collections/sensors/items/{feature['id']}?skipGeometry=true", headers=PAGE
    ).text

    assert "data-map" not in page
