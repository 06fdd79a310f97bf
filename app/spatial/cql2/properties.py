"""What a filter may name: properties with their columns and kinds."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from sqlalchemy import BigInteger, Boolean, ColumnElement, Date, DateTime, Double, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY

from app.core.i18n import LocalizedText


class PropertyKind(Enum):
    """What values a property has: how people call it, and its type in SQL."""

    TEXT = ("tekst", "text", Text())
    NUMBER = ("getal", "number", Double[float]())
    INTEGER = ("geheel getal", "whole number", BigInteger())
    BOOLEAN = ("waar of onwaar", "true or false", Boolean())
    DATE = ("datum", "date", Date())
    TIMESTAMP = ("moment", "moment", DateTime(timezone=True))
    TEXTS = ("lijst van teksten", "list of texts", ARRAY(Text))
    GEOMETRY = ("geometrie", "geometry", None)
    UUID = ("id", "id", Uuid())

    def __init__(self, nl: str, en: str, sql_type: Any) -> None:
        self.label = LocalizedText(nl, en)
        self.sql_type = sql_type

    @property
    def is_number(self) -> bool:
        return self in (PropertyKind.NUMBER, PropertyKind.INTEGER)

    @property
    def is_time(self) -> bool:
        return self in (PropertyKind.DATE, PropertyKind.TIMESTAMP)


@dataclass(frozen=True, slots=True)
class FilterProperty:
    """A property by its column; a geometry's column is in degrees (SRID 4258), and may have one in RD beside it.

    A property of a few texts may say of each what is true then, never null, where an index answers that sooner.
    A place may have its number along the Hilbert curve (`app/spatial/hilbert.py`), never null, where an index on that
    number finds it sooner. Only of a point: an area reaches beyond the cell of any one number.
    """

    column: ColumnElement[Any]
    kind: PropertyKind
    column_rd: ColumnElement[Any] | None = None
    conditions: Mapping[str, ColumnElement[bool]] | None = None
    hilbert_number: ColumnElement[int] | None = None


FilterProperties = Mapping[str, FilterProperty]
