"""Each format returns the features that were written, in every CRS and for every kind of value."""

import asyncio
import json
import math
import re
import struct
from collections.abc import AsyncIterator, Sequence
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import geoparquet_validator
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.files.writers.csv import defuse
from app.files.writers.gis_files import ROWS_IN_A_GROUP, write_file
from app.files.writers.schema import (
    CSV,
    EXCEL,
    FLATGEOBUF,
    FORMATS,
    GEOPACKAGE,
    GEOPARQUET,
    Column,
    ColumnKind,
    Format,
    Layer,
)
from app.files.writers.spooled_file import write_in_thread
from app.files.writers.text_stream import write_text_pieces
from app.spatial.crs import Crs
from tests.support.format_readers import describe_features, read_features, read_text

COLUMNS = tuple(Column(f"{kind.value}Value", kind) for kind in ColumnKind)
FILES = (FLATGEOBUF, GEOPACKAGE, GEOPARQUET)

# JSON text of PostgreSQL cannot have NUL or half a surrogate pair, so features cannot either.
_TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=30)
_CODES = st.text("abcdefghijklmnopqrstuvwxyz_-=+@", min_size=1, max_size=12)
_VALUES = {
    ColumnKind.TEXT: _TEXTS,
    ColumnKind.TEXTS: st.lists(_CODES, min_size=1, max_size=4),
    ColumnKind.DATE: st.dates(date(1900, 1, 1), date(2199, 12, 31)).map(lambda day: day.isoformat()),
    ColumnKind.MOMENT: st.datetimes(datetime(1900, 1, 1), datetime(2199, 12, 31)).map(  # noqa: DTZ001 - its text says Z
        lambda moment: moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    ),
    ColumnKind.BOOLEAN: st.booleans(),
    ColumnKind.NUMBER: st.floats(-1e12, 1e12, allow_subnormal=False),
    ColumnKind.INTEGER: st.integers(-(2**31), 2**31 - 1),
}
_DEGREES = st.tuples(st.integers(-180, 180), st.integers(-90, 90)).map(lambda at: [at[0] / 1.5, at[1] / 1.5])


def _square(corner: list[float]) -> dict[str, Any]:
    x, y = corner
    ring = [[x, y], [x + 1, y], [x + 1, y + 1], [x, y]]
    return {"type": "MultiPolygon", "coordinates": [[ring]]}


_POINTS = _DEGREES.map(lambda at: {"type": "Point", "coordinates": at})
_AREAS = _DEGREES.map(_square)


@st.composite
def _features(draw: st.DrawFn, geometries: st.SearchStrategy[Any]) -> list[dict[str, Any]]:
    """Some features; any property may be missing."""
    return [
        {
            "type": "Feature",
            "id": f"feature-{number}",
            "geometry": draw(geometries),
            "properties": {
                column.name: draw(_VALUES[column.kind]) for column in COLUMNS if draw(st.booleans())
            },
        }
        for number in range(draw(st.integers(0, 5)))
    ]


async def _give(features: list[dict[str, Any]]) -> AsyncIterator[Sequence[bytes]]:
    for first in range(0, len(features), 2):
        yield [json.dumps(feature).encode() for feature in features[first : first + 2]]


async def _join(form: Format, layer: Layer, features: list[dict[str, Any]]) -> bytes:
    return b"".join([piece async for piece in write_text_pieces(form, layer, _give(features))])


def write(form: Format, layer: Layer, features: list[dict[str, Any]]) -> bytes:
    if not form.spooled:
        return asyncio.run(_join(form, layer, features))
    with TemporaryDirectory() as folder:
        path = Path(folder, f"things.{form.suffix}")
        assert asyncio.run(write_in_thread(form, path, layer, _give(features))) == len(features)
        assert list(path.parent.iterdir()) == [path]
        return path.read_bytes()


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
@pytest.mark.parametrize("geometry_type", ["Point", "MultiPolygon"])
@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data(), crs=st.sampled_from(Crs))
def test_file_read_back_equals_what_was_written(
    form: Format, geometry_type: Any, data: st.DataObject, crs: Crs
) -> None:
    has_geometry = data.draw(st.booleans())
    geometries = _POINTS if geometry_type == "Point" else _AREAS
    features = data.draw(_features(geometries if has_geometry else st.none()))
    layer = Layer("things", geometry_type, COLUMNS, crs, has_geometry)

    expected = describe_features(features, layer)
    if form is EXCEL:
        for feature in expected.values():
            _leave_out_what_xml_cannot_hold(feature["properties"])
    assert read_features(form, write(form, layer, features), layer) == expected


def _leave_out_what_xml_cannot_hold(properties: dict[str, Any]) -> None:
    """Remove these characters; a text of nothing else becomes empty."""
    if "textValue" in properties:
        text = properties["textValue"]
        properties["textValue"] = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "", text)


def write_cell(text: str) -> str:
    return str(defuse(pa.array([text]))[0])


@given(_TEXTS)
def test_text_like_a_formula_is_never_a_formula_and_reads_back_equal(text: str) -> None:
    cell = write_cell(text)
    assert cell[0] not in "=+-@\t\r"
    assert read_text(cell) == text


@pytest.mark.parametrize("text", ["=1+1", "+31 20", "-5", "@SUM(A1)", "\t=1", "'=1", "''=1", "＝1"])
def test_text_like_a_formula_gets_an_apostrophe(text: str) -> None:
    assert write_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["'s-Gravenhage", "'", "a=b", "2 - 1", ""])
def test_ordinary_text_in_csv_is_unchanged(text: str) -> None:
    assert write_cell(text) == text
    assert read_text(text) == text


def test_csv_without_features_has_a_header() -> None:
    layer = Layer("things", "Point", (Column("name"), Column("count", ColumnKind.INTEGER)), Crs.CRS84)
    assert write(CSV, layer, []) == b'"id","longitude","latitude","name","count"\n'


def make_features(count: int) -> list[dict[str, Any]]:
    return [
        {
            "type": "Feature",
            "id": f"feature-{number}",
            "geometry": {"type": "Point", "coordinates": [4 + number % 100 / 100, 52 + number // 100 / 1000]},
            "properties": {"textValue": f"Ding {number}", "integerValue": number, "textsValue": ["a", "b"]},
        }
        for number in range(count)
    ]


@pytest.mark.parametrize("crs", Crs, ids=lambda crs: crs.name)
@pytest.mark.parametrize("count", [0, 3])
def test_geoparquet_metadata_is_valid(crs: Crs, count: int, tmp_path: Path) -> None:
    path = tmp_path / "things.parquet"
    path.write_bytes(write(GEOPARQUET, Layer("things", "Point", COLUMNS, crs), make_features(count)))

    report = geoparquet_validator.check(str(path))
    assert geoparquet_validator.failed(report) == [] or not [
        one for one in geoparquet_validator.failed(report) if "/core/" in str(one)
    ]
    about = json.loads(pq.read_metadata(path).metadata[b"geo"])
    assert about["version"] == "1.1.0"
    assert ("bbox" in about["columns"]["geometry"]) == bool(count)


@pytest.mark.parametrize("form", [FLATGEOBUF, GEOPACKAGE], ids=lambda form: form.name)
@pytest.mark.parametrize(
    ("crs", "name"), [(Crs.RD, "EPSG:28992"), (Crs.ETRS89, "EPSG:4258"), (Crs.CRS84, "EPSG:4326")]
)
def test_crs_of_each_format_is_read_by_gdal(form: Format, crs: Crs, name: str, tmp_path: Path) -> None:
    path = tmp_path / f"things.{form.suffix}"
    path.write_bytes(write(form, Layer("things", "Point", COLUMNS, crs), make_features(3)))

    found = pyogrio.read_info(path)
    assert name in found["crs"]
    assert found["features"] == 3
    assert found["layer_name"] == "things"


@pytest.mark.parametrize("geometry_type", ["Point", "MultiPolygon"])
def test_geoparquet_has_the_box_of_each_geometry(geometry_type: Any, tmp_path: Path) -> None:
    features = make_features(2)
    if geometry_type == "MultiPolygon":
        for feature in features:
            feature["geometry"] = _square(feature["geometry"]["coordinates"])
    features.append(
        {**features[0], "id": "nowhere", "geometry": None} if geometry_type == "Point" else features[0]
    )
    path = tmp_path / "things.parquet"
    path.write_bytes(write(GEOPARQUET, Layer("things", geometry_type, COLUMNS, Crs.RD), features))

    table = pq.read_table(path)
    covering = json.loads(pq.read_metadata(path).metadata[b"geo"])["columns"]["geometry"]["covering"]
    assert covering == {"bbox": {side: ["bbox", side] for side in ("xmin", "ymin", "xmax", "ymax")}}
    shapes = [wkb and shapely.from_wkb(wkb).bounds for wkb in table["geometry"].to_pylist()]
    assert [box and tuple(box.values()) for box in table["bbox"].to_pylist()] == shapes
    # Readers skip row groups by the statistics of the sides.
    group = pq.read_metadata(path).row_group(0)
    sides = {group.column(n).path_in_schema: group.column(n).statistics for n in range(group.num_columns)}
    assert (sides["bbox.xmin"].min, sides["bbox.xmin"].max) == (4.0, 4.01)


def test_geoparquet_without_places_has_no_boxes(tmp_path: Path) -> None:
    path = tmp_path / "things.parquet"
    path.write_bytes(write(GEOPARQUET, Layer("things", "Point", COLUMNS, Crs.RD, has_geometry=False), []))
    assert "bbox" not in pq.read_schema(path).names
    assert "covering" not in json.loads(pq.read_metadata(path).metadata[b"geo"])["columns"]["geometry"]


@pytest.mark.parametrize("has_geometry", [True, False])
def test_empty_flatgeobuf_has_no_extent_of_nan(has_geometry: bool, tmp_path: Path) -> None:
    path = tmp_path / "things.fgb"
    layer = Layer("things", "Point", COLUMNS, Crs.CRS84, has_geometry=has_geometry)
    path.write_bytes(write(FLATGEOBUF, layer, []))

    content = path.read_bytes()
    assert struct.pack("<d", math.nan) not in content
    assert struct.pack("<d", -math.nan) not in content
    info = pyogrio.read_info(path, force_feature_count=True, force_total_bounds=True)
    assert (info["features"], info["total_bounds"]) == (0, None)


def test_feature_without_a_place_is_in_no_index(tmp_path: Path) -> None:
    features = make_features(40)
    features[3]["geometry"] = None
    for form in (FLATGEOBUF, GEOPACKAGE):
        path = tmp_path / f"things.{form.suffix}"
        path.write_bytes(write(form, Layer("things", "Point", COLUMNS, Crs.CRS84), features))
        assert pyogrio.read_info(path)["features"] == 40
        _, found = pyogrio.raw.read_arrow(path, bbox=(3.995, 51, 4.055, 53))
        assert sorted(found["id"].to_pylist()) == [f"feature-{number}" for number in (0, 1, 2, 4, 5)]


def test_geoparquet_has_row_groups_of_limited_size(tmp_path: Path) -> None:
    layer = Layer("things", "Point", COLUMNS, Crs.RD)
    features = [json.dumps(one).encode() for one in make_features(1000)]
    batches = (features for _ in range(25))

    path = tmp_path / "things.parquet"
    assert write_file(GEOPARQUET, path, layer, batches) == 25_000
    about = pq.read_metadata(path)
    assert [about.row_group(group).num_rows for group in range(about.num_row_groups)] == [
        ROWS_IN_A_GROUP,
        ROWS_IN_A_GROUP,
        5000,
    ]
    assert math.isclose(json.loads(about.metadata[b"geo"])["columns"]["geometry"]["bbox"][0], 4.0)
