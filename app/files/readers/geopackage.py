"""GeoPackage: each layer a table, read by SQLite itself and never written.

GDAL would run views, functions and triggers of the file. Here the authorizer of SQLite allows reading tables only, so
these have no effect.
Source: OGC GeoPackage 1.3, 1.1.3 (features), 2.1.3 (geometries).
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

import pyproj
import shapely
from pyproj.exceptions import CRSError
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from app.core.errors import InvalidRequest
from app.core.i18n import LocalizedText
from app.core.strict_json import InvalidJson, parse_json
from app.files.readers.cell_values import tidy_value
from app.files.readers.geometries import check_geometry, find_crs
from app.files.readers.geopackage_tables import find_unlisted, refuse_without_layers
from app.files.readers.left_out import LeftOut
from app.files.readers.limits import FileLimits
from app.files.readers.sqlite_files import DAMAGED, complete_database, explain_damage
from app.files.readers.table_tally import TableTally
from app.files.readers.text_damage import TextDamage
from app.files.reading_account import ReadingAccount
from app.files.table import Cell, Row, Table
from app.spatial.crs import Crs

_ALLOWED: Final = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ})
_ENVELOPE_BYTES: Final = (0, 32, 48, 48, 64)
_KEYS: Final = frozenset({"fid", "ogc_fid", "objectid"})


class _Column(NamedTuple):
    name: str
    convert: "Callable[[Any], Cell]"


class _Layer(NamedTuple):
    name: str
    geometry: str | None
    crs: Crs
    columns: tuple[_Column, ...]
    rows: int
    left_out: tuple[str, ...]
    """Columns of bytes, and those that are computed from others."""
    refusal: InvalidRequest | None
    """Why its features cannot be read; raised only when they are read, so a background map does no harm."""


@contextmanager
def open_geopackage(path: Path, limits: FileLimits) -> Iterator["GeopackageSource"]:
    """Open a GeoPackage. Raises: InvalidRequest where it is none, or one of its layers cannot be read."""
    with (
        complete_database(path, limits) as complete,
        # Immutable: no journal that lies beside it is looked for, nothing is locked.
        closing(sqlite3.connect(f"{complete.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as database,
    ):
        with explain_damage():
            database.execute("PRAGMA trusted_schema=OFF")
            database.execute("PRAGMA cell_size_check=ON")
            database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, limits.row_characters)
            source = GeopackageSource(database, limits)
        yield source


class GeopackageSource:
    """A GeoPackage; its rows are numbered as they come, from 1."""

    format = "gpkg"

    def __init__(self, database: sqlite3.Connection, limits: FileLimits) -> None:
        self._database = database
        self._limits = limits
        self._read = 0
        self._unlisted: list[str] = []
        self._layers = list(self._list_layers())
        self._damage = TextDamage()
        self._left_out = LeftOut()
        self._tallies = [TableTally(layer.name) for layer in self._layers]
        limits.check_rows(sum(layer.rows for layer in self._layers))
        # From here on nothing but SELECT: no function, no view that calls one.
        database.set_authorizer(_authorize)

    @property
    def account(self) -> ReadingAccount:
        return ReadingAccount(
            self.format,
            tuple(tally.freeze() for tally in self._tallies if tally.is_begun),
            (*(tally.name for tally in self._tallies if not tally.is_begun), *self._unlisted),
            warnings=(*self._damage.warnings, *self._left_out.sentences),
        )

    @property
    def fraction_read(self) -> float:
        return min(1.0, self._read / max(1, sum(layer.rows for layer in self._layers)))

    def read_tables(self) -> Iterator[Table]:
        for layer, tally in zip(self._layers, self._tallies, strict=True):
            headings = tuple(column.name for column in layer.columns)
            tally.headings = headings
            yield Table(
                name=layer.name,
                headings=headings,
                rows=self._read_rows(layer, tally),
                crs=layer.crs,
                has_geometry=layer.geometry is not None,
            )

    def _read_rows(self, layer: _Layer, tally: TableTally) -> Iterator[Row]:
        tally.is_begun = True
        if layer.refusal:
            raise layer.refusal
        self._left_out.note_columns(layer.left_out)
        with explain_damage():
            names = [column.name for column in layer.columns]
            cursor = self._database.execute(_select(layer.name, [layer.geometry, *names]))
            # One by one: many rows may share their bytes in the file, and have them each once they are read.
            for number, (blob, *values) in enumerate(cursor, start=1):
                self._read += 1
                cells = [column.convert(value) for column, value in zip(layer.columns, values, strict=True)]
                geometry = _read_geometry(blob, layer.name, number)
                if geometry is not None:
                    geometry = self._left_out.drop_heights(number, geometry)
                if geometry is not None or any(cell is not None for cell in cells):
                    tally.note_row(number)
                    self._damage.look_at_cells(number, cells)
                    yield Row(number, cells, geometry)

    def _list_layers(self) -> Iterator[_Layer]:
        tables = {
            name
            for (name,) in self._database.execute(
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
            )
        }
        if "gpkg_contents" not in tables:
            raise InvalidRequest(
                LocalizedText(
                    "Dit is een SQLite-bestand, maar geen GeoPackage.",
                    "This is an SQLite file, but no GeoPackage.",
                )
            )
        contents = self._database.execute(
            # GDAL wrote `aspatial` before there were attributes.
            "SELECT table_name, srs_id FROM gpkg_contents WHERE data_type IN ('features', 'attributes', 'aspatial')"
        ).fetchall()
        listed = {name for (name,) in self._database.execute("SELECT table_name FROM gpkg_contents")}
        self._unlisted = find_unlisted(tables, listed)
        if not contents:
            raise refuse_without_layers(self._unlisted)
        for name, system in contents:
            if name not in tables:
                raise InvalidRequest(
                    LocalizedText(
                        f"Laag {name!r} is geen gewone tabel. Exporteer de laag zelf naar een nieuw GeoPackage.",
                        f"Layer {name!r} is not an ordinary table. Export the layer itself to a new GeoPackage.",
                    )
                )
            yield self._describe_layer(name, system, tables)

    def _describe_layer(self, name: str, system: int | None, tables: set[str]) -> _Layer:
        geometry = None
        if "gpkg_geometry_columns" in tables:
            row = self._database.execute(
                "SELECT column_name FROM gpkg_geometry_columns WHERE table_name = ?", [name]
            ).fetchone()
            geometry = row and str(row[0])
        as_json: set[str] = set()
        if "gpkg_data_columns" in tables:
            query = "SELECT column_name FROM gpkg_data_columns WHERE table_name = ? AND mime_type = 'application/json'"
            as_json = {column for (column,) in self._database.execute(query, [name])}
        described = self._database.execute(
            "SELECT name, upper(type), pk, hidden FROM pragma_table_xinfo(?)", [name]
        ).fetchall()
        # Hidden: computed from others, by what the file says.
        found = [(column, kind, is_key) for column, kind, is_key, is_hidden in described if not is_hidden]
        left_out = tuple(
            column
            for column, kind, _, is_hidden in described
            if column != geometry and (is_hidden or kind == "BLOB")
        )
        columns = tuple(
            _Column(column, _read_json if column in as_json else _CONVERTERS.get(kind, tidy_value))
            for column, kind, is_key in found
            if column != geometry and kind != "BLOB" and not (is_key and column.lower() in _KEYS)
        )
        if geometry is not None and geometry not in {column for column, *_ in found}:
            raise InvalidRequest(DAMAGED)
        self._limits.check_columns(len(columns))
        (rows,) = self._database.execute(f"SELECT count(*) FROM {_quote_name(name)}").fetchone()  # noqa: S608 - quoted
        crs, refusal = self._find_crs(system) if geometry else (Crs.CRS84, None)
        return _Layer(name, geometry, crs, columns, rows, left_out, refusal)

    def _find_crs(self, system: int | None) -> tuple[Crs, InvalidRequest | None]:
        """The system of a layer; with one that is not read, why not."""
        row = self._database.execute(
            "SELECT organization || ':' || organization_coordsys_id, definition "
            "FROM gpkg_spatial_ref_sys WHERE srs_id = ?",
            [system],
        ).fetchone()
        name, definition = row or (system, None)
        try:
            return find_crs(_read_authority(definition) or str(name)), None
        except InvalidRequest as refusal:
            return Crs.CRS84, refusal


def _read_authority(definition: str | None) -> str | None:
    """GDAL gives what is not of EPSG, as CRS84 is, a number of its own; who defined it stands in its definition."""
    try:
        authority = pyproj.CRS.from_wkt(definition).to_authority() if definition else None
    except (CRSError, TypeError):
        return None
    return ":".join(authority) if authority else None


def _authorize(action: int, *_: object) -> int:
    return sqlite3.SQLITE_OK if action in _ALLOWED else sqlite3.SQLITE_DENY


def _select(table: str, columns: list[str | None]) -> str:
    wanted = ", ".join("NULL" if column is None else _quote_name(column) for column in columns)
    return f"SELECT {wanted} FROM {_quote_name(table)} ORDER BY rowid"  # noqa: S608 - names that the file has, quoted


def _quote_name(name: str) -> str:
    """A name as SQLite takes it, whatever stands in it."""
    return '"' + name.replace('"', '""') + '"'


def _read_geometry(blob: Any, layer: str, number: int) -> BaseGeometry | None:
    if blob is None:
        return None
    try:
        # Only what has its header has a place for these flags; other bytes are no geometry either.
        begin = 8 + _ENVELOPE_BYTES[(blob[3] >> 1) & 0b111] if blob[:2] == b"GP" else len(blob)
        return check_geometry(shapely.from_wkb(blob[begin:]))
    except (ShapelyError, ValueError, TypeError, LookupError) as wrong:
        raise InvalidRequest(
            LocalizedText(
                f"De geometrie van object {number} in laag {layer!r} is niet te lezen. Herstel of verwijder haar.",
                f"The geometry of feature {number} in layer {layer!r} cannot be read. Repair or remove it.",
            )
        ) from wrong


def _read_json(value: Any) -> Cell:
    cell = tidy_value(value)
    try:
        read: Cell = parse_json(cell) if isinstance(cell, str) else cell
    except InvalidJson:
        return cell
    return read


def _read_boolean(value: Any) -> Cell:
    return bool(value) if value in {0, 1} else tidy_value(value)


def _read_date(value: Any) -> Cell:
    cell = tidy_value(value)
    try:
        return date.fromisoformat(cell) if isinstance(cell, str) else cell
    except ValueError:
        return cell


def _read_moment(value: Any) -> Cell:
    cell = tidy_value(value)
    try:
        return datetime.fromisoformat(cell) if isinstance(cell, str) else cell
    except ValueError:
        return cell


_CONVERTERS: Final = {"BOOLEAN": _read_boolean, "DATE": _read_date, "DATETIME": _read_moment}
