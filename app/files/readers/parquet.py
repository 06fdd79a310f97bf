"""Parquet and GeoParquet, by a thousand rows at a time. Source: GeoParquet 1.1.0."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from app.core.errors import InvalidRequest
from app.core.i18n import LocalizedText
from app.files.readers.cell_values import tidy_value
from app.files.readers.geometries import check_geometry, find_crs
from app.files.readers.left_out import LeftOut
from app.files.readers.limits import FileLimits
from app.files.readers.table_tally import TableTally
from app.files.readers.text_damage import TextDamage
from app.files.reading_account import ReadingAccount
from app.files.table import Row, Table
from app.spatial.crs import Crs

_ROWS_AT_A_TIME: Final = 1_000
# Maximum size of the footer, which is read at once.
_FOOTER_BYTES: Final = 20_000_000

_DAMAGED: Final = LocalizedText(
    "Het Parquet-bestand is beschadigd of onvolledig. Exporteer het opnieuw.",
    "The Parquet file is damaged or incomplete. Export it again.",
)


@contextmanager
def open_parquet(path: Path, limits: FileLimits) -> Iterator["ParquetSource"]:
    """Open a Parquet file. Raises: InvalidRequest where it cannot be read, or its geometries not."""
    with _explain_damage():
        file = pq.ParquetFile(
            path,
            memory_map=True,
            read_dictionary=_list_text_columns(path),
            thrift_string_size_limit=_FOOTER_BYTES,
            thrift_container_size_limit=1_000_000,
        )
    with file:
        with _explain_damage():
            source = ParquetSource(file, limits)
        yield source


def _list_text_columns(path: Path) -> list[str]:
    schema = pq.read_schema(path, memory_map=True)
    return [field.name for field in schema if pa.types.is_string(field.type)]


@contextmanager
def _explain_damage() -> Iterator[None]:
    """Around reading a Parquet file. Raises: InvalidRequest for what comes of a damaged one."""
    try:
        yield
    except (pa.ArrowException, OSError, LookupError, ValueError, OverflowError) as damage:
        raise InvalidRequest(_DAMAGED) from damage


class ParquetSource:
    """A Parquet file; rows are numbered from 1."""

    format = "parquet"

    def __init__(self, file: pq.ParquetFile, limits: FileLimits) -> None:
        self._file = file
        self._read = 0
        self._rows = file.metadata.num_rows
        limits.check_rows(self._rows)
        limits.check_columns(file.metadata.num_columns)
        expanded = sum(
            file.metadata.row_group(n).total_byte_size for n in range(file.metadata.num_row_groups)
        )
        if expanded > limits.expanded_bytes:
            raise InvalidRequest(
                LocalizedText(
                    f"Uitgepakt is het Parquet-bestand {expanded // 1_000_000} MB. Lever het in delen aan.",
                    f"Unpacked the Parquet file is {expanded // 1_000_000} MB. Hand it in in parts.",
                )
            )
        self._geometry, self._crs = _find_geometry(file.metadata.metadata or {})
        self._tally = TableTally()
        self._damage = TextDamage()
        self._left_out = LeftOut()
        self._tally.headings = self._columns = [
            field.name for field in file.schema_arrow if _is_cell(field.type)
        ]
        known = {*self._columns, *_list_spatial_columns(file.metadata.metadata or {})}
        self._left_out.note_columns(name for name in file.schema_arrow.names if name not in known)

    @property
    def account(self) -> ReadingAccount:
        warnings = (*self._damage.warnings, *self._left_out.sentences)
        return ReadingAccount(self.format, (self._tally.freeze(),), warnings=warnings)

    @property
    def fraction_read(self) -> float:
        return float(self._read / max(1, self._rows))

    def read_tables(self) -> Iterator[Table]:
        yield Table(
            name=None,
            headings=tuple(self._columns),
            rows=self._read_rows(),
            crs=self._crs,
            has_geometry=self._geometry is not None,
        )

    def _read_rows(self) -> Iterator[Row]:
        wanted = [*self._columns, *([self._geometry] if self._geometry else [])]
        with _explain_damage():
            for batch in self._file.iter_batches(
                batch_size=_ROWS_AT_A_TIME, columns=wanted, use_threads=False
            ):
                shapes = self._read_geometries(batch)
                columns = [_read_values(batch.column(name)) for name in self._columns]
                for number, values in enumerate(
                    zip(*columns, strict=True) if columns else [], self._read + 1
                ):
                    cells = [tidy_value(value) for value in values]
                    geometry = shapes[number - self._read - 1]
                    if geometry is not None:
                        geometry = self._left_out.drop_heights(number, geometry)
                    if geometry is not None or any(cell is not None for cell in cells):
                        self._tally.note_row(number)
                        self._damage.look_at_cells(number, cells)
                        yield Row(number, cells, geometry)
                self._read += len(batch)

    def _read_geometries(self, batch: pa.RecordBatch) -> list[BaseGeometry | None]:
        if self._geometry is None:
            return [None] * len(batch)
        try:
            shapes = shapely.from_wkb(batch.column(self._geometry).to_pylist())
            return [None if shape is None else check_geometry(shape) for shape in shapes]
        except (ShapelyError, ValueError, TypeError) as wrong:
            raise InvalidRequest(
                LocalizedText(
                    f"Bij rij {self._read + 1} of kort daarna is een geometrie niet te lezen. Exporteer opnieuw.",
                    f"At row {self._read + 1} or soon after a geometry cannot be read. Export it again.",
                )
            ) from wrong


def _find_geometry(metadata: dict[bytes, bytes]) -> tuple[str | None, Crs]:
    """The column of the geometries and their system."""
    if b"geo" not in metadata:
        return None, Crs.CRS84
    try:
        described = json.loads(metadata[b"geo"])
        name = described["primary_column"]
        column = described["columns"][name]
        encoding = column["encoding"]
        system = column.get("crs")
        code = f"{system['id']['authority']}:{system['id']['code']}" if system else "OGC:CRS84"
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as wrong:
        raise InvalidRequest(_DAMAGED) from wrong
    if encoding != "WKB":
        raise InvalidRequest(
            LocalizedText(
                f"Geometrie als {encoding!r} lezen wij niet. Exporteer haar als WKB.",
                f"Geometry as {encoding!r} is not read. Export it as WKB.",
            )
        )
    return str(name), find_crs(code)


def _list_spatial_columns(metadata: dict[bytes, bytes]) -> set[str]:
    """The column of the geometries and those of the boxes around them, which say the same."""
    if b"geo" not in metadata:
        return set()
    described = json.loads(metadata[b"geo"])
    name = described["primary_column"]
    try:
        covering = described["columns"][name].get("covering", {})
        return {name, *(path[0] for box in covering.values() for path in box.values())}
    except (LookupError, TypeError, AttributeError):
        return {name}


def _is_cell(kind: pa.DataType) -> bool:
    """Whether it is a text, number, date or truth value, or a list of these; a geometry or its box is not."""
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    if _is_list(kind):
        kind = kind.value_type
    return not (pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind))


def _is_list(kind: pa.DataType) -> bool:
    return bool(pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind))


def _read_values(column: pa.Array) -> list[Any]:
    if pa.types.is_dictionary(column.type):
        # A text that stands in a thousand rows is made once.
        texts = column.dictionary.to_pylist()
        return [None if place is None else texts[place] for place in column.indices.to_pylist()]
    if pa.types.is_timestamp(column.type):
        # Python's own moments go to the microsecond.
        column = column.cast(pa.timestamp("us", column.type.tz), safe=False)
    if pa.types.is_float32(column.type):
        # As text a number of 32 bits is 12.3, and as one of 64 bits 12.300000190734863.
        column = column.cast(pa.string()).cast(pa.float64())
    values: list[Any] = column.to_pylist()
    return values
