"""Positions as people type and paste them."""

import pytest

from app.bootstrap.paths import GRID
from app.places.typed_position import find_position, is_web_address
from app.spatial.crs import add_grid
from app.spatial.rd_grid import build_grid


@pytest.fixture(scope="module", autouse=True)
def _grid() -> None:
    build_grid(GRID)
    add_grid(GRID)


@pytest.mark.parametrize(
    "text",
    [
        "52.0929, 5.1190",
        "5.1190,52.0929",
        "52,0929 5,1190",
        "52,0929, 5,1190",
        "(52.0929; 5.1190)",
        "52.0929° N, 5.1190° E",
        "N52.0929 O5.1190",
        "lat 52.0929 lon 5.1190",
        "52°05'34.44\"N 5°07'08.4\"E",
        "5°07'08.4\"O 52°05'34.44\"N",
        "52° 5.574' N 5° 7.14' E",
        "geo:52.0929,5.1190;u=35",
        "@52.0929,5.1190",
        "https://www.google.com/maps/@52.0929,5.1190,17z",
        "https://www.google.com/maps/place/Neude/@52.1,5.2,17z/data=!4m6!8m2!3d52.0929!4d5.1190",
        "https://maps.google.com/?q=52.0929%2C5.1190",
        "https://www.openstreetmap.org/#map=17/52.0929/5.1190",
        "https://www.openstreetmap.org/?mlat=52.0929&mlon=5.1190#map=16/52.1/5.2",
        "https://maps.apple.com/?ll=52.0929,5.1190&q=Neude",
        "https://gemeente.nl/sensoren/hier?plek=5.1190,52.0929",
    ],
)
def test_degrees_in_every_form_are_the_same_position(text: str) -> None:
    found = find_position(text)

    assert found is not None
    assert (found.lon, found.lat) == pytest.approx((5.119, 52.0929), abs=1e-5)
    assert found.reading.nl == "Gelezen als breedtegraad 52,09290 en lengtegraad 5,11900."
    assert found.label.en == "52.09290° N, 5.11900° E"


@pytest.mark.parametrize(
    "text",
    [
        "136600 455900",
        "136600,455900",
        "455900 136600",
        "136.600, 455.900",
        "RD x=136600 y=455900",
        "X: 136600,0 Y: 455900,0",
    ],
)
def test_metres_are_rd(text: str) -> None:
    found = find_position(text)

    assert found is not None
    assert (found.lon, found.lat) == pytest.approx((5.11868, 52.09110), abs=1e-4)
    assert found.reading.nl == "Gelezen als RD-coördinaten: x 136.600 en y 455.900."


@pytest.mark.parametrize(
    "text",
    ["52,5", "52 5", "3512 11", "1012 4", "Neude 11", "1234 5678", "2025, 2026", "Utrecht", "52.09 Utrecht"],
)
def test_other_numbers_are_no_position(text: str) -> None:
    assert find_position(text) is None


@pytest.mark.parametrize(
    "text", ["48.85, 2.35", "999.9,999.9", "https://www.google.com/maps/@48.85,2.35,17z"]
)
def test_position_elsewhere_is_not_dutch(text: str) -> None:
    found = find_position(text)

    assert found is not None
    assert not found.is_dutch


def test_web_address_without_a_position_is_one() -> None:
    assert is_web_address(" https://example.org/x ")
    assert find_position("https://example.org/x") is None
    assert not is_web_address("Neude 11")
