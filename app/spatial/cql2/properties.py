"""Properties that a filter may name, with their columns and kinds."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from sqlalchemy import BigInteger, Boolean, ColumnElement, Date, DateTime, Double, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY

from app.core.i18n import LocalizedText


class PropertyKind(Enum):
    """Kinds of values, with a label for people and the type in SQL."""

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
    """A property and its column. The column of a geometry is in degrees (SRID 4258); `column_rd` is the one in RD.

    `conditions` are conditions for each text of a closed list, never null, which an index answers faster.
    `hilbert_number` is the number of a place (`app/spatial/hilbert.py`), never null, for an index on that number. Only
    points have one: an area extends beyond one cell.
    """

    column: ColumnElement[Any]
    kind: PropertyKind
    column_rd: ColumnElement[Any] | None = None
    conditions: Mapping[str, ColumnElement[bool]] | None = None
    hilbert_number: ColumnElement[int] | None = None


FilterProperties = Mapping[str, FilterProperty]
