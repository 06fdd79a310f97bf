"""Schema of the features that a writer gets, and the list of formats."""

from dataclasses import dataclass
from enum import Enum
from typing import Final, Literal

from app.core.i18n import Language
from app.spatial.crs import Crs

GeometryType = Literal["Point", "MultiPolygon"]


class ColumnKind(Enum):
    """Type of the values of a column; a moment is in UTC, to the second."""

    TEXT = "text"
    TEXTS = "texts"
    DATE = "date"
    MOMENT = "moment"
    BOOLEAN = "boolean"
    NUMBER = "number"
    INTEGER = "integer"


_KINDS: Final = {
    "date": ColumnKind.DATE,
    "date-time": ColumnKind.MOMENT,
    "array": ColumnKind.TEXTS,
    "number": ColumnKind.NUMBER,
    "integer": ColumnKind.INTEGER,
    "boolean": ColumnKind.BOOLEAN,
}


@dataclass(frozen=True, slots=True)
class Column:
    """A property of the features, by its name on the wire."""

    name: str
    kind: ColumnKind = ColumnKind.TEXT

    @classmethod
    def of_schema(cls, name: str, json_type: str, json_format: str | None) -> "Column":
        """Make a column from the type and format of a JSON schema."""
        return cls(name, _KINDS.get(json_format or "") or _KINDS.get(json_type, ColumnKind.TEXT))


@dataclass(frozen=True, slots=True)
class Layer:
    """Features that make one table: `columns` are their properties, before which comes their id, as `identifier`.

    `crs` is that of the features' text, latitude first where that system has it; files have x first. Points may be
    null; without `has_geometry` all are. `language` is that of the columns' names where these are labels for people.
    """

    name: str
    geometry_type: GeometryType
    columns: tuple[Column, ...]
    crs: Crs
    has_geometry: bool = True
    identifier: str = "id"
    language: Language | None = None


@dataclass(frozen=True, slots=True)
class Format:
    """A format by its name in `f=`; a `spooled` one can be sent only once all of it is written."""

    name: str
    media_type: str
    suffix: str
    spooled: bool = False


SEQUENCE: Final = Format("json-seq", "application/geo+json-seq", "geojsons")
CSV: Final = Format("csv", "text/csv; charset=utf-8", "csv")
FLATGEOBUF: Final = Format("flatgeobuf", "application/flatgeobuf", "fgb", spooled=True)
GEOPACKAGE: Final = Format("geopackage", "application/geopackage+sqlite3", "gpkg", spooled=True)
GEOPARQUET: Final = Format("geoparquet", "application/vnd.apache.parquet", "parquet", spooled=True)
EXCEL: Final = Format(
    "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", spooled=True
)

FORMATS: Final = (SEQUENCE, CSV, EXCEL, FLATGEOBUF, GEOPACKAGE, GEOPARQUET)
"""Formats in which any search is answered, beside GeoJSON and pages for people."""

GEOJSON_FORMAT: Final = Format("geojson", "application/geo+json", "geojson")
"""A file of GeoJSON; the links and counts of an answer to a search are not written here."""
