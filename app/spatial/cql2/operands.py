"""What the parts of a filter stand for, and the values that are bound for them."""

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
"""Begins the name of each bound value; a caller's own values have other names."""

RANGES: Final = 4
"""Each place drawn is looked for in as many ranges, so that another place is no other statement; few need more."""


@dataclass(frozen=True, slots=True)
class Operand:
    """A part that has a value: a literal, a property, or what SQL makes of those.

    `folds` tells what has been taken out of a text already; `sums` how deeply calculations are nested;
    `sort_key_ranges` the ranges of the Hilbert number where a condition can be true, None for anywhere.
    """

    kind: PropertyKind
    sql: ColumnElement[Any] | None = None
    literal: Any = ABSENT
    source: FilterProperty | None = None
    folds: frozenset[str] = frozenset()
    sums: int = 0
    sort_key_ranges: SortKeyRanges | None = None

    @property
    def is_condition(self) -> bool:
        """Whether it is something that is asked, and no value that can be compared."""
        return self.kind is PropertyKind.BOOLEAN and not self.is_literal and self.source is None

    @property
    def is_literal(self) -> bool:
        return self.literal is not ABSENT


@dataclass(slots=True)
class Writer:
    """Writes operands as SQL; `values` holds what it bound, by name in order of appearance.

    `bounds` holds the ends of ranges, apart: a property without a number of its place is asked by the same names.
    """

    values: dict[str, Any] = field(default_factory=dict)
    bounds: dict[str, int] = field(default_factory=dict)

    def bind(self, value: Any, sql_type: Any) -> ColumnElement[Any]:
        name = f"{VALUE_PREFIX}{len(self.values) + 1}"
        self.values[name] = value
        return bindparam(name, type_=sql_type)

    def write(self, operand: Operand, kind: PropertyKind | None = None) -> ColumnElement[Any]:
        """The SQL of an operand; a literal is bound as `kind`, or as its own."""
        if operand.sql is not None:
            return operand.sql
        if kind is None and isinstance(operand.literal, int) and operand.kind is PropertyKind.NUMBER:
            kind = PropertyKind.INTEGER
        return self.bind(operand.literal, (kind or operand.kind).sql_type)

    def write_list(self, operands: list[Operand]) -> ColumnElement[Any]:
        """Literals of one kind as one array, so that a longer list is no other statement."""
        literals = [operand.literal for operand in operands]
        kind = operands[0].kind
        if kind is PropertyKind.NUMBER:
            if all(isinstance(literal, int) for literal in literals):
                kind = PropertyKind.INTEGER
            else:
                # An array is of one type.
                literals = [float(literal) for literal in literals]
        return self.bind(literals, ARRAY(kind.sql_type))

    def write_geometry(self, operand: Operand, *, in_rd: bool) -> ColumnElement[Any]:
        """A geometry in RD or in degrees. Raises: Misdrawn."""
        if operand.source is not None:
            column_rd = operand.source.column_rd
            return column_rd if in_rd and column_rd is not None else operand.source.column
        # PostGIS' own cast; GeoAlchemy2 would want the number of the system as a value.
        placed = shapely.set_srid(operand.literal.place(in_rd=in_rd), 28992 if in_rd else 4258)
        return func.geometry(self.bind(shapely.to_wkb(placed, include_srid=True), LargeBinary()))

    def write_window(self, number: ColumnElement[int], sort_key_ranges: SortKeyRanges) -> ColumnElement[bool]:
        """Whether a number along the Hilbert curve lies in one of the ranges, or between some of them."""
        # No number is below zero: an empty range for each that is not needed.
        ranges = [*list_ranges(sort_key_ranges, RANGES), *[(0, -1)] * RANGES][:RANGES]
        return or_(*(number.between(self._bind_end(low), self._bind_end(high)) for low, high in ranges))

    def _bind_end(self, end: int) -> ColumnElement[int]:
        name = f"{VALUE_PREFIX}end_{len(self.bounds) + 1}"
        self.bounds[name] = end
        return bindparam(name, type_=BigInteger())
