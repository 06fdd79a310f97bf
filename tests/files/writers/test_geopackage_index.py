"""The index of a GeoPackage is whole, is found by GDAL, and is what GDAL itself would have made."""

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pyogrio
import pytest

from app.files.writers.gis_files import write_file
from app.files.writers.schema import GEOPACKAGE, Column, ColumnKind, Layer
from app.spatial.crs import Crs

PLACES = [(120_000 + number % 70 * 10, 487_000 + number // 70 * 10) for number in range(4900)]
COLUMNS = (Column("number", ColumnKind.INTEGER), Column("codes", ColumnKind.TEXTS))


def write(path: Path, places: Sequence[tuple[int, int]] = PLACES, *columns: Column, **layer: Any) -> Path:
    features = [
        json.dumps(
            {
                "id": f"{x},{y}",
                "geometry": {"type": "Point", "coordinates": [x, y]}
                if layer.get("has_geometry", True)
                else None,
                "properties": {"number": number, "codes": ["a"]},
            }
        ).encode()
        for number, (x, y) in enumerate(places)
    ]
    described = Layer("things", "Point", columns or COLUMNS, Crs.RD, **layer)
    write_file(GEOPACKAGE, path, described, [features[:2000], features[2000:]])
    return path


def ask(path: Path, question: str) -> list[Any]:
    with closing(sqlite3.connect(path)) as database:
        return database.execute(question).fetchall()


def test_geopackage_index_passes_its_checks(tmp_path: Path) -> None:
    path = write(tmp_path / "things.gpkg")
    assert ask(path, "SELECT rtreecheck('rtree_things_geometry')") == [("ok",)]
    assert ask(path, "PRAGMA integrity_check") == [("ok",)]
    assert ask(path, "SELECT count(*) FROM rtree_things_geometry") == [(len(PLACES),)]
    found = (
        "SELECT things.id FROM things JOIN rtree_things_geometry AS box ON box.id = things.fid"
        " WHERE box.minx = 120690 AND box.maxy = 487690"
    )
    assert ask(path, found) == [("120690,487690",)]
    assert list(tmp_path.iterdir()) == [path]


def test_features_in_a_box_are_found_by_the_index(tmp_path: Path) -> None:
    path = write(tmp_path / "things.gpkg")
    info = pyogrio.read_info(path)
    assert (info["features"], info["total_bounds"]) == (4900, (120_000, 487_000, 120_690, 487_690))
    assert info["capabilities"]["fast_spatial_filter"]
    _, _, _, (identifiers, *_) = pyogrio.raw.read(path, bbox=(120_095, 487_195, 120_165, 487_245))
    assert len(identifiers) == 35
    # Taking the index away shows that it was asked.
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("DELETE FROM rtree_things_geometry WHERE id > 1500")
    _, _, _, (identifiers, *_) = pyogrio.raw.read(path, bbox=(120_095, 487_195, 120_165, 487_245))
    assert len(identifiers) < 35


@pytest.mark.parametrize("columns", [COLUMNS, COLUMNS[:1]], ids=["with lists", "without"])
def test_geopackage_index_equals_that_of_gdal(columns: tuple[Column, ...], tmp_path: Path) -> None:
    ours = write(tmp_path / "ours.gpkg", PLACES, *columns)
    meta, fids, wkb, values = pyogrio.raw.read(ours, return_fids=True)
    theirs = tmp_path / "theirs.gpkg"
    pyogrio.raw.write(
        theirs, wkb, values, meta["fields"], driver="GPKG", layer="things", geometry_type="Point", crs="EPSG:28992",
        dataset_options={"VERSION": "1.3"}, layer_options={"GEOMETRY_NAME": "geometry"},
    )  # fmt: skip
    made = "SELECT type, name, sql FROM sqlite_master WHERE name LIKE 'rtree_things%' ORDER BY name"
    assert ask(ours, made) == ask(theirs, made)
    rows = "SELECT * FROM rtree_things_geometry ORDER BY id"
    assert ask(ours, rows) == ask(theirs, rows)
    extension = "SELECT * FROM gpkg_extensions WHERE extension_name = 'gpkg_rtree_index'"
    assert ask(ours, extension) == ask(theirs, extension) != []
    assert list(fids) == list(range(1, 4901))


def test_layer_without_features_or_geometries_is_indexed(tmp_path: Path) -> None:
    empty, placeless = (
        write(tmp_path / "a.gpkg", []),
        write(tmp_path / "b.gpkg", PLACES[:3], has_geometry=False),
    )
    assert ask(empty, "SELECT count(*) FROM rtree_things_geometry") == [(0,)]
    assert pyogrio.read_info(empty)["features"] == 0
    assert pyogrio.read_info(placeless)["features"] == 3
