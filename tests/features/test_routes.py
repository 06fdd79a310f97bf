"""Public search: by place, property and time, page by page."""

from typing import Any

import psycopg
import pytest

from app.spatial.crs import Crs, lonlat_from_rd
from tests.support.register import Register
from tests.support.sensors import CITIES, HALF_SIDE_METRES, make_camera


def test_sensor_just_registered_is_found_by_matching_queries(register: Register) -> None:
    registered = register.register()

    for query in (
        "",
        "municipality=GM0363",
        "municipality=amsterdam",
        "bbox=4.89,52.37,4.90,52.38",
        "bbox=121000,487000,122000,488000&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/28992",
        "bbox=52.37,4.89,52.38,4.90&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/4326",
        "bbox=-180,-90,180,90",
        "bbox=170,-90,10,90",
        "near=4.8932,52.3731&radius=5",
        "sensorType=sound",
        "sensorType=sound,radio",
        "themes=environment_noise",
        "smartCityTheme=healthy_urban_living,sustainability",
        f"owner={registered['owner']}",
        "operationalStatus=active",
        "datetime=2000-01-01/..",
        f"publicCode={registered['publicCode']}",
    ):
        found = register.find(query)
        assert [feature["id"] for feature in found["features"]] == [registered["id"]], query
        assert found["numberMatched"] == 1, query


def test_sensor_that_does_not_match_is_not_found(register: Register) -> None:
    register.register()

    for query in (
        "municipality=GM0599",
        "bbox=4.90,52.37,4.91,52.38",
        "bbox=10,-90,-170,90",
        "near=4.8932,52.3740&radius=5",
        "near=3,51&radius=50000",
        "covers=3,51",
        "sensorType=radio",
        "operationalStatus=planned,removed",
        "datetime=../2000-01-01",
        "covers=4.8932,52.3731",
    ):
        assert register.find(query)["features"] == [], query


def test_near_sorts_by_distance_and_returns_it(register: Register) -> None:
    for north in (3, 1, 2):
        place = {"type": "Point", "coordinates": [4.8932, 52.3731 + north / 1000]}
        register.register(reference=str(north), location=place)

    features = register.find("near=4.8932,52.3731&radius=400")["features"]
    assert [feature["properties"]["reference"] for feature in features] == ["1", "2", "3"]
    # A thousandth of a degree of latitude is 111.3 m here.
    assert [round(feature["properties"]["distanceM"] / 111.27, 2) for feature in features] == [1, 2, 3]


def test_covers_finds_sensor_whose_view_contains_the_point(register: Register) -> None:
    register.post(make_camera(reference="north", placedFrom="2026-01-01", activeUntil="2028-01-01"))

    assert register.references("covers=4.8932,52.3735") == ["north"]
    assert register.references("covers=4.8932,52.3727") == []
    area = register.find("covers=4.8932,52.3735", "observed-areas")["features"][0]
    assert area["geometry"]["type"] == "MultiPolygon"
    assert area["properties"]["areaKind"] == "observed"


def test_pages_have_each_sensor_once_in_order(register: Register, fresh_database: str) -> None:
    for number in range(25):
        place = {"type": "Point", "coordinates": [4.88 + number % 5 / 300, 52.37 + number // 5 / 300]}
        register.register(reference=f"{number:02}", location=place)
    with psycopg.connect(fresh_database) as connection:
        rows = connection.execute("SELECT reference FROM publication.published_sensor ORDER BY sort_key, id")
        by_place = [reference for (reference,) in rows]
    assert sorted(by_place) == [f"{number:02}" for number in range(25)] != by_place

    for query in (
        "",
        "municipality=GM0363&",
        "bbox=4.8,52.3,5,52.4&",
        "near=4.8932,52.3731&radius=9000&",
        "sensorType=sound&",
    ):
        seen, distances = [], []
        path = f"/v1/collections/sensors/items?{query}limit=7"
        while path:
            page = register.client.get(path).json()
            seen += [feature["properties"]["reference"] for feature in page["features"]]
            distances += [feature["properties"].get("distanceM") for feature in page["features"]]
            assert page["numberMatched"] == 25, query
            links = {link["rel"]: link["href"] for link in page["links"]}
            path = links.get("next", "").removeprefix("http://127.0.0.1:8000")
        if query.startswith("near"):
            assert distances == sorted(distances)
            assert sorted(seen) == sorted(by_place) != seen
        else:
            assert seen == by_place, query


def test_tampered_cursor_is_refused(register: Register) -> None:
    for number in range(3):
        register.register(reference=str(number))
    first = register.find("limit=1")
    cursor = next(link["href"] for link in first["links"] if link["rel"] == "next").partition("cursor=")[2]

    for query in (
        f"cursor={cursor[:-2]}AA",
        f"limit=1&sensorType=sound&cursor={cursor}",
        "cursor=%00",
        "cursor=é",
    ):
        assert register.client.get(f"/v1/collections/sensors/items?{query}").status_code == 400, query


def test_parameter_problems_are_all_reported(register: Register) -> None:
    answer = register.client.get(
        "/v1/collections/sensors/items?bbox=1,2,3&near=52.37,4.89&limit=0&colour=red&datetime=2026-02-30"
        "&municipality=Amsterdm&sensorType=soud&radius=-1&asOf=3000-01-01&operationalStatus=on&crs=x&bbox-crs=y"
        "&limit=5&openData=maybe&owner=me&covers=a,b"
    )
    assert answer.status_code == 400
    assert {problem["location"] for problem in answer.json()["errors"]} == {
        "bbox", "near", "limit", "colour", "datetime", "municipality", "sensorType", "radius", "asOf",
        "operationalStatus", "crs", "bbox-crs", "openData", "owner", "covers",
    }  # fmt: skip


def test_if_none_match_returns_304_until_a_sensor_is_registered(register: Register) -> None:
    register.register()
    path = "/v1/collections/sensors/items?municipality=Amsterdam"
    etag = register.client.get(path).headers["etag"]

    assert register.client.get(path, headers={"If-None-Match": etag}).status_code == 304
    register.register(reference="another")
    assert register.client.get(path, headers={"If-None-Match": etag}).status_code == 200


def test_item_with_crs_rd_has_rd_coordinates(register: Register) -> None:
    registered = register.register()
    path = f"/v1/collections/sensors/items/{registered['id']}?crs=http://www.opengis.net/def/crs/EPSG/0/28992"
    answer = register.client.get(path)

    x, y = answer.json()["geometry"]["coordinates"]
    assert (round(x), round(y)) == (121359, 487362)
    assert answer.headers["content-crs"] == "<http://www.opengis.net/def/crs/EPSG/0/28992>"


def test_municipalities_are_found_by_bbox_and_code(register: Register) -> None:
    found = register.find("bbox=4.8,52.3,4.9,52.4", "municipalities")

    assert [feature["id"] for feature in found["features"]] == ["GM0363"]
    assert found["features"][0]["properties"]["name"] == "Amsterdam"
    assert list_corners(found["features"][0]) == [
        pytest.approx(lonlat_from_rd(*corner), abs=1e-6) for corner in list_corners_in_rd("GM0363")
    ]
    path = "/v1/collections/municipalities/items/GM0599"
    assert register.client.get(path).json()["id"] == "GM0599"
    in_rd = register.client.get(f"{path}?crs={Crs.RD.uri}").json()
    assert list_corners(in_rd) == [pytest.approx(corner) for corner in list_corners_in_rd("GM0599")]
    assert register.find("limit=2", "municipalities")["numberMatched"] == 5


def list_corners(municipality: dict[str, Any]) -> list[tuple[float, float]]:
    """The corners of a municipality of four corners, from the north-east one against the clock."""
    assert municipality["geometry"]["type"] == "MultiPolygon"
    ((ring,),) = municipality["geometry"]["coordinates"]
    assert (len(ring), ring[0]) == (5, ring[-1])
    start = max(range(4), key=lambda number: sum(ring[number]))
    return [tuple(ring[(start + number) % 4]) for number in range(4)]


def list_corners_in_rd(code: str) -> list[tuple[float, float]]:
    _, x, y = CITIES[code]
    half = HALF_SIDE_METRES
    return [(x + half, y + half), (x - half, y + half), (x - half, y - half), (x + half, y - half)]
