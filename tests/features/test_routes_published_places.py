"""Sensors, cells and areas are found at their own published coordinates, in every reference system."""

from collections.abc import Iterator
from itertools import count, pairwise, product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.spatial.crs import Crs
from tests.support.register import Register, make_today_record, open_register
from tests.support.sensors import DAM, make_camera
from tests.tiles.conftest import decode
from tests.tiles.test_queries import find_rd_tile, find_tile

ZOOM, RD_ZOOM = 19, 14
"""The deepest tiles, in which a few sensors are drawn one by one."""

numbers = count()


def register_at(register: Register, lon: float, lat: float, **fields: Any) -> dict[str, Any]:
    place = {"type": "Point", "coordinates": [lon, lat]}
    return register.register(reference=f"placed-{next(numbers)}", location=place, **fields)


def register_camera(register: Register, lon: float, lat: float, **fields: Any) -> dict[str, Any]:
    dates = {name: make_today_record()[name] for name in ("placedFrom", "activeUntil")}
    return register_at(register, lon, lat, **make_camera(reference=None, location=None, **dates, **fields))


@pytest.fixture(scope="module")
def register(module_database: str) -> Iterator[Register]:
    """Seven sensors in a ring with more digits than are published, so that a rounding could lose each of them."""
    with open_register(module_database) as register:
        for step in range(7):
            register_at(register, 4.85 + step / 70.000_000_37, 52.36 + step * (6 - step) / 900.000_000_53)
        register_camera(register, 4.900_000_049, 52.370_000_051, viewDirectionDeg=33.3)
        yield register


def find_ids(register: Register, query: dict[str, str], collection: str = "sensors") -> set[str]:
    answer = register.client.get(f"/v1/collections/{collection}/items", params={"limit": "1000", **query})
    assert answer.status_code == 200, answer.text
    return {feature["id"] for feature in answer.json()["features"]}


def read_features(register: Register, crs: Crs, collection: str = "sensors") -> list[dict[str, Any]]:
    features: list[dict[str, Any]] = register.find(f"limit=1000&crs={crs.uri}", collection)["features"]
    return features


def list_corners(coordinates: Any) -> list[list[float]]:
    if isinstance(coordinates[0], int | float):
        return [coordinates]
    return [corner for part in coordinates for corner in list_corners(part)]


def list_questions(position: list[float], crs: Crs) -> list[dict[str, str]]:
    """The place as a box, as a box in a filter and as a point in a filter."""
    x, y = map(repr, position)
    box, filtered = {"bbox": f"{x},{y},{x},{y}", "bbox-crs": crs.uri}, {"filter-crs": crs.uri}
    return [
        box,
        filtered | {"filter": f"S_INTERSECTS(geometry,BBOX({x},{y},{x},{y}))"},
        filtered | {"filter": f"S_INTERSECTS(geometry,POINT({x} {y}))"},
    ]


@given(
    lon=st.floats(4.82, 4.97, allow_subnormal=False),
    lat=st.floats(52.32, 52.42, allow_subnormal=False),
    generalised=st.booleans(),
)
@settings(max_examples=12, deadline=None)
def test_sensor_at_any_place_is_found_at_its_published_coordinates(
    register: Register, lon: float, lat: float, generalised: bool
) -> None:
    hidden = {"visibility": "generalised", "visibilityReason": "Beveiliging"} if generalised else {}
    identifier = register_at(register, lon, lat, **hidden)["id"]
    published: dict[Crs, list[float]] = {}
    for crs in Crs:
        feature = register.client.get(
            f"/v1/collections/sensors/items/{identifier}", params={"crs": crs.uri}
        ).json()
        published[crs] = feature["geometry"]["coordinates"]
        for question in list_questions(published[crs], crs):
            assert identifier in find_ids(register, question), (crs, question)
    lonlat = ",".join(map(repr, published[Crs.CRS84]))
    assert identifier in find_ids(register, {"near": lonlat, "radius": "0.02"})
    assert identifier in read_tile_ids(register, "WebMercatorQuad", ZOOM, published[Crs.CRS84])
    assert identifier in read_tile_ids(register, "NetherlandsRDNewQuad", RD_ZOOM, published[Crs.RD])


def read_tile_ids(register: Register, matrix_set: str, zoom: int, position: list[float]) -> set[str]:
    """The ids of the sensors in the tile of a place; those of a cluster are not among them."""
    find = find_rd_tile if matrix_set == "NetherlandsRDNewQuad" else find_tile
    row, col = find(position[0], position[1], zoom)
    answer = register.client.get(f"/v1/tiles/{matrix_set}/{zoom}/{row}/{col}")
    assert answer.status_code == 200, answer.text
    return {feature.properties["id"] for feature in decode(answer.content)}


@pytest.mark.parametrize(("collection", "crs"), list(product(("sensors", "observed-areas"), Crs)))
def test_extent_of_published_coordinates_holds_every_feature(
    register: Register, collection: str, crs: Crs
) -> None:
    features = read_features(register, crs, collection)
    corners = [corner for feature in features for corner in list_corners(feature["geometry"]["coordinates"])]
    first, second = zip(*corners, strict=True)
    extent = ",".join(map(repr, (min(first), min(second), max(first), max(second))))
    assert find_ids(register, {"bbox": extent, "bbox-crs": crs.uri}, collection) == {
        feature["id"] for feature in features
    }


@pytest.mark.parametrize("crs", list(Crs))
def test_area_is_found_at_each_published_corner(register: Register, crs: Crs) -> None:
    (area,) = read_features(register, crs, "observed-areas")
    corners = list_corners(area["geometry"]["coordinates"])
    assert len(corners) > 4
    for corner in corners:
        for question in list_questions(corner, crs):
            assert find_ids(register, question, "observed-areas") == {area["id"]}, (crs, question)


def test_camera_covers_its_own_published_place_and_the_corners_of_its_view(register: Register) -> None:
    (area,) = read_features(register, Crs.CRS84, "observed-areas")
    camera = register.client.get(f"/v1/collections/sensors/items/{area['id']}").json()
    for corner in [camera["geometry"]["coordinates"], *list_corners(area["geometry"]["coordinates"])]:
        place = ",".join(map(repr, corner))
        assert find_ids(register, {"covers": place}) == {area["id"]}, place
        assert find_ids(register, {"covers": place}, "observed-areas") == {area["id"]}, place


def test_published_area_has_outer_rings_counter_clockwise(register: Register) -> None:
    (area,) = read_features(register, Crs.CRS84, "observed-areas")
    ((outer,),) = area["geometry"]["coordinates"]
    turns = [(x1 - x0) * (y1 + y0) for (x0, y0), (x1, y1) in pairwise(outer)]
    assert sum(turns) < 0


def test_area_smaller_than_the_rounding_is_published(fresh_database: str) -> None:
    lon, lat = DAM
    speck = [[lon, lat], [lon + 2e-8, lat], [lon, lat + 2e-8], [lon, lat]]
    with open_register(fresh_database) as register:
        register.register(observedArea={"type": "MultiPolygon", "coordinates": [[speck]]})
        (area,) = read_features(register, Crs.CRS84, "observed-areas")
    assert area["geometry"]["coordinates"]
