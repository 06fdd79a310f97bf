"""RD to the millimetre: pyproj and PostGIS against the certified package pyrdnap, on 10,000 places.

Source: RDNAPTRANS2018 asks 1 mm, and 0.00000001 degree.
"""

import numpy as np
import psycopg
import pytest

from app.spatial.crs import grid_in_use, lonlat_from_rd, rd_from_lonlat
from app.spatial.rd_grid import GRID_NAME
from tests.spatial.conftest import Numbers, Reference
from tests.support.places import PLACES, RD_ORIGIN, Place

MILLIMETRE = 0.001
ROUND_TRIP = 0.0001
METRES_PER_DEGREE = 111_320

# EPSG's area of use of RD: beyond it PROJ, asked by SRID, leaves the grid out.
AREA_OF_USE = (3.2, 50.75, 7.22, 53.7)
WHOLE_GRID = (2.0, 50.0, 8.0, 56.0)

BY_SRID = ("28992", "4258")
# Spelled out, both systems are exact wherever the grid reaches.
RD_DEFINITION = (
    "+proj=sterea +lat_0=52.1561605555556 +lon_0=5.38763888888889 +k=0.9999079 +x_0=155000 +y_0=463000"
    f" +ellps=bessel +nadgrids={GRID_NAME} +units=m +type=crs"
)
BY_DEFINITION = (f"'{RD_DEFINITION}'", "'+proj=longlat +ellps=GRS80 +towgs84=0,0,0 +type=crs'")


def in_metres(lon: Numbers, lat: Numbers, other_lon: Numbers, other_lat: Numbers) -> Numbers:
    return np.hypot((lon - other_lon) * np.cos(np.radians(lat)), lat - other_lat) * METRES_PER_DEGREE


def test_grid_is_in_use() -> None:
    assert grid_in_use()


def test_rd_origin_is_transformed_in_both_directions() -> None:
    assert rd_from_lonlat(RD_ORIGIN.lon, RD_ORIGIN.lat) == pytest.approx((155000.0, 463000.0), abs=ROUND_TRIP)
    assert lonlat_from_rd(155000.0, 463000.0) == pytest.approx((5.387203650, 52.155172887), abs=1e-9)


@pytest.mark.parametrize("place", PLACES)
def test_position_of_named_place(place: Place) -> None:
    assert rd_from_lonlat(place.lon, place.lat) == pytest.approx((place.x, place.y), abs=MILLIMETRE)


def test_rd_from_lonlat_equals_reference_within_millimetre(reference: Reference) -> None:
    x, y = rd_from_lonlat(reference.lon, reference.lat)
    assert np.hypot(x - reference.x, y - reference.y).max() < MILLIMETRE


def test_lonlat_from_rd_equals_reference_within_millimetre(reference: Reference) -> None:
    lon, lat = lonlat_from_rd(reference.x, reference.y)
    assert in_metres(lon, lat, reference.lon_from_rd, reference.lat_from_rd).max() < MILLIMETRE


def test_rd_round_trip_returns_to_start(reference: Reference) -> None:
    lon, lat = lonlat_from_rd(*rd_from_lonlat(reference.lon, reference.lat))
    assert in_metres(lon, lat, reference.lon, reference.lat).max() < ROUND_TRIP


@pytest.mark.parametrize(
    ("rd", "etrs89", "area"),
    [(*BY_SRID, AREA_OF_USE), (*BY_DEFINITION, WHOLE_GRID)],
    ids=["by SRID", "by definition"],
)
def test_postgis_equals_reference_within_millimetre(
    database_url: str, reference: Reference, rd: str, etrs89: str, area: tuple[float, float, float, float]
) -> None:
    chosen = reference.is_within(*area)
    lon, lat, x, y = (column[chosen] for column in (reference.lon, reference.lat, reference.x, reference.y))
    there = transform_in_postgis(database_url, etrs89, rd, lon, lat)
    back = transform_in_postgis(database_url, rd, etrs89, x, y)
    again = transform_in_postgis(database_url, rd, etrs89, *there)
    assert chosen.sum() > 3_000
    assert np.hypot(there[0] - x, there[1] - y).max() < MILLIMETRE
    back_lon, back_lat = reference.lon_from_rd[chosen], reference.lat_from_rd[chosen]
    assert in_metres(*back, back_lon, back_lat).max() < MILLIMETRE
    assert in_metres(*again, lon, lat).max() < ROUND_TRIP


def test_postgis_by_srid_leaves_out_grid_east_of_area_of_use(database_url: str) -> None:
    """The reason for the pipeline in `app.spatial.crs`."""
    rd, etrs89 = BY_SRID
    _, y = transform_in_postgis(database_url, etrs89, rd, np.array([7.225]), np.array([53.2]))
    assert abs(y[0] - rd_from_lonlat(7.225, 53.2)[1]) > 0.2


def transform_in_postgis(
    database_url: str, source: str, target: str, x: Numbers, y: Numbers
) -> tuple[Numbers, Numbers]:
    # All places in one geometry: by definition PostGIS prepares the transformation again for each call.
    places = "ST_Collect(ARRAY(SELECT ST_MakePoint(x, y) FROM given ORDER BY number))"
    moved = (
        f"ST_Transform(ST_SetSRID({places}, {source}), {target})"
        if source.isdigit()
        else f"ST_Transform({places}, {source}, {target})"
    )
    with psycopg.connect(database_url) as connection:
        rows = connection.execute(
            f"""WITH given AS (
                SELECT * FROM unnest(%s::float8[], %s::float8[]) WITH ORDINALITY AS given (x, y, number)
            )
            SELECT ST_X(geom), ST_Y(geom) FROM ST_DumpPoints((SELECT {moved})) ORDER BY path""",
            (x.tolist(), y.tolist()),
        ).fetchall()
    moved_x, moved_y = np.array(rows).T
    return moved_x, moved_y
