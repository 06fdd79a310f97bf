"""The order of the matches of a search, and the condition for those after a page.

By default results are ordered by sort key or by distance; otherwise by the properties of `sortby`, nulls last. Ties
are broken by id, so that every match is on exactly one page.
"""

import math
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Date,
    DateTime,
    Double,
    FromClause,
    Integer,
    Label,
    Text,
    Uuid,
    and_,
    cast,
    func,
    literal_column,
    or_,
    tuple_,
)

from app.sensors.search.bound_values import bind
from app.sensors.search.query_shape import QueryShape
from app.sensors.search.sensor_search import LARGEST_INTEGER, SORTABLE, SortKey
from app.sensors.tables.publication import published_version


def list_sort_columns(shape: QueryShape, table: FromClause) -> list[Label[Any]]:
    """The values by which a search orders, named `key_0` and on; `table` has the columns of a sensor."""
    return [table.c[SORTABLE[name]].label(f"key_{number}") for number, (name, _) in enumerate(shape.order)]


def list_order(
    shape: QueryShape, keys: Sequence[ColumnElement[Any]], position: ColumnElement[Any], identifier: Any
) -> list[ColumnElement[Any]]:
    """The expressions of ORDER BY; `keys` are the columns of `list_sort_columns`."""
    if not shape.order:
        return [position, identifier]
    directed = [
        _direct(key, descending=descending, nullable=_is_nullable(name))
        for key, (name, descending) in zip(keys, shape.order, strict=True)
    ]
    return [*directed, identifier]


def _direct(key: ColumnElement[Any], *, descending: bool, nullable: bool) -> ColumnElement[Any]:
    directed = key.desc() if descending else key.asc()
    # An index from the last value to the first has nulls first: it serves a column that has none.
    return directed.nulls_last() if nullable else directed


def _is_nullable(name: str) -> bool:
    return bool(published_version.c[SORTABLE[name]].nullable)


def select_after(
    shape: QueryShape, table: FromClause, position: ColumnElement[Any], identifier: ColumnElement[Any]
) -> list[ColumnElement[bool]]:
    """Conditions for the matches after the last page."""
    if not shape.after:
        return []
    last_id = bind("after_id", Uuid())
    if not shape.order:
        last = bind("after_position", Double() if shape.near else BigInteger())
        return [tuple_(position, identifier) > tuple_(last, last_id)]
    further: ColumnElement[bool] = identifier > last_id
    conditions: list[ColumnElement[bool]] = []
    for number, (name, descending) in reversed(list(enumerate(shape.order))):
        column = table.c[SORTABLE[name]]
        value = cast(bind(f"after_key_{number}", Text()), column.type)
        beyond = or_(column < value if descending else column > value, column.is_(None))
        tied = and_(column.is_not_distinct_from(value), further)
        further = or_(and_(value.is_not(None), beyond), tied)
        if number == 0 and not _is_nullable(name):
            # An index begins at this value.
            conditions.append(column <= value if descending else column >= value)
    return [*conditions, further]


def write_last_keys(shape: QueryShape, row: FromClause) -> ColumnElement[Any]:
    """The sort values of a row as a JSON array of texts; null when the search has no `sortby`."""
    if not shape.order:
        return literal_column("NULL", Text)
    texts = [cast(row.c[f"key_{number}"], Text) for number in range(len(shape.order))]
    return cast(func.json_build_array(*texts), Text)


def may_follow(order: Sequence[SortKey], keys: Sequence[object]) -> bool:
    """Whether these can be the last values of a page in that order, by their number and their types."""
    return len(order) == len(keys) and all(map(_is_value, order, keys))


def _is_value(key: SortKey, text: object) -> bool:
    if text is None:
        return True
    if not isinstance(text, str):
        return False
    kind = published_version.c[SORTABLE[key.name]].type
    try:
        if isinstance(kind, DateTime):
            datetime.fromisoformat(text)
        elif isinstance(kind, Date):
            date.fromisoformat(text)
        elif isinstance(kind, Uuid):
            UUID(text)
        elif isinstance(kind, Integer):
            return abs(int(text)) <= LARGEST_INTEGER
        elif isinstance(kind, Double):
            return math.isfinite(float(text))
        else:
            text.encode()
    except ValueError:
        return False
    return not isinstance(kind, Boolean) or text in ("true", "false")
