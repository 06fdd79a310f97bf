"""Fields of view: direction, angle and range, for one sensor and for many."""

import math

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod
from shapely import Point

from app.spatial.crs import transform_geometry_to_rd
from app.spatial.sector import field_of_view, fields_of_view
from tests.support.places import DAM_SQUARE, EASTERN_BORDER, Place

EARTH = Geod(ellps="GRS80")

directions = st.floats(0, 360, exclude_max=True)
angles = st.floats(1, 359) | st.just(360.0)
ranges = st.floats(1, 2_000)


def spot(place: Place, azimuth: float, metres: float) -> Point:
    lon, lat, _ = EARTH.fwd(place.lon, place.lat, azimuth, metres)
    return Point(lon, lat)


def test_sector_contains_places_in_its_direction_only() -> None:
    view = field_of_view(DAM_SQUARE.lon, DAM_SQUARE.lat, 90, 60, 50)
    assert view.covers(spot(DAM_SQUARE, 90, 49))
    assert view.covers(spot(DAM_SQUARE, 90 + 29, 40))
    assert view.covers(Point(DAM_SQUARE.lon, DAM_SQUARE.lat))
    for azimuth, metres in ((270, 1), (90, 51), (90 + 31, 40), (0, 10), (180, 10)):
        assert not view.covers(spot(DAM_SQUARE, azimuth, metres))


def test_wide_sector_excludes_only_places_behind() -> None:
    view = field_of_view(DAM_SQUARE.lon, DAM_SQUARE.lat, 0, 300, 50)
    assert view.covers(spot(DAM_SQUARE, 149, 30))
    assert not view.covers(spot(DAM_SQUARE, 180, 5))


def test_sector_of_360_degrees_is_a_circle() -> None:
    view = field_of_view(DAM_SQUARE.lon, DAM_SQUARE.lat, 123, 360, 50)
    assert len(view.exterior.coords) == 37
    assert all(view.covers(spot(DAM_SQUARE, azimuth, 49.7)) for azimuth in range(360))
    assert not any(view.covers(spot(DAM_SQUARE, azimuth, 50.1)) for azimuth in range(360))


@given(directions, angles, ranges)
def test_sector_has_expected_area(direction: float, angle: float, metres: float) -> None:
    view = field_of_view(DAM_SQUARE.lon, DAM_SQUARE.lat, direction, angle, metres)
    area, _ = EARTH.geometry_area_perimeter(view)
    expected = math.pi * metres**2 * angle / 360
    assert area == pytest.approx(expected, rel=0.01)
    # The scale of RD deviates by at most 2 in 10,000.
    assert transform_geometry_to_rd(view).area == pytest.approx(expected, rel=0.011)


@given(directions, st.floats(0, 360, exclude_min=True), st.floats(0, 2_000, exclude_min=True))
def test_sector_of_any_valid_input_is_valid_and_anticlockwise(
    direction: float, angle: float, metres: float
) -> None:
    view = field_of_view(EASTERN_BORDER.lon, EASTERN_BORDER.lat, direction, angle, metres)
    in_rd = transform_geometry_to_rd(view)
    for area in (view, in_rd):
        assert area.is_valid
        assert area.exterior.is_ccw


def test_fields_of_view_equal_single_sectors() -> None:
    chance = np.random.default_rng(7)
    count = 500
    lon, lat = chance.uniform(3.4, 7.2, count), chance.uniform(50.8, 53.5, count)
    direction, metres = chance.uniform(0, 360, count), chance.uniform(1, 500, count)
    angle = np.where(chance.random(count) < 0.3, 360.0, chance.uniform(1, 360, count))
    together = fields_of_view(lon, lat, direction, angle, metres)
    apart = [field_of_view(*one) for one in zip(lon, lat, direction, angle, metres, strict=True)]
    assert shapely.equals_exact(together, apart).all()


def test_fields_of_view_of_empty_arrays_are_empty() -> None:
    assert len(fields_of_view([], [], [], [], [])) == 0
