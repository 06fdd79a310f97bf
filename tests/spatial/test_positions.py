"""Positions in query parameters: each system in its own order, and the mistake in what no sensor can be near."""

import pytest

from app.core.parameter_values import InvalidParameter
from app.core.problems import ABSENT
from app.spatial.crs import Crs
from app.spatial.netherlands import write_position
from app.spatial.positions import parse_position
from tests.support.places import DAM_SQUARE, DUTCH_PLACES, Place


def refuse(text: str, crs: Crs = Crs.CRS84) -> InvalidParameter:
    with pytest.raises(InvalidParameter) as refused:
        parse_position(text, crs, "nearCrs")
    return refused.value


@pytest.mark.parametrize("crs", Crs)
@pytest.mark.parametrize("place", DUTCH_PLACES)
def test_position_is_read_in_the_order_of_its_system(place: Place, crs: Crs) -> None:
    text = ",".join(map(str, write_position(place.lon, place.lat, crs)))
    assert parse_position(text, crs, "nearCrs") == pytest.approx((place.lon, place.lat), abs=6e-8)


@pytest.mark.parametrize("crs", Crs)
def test_swapped_position_suggests_the_right_order(crs: Crs) -> None:
    right = [round(number, 3) for number in write_position(DAM_SQUARE.lon, DAM_SQUARE.lat, crs)]
    refused = refuse(f"{right[1]},{right[0]}", crs)
    assert refused.code == "swapped_axes"
    assert [float(number) for number in str(refused.suggestion).split(",")] == pytest.approx(right)


@pytest.mark.parametrize(
    ("text", "crs", "suggestion"),
    [
        ("121353.882,487359.608", Crs.CRS84, Crs.RD.uri),
        ("487359.608,121353.882", Crs.WGS84, Crs.RD.uri),
        ("4.8932,52.3731", Crs.RD, Crs.CRS84.uri),
    ],
)
def test_position_in_another_system_names_the_parameter_that_states_it(
    text: str, crs: Crs, suggestion: str
) -> None:
    refused = refuse(text, crs)
    assert refused.code == "wrong_crs"
    assert f"nearCrs={suggestion}" in refused.detail.nl
    assert f"nearCrs={suggestion}" in refused.detail.en


@pytest.mark.parametrize(
    ("text", "crs"),
    [
        ("100,-30", Crs.CRS84),
        ("181,52", Crs.CRS84),
        ("900000,900000", Crs.RD),
        ("2,52", Crs.CRS84),
        ("5,55", Crs.CRS84),
    ],
)
def test_position_far_from_the_netherlands_is_explained(text: str, crs: Crs) -> None:
    refused = refuse(text, crs)
    assert (refused.code, refused.suggestion) == ("outside_netherlands", ABSENT)
    assert "Nederland" in refused.detail.nl


@pytest.mark.parametrize("text", ["2.5,51", "8,52", "5,54.4", "4.4,51.2", "5,50"])
def test_position_within_reach_of_the_netherlands_is_taken(text: str) -> None:
    assert ",".join(f"{number:g}" for number in parse_position(text, Crs.CRS84, "nearCrs")) == text


@pytest.mark.parametrize(
    ("text", "crs", "meant"),
    [
        ("4,89,52,37", Crs.CRS84, "4.89,52.37"),
        ("4,89,52", Crs.CRS84, "4.89,52"),
        ("4, 89, 52, 37", Crs.CRS84, "4.89,52.37"),
        ("121353,88,487359,61", Crs.RD, "121353.88,487359.61"),
    ],
)
def test_decimal_comma_is_explained_with_the_position_that_is_meant(text: str, crs: Crs, meant: str) -> None:
    detail = refuse(text, crs).detail
    assert f"Bedoelt u {meant}?" in detail.nl
    assert f"Did you mean {meant}?" in detail.en


@pytest.mark.parametrize(
    ("text", "crs", "example"),
    [("1,2,3,4", Crs.CRS84, "4.8932,52.3731"), ("5", Crs.WGS84, "52.3731,4.8932"), ("5", Crs.RD, "121358.")],
)
def test_another_number_of_numbers_shows_an_example(text: str, crs: Crs, example: str) -> None:
    detail = refuse(text, crs).detail
    assert example in detail.nl
    assert crs.code in detail.en
    assert "Bedoelt u" not in detail.nl
