"""Features as files for GIS and data tools, written as they come: FlatGeobuf, GeoPackage, GeoParquet."""

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from pyogrio.raw import write_arrow
from pyproj import CRS

from app.formats.layers import FLATGEOBUF, GEOPACKAGE, GEOPARQUET, Format, Layer
from app.formats.tables import GEOMETRY, describe_table, make_table
from app.spatial.crs import Crs

ROWS_IN_A_GROUP: Final = 10_000
"""Of GeoParquet: what a reader takes at once, and what is held while writing."""

Batches = Iterable[Sequence[bytes]]


def write_file(form: Format, path: Path, layer: Layer, batches: Batches) -> int:
    """Write all features to a new file; gives how many there were."""
    counted = _Counted(batches)
    _WRITERS[form.name](path, layer, counted)
    return counted.features


class _Counted:
    """The batches themselves, and how many features went by."""

    def __init__(self, batches: Batches) -> None:
        self._batches = batches
        self.features = 0

    def __iter__(self) -> Iterator[Sequence[bytes]]:
        for features in self._batches:
            self.features += len(features)
            yield features


def _write_by_gdal(path: Path, layer: Layer, batches: Batches, driver: str, **options: Any) -> None:
    schema = describe_table(layer, lists=False)
    tables = (make_table(features, layer, schema) for features in batches if features)
    write_arrow(
        pa.RecordBatchReader.from_batches(schema, tables),
        path,
        layer=layer.name,
        driver=driver,
        geometry_name=GEOMETRY,
        geometry_type=layer.geometry_type,
        crs=_name_crs(layer.crs),
        **options,
    )


def _write_flatgeobuf(path: Path, layer: Layer, batches: Batches) -> None:
    # An index of nothing is refused.
    options = {"SPATIAL_INDEX": "YES" if layer.has_geometry else "NO"}
    _write_by_gdal(path, layer, batches, "FlatGeobuf", layer_options=options)


def _write_geopackage(path: Path, layer: Layer, batches: Batches) -> None:
    # 1.3 and milliseconds are what GDAL 3.6, of Debian 12, reads without a warning.
    _write_by_gdal(
        path,
        layer,
        batches,
        "GPKG",
        dataset_options={"VERSION": "1.3"},
        layer_options={"DATETIME_PRECISION": "MILLISECOND", "GEOMETRY_NAME": GEOMETRY},
    )


def _write_geoparquet(path: Path, layer: Layer, batches: Batches) -> None:
    """Source: GeoParquet 1.1.0."""
    schema = describe_table(layer, lists=True)
    extent = np.array([np.inf, np.inf, -np.inf, -np.inf])
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        group: list[pa.RecordBatch] = []
        for features in batches:
            table = make_table(features, layer, schema)
            extent = _widen(extent, table)
            group.append(table)
            if sum(len(one) for one in group) >= ROWS_IN_A_GROUP:
                writer.write_table(pa.Table.from_batches(group, schema))
                group = []
        if group:
            writer.write_table(pa.Table.from_batches(group, schema))
        writer.add_key_value_metadata({"geo": json.dumps(_describe_geometry(layer, extent))})


def _widen(extent: np.ndarray[Any, Any], table: pa.RecordBatch) -> np.ndarray[Any, Any]:
    sides = shapely.total_bounds(shapely.from_wkb(table.column(GEOMETRY).to_numpy(zero_copy_only=False)))
    return np.concatenate([np.fmin(extent[:2], sides[:2]), np.fmax(extent[2:], sides[2:])])


def _describe_geometry(layer: Layer, extent: np.ndarray[Any, Any]) -> dict[str, Any]:
    types = [layer.geometry_type] if layer.has_geometry else []
    column: dict[str, Any] = {"encoding": "WKB", "geometry_types": types}
    # Without a system it is CRS84: what readers know best is what they need not look up.
    if layer.crs is not Crs.CRS84:
        column["crs"] = CRS(_name_crs(layer.crs)).to_json_dict()
    if np.isfinite(extent).all():
        column["bbox"] = extent.tolist()
    return {"version": "1.1.0", "primary_column": GEOMETRY, "columns": {GEOMETRY: column}}


def _name_crs(crs: Crs) -> str:
    return "OGC:CRS84" if crs is Crs.CRS84 else crs.code


_WRITERS: Final = {
    FLATGEOBUF.name: _write_flatgeobuf,
    GEOPACKAGE.name: _write_geopackage,
    GEOPARQUET.name: _write_geoparquet,
}
