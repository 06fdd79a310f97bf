"""What the parts of a filter stand for, and the values that are bound for them."""

from dataclasses import dataclass, field
from typing import Any

import shapely
from sqlalchemy import ColumnElement, LargeBinary, bindparam, func
from sqlalchemy.dialects.postgresql import ARRAY

from app.core.errors import ABSENT
from app.spatial.cql2.geometries import Drawn
from app.spatial.cql2.properties import Kind, Property

VALUE_PREFIX = "filter_"
"""Begins the name of each bound value; a caller's own values have other names."""


@dataclass(frozen=True, slots=True)
class Operand:
    """A part that has a value: a literal, a property, or what SQL makes of those.

    `folds` tells what has been taken out of a text already; `sums` how many sums lie within each other.
    """

    kind: Kind
    sql: ColumnElement[Any] | None = None
    literal: Any = ABSENT
    source: Property | None = None
    folds: frozenset[str] = frozenset()
    sums: int = 0

    @property
    def is_condition(self) -> bool:
        """Whether it is something that is asked, and no value that can be compared."""
        return self.kind is Kind.BOOLEAN and not self.is_literal and self.source is None

    @property
    def is_literal(self) -> bool:
        return self.literal is not ABSENT


@dataclass(slots=True)
class Writer:
    """Writes operands as SQL; `values` holds what it bound, by name in order of appearance."""

    values: dict[str, Any] = field(default_factory=dict)

    def bind(self, value: Any, sql_type: Any) -> ColumnElement[Any]:
        name = f"{VALUE_PREFIX}{len(self.values) + 1}"
        self.values[name] = value
        return bindparam(name, type_=sql_type)

    def write(self, operand: Operand, kind: Kind | None = None) -> ColumnElement[Any]:
        """The SQL of an operand; a literal is bound as `kind`, or as its own."""
        if operand.sql is not None:
            return operand.sql
        if kind is None and isinstance(operand.literal, int) and operand.kind is Kind.NUMBER:
            kind = Kind.INTEGER
        return self.bind(operand.literal, (kind or operand.kind).sql_type)

    def write_list(self, operands: list[Operand]) -> ColumnElement[Any]:
        """Literals of one kind as one array, so that a longer list is no other statement."""
        literals = [operand.literal for operand in operands]
        kind = operands[0].kind
        if kind is Kind.NUMBER:
            if all(isinstance(literal, int) for literal in literals):
                kind = Kind.INTEGER
            else:
                # An array is of one type.
                literals = [float(literal) for literal in literals]
        return self.bind(literals, ARRAY(kind.sql_type))

    def write_geometry(self, operand: Operand, *, in_rd: bool) -> ColumnElement[Any]:
        """A geometry in RD or in degrees. Raises: Misdrawn."""
        if operand.source is not None:
            column_rd = operand.source.column_rd
            return column_rd if in_rd and column_rd is not None else operand.source.column
        drawn: Drawn = operand.literal
        geometry = drawn.geometry if in_rd else drawn.to_degrees()
        placed = shapely.set_srid(geometry, 28992 if in_rd else 4258)
        # PostGIS' own cast; GeoAlchemy2 would want the number of the system as a value.
        return func.geometry(self.bind(shapely.to_wkb(placed, include_srid=True), LargeBinary()))
