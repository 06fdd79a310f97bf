"""Common names of reference systems are refused with a suggested URI."""

import pytest

from app.core.problems import ABSENT
from app.spatial.crs import Crs
from app.spatial.crs_names import read_crs


@pytest.mark.parametrize("crs", Crs, ids=lambda crs: crs.name)
def test_read_crs_of_uri_returns_system(crs: Crs) -> None:
    assert read_crs(crs.uri, "crs", "query") == (crs, [])


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("EPSG:28992", Crs.RD),
        ("epsg:28992", Crs.RD),
        ("28992", Crs.RD),
        ("urn:ogc:def:crs:EPSG::28992", Crs.RD),
        ("[EPSG:4258]", Crs.ETRS89),
        ("RD New", Crs.RD),
        ("rd", Crs.RD),
        ("EPSG:4326", Crs.WGS84),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", Crs.CRS84),
        ("OGC:CRS84", Crs.CRS84),
        ("WGS 84", Crs.CRS84),
        ("EPSG:3857", Crs.WEB_MERCATOR),
        ("https://epsg.io/28992", Crs.RD),
    ],
)
def test_read_crs_of_common_name_suggests_uri(name: str, meant: Crs) -> None:
    crs, (problem,) = read_crs(name, "bbox-crs", "query")
    assert crs is Crs.CRS84
    assert (problem.location, problem.suggestion, problem.value) == ("bbox-crs", meant.uri, name)
    assert problem.detail.en.endswith(f"Did you mean {meant.uri}?")


@pytest.mark.parametrize("name", ["", "EPSG:31370", "x" * 5000, "EPSG:", "::", "²⁸⁹⁹²"])
def test_read_crs_of_unknown_system_lists_all_uris(name: str) -> None:
    _, (problem,) = read_crs(name, "crs", "query")
    assert problem.suggestion is ABSENT
    assert all(crs.uri in problem.detail.nl for crs in Crs)
    assert len(str(problem.value)) <= 200
