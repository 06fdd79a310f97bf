"""The index of a FlatGeobuf is the one that GDAL makes, and finds what lies in a box whatever the order is."""

import json
import random
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely

from app.files.writers.flatgeobuf_index import add_index
from app.files.writers.gis_files import write_file
from app.files.writers.schema import FLATGEOBUF, Column, ColumnKind, Layer
from app.spatial.crs import Crs

RD = "EPSG:28992"


def make_shapes(geometry_type: str, count: int) -> Any:
    corners = np.random.default_rng(count).random((count, 2)) * 1000
    if geometry_type == "Point":
        return shapely.points(corners)
    x, y = corners.T
    return shapely.box(x, y, x + 3, y + 1)


def write_by_gdal(path: Path, geometry_type: str, shapes: Any, numbers: Any, *, index: str) -> None:
    pyogrio.raw.write(
        path,
        shapely.to_wkb(shapes),
        [numbers],
        ["number"],
        driver="FlatGeobuf",
        geometry_type=geometry_type,
        crs=RD,
        layer="things",
        SPATIAL_INDEX=index,
    )


def read_after_header(path: Path) -> bytes:
    content = path.read_bytes()
    return content[12 + struct.unpack_from("<I", content, 8)[0] :]


@pytest.mark.parametrize("count", [1, 16, 17, 300, 70_000])
@pytest.mark.parametrize("geometry_type", ["Point", "Polygon"])
def test_flatgeobuf_index_equals_that_of_gdal(geometry_type: str, count: int, tmp_path: Path) -> None:
    theirs, plain, ours = (tmp_path / name for name in ("theirs.fgb", "plain.fgb", "ours.fgb"))
    write_by_gdal(theirs, geometry_type, make_shapes(geometry_type, count), np.arange(count), index="YES")
    # The same features in the order in which GDAL put them.
    _, _, wkb, (numbers,) = pyogrio.raw.read(theirs)
    shapes = shapely.from_wkb(wkb)
    write_by_gdal(plain, geometry_type, shapes, numbers, index="NO")
    boxes = tmp_path / "boxes"
    boxes.write_bytes(shapely.bounds(shapes).tobytes())

    add_index(plain, boxes, ours)

    assert read_after_header(ours) == read_after_header(theirs)
    assert pyogrio.read_info(ours)["total_bounds"] == pyogrio.read_info(theirs)["total_bounds"]


def test_features_in_a_box_are_found_in_any_order_of_writing(tmp_path: Path) -> None:
    places = [(120_000 + number % 70 * 10, 487_000 + number // 70 * 10) for number in range(4900)]
    random.Random(7).shuffle(places)
    features = [
        {"id": f"{x},{y}", "geometry": {"type": "Point", "coordinates": [x, y]}, "properties": {"number": 1}}
        for x, y in places
    ]
    texts = [json.dumps(feature).encode() for feature in features]
    path = tmp_path / "things.fgb"
    layer = Layer("things", "Point", (Column("number", ColumnKind.INTEGER),), Crs.RD)
    write_file(FLATGEOBUF, path, layer, [texts[:2000], texts[2000:]])

    box = (120_095, 487_195, 120_165, 487_245)
    meta, _, _, (identifiers, _) = pyogrio.raw.read(path, bbox=box)
    assert meta["crs"] == RD
    assert pyogrio.read_info(path)["capabilities"]["fast_spatial_filter"]
    assert sorted(identifiers) == sorted(
        f"{x},{y}" for x, y in places if box[0] <= x <= box[2] and box[1] <= y <= box[3]
    )
    assert len(identifiers) == 35
    assert list(tmp_path.iterdir()) == [path]


def test_header_without_feature_count_is_refused(tmp_path: Path) -> None:
    plain, boxes = tmp_path / "plain.fgb", tmp_path / "boxes"
    write_by_gdal(plain, "Point", make_shapes("Point", 0), np.arange(0), index="NO")
    boxes.write_bytes(b"")
    with pytest.raises(ValueError, match="field"):
        add_index(plain, boxes, tmp_path / "things.fgb")
