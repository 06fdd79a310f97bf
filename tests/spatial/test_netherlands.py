"""Positions outside the Netherlands, and the intended positions."""

import math

import pytest

from app.spatial.crs import Crs
from app.spatial.netherlands import explain_position, is_in_netherlands, write_position
from tests.support.places import ANTWERP, DAM_SQUARE, DUTCH_PLACES, Place


@pytest.mark.parametrize("place", DUTCH_PLACES)
def test_dutch_places_are_in_netherlands(place: Place) -> None:
    assert is_in_netherlands(place.lon, place.lat)


@pytest.mark.parametrize(
    ("lon", "lat"), [(52.4, 4.9), (0.0, 0.0), (2.35, 48.85), (math.nan, 52.0), (5.0, math.inf)]
)
def test_other_places_are_not_in_netherlands(lon: float, lat: float) -> None:
    assert not is_in_netherlands(lon, lat)


@pytest.mark.parametrize("crs", Crs)
@pytest.mark.parametrize("place", [*DUTCH_PLACES, ANTWERP])
def test_swapped_axes_suggest_swapped_position(place: Place, crs: Crs) -> None:
    x, y = crs.from_lonlat(place.lon, place.lat)
    mistake = explain_position(y, x, crs)
    assert mistake.code == "swapped_axes"
    assert mistake.suggestion == write_position(place.lon, place.lat, crs)


@pytest.mark.parametrize("crs", [Crs.CRS84, Crs.ETRS89, Crs.ETRF2000, Crs.WGS84])
@pytest.mark.parametrize("place", DUTCH_PLACES)
def test_rd_as_degrees_is_recognised_in_either_order(place: Place, crs: Crs) -> None:
    for x, y in ((place.x, place.y), (place.y, place.x)):
        mistake = explain_position(x, y, crs)
        assert mistake.code == "wrong_crs"
        assert mistake.suggestion == pytest.approx(crs.order(place.lon, place.lat), abs=1e-7)
        assert Crs.RD.uri in mistake.detail.nl


@pytest.mark.parametrize("crs", [Crs.RD, Crs.WEB_MERCATOR])
@pytest.mark.parametrize("place", DUTCH_PLACES)
def test_degrees_as_metres_are_recognised_in_either_order(place: Place, crs: Crs) -> None:
    for x, y in ((place.lon, place.lat), (place.lat, place.lon)):
        mistake = explain_position(x, y, crs)
        assert mistake.code == "wrong_crs"
        assert mistake.suggestion == write_position(place.lon, place.lat, crs)


@pytest.mark.parametrize("crs", Crs)
def test_foreign_position_is_explained_without_suggestion(crs: Crs) -> None:
    mistake = explain_position(*crs.from_lonlat(-70.0, -30.0), crs)
    assert (mistake.code, mistake.suggestion) == ("outside_netherlands", None)


def test_write_position_has_axis_order_and_decimals_of_system() -> None:
    assert write_position(DAM_SQUARE.lon, DAM_SQUARE.lat, Crs.RD) == [121353.882, 487359.608]
    assert write_position(4.893130049, 52.37308, Crs.CRS84) == [4.89313, 52.37308]
    assert write_position(DAM_SQUARE.lon, DAM_SQUARE.lat, Crs.WGS84) == [52.37308, 4.89313]
