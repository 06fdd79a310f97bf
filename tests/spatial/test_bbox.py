"""Boxes: valid and refused texts, and the rectangles of a box."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.spatial.bbox import Bbox, parse_bbox
from app.spatial.crs import Crs, mercator_from_lonlat

longitudes = st.floats(-180, 180)
latitudes = st.floats(-90, 90)


def read(text: str, crs: Crs = Crs.CRS84) -> Bbox:
    box, problems = parse_bbox(text, crs)
    assert problems == []
    assert box is not None
    return box


def codes(text: str, crs: Crs = Crs.CRS84) -> list[str]:
    box, problems = parse_bbox(text, crs)
    assert box is None
    assert all(problem.location == "bbox" and problem.where == "query" for problem in problems)
    return [problem.code for problem in problems]


@pytest.mark.parametrize(
    ("text", "crs", "box"),
    [
        ("4,52,5,53", Crs.CRS84, Bbox(4, 52, 5, 53)),
        (" +4.0, 52. ,.5e1,53e0", Crs.CRS84, Bbox(4, 52, 5, 53)),
        ("4,52,-10,5,53,100", Crs.CRS84, Bbox(4, 52, 5, 53)),
        ("52,4,53,5", Crs.WGS84, Bbox(4, 52, 5, 53)),
        ("52,4,53,5", Crs.ETRS89, Bbox(4, 52, 5, 53)),
        ("52,4,-10,53,5,100", Crs.ETRF2000, Bbox(4, 52, 5, 53)),
        ("4,52,4,52", Crs.CRS84, Bbox(4, 52, 4, 52)),
        ("-180,-90,180,90", Crs.CRS84, Bbox(-180, -90, 180, 90)),
        ("-180,89,180,90", Crs.CRS84, Bbox(-180, 89, 180, 90)),
        ("177,-20,-178,-16", Crs.CRS84, Bbox(177, -20, -178, -16)),
        ("120000,480000,122000,488000", Crs.RD, Bbox(120000, 480000, 122000, 488000, Crs.RD)),
        ("-1e7,-1e7,1e7,1e7", Crs.RD, Bbox(-1e7, -1e7, 1e7, 1e7, Crs.RD)),
        ("-20037508.35,-1e12,20037508.35,1e12", Crs.WEB_MERCATOR, Bbox(-180, -90, 180, 90)),
    ],
)
def test_parse_bbox_of_valid_text_returns_box(text: str, crs: Crs, box: Bbox) -> None:
    assert read(text, crs) == box


@pytest.mark.parametrize(
    ("text", "crs", "expected"),
    [
        ("", Crs.CRS84, ["number_count", "invalid_number"]),
        ("4,52,5", Crs.CRS84, ["number_count"]),
        ("4,52,5,53,6", Crs.CRS84, ["number_count"]),
        ("4,52,5,", Crs.CRS84, ["invalid_number"]),
        ("NaN,52,5,53", Crs.CRS84, ["invalid_number"]),
        ("4,52,inf,53", Crs.CRS84, ["invalid_number"]),
        ("4,52,1e999,53", Crs.CRS84, ["invalid_number"]),
        ("4,52,1_0,53", Crs.CRS84, ["invalid_number"]),
        ("٤,52,5,53", Crs.CRS84, ["invalid_number"]),
        ("4,52,nan,5,53,1", Crs.CRS84, ["invalid_number"]),
        ("4,53,5,52", Crs.CRS84, ["swapped_axes"]),
        ("53,4,52,5", Crs.WGS84, ["swapped_axes"]),
        ("122000,480000,120000,488000", Crs.RD, ["swapped_axes"]),
        ("122000,488000,120000,480000", Crs.RD, ["swapped_axes", "swapped_axes"]),
        ("10,0,-10,10", Crs.WEB_MERCATOR, ["swapped_axes"]),
        ("4,52,181,53", Crs.CRS84, ["outside_crs"]),
        ("4,52,5,90.1", Crs.CRS84, ["outside_crs"]),
        ("200,53,201,52", Crs.CRS84, ["swapped_axes", "outside_crs"]),
        ("4,52,100,5,53,-10", Crs.CRS84, ["swapped_axes"]),
        ("4,53,100,5,52,-10", Crs.CRS84, ["swapped_axes", "swapped_axes"]),
        ("4,52,5,53", Crs.RD, ["outside_crs"]),
        ("120000,480000,122000,488000", Crs.CRS84, ["outside_crs"]),
        ("-20037510,0,0,1", Crs.WEB_MERCATOR, ["outside_crs"]),
    ],
)
def test_parse_bbox_of_invalid_text_returns_problems(text: str, crs: Crs, expected: list[str]) -> None:
    assert codes(text, crs) == expected


def test_parse_bbox_in_wrong_crs_suggests_right_crs() -> None:
    _, (problem,) = parse_bbox("4,52,5,53", Crs.RD)
    assert "laat bbox-crs dan weg" in problem.detail.nl
    _, (problem,) = parse_bbox("120000,480000,122000,488000", Crs.CRS84)
    assert f"bbox-crs={Crs.RD.uri}" in problem.detail.en


@pytest.mark.parametrize(
    ("text", "crs", "code", "meant"),
    [
        ("52.36,4.88,52.39,4.91", Crs.CRS84, "swapped_axes", "4.88,52.36,4.91,52.39"),
        ("52.36,4.88,0,52.39,4.91,9", Crs.CRS84, "swapped_axes", "4.88,52.36,4.91,52.39"),
        ("4.88,52.36,4.91,52.39", Crs.WGS84, "swapped_axes", "52.36,4.88,52.39,4.91"),
        ("4.88,52.36,4.91,52.39", Crs.ETRS89, "swapped_axes", "52.36,4.88,52.39,4.91"),
        ("6860000,543000,6870000,547000", Crs.WEB_MERCATOR, "swapped_axes", "543000,6860000,547000,6870000"),
        ("4.88,52.36,4.91,52.39", Crs.WEB_MERCATOR, "wrong_crs", "CRS84"),
        ("52.36,4.88,52.39,4.91", Crs.WEB_MERCATOR, "wrong_crs", "CRS84"),
        ("120000,480000,125000,490000", Crs.WEB_MERCATOR, "wrong_crs", "EPSG/0/28992"),
    ],
)
def test_parse_bbox_elsewhere_that_is_dutch_when_read_otherwise_is_refused(
    text: str, crs: Crs, code: str, meant: str
) -> None:
    box, (problem,) = parse_bbox(text, crs)
    assert box is None
    assert problem.code == code
    assert meant in problem.detail.nl
    assert meant in problem.detail.en


@pytest.mark.parametrize(
    ("text", "crs"),
    [
        # Elsewhere, in any reading.
        ("45,2,50,6", Crs.CRS84),
        ("-74,40,-73,41", Crs.CRS84),
        # Partly in the Netherlands, or larger.
        ("0,45,60,55", Crs.CRS84),
        ("3,4,60,60", Crs.WGS84),
        ("50,3,60,60", Crs.CRS84),
        ("0,0,20037508,20037508", Crs.WEB_MERCATOR),
    ],
)
def test_parse_bbox_elsewhere_or_beyond_the_netherlands_returns_box(text: str, crs: Crs) -> None:
    assert isinstance(read(text, crs), Bbox)


def test_parse_bbox_problem_has_parameter_and_truncated_text() -> None:
    _, (problem, *_) = parse_bbox("x" * 5_000, Crs.CRS84, "extent")
    assert (problem.location, len(str(problem.value))) == ("extent", 200)
    assert len(problem.detail.nl) < 200


@given(longitudes, longitudes, st.tuples(latitudes, latitudes).map(sorted), st.tuples(longitudes, latitudes))
def test_parts_of_box_contain_the_same_places(
    west: float, east: float, sides: list[float], place: tuple[float, float]
) -> None:
    (south, north), (lon, lat) = sides, place
    parts = read(f"{west},{south},{east},{north}").parts()
    across = lon >= west or lon <= east if west > east else west <= lon <= east
    assert (across and south <= lat <= north) == any(
        left <= lon <= right and bottom <= lat <= top for left, bottom, right, top in parts
    )
    assert all(left <= right and bottom <= top for left, bottom, right, top in parts)


@given(longitudes, st.floats(-85, 85), longitudes, st.floats(-85, 85))
def test_parse_bbox_in_web_mercator_returns_degrees(
    west: float, south: float, east: float, north: float
) -> None:
    (west, east), (south, north) = sorted((west, east)), sorted((south, north))
    corners = [*mercator_from_lonlat(west, south), *mercator_from_lonlat(east, north)]
    box = read(",".join(repr(float(number)) for number in corners), Crs.WEB_MERCATOR)
    # The box is wider by half a millimetre, the rounding of published metres, and never narrower.
    assert (box.west, box.south, box.east, box.north) == pytest.approx((west, south, east, north), abs=5e-9)
    assert box.west <= west + 1e-12
    assert box.south <= south + 1e-12
    assert box.east >= east - 1e-12
    assert box.north >= north - 1e-12
    assert box.crs is Crs.CRS84


@pytest.mark.parametrize(
    ("text", "crs", "meant"),
    [
        ("4,88,52,36,4,90,52,38", Crs.CRS84, "4.88,52.36,4.90,52.38"),
        ("4,88,52,36,1,5,4,90,52,38,2,5", Crs.CRS84, "4.88,52.36,1.5,4.90,52.38,2.5"),
        # Six numbers are a box with heights too, but one at the North Pole.
        ("4,88,52,4,90,53", Crs.CRS84, "4.88,52,4.90,53"),
        ("52,36,4,88,52,38,4,90", Crs.ETRS89, "52.36,4.88,52.38,4.90"),
        ("121000,5,487000,122000,488000", Crs.RD, "121000.5,487000,122000,488000"),
        ("544000,5,6860000,545000,6861000", Crs.WEB_MERCATOR, "544000.5,6860000,545000,6861000"),
    ],
)
def test_parse_bbox_with_decimal_commas_explains_the_decimal_point(text: str, crs: Crs, meant: str) -> None:
    box, (problem,) = parse_bbox(text, crs)
    assert box is None
    assert problem.code == "number_count"
    assert f"Bedoelt u {meant}?" in problem.detail.nl


@pytest.mark.parametrize("text", ["4,52,0,5,53,100", "-180,-90,0,180,90,10", "0,0,0,10,10,10"])
def test_parse_bbox_with_heights_is_no_decimal_comma(text: str) -> None:
    assert parse_bbox(text, Crs.CRS84)[1] == []


@given(st.text() | st.from_regex(r"[-+0-9.,einfa]{0,60}", fullmatch=True), st.sampled_from(Crs))
def test_parse_bbox_of_any_text_returns_box_or_problems(text: str, crs: Crs) -> None:
    box, problems = parse_bbox(text, crs)
    assert (box is None) == bool(problems)
