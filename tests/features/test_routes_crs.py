"""Every reference system: what is answered in one is where it should be, to its last decimal."""

import math
from collections.abc import Iterator
from typing import Any

import pytest
from pyproj import Transformer
from shapely import Point
from shapely.geometry import shape

from app.spatial.crs import Crs
from tests.support.register import Register, make_today_record, open_register
from tests.support.sensors import DAM, make_camera

COLLECTIONS = ("sensors", "observed-areas", "municipalities")


@pytest.fixture(scope="module")
def register(module_database: str) -> Iterator[Register]:
    dates = {name: make_today_record()[name] for name in ("placedFrom", "activeUntil")}
    with open_register(module_database) as register:
        register.register(**make_camera() | dates)
        yield register


def list_positions(coordinates: Any) -> list[tuple[float, float]]:
    if isinstance(coordinates[0], int | float):
        return [tuple(coordinates)]
    return [position for part in coordinates for position in list_positions(part)]


def transform(crs: Crs, lonlat: tuple[float, float]) -> tuple[float, float]:
    """By PROJ alone, the formula of Web Mercator written out; RD is tried against its own check point elsewhere."""
    longitude, latitude = lonlat
    if crs is Crs.WEB_MERCATOR:
        x, y = Transformer.from_crs("EPSG:4326", "EPSG:3857", always_xy=True).transform(longitude, latitude)
        return x, y
    return crs.order(*crs.from_lonlat(longitude, latitude))


@pytest.mark.conforms("http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs")
@pytest.mark.parametrize("collection", COLLECTIONS)
@pytest.mark.parametrize("crs", list(Crs))
def test_coordinates_in_each_crs_are_transformed_and_rounded(
    register: Register, collection: str, crs: Crs
) -> None:
    items = f"/v1/collections/{collection}/items"
    plain = register.client.get(items, params={"limit": 1}).json()["features"][0]
    for path in (items, f"{items}/{plain['id']}"):
        answer = register.client.get(path, params={"crs": crs.uri})
        assert answer.headers["content-crs"] == f"<{crs.uri}>"
        document = answer.json()
        feature = next(one for one in document.get("features", [document]) if one["id"] == plain["id"])
        got = list_positions(feature["geometry"]["coordinates"])
        wanted = [transform(crs, position) for position in list_positions(plain["geometry"]["coordinates"])]
        # Both are rounded: a ten-millionth of a degree is a centimetre.
        tolerance = 1.5e-7 if crs.is_geographic else 0.02
        assert len(got) == len(wanted)
        for here, there in zip(got, wanted, strict=True):
            assert math.dist(here, there) <= tolerance, (crs, here, there)
            assert all(round(number, crs.decimals) == number for number in here)
        assert feature["properties"] == plain["properties"]


def test_answer_without_crs_parameter_has_coordinates_and_header_of_crs84(register: Register) -> None:
    for collection in COLLECTIONS:
        path = f"/v1/collections/{collection}/items"
        answer = register.client.get(path)
        assert answer.headers["content-crs"] == f"<{Crs.CRS84.uri}>"
        features = answer.json()["features"]
        distances = [shape(feature["geometry"]).distance(Point(*DAM)) for feature in features]
        # The sensor stands on Dam square, its area begins there, and the municipality contains it.
        assert min(distances) < 1e-7, collection
        unchanged = register.client.get(path, headers={"If-None-Match": answer.headers["etag"]})
        assert unchanged.status_code == 304
        assert unchanged.headers["content-crs"] == f"<{Crs.CRS84.uri}>"


@pytest.mark.parametrize(
    ("uri", "crs"),
    [
        ("http://www.opengis.net/def/crs/EPSG/9.9.1/28992", Crs.RD),
        ("https://www.opengis.net/def/crs/EPSG/0/28992", Crs.RD),
        ("http://www.opengis.net/def/crs/OGC/0/CRS84", Crs.CRS84),
    ],
)
def test_other_uri_spellings_of_crs_are_accepted(register: Register, uri: str, crs: Crs) -> None:
    for collection in COLLECTIONS:
        answer = register.client.get(
            f"/v1/collections/{collection}/items", params={"crs": uri, "bbox-crs": uri}
        )
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-crs"] == f"<{crs.uri}>"


def test_unknown_crs_is_refused(register: Register) -> None:
    for collection in COLLECTIONS:
        for name in ("crs", "bbox-crs"):
            answer = register.client.get(
                f"/v1/collections/{collection}/items",
                params={name: "http://www.opengis.net/def/crs/EPSG/0/2154"},
            )
            assert answer.status_code == 400
            assert [problem["location"] for problem in answer.json()["errors"]] == [name]


def test_collections_list_the_systems(register: Register) -> None:
    collections = register.client.get("/v1/collections").json()["collections"]
    assert [collection["id"] for collection in collections] == list(COLLECTIONS)
    for collection in collections:
        assert collection["crs"] == [crs.uri for crs in Crs]
        assert collection["crs"][0] == Crs.CRS84.uri
        assert collection["storageCrs"] in collection["crs"]


def test_systems_are_listed_with_their_axes(register: Register) -> None:
    systems = {one["code"]: one for one in register.client.get("/v1/crss").json()["crss"]}
    assert systems["EPSG:28992"]["axes"] == ["x", "y"]
    assert systems["EPSG:4258"]["axes"] == ["latitude", "longitude"]
    assert [one["uri"] for one in systems.values()] == [crs.uri for crs in Crs]


@pytest.mark.parametrize("crs", list(Crs))
def test_bbox_in_each_crs_finds_what_is_inside(register: Register, crs: Crs) -> None:
    def write_box(west: float, south: float, east: float, north: float) -> str:
        corners = [transform(crs, (west, south)), transform(crs, (east, north))]
        return ",".join(f"{number:.9f}" for corner in corners for number in corner)

    longitude, latitude = DAM
    for collection in COLLECTIONS:
        inside = write_box(longitude - 0.01, latitude - 0.01, longitude + 0.01, latitude + 0.01)
        found = register.find(f"bbox={inside}&bbox-crs={crs.uri}", collection)
        assert found["numberMatched"] == 1, (collection, crs)
        beside = write_box(longitude + 0.6, latitude - 0.01, longitude + 0.61, latitude + 0.01)
        assert register.find(f"bbox={beside}&bbox-crs={crs.uri}", collection)["numberMatched"] == 0


BOXES = {
    "-180,-90,180,90": True,
    "-180,-90,-90,180,90,90": True,
    "170,-90,10,90": True,
    "170,50,-170,54": False,
    "5.7,-90,5.7,90": False,
    "4.85,52.37,4.91,52.37": False,
    "4.85,52.3731,4.91,52.3731": True,
    "4.8932,52.3,4.8932,52.4": True,
    "-180,80,180,90": False,
    "-180,90,180,90": False,
    "-180,-90,180,-80": False,
    "180,-90,180,90": False,
    "4.8932,52.3731,4.8932,52.3731": True,
}
"""Whether a box holds the sensor on Dam square."""


@pytest.mark.parametrize("box", BOXES)
@pytest.mark.parametrize("collection", COLLECTIONS)
def test_bbox_across_dateline_at_pole_or_without_area_finds_what_is_inside(
    register: Register, collection: str, box: str
) -> None:
    found = register.find(f"bbox={box}&skipGeometry=true", collection)
    known = {"Amsterdam", None}
    names = {feature["properties"].get("name") for feature in found["features"]}
    # A line beside the sensor crosses its municipality nevertheless.
    crosses = collection == "municipalities" and box == "4.85,52.37,4.91,52.37"
    assert bool(names & known) == (BOXES[box] or crosses), box
    assert found["numberMatched"] == len(found["features"])


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_bbox_of_web_mercator_world_finds_all_features(register: Register, collection: str) -> None:
    edge = 20037508.342789244
    box = f"bbox={-edge},{-edge},{edge},{edge}&bbox-crs={Crs.WEB_MERCATOR.uri}"
    every = register.find("", collection)["numberMatched"]
    assert register.find(box, collection)["numberMatched"] == every > 0
