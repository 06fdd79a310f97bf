"""Files and web addresses with boundaries."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio.raw
import pytest
import shapely

from app.core.errors import InvalidRequest, Unavailable
from app.municipalities.attribute_names import parse_municipality_areas
from app.municipalities.boundaries import make_boundaries
from app.municipalities.downloads import DownloadOptions
from app.municipalities.edition_sources import EditionSource, read_source
from tests.support.pdok_server import PAGE, CollectionServer, serve_collection
from tests.support.square_municipalities import Squares, make_collection, make_squares, write_collection
from tests.support.waiting import PATIENCE_SECONDS

HALF_A_RING = b"""{"type": "FeatureCollection", "features": [{"type": "Feature",
    "properties": {"naam": "Ede"}, "geometry": {"type": "Polygon", "coordinates": [[[5, 52], [6, 52]]]}}]}"""


def read(location: str, steps: list[tuple[str, int, int | None]] | None = None) -> EditionSource:
    options = DownloadOptions(wait_seconds=PATIENCE_SECONDS, allow_private=True)
    return read_source(location, options, lambda *step: steps.append(step) if steps is not None else None)


def kadaster(code: str) -> dict[str, Any]:
    return {
        "code": code[2:],
        "identificatie": code,
        "naam": f"Vak {code}",
        "ligt_in_provincie_code": "26",
        "ligt_in_provincie_naam": "Utrecht",
    }


def write_geopackage(path: Path, squares: Squares, layer: str, *, append: bool = False) -> None:
    pyogrio.raw.write(
        path,
        shapely.to_wkb(list(squares.values())),
        [np.array([f"Vak {code}" for code in squares], dtype=object), np.array(list(squares), dtype=object)],
        ["gemeentenaam", "gemeentecode"],
        geometry_type="Polygon",
        crs="EPSG:28992",
        layer=layer,
        append=append,
        driver="GPKG",
    )


@pytest.fixture
def server() -> Iterator[CollectionServer]:
    with serve_collection(make_collection(make_squares(), kadaster, degrees=True)["features"]) as server:
        yield server


def test_geojson_is_read_with_its_declared_system(tmp_path: Path) -> None:
    source = read(write_collection(tmp_path / "grenzen.json", make_collection(make_squares())))
    assert source.declared_crs == "urn:ogc:def:crs:EPSG::28992"
    assert [area.code for area in parse_municipality_areas(source.features)] == list(make_squares())


def test_geopackage_is_read(tmp_path: Path) -> None:
    path = tmp_path / "grenzen.gpkg"
    write_geopackage(path, make_squares(), "grenzen")
    source = read(str(path))
    boundaries, _ = make_boundaries(parse_municipality_areas(source.features), source.declared_crs)
    assert source.declared_crs == "EPSG:28992"
    assert [boundary.name for boundary in boundaries] == [f"Vak {code}" for code in make_squares()]
    assert sum(boundary.rd.area for boundary in boundaries) == pytest.approx(36e6)


def test_layer_of_municipalities_of_a_geopackage_is_read(tmp_path: Path) -> None:
    path = tmp_path / "gebieden.gpkg"
    write_geopackage(path, {"PV26": shapely.box(150_000, 460_000, 156_000, 466_000)}, "provinciegebied")
    write_geopackage(path, make_squares(), "gemeentegebied", append=True)
    assert len(read(str(path)).features) == 9
    write_geopackage(path, make_squares(), "gemeenten_oud", append=True)
    with pytest.raises(InvalidRequest, match="provinciegebied, gemeentegebied, gemeenten_oud"):
        read(str(path))


def test_collection_is_read_to_its_last_page(server: CollectionServer) -> None:
    steps: list[tuple[str, int, int | None]] = []
    source = read(server.items, steps)
    boundaries, _ = make_boundaries(parse_municipality_areas(source.features), source.declared_crs)
    assert [boundary.code for boundary in boundaries] == list(make_squares())
    assert boundaries[0].province == "Utrecht"
    assert boundaries[0].rd.area == pytest.approx(4e6, rel=1e-6)
    assert len(server.asked) == 3
    assert [step for step in steps if step[0] == "pages"] == [("pages", PAGE, 9), ("pages", 2 * PAGE, 9)]
    assert any(step[0] == "receive" for step in steps)


def test_collection_with_latitude_first_is_read(server: CollectionServer) -> None:
    server.content_crs = "http://www.opengis.net/def/crs/EPSG/0/4258"
    for feature in server.features:
        shape = shapely.geometry.shape(feature["geometry"])
        swapped = shapely.transform(shape, lambda places: places[:, ::-1])
        feature["geometry"] = shapely.geometry.mapping(swapped)
    source = read(server.items)
    boundaries, _ = make_boundaries(parse_municipality_areas(source.features), source.declared_crs)
    assert boundaries[0].rd.bounds == pytest.approx((150_000, 460_000, 152_000, 462_000), abs=0.01)


def test_collection_with_fewer_features_than_announced_is_refused(server: CollectionServer) -> None:
    server.number_matched = 342
    with pytest.raises(InvalidRequest, match="announces 342 features, but delivered 9"):
        read(server.items)


def test_files_are_read_from_an_address(server: CollectionServer, tmp_path: Path) -> None:
    path = tmp_path / "grenzen.gpkg"
    write_geopackage(path, make_squares(), "grenzen")
    server.files["/grenzen.gpkg"] = path.read_bytes()
    server.files["/grenzen.geojson"] = json.dumps(make_collection(make_squares())).encode()
    assert len(read(f"{server.address}/grenzen.gpkg").features) == 9
    found = read(f"{server.address}/grenzen.geojson")
    assert (len(found.features), found.declared_crs) == (9, "urn:ogc:def:crs:EPSG::28992")


def test_address_that_returns_an_error_is_unavailable(server: CollectionServer) -> None:
    with pytest.raises(Unavailable, match="404"):
        read(f"{server.address}/nergens")
    server.shutdown()
    server.server_close()
    with pytest.raises(Unavailable, match="no connection"):
        read(server.items)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b'{"type": "FeatureCollection", "features": [', "incomplete"),
        (b"code;naam\n0363;Amsterdam\n", "not GeoJSON or GeoPackage"),
        (b'{"type": "Point", "coordinates": [5, 52]}', "not a FeatureCollection"),
        (b"SQLite format 3\0 and no more", "cannot be read"),
        (HALF_A_RING, "the geometry of Ede cannot be read"),
    ],
)
def test_file_without_boundaries_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "bron"
    path.write_bytes(content)
    with pytest.raises(InvalidRequest, match=reason):
        read(str(path))


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidRequest, match=r"grenzen\.gpkg does not exist"):
        read(str(tmp_path / "grenzen.gpkg"))
