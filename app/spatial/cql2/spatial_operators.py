"""Functions of geometries and of lists: relations between two of them.

Source: OGC 21-065r2, 7.4 (spatial functions) and 7.6 (array functions).
"""

from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, func, not_

from app.core.i18n import LocalizedText
from app.core.problems import ProblemCode
from app.spatial.cql2.errors import refuse
from app.spatial.cql2.geometry_literals import FilterGeometry, InvalidGeometry
from app.spatial.cql2.operands import Operand, Writer
from app.spatial.cql2.properties import PropertyKind
from app.spatial.cql2.sort_key_ranges import intersect_ranges
from app.spatial.crs import Crs

OperandPair = Callable[[ColumnElement[Any], ColumnElement[Any]], ColumnElement[bool]]

_NO_GEOMETRY = LocalizedText(
    "Deze functie werkt met twee geometrieën.", "This function takes two geometries."
)
_NO_COLLECTION = LocalizedText(
    "Gebruik een GEOMETRYCOLLECTION alleen in S_INTERSECTS en S_DISJOINT.",
    "Use a GEOMETRYCOLLECTION in S_INTERSECTS and S_DISJOINT only.",
)
_NO_LIST = LocalizedText(
    "Deze functie werkt met lijsten van teksten, zoals ('a', 'b').",
    "This function takes lists of texts, like ('a', 'b').",
)

SPATIAL_FUNCTIONS: Final[dict[str, OperandPair]] = {
    "s_contains": func.ST_Contains,
    "s_crosses": func.ST_Crosses,
    # Negated below, together with the ranges of the sort key.
    "s_disjoint": func.ST_Intersects,
    "s_equals": func.ST_Equals,
    "s_intersects": func.ST_Intersects,
    "s_overlaps": func.ST_Overlaps,
    "s_touches": func.ST_Touches,
    "s_within": func.ST_Within,
}

ARRAY_FUNCTIONS: Final[dict[str, OperandPair]] = {
    "a_containedby": lambda one, other: one.bool_op("<@")(other),
    "a_contains": lambda one, other: one.bool_op("@>")(other),
    "a_equals": lambda one, other: and_(one.bool_op("@>")(other), one.bool_op("<@")(other)),
    "a_overlaps": lambda one, other: one.bool_op("&&")(other),
}


def relate_geometries(writer: Writer, name: str, one: Operand, other: Operand) -> Operand:
    """The condition, in RD when every geometry has RD coordinates, otherwise in degrees. Raises: FilterError."""
    sides = (one, other)
    if any(side.kind is not PropertyKind.GEOMETRY for side in sides):
        raise refuse(ProblemCode.FILTER_TYPE, _NO_GEOMETRY)
    literals: list[FilterGeometry] = [side.literal for side in sides if side.is_literal]
    if name not in ("s_intersects", "s_disjoint") and any(literal.is_collection for literal in literals):
        raise refuse(ProblemCode.FILTER_GEOMETRY, _NO_COLLECTION)
    columns = [side.source for side in sides if side.source is not None]
    in_rd = any(literal.crs is Crs.RD for literal in literals) and all(
        column.column_rd is not None for column in columns
    )
    try:
        related = SPATIAL_FUNCTIONS[name](*(writer.write_geometry(side, in_rd=in_rd) for side in sides))
        numbers = [column.hilbert_number for column in columns if column.hilbert_number is not None]
        ranges = [literal.find_sort_key_ranges(in_rd=in_rd) for literal in literals] if numbers else []
    except InvalidGeometry as invalid:
        raise refuse(ProblemCode.FILTER_GEOMETRY, invalid.detail) from None
    # The ranges follow from the relation and are never null, so both can be negated together.
    in_ranges = [
        writer.write_in_ranges(number, sort_key_ranges) for number in numbers for sort_key_ranges in ranges
    ]
    related = and_(*in_ranges, related)
    if name == "s_disjoint":
        return Operand(PropertyKind.BOOLEAN, not_(related))
    return Operand(PropertyKind.BOOLEAN, related, sort_key_ranges=intersect_ranges(ranges))


def relate_arrays(writer: Writer, name: str, one: Operand, other: Operand) -> ColumnElement[bool]:
    """The condition; order and repetition in the lists do not matter. Raises: FilterError."""
    if any(side.kind is not PropertyKind.TEXTS for side in (one, other)):
        raise refuse(ProblemCode.FILTER_TYPE, _NO_LIST)
    return ARRAY_FUNCTIONS[name](writer.write(one), writer.write(other))
