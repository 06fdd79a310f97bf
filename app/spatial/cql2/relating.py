"""Functions of geometries and of lists: how two of them lie to each other.

Source: OGC 21-065r2, 7.4 (spatial functions) and 7.6 (array functions).
"""

from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, func, not_

from app.core.language import Text
from app.spatial.cql2.geometries import Drawn, Misdrawn
from app.spatial.cql2.operands import Operand, Writer
from app.spatial.cql2.properties import Kind
from app.spatial.cql2.refusals import refuse
from app.spatial.cql2.whereabouts import intersect_windows
from app.spatial.crs import Crs

Pair = Callable[[ColumnElement[Any], ColumnElement[Any]], ColumnElement[bool]]

_NO_GEOMETRY = Text("Deze functie vraagt twee geometrieën.", "This function takes two geometries.")
_NO_COLLECTION = Text(
    "Een GEOMETRYCOLLECTION kan alleen in S_INTERSECTS en S_DISJOINT.",
    "A GEOMETRYCOLLECTION is for S_INTERSECTS and S_DISJOINT only.",
)
_NO_LIST = Text(
    "Deze functie vraagt lijsten van teksten, zoals ('a', 'b').",
    "This function takes lists of texts, like ('a', 'b').",
)

SPATIAL_FUNCTIONS: Final[dict[str, Pair]] = {
    "s_contains": func.ST_Contains,
    "s_crosses": func.ST_Crosses,
    # Denied below, together with where it is looked for.
    "s_disjoint": func.ST_Intersects,
    "s_equals": func.ST_Equals,
    "s_intersects": func.ST_Intersects,
    "s_overlaps": func.ST_Overlaps,
    "s_touches": func.ST_Touches,
    "s_within": func.ST_Within,
}

ARRAY_FUNCTIONS: Final[dict[str, Pair]] = {
    "a_containedby": lambda one, other: one.bool_op("<@")(other),
    "a_contains": lambda one, other: one.bool_op("@>")(other),
    "a_equals": lambda one, other: and_(one.bool_op("@>")(other), one.bool_op("<@")(other)),
    "a_overlaps": lambda one, other: one.bool_op("&&")(other),
}


def relate_geometries(writer: Writer, name: str, one: Operand, other: Operand) -> Operand:
    """The condition, in RD when all of it is known there, else in degrees. Raises: Refusal."""
    sides = (one, other)
    if any(side.kind is not Kind.GEOMETRY for side in sides):
        raise refuse("filter_type", _NO_GEOMETRY)
    drawn: list[Drawn] = [side.literal for side in sides if side.is_literal]
    if name not in ("s_intersects", "s_disjoint") and any(each.is_collection for each in drawn):
        raise refuse("filter_geometry", _NO_COLLECTION)
    columns = [side.source for side in sides if side.source is not None]
    in_rd = any(each.crs is Crs.RD for each in drawn) and all(each.column_rd is not None for each in columns)
    try:
        related = SPATIAL_FUNCTIONS[name](*(writer.write_geometry(side, in_rd=in_rd) for side in sides))
        numbers = [column.hilbert_number for column in columns if column.hilbert_number is not None]
        windows = [each.find_window(in_rd=in_rd) for each in drawn] if numbers else []
    except Misdrawn as misdrawn:
        raise refuse("filter_geometry", misdrawn.detail) from None
    # It follows from the relation and is never null, so that the two may be denied together too.
    nearby = [writer.write_window(number, window) for number in numbers for window in windows]
    related = and_(*nearby, related)
    if name == "s_disjoint":
        return Operand(Kind.BOOLEAN, not_(related))
    return Operand(Kind.BOOLEAN, related, window=intersect_windows(windows))


def relate_arrays(writer: Writer, name: str, one: Operand, other: Operand) -> ColumnElement[bool]:
    """Order and repetition do not count. Raises: Refusal."""
    if any(side.kind is not Kind.TEXTS for side in (one, other)):
        raise refuse("filter_type", _NO_LIST)
    return ARRAY_FUNCTIONS[name](writer.write(one), writer.write(other))
