"""A search as one SQL statement.

A box or circle becomes a few ranges of the sort key, read from an index that contains the coordinates too. A
municipality is a range of the link table. Both return the positions of one page in order. The text of each feature is
then fetched by id.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ClauseElement,
    ColumnElement,
    FromClause,
    Integer,
    Select,
    Text,
    and_,
    case,
    cast,
    func,
    literal_column,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql.psycopg import dialect

from app.sensors.search.bound_values import bind, today
from app.sensors.search.conditions import distance_metres, select_conditions
from app.sensors.search.feature_json import FEATURE_SEPARATOR, feature_text
from app.sensors.search.ordering import (
    list_order,
    list_sort_columns,
    select_after,
    write_last_keys,
)
from app.sensors.search.query_shape import QueryShape, cache_by_shape
from app.sensors.search.sensor_search import COUNT_CAP
from app.sensors.tables.publication import change, municipality_sensor, published_sensor, sensor_count
from app.spatial.crs import Crs

_DIALECT = dialect(paramstyle="pyformat")  # type: ignore[no-untyped-call]


@cache_by_shape
def compile_page(shape: QueryShape, *, counted: bool) -> str:
    """A statement that returns one row for a page.

    Its columns: text of the features (null for none), rows found (one more than the page when another page follows),
    last position, last id, number matched (null unless `counted`), number of the last change (null for none), and the
    last sort values as a JSON array (null without `sortby`).
    """
    page = select_positions(shape).limit(bind("fetch", Integer())).cte("page")
    row = select(page, func.row_number().over().label("row")).subquery("numbered")
    size = bind("page", Integer())
    matched: ColumnElement[Any] = literal_column("NULL")
    if counted:
        # A page that is not full holds all matches: no separate count is needed.
        matched = case((func.count() > size, _count_matches(shape)), else_=func.count())
    return compile_statement(
        select(
            func.string_agg(_fetch_feature(shape, row), FEATURE_SEPARATOR).filter(row.c.row <= size),
            func.count(),
            func.max(row.c.position).filter(row.c.row == size),
            func.array_agg(row.c.id, type_=ARRAY(Text)).filter(row.c.row == size)[literal_column("1")],
            matched,
            select(func.max(change.c.number)).scalar_subquery(),
            func.max(write_last_keys(shape, row)).filter(row.c.row == size),
        ).select_from(row)
    )


@cache_by_shape
def compile_features(shape: QueryShape) -> str:
    """A statement that returns a row with the text of a feature for every match, in order."""
    return _compile_each(shape, select_positions(shape))


@cache_by_shape
def compile_stream(shape: QueryShape) -> str:
    """A statement as that of `compile_features`, with a limit, and efficient for the whole collection too."""
    most = bind("page", Integer())
    if replace(shape, after=False, crs=Crs.CRS84) != QueryShape():
        return _compile_each(shape, select_positions(shape).limit(most))
    # Read the whole table in its own order: a look-up by id of each row would double the cost.
    table = shape.table
    rows = select(feature_text(table, shape)).where(*select_conditions(shape, table))
    rows = rows.where(*select_after(shape, table, table.c.sort_key, table.c.id))
    return compile_statement(rows.order_by(table.c.sort_key, table.c.id).limit(most))


def _compile_each(shape: QueryShape, matches: Select[Any]) -> str:
    positions = matches.subquery("positions")
    return compile_statement(
        select(_fetch_feature(shape, positions)).select_from(positions).order_by(*_order(shape, positions))
    )


@lru_cache(maxsize=1)
def compile_stored_count() -> str:
    """A statement that reads the stored count of a municipality or, with the code '', of all sensors."""
    counts = sensor_count.c
    total = func.coalesce(func.sum(counts.sensors), literal_column("0"))
    chosen = counts.municipality_code == bind("municipality", Text())
    return compile_statement(select(cast(total, BigInteger)).where(chosen, counts.hidden_from > today()))


def select_positions(shape: QueryShape) -> Select[Any]:
    """Position and id of the matches, in order, with the version when the search has `as_of`.

    The columns `key_0` and on hold the values of `sortby`. The caller sets the limit.
    """
    if shape.is_linked:
        return _select_linked(shape)
    table = shape.table
    position = (distance_metres(table) if shape.near else table.c.sort_key).label("position")
    keys = list_sort_columns(shape, table)
    columns = [position, table.c.id, *([table.c.version] if shape.as_of else []), *keys]
    matches = select(*columns).where(*select_conditions(shape, table))
    matches = matches.where(*select_after(shape, table, position.element, table.c.id))
    matches = matches.order_by(*list_order(shape, keys, position, table.c.id))
    if not shape.has_sort_key_ranges:
        if shape.province and not (shape.as_of or shape.order):
            matches = matches.where(table.c.sort_key >= _find_first_in_province(shape))
        return matches
    ranges = key_ranges()
    # A page needs at most one page of rows from each range.
    found = (
        matches.where(table.c.sort_key.between(ranges.c.low, ranges.c.high))
        .limit(bind("fetch", Integer()))
        .lateral("found")
    )
    return select(*found.c).select_from(ranges.join(found, true())).order_by(*_order(shape, found))


def _find_first_in_province(shape: QueryShape) -> ColumnElement[int]:
    """The sort key of the first sensor in a province, from the last page on.

    The sensors before it, which may be nearly all, need not be read.
    """
    link = municipality_sensor
    codes = (
        func.unnest(bind("province_codes", ARRAY(Text))).table_valued("code", name="codes").render_derived()
    )
    first = select(link.c.sort_key).where(link.c.municipality_code == codes.c.code)
    if shape.after:
        first = first.where(link.c.sort_key >= bind("after_position", BigInteger()))
    found = first.order_by(link.c.sort_key).limit(literal_column("1")).lateral("first")
    return select(func.min(found.c.sort_key)).select_from(codes.join(found, true())).scalar_subquery()


def select_matches(
    shape: QueryShape,
    list_columns: Callable[[FromClause], list[ColumnElement[Any]]],
    *,
    most: ColumnElement[int] | None = None,
) -> Select[Any]:
    """Columns of every match, in no order and whatever the page; `list_columns` chooses those of the table.

    `most` is enough for the caller: no more rows need be read from one range of the sort key.
    """
    shape = replace(shape, after=False, order=())
    table = shape.table
    columns = list_columns(table)
    if shape.is_linked:
        return _join_linked(shape, columns)
    matches = select(*columns).select_from(table).where(*select_conditions(shape, table))
    if not shape.has_sort_key_ranges:
        return matches
    ranges = key_ranges()
    # LIMIT or OFFSET within each range makes the planner read the ranges one by one.
    inside = matches.where(table.c.sort_key.between(ranges.c.low, ranges.c.high))
    found = (inside.offset(literal_column("0")) if most is None else inside.limit(most)).lateral("found")
    return select(*found.c).select_from(ranges.join(found, true()))


def compile_statement(statement: ClauseElement) -> str:
    """The text of a statement or expression for psycopg, with `%(name)s` for each value."""
    return str(statement.compile(dialect=_DIALECT))


def _fetch_feature(shape: QueryShape, row: FromClause) -> ColumnElement[str]:
    """The text of the feature at a position, as a scalar subquery: it forces a look-up by id for each row."""
    table = shape.table.alias("feature")
    key = table.c.id == row.c.id
    if shape.as_of:
        key = and_(key, table.c.version == row.c.version)
    distance = row.c.position if shape.near else None
    return select(feature_text(table, shape, distance)).where(key).scalar_subquery()


def _order(shape: QueryShape, found: FromClause) -> list[ColumnElement[Any]]:
    keys = [found.c[f"key_{number}"] for number in range(len(shape.order))]
    return list_order(shape, keys, found.c.position, found.c.id)


def _select_linked(shape: QueryShape) -> Select[Any]:
    link, table = municipality_sensor, published_sensor
    keys = list_sort_columns(shape, table)
    matches = _join_linked(shape, [link.c.sort_key.label("position"), link.c.id, *keys])
    matches = matches.where(*select_after(shape, table, link.c.sort_key, link.c.id))
    return matches.order_by(*list_order(shape, keys, link.c.sort_key, link.c.id))


def _join_linked(shape: QueryShape, columns: list[ColumnElement[Any]]) -> Select[Any]:
    """The columns of the links of a municipality; those of the sensors are joined where they are used."""
    link, table = municipality_sensor, published_sensor
    matches = select(*columns).where(link.c.municipality_code == bind("municipality", Text()))
    if not shape.shows_all:
        matches = matches.where(link.c.hidden_from > today())
    further = select_conditions(shape, table, linked=True)
    uses_table = bool(further) or table in matches.get_final_froms()
    source = link.join(table, table.c.id == link.c.id) if uses_table else link
    return matches.select_from(source).where(*further)


def _count_matches(shape: QueryShape) -> ColumnElement[int]:
    """The number of matches, counted up to one above the cap."""
    cap: ColumnElement[int] = literal_column(str(COUNT_CAP + 1))
    matches = select_matches(shape, lambda _: [literal_column("1").label("one")], most=cap).limit(cap)
    return select(func.count()).select_from(matches.subquery("capped")).scalar_subquery()


def key_ranges() -> Any:
    numbers = ARRAY(BigInteger)
    unnested = func.unnest(bind("lows", numbers), bind("highs", numbers))
    return unnested.table_valued("low", "high", name="ranges").render_derived()
