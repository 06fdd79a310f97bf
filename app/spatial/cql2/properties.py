"""What a filter may name: properties with their columns and kinds."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from sqlalchemy import BigInteger, Boolean, ColumnElement, Date, DateTime, Double, Uuid
from sqlalchemy import Text as SqlText
from sqlalchemy.dialects.postgresql import ARRAY

from app.core.language import Text


class Kind(Enum):
    """What values a property has: how people call it, and its type in SQL."""

    TEXT = ("tekst", "text", SqlText())
    NUMBER = ("getal", "number", Double[float]())
    INTEGER = ("geheel getal", "whole number", BigInteger())
    BOOLEAN = ("waar of onwaar", "true or false", Boolean())
    DATE = ("datum", "date", Date())
    TIMESTAMP = ("moment", "moment", DateTime(timezone=True))
    TEXTS = ("lijst van teksten", "list of texts", ARRAY(SqlText))
    GEOMETRY = ("geometrie", "geometry", None)
    UUID = ("id", "id", Uuid())

    def __init__(self, nl: str, en: str, sql_type: Any) -> None:
        self.label = Text(nl, en)
        self.sql_type = sql_type

    @property
    def is_number(self) -> bool:
        return self in (Kind.NUMBER, Kind.INTEGER)

    @property
    def is_time(self) -> bool:
        return self in (Kind.DATE, Kind.TIMESTAMP)


@dataclass(frozen=True, slots=True)
class Property:
    """A property by its column; a geometry's column is in degrees (SRID 4258), and may have one in RD beside it.

    A property of a few texts may say of each what is true then, never null, where an index answers that sooner.
    A place may have its number along the Hilbert curve (`app/spatial/hilbert.py`), never null, where an index on that
    number finds it sooner. Only of a point: an area reaches beyond the cell of any one number.
    """

    column: ColumnElement[Any]
    kind: Kind
    column_rd: ColumnElement[Any] | None = None
    conditions: Mapping[str, ColumnElement[bool]] | None = None
    hilbert_number: ColumnElement[int] | None = None


Properties = Mapping[str, Property]
