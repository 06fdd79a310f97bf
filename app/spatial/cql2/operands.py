"""Operands of a filter, and the values that are bound for them."""

from dataclasses import dataclass, field
from typing import Any, Final

import shapely
from sqlalchemy import BigInteger, ColumnElement, LargeBinary, bindparam, func, or_
from sqlalchemy.dialects.postgresql import ARRAY

from app.core.problems import ABSENT
from app.spatial.cql2.properties import FilterProperty, PropertyKind
from app.spatial.cql2.sort_key_ranges import list_ranges
from app.spatial.sort_key_ranges import SortKeyRanges

VALUE_PREFIX = "filter_"
"""Prefix of the names of bound values. Callers use other names for their own."""

RANGES: Final = 4
"""Number of ranges for each geometry, always the same, so that other geometries share the statement. Few need more."""


@dataclass(frozen=True, slots=True)
class Operand:
    """A part of a filter with a value: a literal, a property, or an expression of those.

    `name` is that of a property, `folds` are the functions that were applied to a text, `operations` is the depth of
    nested calculations;
    `sort_key_ranges` are the ranges of the Hilbert number where a condition can be true, None for no limit.
    """

    kind: PropertyKind
    sql: ColumnElement[Any] | None = None
    literal: Any = ABSENT
    source: FilterProperty | None = None
    name: str = ""
    folds: frozenset[str] = frozenset()
    operations: int = 0
    sort_key_ranges: SortKeyRanges | None = None

    @property
    def is_condition(self) -> bool:
        """Whether it is a condition, and not a value that can be compared."""
        return self.kind is PropertyKind.BOOLEAN and not self.is_literal and self.source is None

    @property
    def is_literal(self) -> bool:
        return self.literal is not ABSENT


@dataclass(slots=True)
class Writer:
    """Writes operands as SQL; `values` are the bound values by name, in order of appearance.

    `bounds` are the ends of ranges. They are apart, so that properties with and without a Hilbert number have the same
    names in `values`.
    """

    values: dict[str, Any] = field(default_factory=dict)
    bounds: dict[str, int] = field(default_factory=dict)

    def bind(self, value: Any, sql_type: Any) -> ColumnElement[Any]:
        name = f"{VALUE_PREFIX}{len(self.values) + 1}"
        self.values[name] = value
        return bindparam(name, type_=sql_type)

    def write(self, operand: Operand, kind: PropertyKind | None = None) -> ColumnElement[Any]:
        """The SQL of an operand; a literal is bound as `kind`, or as its own kind."""
        if operand.sql is not None:
            return operand.sql
        if kind is None and isinstance(operand.literal, int) and operand.kind is PropertyKind.NUMBER:
            kind = PropertyKind.INTEGER
        return self.bind(operand.literal, (kind or operand.kind).sql_type)

    def write_list(self, operands: list[Operand]) -> ColumnElement[Any]:
        """Literals of one kind as one array, so that lists of any length share the statement."""
        literals = [operand.literal for operand in operands]
        kind = operands[0].kind
        if kind is PropertyKind.NUMBER:
            if all(isinstance(literal, int) for literal in literals):
                kind = PropertyKind.INTEGER
            else:
                # An array has one type.
                literals = [float(literal) for literal in literals]
        return self.bind(literals, ARRAY(kind.sql_type))

    def write_geometry(self, operand: Operand, *, in_rd: bool) -> ColumnElement[Any]:
        """A geometry in RD or in degrees. Raises: InvalidGeometry."""
        if operand.source is not None:
            column_rd = operand.source.column_rd
            return column_rd if in_rd and column_rd is not None else operand.source.column
        # The cast of PostGIS; GeoAlchemy2 would bind the SRID as a value.
        geometry = shapely.set_srid(operand.literal.to_compared(in_rd=in_rd), 28992 if in_rd else 4258)
        return func.geometry(self.bind(shapely.to_wkb(geometry, include_srid=True), LargeBinary()))

    def write_in_ranges(
        self, number: ColumnElement[int], sort_key_ranges: SortKeyRanges
    ) -> ColumnElement[bool]:
        """Whether a Hilbert number lies in one of the ranges, of which some may be joined."""
        # Unused ranges are empty: no number is below zero.
        ranges = [*list_ranges(sort_key_ranges, RANGES), *[(0, -1)] * RANGES][:RANGES]
        return or_(*(number.between(self._bind_end(low), self._bind_end(high)) for low, high in ranges))

    def _bind_end(self, end: int) -> ColumnElement[int]:
        name = f"{VALUE_PREFIX}end_{len(self.bounds) + 1}"
        self.bounds[name] = end
        return bindparam(name, type_=BigInteger())
