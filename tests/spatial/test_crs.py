"""Reference systems: names, order of axes, Web Mercator by the formula, and what RD does at its edges."""

import math
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer

from app.spatial.crs import (
    Crs,
    lonlat_from_mercator,
    lonlat_from_rd,
    mercator_from_lonlat,
    parse_crs,
    rd_from_lonlat,
    transform_geometry_to_lonlat,
    transform_geometry_to_rd,
)
from tests.support.places import DAM_SQUARE, DUTCH_PLACES, Place

OGC = "http://www.opengis.net/def/crs"


@pytest.mark.parametrize(
    ("text", "crs"),
    [
        (f"{OGC}/OGC/1.3/CRS84", Crs.CRS84),
        (f"{OGC}/OGC/0/CRS84", Crs.CRS84),
        (f"{OGC}/EPSG/0/28992", Crs.RD),
        (f"{OGC}/EPSG/9.9.1/28992", Crs.RD),
        (f"{OGC}/EPSG/0/4258", Crs.ETRS89),
        (f"{OGC}/EPSG/0/9067", Crs.ETRF2000),
        (f"{OGC}/EPSG/10.081/4326", Crs.WGS84),
        ("https://www.opengis.net/def/crs/EPSG/0/3857", Crs.WEB_MERCATOR),
    ],
)
def test_parse_crs_of_uri_in_any_version_returns_system(text: str, crs: Crs) -> None:
    assert parse_crs(text) is crs


@pytest.mark.parametrize(
    "text",
    [
        "",
        "EPSG:28992",
        "[EPSG:28992]",
        "28992",
        f"{OGC}/EPSG/0/28991",
        f"{OGC}/EPSG/0/CRS84",
        f"{OGC}/OGC/1.3/28992",
        f"{OGC}/EPSG/0/28992/",
        f"{OGC}/EPSG/0/28992\n",
        f"{OGC}/EPSG//28992",
    ],
)
def test_parse_crs_of_other_text_lists_supported_systems(text: str) -> None:
    with pytest.raises(ValueError, match="EPSG/0/28992, "):
        parse_crs(text)


@given(st.text() | st.from_regex(r"http://www\.opengis\.net/def/crs/.*"))
def test_parse_crs_of_any_text_returns_system_or_raises_value_error(text: str) -> None:
    try:
        crs = parse_crs(text)
    except ValueError:
        return
    assert text.endswith(crs.uri.rpartition("/")[2])


@pytest.mark.parametrize("crs", Crs)
def test_parse_crs_of_own_uri_returns_system(crs: Crs) -> None:
    assert parse_crs(crs.uri) is crs


def test_latitude_is_first_in_geographic_epsg_systems_only() -> None:
    assert [crs.code for crs in Crs if crs.order(4.9, 52.4) == (52.4, 4.9)] == [
        "EPSG:4258",
        "EPSG:9067",
        "EPSG:4326",
    ]


@pytest.mark.parametrize("crs", Crs)
@pytest.mark.parametrize("place", DUTCH_PLACES)
def test_to_lonlat_inverts_from_lonlat(crs: Crs, place: Place) -> None:
    lon, lat = crs.to_lonlat(*crs.from_lonlat(place.lon, place.lat))
    assert (lon, lat) == pytest.approx((place.lon, place.lat), abs=1e-10)


@given(st.floats(-180, 180), st.floats(-89.9, 89.9))
def test_web_mercator_equals_proj(lon: float, lat: float) -> None:
    expected = Transformer.from_crs(4326, 3857, always_xy=True).transform(lon, lat)
    x, y = mercator_from_lonlat(lon, lat)
    assert (x, y) == pytest.approx(expected, abs=1e-4, rel=1e-10)
    assert lonlat_from_mercator(x, y) == pytest.approx((lon, lat), abs=1e-9)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_lonlat_from_mercator_has_latitude_within_90_degrees(y: float) -> None:
    _, lat = lonlat_from_mercator(0.0, y)
    assert -90 <= lat <= 90


@pytest.mark.parametrize(("lon", "lat"), [(1.9, 52), (8.1, 52), (5, 49.9), (5, 56.1), (-180, -90), (0, 0)])
def test_rd_from_lonlat_outside_grid_is_infinite(lon: float, lat: float) -> None:
    assert rd_from_lonlat(lon, lat) == (math.inf, math.inf)


@pytest.mark.parametrize(("x", "y"), [(0.0, 0.0), (1e9, 463000.0), (1e300, -1e300), (math.inf, 0.0)])
def test_lonlat_from_rd_outside_grid_is_infinite(x: float, y: float) -> None:
    assert lonlat_from_rd(x, y) == (math.inf, math.inf)


def test_rd_from_lonlat_of_nan_is_nan_without_affecting_other_places() -> None:
    x, y = rd_from_lonlat(np.array([math.nan, DAM_SQUARE.lon]), np.array([52.0, DAM_SQUARE.lat]))
    assert np.isnan([x[0], y[0]]).all()
    assert (x[1], y[1]) == pytest.approx((DAM_SQUARE.x, DAM_SQUARE.y), abs=1e-3)


def test_geometry_to_rd_and_back_loses_only_heights() -> None:
    triangle = shapely.from_wkt("POLYGON Z ((4 52 1, 5 52 2, 5 53 3, 4 52 1))")
    in_rd = transform_geometry_to_rd(triangle)
    assert not in_rd.has_z
    assert shapely.get_coordinates(in_rd)[0] == pytest.approx(rd_from_lonlat(4.0, 52.0), abs=1e-9)
    assert transform_geometry_to_lonlat(in_rd).equals_exact(shapely.force_2d(triangle), 1e-12)


def test_rd_from_lonlat_in_threads_is_correct() -> None:
    places = [DUTCH_PLACES[index % len(DUTCH_PLACES)] for index in range(400)]
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda place: rd_from_lonlat(place.lon, place.lat), places))
    for place, (x, y) in zip(places, found, strict=True):
        assert (x, y) == pytest.approx((place.x, place.y), abs=1e-3)


def test_rd_from_lonlat_without_grid_raises() -> None:
    said = run_python("""
from app.spatial.crs import GridMissing, grid_in_use, rd_from_lonlat
assert not grid_in_use()
try:
    rd_from_lonlat(5.0, 52.0)
except GridMissing as missing:
    print(missing)
""")
    assert "nl_nsgi_rdtrans2018.tif" in said


def test_add_grid_applies_to_threads_already_started(grid_folder: Path) -> None:
    said = run_python(f"""
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from app.spatial.crs import add_grid, grid_in_use
with ThreadPoolExecutor(1) as early:
    print(early.submit(grid_in_use).result())
    add_grid(Path({str(grid_folder)!r}))
    print(grid_in_use(), early.submit(grid_in_use).result())
""")
    assert said.split() == ["False", "True", "True"]


def run_python(program: str) -> str:
    """Return the output of a fresh process, which has no grid yet."""
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
