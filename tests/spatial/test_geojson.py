"""GeoJSON: the parser reports every mistake with its location and a suggestion, and never raises."""

import json
import math
from typing import Any

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import MultiPolygon, Point, Polygon

from app.core.problems import ABSENT, Problem
from app.spatial.crs import Crs
from app.spatial.geojson import MAX_POSITIONS, parse_geometry, write_geometry
from app.spatial.netherlands import is_in_netherlands
from tests.support.places import DAM_SQUARE, DUTCH_PLACES, Place

SQUARE = [[4.0, 52.0], [5.0, 52.0], [5.0, 53.0], [4.0, 53.0], [4.0, 52.0]]


def point(*position: Any) -> dict[str, Any]:
    return {"type": "Point", "coordinates": list(position)}


def polygon(*rings: Any) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


def refuse(value: object, crs: Crs = Crs.CRS84, **options: Any) -> list[Problem]:
    geometry, problems = parse_geometry(value, crs, "/location", **options)
    assert geometry is None
    return problems


def named(problems: list[Problem]) -> list[tuple[str, str]]:
    return [(problem.location, problem.code) for problem in problems]


@pytest.mark.parametrize("crs", Crs)
@pytest.mark.parametrize("place", DUTCH_PLACES)
def test_parse_point_in_every_system_returns_lonlat(place: Place, crs: Crs) -> None:
    position = crs.order(*crs.from_lonlat(place.lon, place.lat))
    geometry, problems = parse_geometry(point(*position, 12.5), crs, "/location")
    assert problems == []
    assert isinstance(geometry, Point)
    assert not geometry.has_z
    assert (geometry.x, geometry.y) == pytest.approx((place.lon, place.lat), abs=1e-9)


def test_parse_area_returns_anticlockwise_rings() -> None:
    hole = [[4.2, 52.2], [4.8, 52.2], [4.8, 52.8], [4.2, 52.2]]
    geometry, problems = parse_geometry(polygon(SQUARE[::-1], hole), Crs.CRS84, "/operatingArea")
    assert problems == []
    assert isinstance(geometry, Polygon)
    assert geometry.exterior.is_ccw
    assert not geometry.interiors[0].is_ccw
    both = {"type": "MultiPolygon", "coordinates": [[SQUARE]]}
    geometry, problems = parse_geometry(both, Crs.CRS84, "/operatingArea")
    assert isinstance(geometry, MultiPolygon)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, ("/location", "wrong_type")),
        ("POINT (4.9 52.4)", ("/location", "wrong_type")),
        ([4.9, 52.4], ("/location", "wrong_type")),
        ({}, ("/location/type", "geometry_type")),
        ({"type": ["Point"]}, ("/location/type", "geometry_type")),
        ({"type": "LineString", "coordinates": SQUARE}, ("/location/type", "geometry_type")),
        ({"type": "Feature", "geometry": point(4.9, 52.4)}, ("/location/type", "geometry_type")),
        ({"type": "Point"}, ("/location/coordinates", "invalid_position")),
        (point(), ("/location/coordinates", "invalid_position")),
        (point(4.9), ("/location/coordinates", "invalid_position")),
        (point(4.9, 52.4, 1, 2), ("/location/coordinates", "invalid_position")),
        (point("4.9", "52.4"), ("/location/coordinates", "invalid_number")),
        (point([4.9, 52.4], 1), ("/location/coordinates", "invalid_number")),
        (point(True, 52.4), ("/location/coordinates", "invalid_number")),
        (point(4.9, 52.4, None), ("/location/coordinates", "invalid_number")),
        (point(math.nan, 52.4), ("/location/coordinates", "invalid_number")),
        (point(4.9, math.inf), ("/location/coordinates", "invalid_number")),
        (point(4.9, 10**400), ("/location/coordinates", "invalid_number")),
        (point(-70.0, -30.0), ("/location/coordinates", "outside_netherlands")),
        (point(1e308, -1e308), ("/location/coordinates", "outside_netherlands")),
        ({**point(4.9, 52.4), "crs": {"type": "name"}}, ("/location/crs", "crs_member")),
        (polygon(), ("/location/coordinates", "wrong_type")),
        (polygon([]), ("/location/coordinates/0", "wrong_type")),
        (polygon(SQUARE[:-1]), ("/location/coordinates/0/3", "open_ring")),
        (polygon([SQUARE[0], SQUARE[1], SQUARE[0]]), ("/location/coordinates/0", "short_ring")),
        (polygon([SQUARE[0]] * 5), ("/location/coordinates", "invalid_area")),
    ],
)
def test_parse_geometry_with_one_mistake_returns_one_problem(
    value: object, expected: tuple[str, str]
) -> None:
    assert named(refuse(value)) == [expected]


def test_parse_geometry_with_several_mistakes_returns_all() -> None:
    value = {
        "type": "MultiPolygon",
        "coordinates": [[SQUARE[:-1]], [], [[[4, 52], ["x", 52], [4, 53], [4, 52]]], 5],
        "crs": "EPSG:4326",
    }
    assert named(refuse(value)) == [
        ("/location/crs", "crs_member"),
        ("/location/coordinates/0/0/3", "open_ring"),
        ("/location/coordinates/1", "wrong_type"),
        ("/location/coordinates/2/0/1", "invalid_number"),
        ("/location/coordinates/3", "wrong_type"),
    ]


def test_parse_geometry_of_other_type_is_refused() -> None:
    (problem,) = refuse(polygon(SQUARE), allowed=("Point",))
    assert problem.code == "geometry_type"
    assert problem.detail.en == "Give one of: Point."


@pytest.mark.parametrize(
    ("position", "crs", "code", "suggestion"),
    [
        ([52.37, 4.89], Crs.CRS84, "swapped_axes", [4.89, 52.37]),
        ([4.89, 52.37], Crs.WGS84, "swapped_axes", [52.37, 4.89]),
        ([463000, 155000], Crs.RD, "swapped_axes", [155000, 463000]),
        ([155000, 463000], Crs.CRS84, "wrong_crs", [5.3872037, 52.1551729]),
        ([155000, 463000], Crs.WGS84, "wrong_crs", [52.1551729, 5.3872037]),
        ([5.38720365, 52.155172887], Crs.RD, "wrong_crs", [155000, 463000]),
    ],
)
def test_parse_position_with_mistake_suggests_correction(
    position: list[float], crs: Crs, code: str, suggestion: list[float]
) -> None:
    (problem,) = refuse(point(*position), crs)
    assert (problem.code, problem.value, problem.suggestion) == (code, position, suggestion)


def test_parse_area_reports_each_kind_of_mistake_once() -> None:
    swapped = [[y, x] for x, y in SQUARE]
    problems = refuse(polygon([swapped[0], [100, 10], [-100, 10], *swapped[1:]]))
    assert named(problems) == [
        ("/location/coordinates/0/0", "swapped_axes"),
        ("/location/coordinates/0/1", "outside_netherlands"),
    ]


@pytest.mark.parametrize(
    ("rings", "said"),
    [
        ([[[4, 52], [5, 52], [4, 53], [5, 53], [4, 52]]], "the outline crosses itself, at 4.5, 52.5."),
        ([SQUARE, [[6, 52], [7, 52], [7, 53], [6, 52]]], "a hole lies outside the outline, at 6.0, 52.0."),
    ],
)
def test_parse_invalid_area_reports_reason_and_position(rings: list[Any], said: str) -> None:
    (problem,) = refuse(polygon(*rings))
    assert problem.code == "invalid_area"
    assert said in problem.detail.en


def test_parse_invalid_area_in_rd_reports_position_in_rd() -> None:
    bow_tie = [[120000, 480000], [121000, 480000], [120000, 481000], [121000, 481000], [120000, 480000]]
    (problem,) = refuse(polygon(bow_tie), Crs.RD)
    assert problem.value == pytest.approx(
        [120500, 480500], abs=0.1
    )  # Edges are straight in degrees, not in RD.


def test_parse_area_over_limit_is_refused() -> None:
    def ring(count: int) -> list[list[float]]:
        turns = [2 * math.pi * index / count for index in range(count)]
        return [[5 + math.cos(turn) / 9, 52 + math.sin(turn) / 9] for turn in [*turns, 0.0]]

    geometry, problems = parse_geometry(polygon(ring(MAX_POSITIONS - 1)), Crs.CRS84, "/operatingArea")
    assert problems == []
    assert geometry is not None
    assert named(refuse(polygon(ring(MAX_POSITIONS)))) == [("/location/coordinates", "too_many_positions")]
    assert len(refuse(polygon([["x", "y"]] * 1_000_000))) == 20


def test_problem_has_value_only_when_valid_in_json() -> None:
    for value in (point(math.nan, 1), point("x" * 1000, 10**400), point({}, []), {"type": "x" * 1000}):
        (problem,) = refuse(value)
        assert problem.value is ABSENT or len(json.dumps(problem.value, allow_nan=False)) < 150


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)
numbers = st.floats(3, 8) | st.floats(50, 54) | st.floats(-1e6, 1e6) | st.floats()
positions = st.lists(numbers, min_size=1, max_size=4) | json_values
rings = st.lists(positions, max_size=6).map(lambda ring: ring + ring[:1]) | json_values
coordinates = positions | st.lists(rings, max_size=3) | st.lists(st.lists(rings, max_size=2), max_size=2)
geometries = json_values | st.fixed_dictionaries(
    {"type": st.sampled_from(["Point", "Polygon", "MultiPolygon"]), "coordinates": coordinates}
)


@given(geometries, st.sampled_from(Crs))
def test_parse_geometry_of_any_value_returns_geometry_or_problems(value: object, crs: Crs) -> None:
    geometry, problems = parse_geometry(value, crs, "/location")
    assert (geometry is None) == bool(problems)
    assert len(problems) <= 20
    json.dumps([problem.render("nl") for problem in problems], allow_nan=False)
    if geometry is not None:
        assert geometry.is_valid
        assert is_in_netherlands(*shapely.get_coordinates(geometry).T).all()


@pytest.mark.parametrize("crs", Crs)
def test_write_geometry_parses_to_the_same_geometry(crs: Crs) -> None:
    area = Point(DAM_SQUARE.lon, DAM_SQUARE.lat).buffer(0.01)
    written = json.dumps(write_geometry(area, crs))
    geometry, problems = parse_geometry(json.loads(written), crs, "/operatingArea")
    assert problems == []
    assert geometry is not None
    assert geometry.hausdorff_distance(area) < 1e-7


def test_write_geometry_has_axis_order_and_decimals_of_system() -> None:
    spot = Point(DAM_SQUARE.lon, DAM_SQUARE.lat)
    assert write_geometry(spot, Crs.CRS84) == {"type": "Point", "coordinates": (4.89313, 52.37308)}
    assert write_geometry(spot, Crs.WGS84) == {"type": "Point", "coordinates": (52.37308, 4.89313)}
    assert write_geometry(spot, Crs.RD) == {"type": "Point", "coordinates": (121353.882, 487359.608)}
