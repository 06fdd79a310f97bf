"""Parquet, with and without geometries."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from pyproj import CRS

from app.files.readers import FileLimits
from app.files.table import InvalidCell
from app.spatial.crs import Crs
from tests.support.source_files import read_one, read_warnings, why_refused

DAM_RD = shapely.Point(121_394, 487_383)


def write(
    folder: Path, columns: dict[str, Any], geo: dict[str, Any] | None = None, row_group_size: int = 2
) -> Path:
    path = folder / "sensoren.parquet"
    metadata = None if geo is None else {"geo": json.dumps(geo)}
    pq.write_table(pa.table(columns).replace_schema_metadata(metadata), path, row_group_size=row_group_size)
    return path


def describe(crs: object, encoding: str = "WKB") -> dict[str, Any]:
    return {"primary_column": "plek", "columns": {"plek": {"encoding": encoding, "crs": crs}}}


def test_cells_have_the_type_of_their_column(tmp_path: Path) -> None:
    columns = {
        "ref": ["A1", " A2 ", "A2"],
        "themes": [["a", "b"], None, []],
        "placed": [date(2026, 5, 1), None, None],
        "seen": pa.array([1, None, 2_000_000_000], pa.timestamp("ns", "UTC")),
        "height": [2.5, float("nan"), None],
        "price": [Decimal("1.25"), None, None],
        "key": pa.array([bytes(15) + b"\x01", None, None], pa.uuid()),
        "place": [{"x": 1}, None, None],
        "bytes": [b"x", None, None],
        "plek": [shapely.to_wkb(DAM_RD), None, None],
    }
    contents = read_one(write(tmp_path, columns, describe(CRS("EPSG:28992").to_json_dict())))
    assert contents.table.headings == ("ref", "themes", "placed", "seen", "height", "price", "key")
    assert contents.table.crs is Crs.RD
    first = datetime(1970, 1, 1, tzinfo=UTC)
    assert contents.cells == [
        ["A1", ["a", "b"], date(2026, 5, 1), first, 2.5, 1.25, str(UUID(int=1))],
        ["A2", None, None, None, None, None, None],
        ["A2", [], None, first.replace(second=2), None, None, None],
    ]
    assert [(row.number, row.geometry) for row in contents.rows] == [(1, DAM_RD), (2, None), (3, None)]


def test_number_keeps_the_digits_that_its_column_has(tmp_path: Path) -> None:
    columns = {
        "key": pa.array([Decimal(8931440301234567890), None], pa.decimal128(20, 0)),
        "large": pa.array([2**64 - 1, None], pa.uint64()),
        "height": pa.array([12.3, float("nan")], pa.float32()),
        "price": pa.array([Decimal("2.00"), Decimal("1.25")], pa.decimal128(5, 2)),
    }
    cells = read_one(write(tmp_path, columns)).cells
    assert cells == [[8931440301234567890, 2**64 - 1, 12.3, 2], [None, None, None, 1.25]]
    assert type(cells[0][3]) is int


def test_double_of_more_digits_than_it_holds_is_invalid(tmp_path: Path) -> None:
    numbers = [8931440301234567890.0, -1e15, 999_999_999_999_999.0]
    *lost, kept = (row[0] for row in read_one(write(tmp_path, {"ref": numbers})).cells)
    assert [cell.code for cell in lost if isinstance(cell, InvalidCell)] == ["digits_lost", "digits_lost"]
    assert kept == 999_999_999_999_999


def test_list_of_fixed_size_is_a_list(tmp_path: Path) -> None:
    themes = pa.array([["a", "b"], None], pa.list_(pa.string(), 2))
    assert read_one(write(tmp_path, {"ref": ["A1", "A2"], "themes": themes})).cells == [
        ["A1", ["a", "b"]],
        ["A2", None],
    ]


def test_parquet_without_geometry_is_read_as_a_table(tmp_path: Path) -> None:
    contents = read_one(write(tmp_path, {"ref": ["A1"]}))
    assert not contents.table.has_geometry
    assert contents.cells == [["A1"]]


@pytest.mark.parametrize(
    ("geo", "reason"),
    [
        (describe(CRS("EPSG:31370").to_json_dict()), "'EPSG:31370' is not read"),
        (describe(None, "point"), "Geometry as 'point' is not read."),
        ({"version": "1.1.0"}, "The Parquet file is damaged"),
        (describe(None), "a geometry cannot be read"),
    ],
)
def test_unsupported_geometry_encoding_is_refused(tmp_path: Path, geo: dict[str, Any], reason: str) -> None:
    assert reason in why_refused(write(tmp_path, {"ref": ["A1"], "plek": [b"harm"]}, geo))


def test_repeated_text_is_held_in_memory_once(tmp_path: Path) -> None:
    """A dictionary of one large text, which every row refers to."""
    texts = pa.DictionaryArray.from_arrays(pa.array([0] * 5_000, pa.int32()), ["x" * 900_000])
    path = write(tmp_path, {"ref": texts}, row_group_size=5_000)
    assert path.stat().st_size < 1_000_000
    before = pa.total_allocated_bytes()
    rows = read_one(path).rows
    assert len({id(row.cells[0]) for row in rows[:1_000]}) == 1
    assert pa.total_allocated_bytes() - before < 50_000_000


def test_file_over_a_limit_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, {"ref": ["A1", "A2"], "naam": ["x", "y"]})
    assert "more than 1 rows" in why_refused(path, FileLimits(rows=1))
    assert "2 columns" in why_refused(path, FileLimits(columns=1))
    assert "Unpacked the Parquet file is" in why_refused(path, FileLimits(expanded_bytes=10))


def test_columns_of_objects_and_bytes_are_named_as_not_read(tmp_path: Path) -> None:
    box = {"bbox": {"xmin": ["box", "xmin"], "ymin": ["box", "ymin"]}}
    geo: dict[str, Any] = describe(CRS("EPSG:28992").to_json_dict())
    geo["columns"]["plek"]["covering"] = box
    columns = {
        "ref": ["A1"],
        "naam": [{"nl": "Dam"}],
        "foto": [b"x"],
        "labels": pa.array([[("a", "b")]], pa.map_(pa.string(), pa.string())),
        "box": [{"xmin": 1.0, "ymin": 2.0}],
        "plek": [shapely.to_wkb(shapely.Point(121_394, 487_383, 3), output_dimension=3)],
    }
    path = write(tmp_path, columns, geo)
    assert read_warnings(path) == [
        "Columns that were not read: naam, foto, labels",
        "The heights in the geometry were not used (features: 1, the first is 1)",
    ]
    assert read_one(path).rows[0].geometry == DAM_RD


def test_geometry_of_a_file_that_does_not_describe_it_is_named_as_not_read(tmp_path: Path) -> None:
    path = write(tmp_path, {"ref": ["A1"], "geometry": [shapely.to_wkb(DAM_RD)]})
    assert read_warnings(path) == ["Columns that were not read: geometry"]


@pytest.mark.parametrize("covering", [[], "x", {"bbox": 1}, {"bbox": {"xmin": []}}, None])
def test_malformed_covering_is_passed_over(tmp_path: Path, covering: object) -> None:
    geo: dict[str, Any] = describe(CRS("EPSG:28992").to_json_dict())
    geo["columns"]["plek"]["covering"] = covering
    columns = {"ref": ["A1"], "plek": [shapely.to_wkb(DAM_RD)]}
    assert read_one(write(tmp_path, columns, geo)).rows[0].geometry == DAM_RD
