"""Geometries of a source: recognised, repaired or refused."""

import numpy as np
import pytest
import shapely
from shapely import LineString, MultiPolygon, Polygon, box
from shapely.geometry.base import BaseGeometry

from app.core.errors import InvalidRequest
from app.municipalities.attribute_names import Area
from app.municipalities.boundaries import make_boundaries, recognise_system
from app.spatial.crs import transform_geometry_to_lonlat

WEST = 150_000
SQUARE = box(WEST, 460_000, 152_000, 462_000)
BOW_TIE = Polygon([(150_000, 460_000), (152_000, 462_000), (152_000, 460_000), (150_000, 462_000)])
# A spike of no width: a drawing slip, of which there is no doubt what was meant.
SPIKED = Polygon(
    [
        (150_000, 460_000),
        (152_000, 460_000),
        (152_500, 460_000),
        (152_000, 460_000),
        (152_000, 462_000),
        (150_000, 462_000),
    ]
)


def area(code: str, geometry: BaseGeometry | None) -> Area:
    return Area(code, f"Naam {code}", None, geometry)


def test_both_systems_are_stored_whichever_is_given() -> None:
    (from_rd,), _ = make_boundaries([area("GM0001", SQUARE)], "EPSG:28992")
    degrees = transform_geometry_to_lonlat(SQUARE)
    (from_degrees,), _ = make_boundaries([area("GM0001", degrees)], None)
    latitude_first = shapely.transform(degrees, lambda places: places[:, ::-1])
    (from_swapped,), _ = make_boundaries(
        [area("GM0001", latitude_first)], "http://www.opengis.net/def/crs/EPSG/0/4258"
    )
    for made in (from_degrees, from_swapped):
        assert shapely.hausdorff_distance(made.rd, from_rd.rd) < 0.001
        assert shapely.hausdorff_distance(made.lonlat, from_rd.lonlat) < 1e-8
    assert from_rd.lonlat.bounds[0] == pytest.approx(5.3145, abs=1e-3)


def test_parts_with_one_code_are_joined() -> None:
    water = box(152_000, 460_000, 153_000, 462_000)
    (made,), repairs = make_boundaries([area("GM0001", SQUARE), area("GM0001", water)], None)
    assert made.rd.area == pytest.approx(6e6)
    assert repairs == ()


def test_small_fault_is_repaired_and_reported() -> None:
    (made,), repairs = make_boundaries([area("GM0001", SPIKED)], None)
    assert made.rd.is_valid
    assert made.rd.area == pytest.approx(SQUARE.area)
    assert len(repairs) == 1
    assert repairs[0].startswith("GM0001 Naam GM0001: Self-intersection")


@pytest.mark.parametrize(
    ("geometry", "reason"),
    [
        (None, "has no geometry"),
        (Polygon(), "has no geometry"),
        (MultiPolygon(), "has no geometry"),
        (LineString([(150_000, 460_000), (151_000, 460_000)]), "is a LineString"),
        (shapely.transform(SQUARE, lambda places: np.where(places == WEST, np.nan, places)), "no number"),
        (BOW_TIE, "without guessing: Self-intersection"),
    ],
)
def test_geometry_that_is_not_an_area_is_refused_with_its_municipality(
    geometry: BaseGeometry | None, reason: str
) -> None:
    with pytest.raises(InvalidRequest) as refused:
        make_boundaries([area("GM0001", geometry), area("GM0002", SQUARE), area("GM0003", None)], None)
    first, second = refused.value.problems
    assert reason in first.detail.en
    assert "Naam GM0001 (GM0001)" in first.detail.nl
    assert second.location == "GM0003"


@pytest.mark.parametrize(
    "named",
    [
        "EPSG:28992",
        "urn:ogc:def:crs:EPSG::28992",
        "http://www.opengis.net/def/crs/EPSG/0/28992",
        "EPSG:7415",
        None,
    ],
)
def test_rd_is_recognised_by_many_names(named: str | None) -> None:
    assert recognise_system([SQUARE], named) == "rd"


def test_rd_is_recognised_by_its_esri_definition() -> None:
    esri = (
        'PROJCS["RD_New",GEOGCS["GCS_Amersfoort",DATUM["D_Amersfoort",SPHEROID["Bessel_1841",6377397.155,'
        '299.1528128]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],'
        'PROJECTION["Double_Stereographic"],PARAMETER["False_Easting",155000.0],'
        'PARAMETER["False_Northing",463000.0],PARAMETER["Central_Meridian",5.38763888888889],'
        'PARAMETER["Scale_Factor",0.9999079],PARAMETER["Latitude_Of_Origin",52.15616055555555],UNIT["Meter",1.0]]'
    )
    assert recognise_system([SQUARE], esri) == "rd"


@pytest.mark.parametrize("named", ["EPSG:4326", "EPSG:4258", "urn:ogc:def:crs:OGC:1.3:CRS84", None])
def test_degrees_are_recognised_by_many_names(named: str | None) -> None:
    assert recognise_system([transform_geometry_to_lonlat(SQUARE)], named) == "lonlat"


@pytest.mark.parametrize(
    ("geometry", "named", "reason"),
    [
        (SQUARE, "EPSG:4326", "do not fit that"),
        (SQUARE, "EPSG:3857", "not supported"),
        (SQUARE, "Atlantis", "not supported"),
        (box(5, 52, 5.1, 52.1), "EPSG:28992", "do not fit that"),
        (box(13, 52, 14, 53), None, "in the Netherlands"),
        (box(590_000, 6_800_000, 600_000, 6_810_000), None, "in the Netherlands"),
    ],
)
def test_declared_system_that_does_not_fit_is_refused(
    geometry: BaseGeometry, named: str | None, reason: str
) -> None:
    with pytest.raises(InvalidRequest, match=reason):
        recognise_system([geometry], named)
