"""Features as files, written as they come: FlatGeobuf, GeoPackage, GeoParquet; Excel has a file of its own."""

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from pyogrio.raw import write_arrow
from pyproj import CRS

from app.core.temporary_files import detect_full_folder
from app.files.writers import flatgeobuf_index, geopackage_index
from app.files.writers.arrow import GEOMETRY, describe_table, make_table
from app.files.writers.schema import EXCEL, FLATGEOBUF, GEOPACKAGE, GEOPARQUET, Format, Layer
from app.files.writers.text_stream import write_text_file
from app.files.writers.xlsx import write_xlsx
from app.spatial.crs import Crs

ROWS_IN_A_GROUP: Final = 10_000
"""Rows in a row group of GeoParquet: a reader loads one at a time, the writer holds one in memory."""

ROWS_AT_A_TIME: Final = 200
"""Rows passed to GDAL at once: while it writes them, about 10 ms, no other thread runs."""

_BOX: Final = "bbox"
_SIDES: Final = ("xmin", "ymin", "xmax", "ymax")
_BOX_FIELD: Final = pa.field(
    _BOX, pa.struct([pa.field(side, pa.float64(), nullable=False) for side in _SIDES])
)

ColumnBatches = Iterable[Sequence[bytes]]


def write_file(form: Format, path: Path, layer: Layer, batches: ColumnBatches) -> int:
    """Write all features to a new file; gives how many there were. Raises: what reading the features raises."""
    counted = _Counted(batches)
    try:
        if form.name in _WRITERS:
            _WRITERS[form.name](path, layer, counted)
        else:
            write_text_file(form, path, layer, counted)
    finally:
        # GDAL and Arrow make an error of their own of what went wrong while they were reading, or none.
        if counted.failure is not None:
            raise counted.failure
    return counted.features


class _Counted:
    """The batches themselves, how many features went by, and what went wrong."""

    def __init__(self, batches: ColumnBatches) -> None:
        self._batches = batches
        self.features = 0
        self.failure: BaseException | None = None

    def __iter__(self) -> Iterator[Sequence[bytes]]:
        batches = iter(self._batches)
        while True:
            try:
                features = next(batches, None)
            except BaseException as failure:
                self.failure = failure
                raise
            if features is None:
                return
            self.features += len(features)
            yield features


def _make_tables(layer: Layer, batches: ColumnBatches, boxes: Path) -> Iterator[pa.RecordBatch]:
    """Tables without lists, which GDAL's formats have none of; the sides of each place are written to `boxes`."""
    schema = describe_table(layer, lists=False)
    with boxes.open("wb") as sides:
        for features in filter(None, batches):
            table = make_table(features, layer, schema)
            if layer.has_geometry:
                sides.write(_read_boxes(table).tobytes())
            for first in range(0, len(table), ROWS_AT_A_TIME):
                yield table.slice(first, ROWS_AT_A_TIME)


def _write_by_gdal(
    path: Path, layer: Layer, tables: Iterator[pa.RecordBatch], driver: str, **options: Any
) -> None:
    with detect_full_folder():
        write_arrow(
            pa.RecordBatchReader.from_batches(describe_table(layer, lists=False), tables),
            path,
            layer=layer.name,
            driver=driver,
            geometry_name=GEOMETRY,
            geometry_type=layer.geometry_type,
            # GIS tools know longitude and latitude as EPSG:4326, and ask about CRS84. Files have x first in both.
            crs="EPSG:4326" if layer.crs is Crs.CRS84 else layer.crs.code,
            **options,
        )


def _write_flatgeobuf(path: Path, layer: Layer, batches: ColumnBatches) -> None:
    with TemporaryDirectory(dir=path.parent) as folder:
        plain, boxes = Path(folder, "plain.fgb"), Path(folder, "boxes")
        tables = _make_tables(layer, batches, boxes)
        _write_by_gdal(plain, layer, tables, "FlatGeobuf", layer_options={"SPATIAL_INDEX": "NO"})
        if boxes.stat().st_size:
            flatgeobuf_index.add_index(plain, boxes, path)
        else:
            # There is no index of nothing, and no extent: GDAL writes one of NaN.
            flatgeobuf_index.remove_extent(plain)
            plain.rename(path)


def _write_geopackage(path: Path, layer: Layer, batches: ColumnBatches) -> None:
    # 1.3 and milliseconds are what GDAL 3.6, of Debian 12, reads without a warning.
    dataset_options = {"VERSION": "1.3"}
    layer_options = {"DATETIME_PRECISION": "MILLISECOND", "GEOMETRY_NAME": GEOMETRY}

    def write(path: Path, tables: Iterator[pa.RecordBatch], index: str) -> None:
        options = layer_options | {"SPATIAL_INDEX": index}
        _write_by_gdal(path, layer, tables, "GPKG", dataset_options=dataset_options, layer_options=options)

    with TemporaryDirectory(dir=path.parent) as folder:
        pattern, boxes = Path(folder, "pattern.gpkg"), Path(folder, "boxes")
        write(path, _make_tables(layer, batches, boxes), "NO")
        if layer.has_geometry:
            write(pattern, iter(()), "YES")
            with detect_full_folder():
                geopackage_index.add_index(path, boxes, pattern)


def _write_geoparquet(path: Path, layer: Layer, batches: ColumnBatches) -> None:
    """Write a file with a box beside each geometry, by which readers skip row groups.

    Source: GeoParquet 1.1.0, covering.
    """
    schema = describe_table(layer, lists=True)
    written = schema.append(_BOX_FIELD) if layer.has_geometry else schema
    extent = np.array([np.inf, np.inf, -np.inf, -np.inf])
    with pq.ParquetWriter(path, written, compression="zstd") as writer:
        group: list[pa.RecordBatch] = []
        for features in batches:
            table = make_table(features, layer, schema)
            if layer.has_geometry:
                boxes = _read_boxes(table)
                extent = _widen(extent, boxes)
                table = table.append_column(_BOX_FIELD, _make_box_column(boxes))
            group.append(table)
            if sum(len(one) for one in group) >= ROWS_IN_A_GROUP:
                writer.write_table(pa.Table.from_batches(group, written))
                group = []
        if group:
            writer.write_table(pa.Table.from_batches(group, written))
        writer.add_key_value_metadata({"geo": json.dumps(_describe_geometry(layer, extent))})


def _make_box_column(boxes: np.ndarray[Any, Any]) -> pa.StructArray:
    """A struct of the four sides; null beside a geometry that is null."""
    sides = [pa.array(boxes[:, side]) for side in range(len(_SIDES))]
    return pa.StructArray.from_arrays(
        sides, fields=list(_BOX_FIELD.type), mask=pa.array(np.isnan(boxes[:, 0]))
    )


def _widen(extent: np.ndarray[Any, Any], boxes: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    sides = np.vstack([extent, boxes])
    return np.concatenate([np.fmin.reduce(sides[:, :2]), np.fmax.reduce(sides[:, 2:])])


def _read_boxes(table: pa.RecordBatch) -> np.ndarray[Any, Any]:
    """West, south, east and north of each feature."""
    wkb = table.column(GEOMETRY).to_numpy(zero_copy_only=False)
    sides: np.ndarray[Any, Any] = shapely.bounds(shapely.from_wkb(wkb))
    return sides


def _describe_geometry(layer: Layer, extent: np.ndarray[Any, Any]) -> dict[str, Any]:
    types = [layer.geometry_type] if layer.has_geometry else []
    column: dict[str, Any] = {"encoding": "WKB", "geometry_types": types}
    # CRS84 is the default of GeoParquet, and readers support it best.
    if layer.crs is not Crs.CRS84:
        column["crs"] = CRS(layer.crs.code).to_json_dict()
    if layer.has_geometry:
        column["covering"] = {"bbox": {side: [_BOX, side] for side in _SIDES}}
    if np.isfinite(extent).all():
        column["bbox"] = extent.tolist()
    return {"version": "1.1.0", "primary_column": GEOMETRY, "columns": {GEOMETRY: column}}


_WRITERS: Final = {
    EXCEL.name: write_xlsx,
    FLATGEOBUF.name: _write_flatgeobuf,
    GEOPACKAGE.name: _write_geopackage,
    GEOPARQUET.name: _write_geoparquet,
}
