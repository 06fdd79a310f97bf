"""A search as one SQL statement: where its answers lie along the sort key decides the plan.

A box or circle is a few ranges of that key, read from an index that holds the coordinates too; a municipality is a
stretch of the link table. Each yields the positions of one page in order; only then is the finished text of each
feature fetched, by id.
"""

from dataclasses import replace
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Integer,
    Numeric,
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

from app.sensors.criteria import (
    Shape,
    bind,
    distance_metres,
    operational_status,
    select_after,
    select_conditions,
    today,
)
from app.sensors.published import change, municipality_sensor, published_sensor, sensor_count
from app.sensors.search import COUNT_CAP
from app.spatial.crs import Crs

PROPERTIES_OPEN: Final[ColumnElement[str]] = literal_column(
    """',"properties":{"operationalStatus":"'""", Text
)

_DIALECT = dialect(paramstyle="pyformat")  # type: ignore[no-untyped-call]


@lru_cache(maxsize=1024)
def compile_page(shape: Shape, *, counted: bool) -> str:
    """A statement of one row: features text (null for none), rows found (one more than the page when there is
    another), last position, last id, number matched (null unless `counted`), last change number (null for none).
    """
    page = select_positions(shape).limit(bind("fetch", Integer())).cte("page")
    row = select(page, func.row_number().over().label("row")).subquery("numbered")
    size = bind("page", Integer())
    matched: ColumnElement[Any] = literal_column("NULL")
    if counted:
        # Not looked for when the page itself tells.
        matched = case((func.count() > size, _count_matches(shape)), else_=func.count())
    return compile_statement(
        select(
            func.string_agg(_fetch_feature(shape, row), literal_column("','")).filter(row.c.row <= size),
            func.count(),
            func.max(row.c.position).filter(row.c.row == size),
            func.array_agg(row.c.id, type_=ARRAY(Text)).filter(row.c.row == size)[literal_column("1")],
            matched,
            select(func.max(change.c.number)).scalar_subquery(),
        ).select_from(row)
    )


@lru_cache(maxsize=1024)
def compile_features(shape: Shape) -> str:
    """A statement with one row, the text of a feature, for every match, in order."""
    positions = select_positions(shape).subquery("positions")
    return compile_statement(
        select(_fetch_feature(shape, positions))
        .select_from(positions)
        .order_by(positions.c.position, positions.c.id)
    )


@lru_cache(maxsize=1)
def compile_kept_count() -> str:
    """A statement of how many sensors are shown by default, in a municipality or (code '') in all."""
    counts = sensor_count.c
    total = func.coalesce(func.sum(counts.sensors), literal_column("0"))
    chosen = counts.municipality_code == bind("municipality", Text())
    return compile_statement(select(cast(total, BigInteger)).where(chosen, counts.hidden_from > today()))


def select_positions(shape: Shape) -> Select[Any]:
    """Position and id (and version, in the past) of the matches, in order; the caller sets the limit."""
    if shape.is_linked:
        return _select_linked(shape)
    table = shape.table
    position = (distance_metres(table) if shape.near else table.c.sort_key).label("position")
    columns = [position, table.c.id, *([table.c.version] if shape.as_of else [])]
    matches = select(*columns).where(*select_conditions(shape, table))
    matches = matches.where(*select_after(shape, position.element, table.c.id)).order_by(position, table.c.id)
    if not shape.has_window:
        return matches
    ranges = _ranges()
    # A page takes at most a page from each range, however many lie in it.
    found = (
        matches.where(table.c.sort_key.between(ranges.c.low, ranges.c.high))
        .limit(bind("fetch", Integer()))
        .lateral("found")
    )
    return select(*found.c).select_from(ranges.join(found, true())).order_by(found.c.position, found.c.id)


def feature_text(
    table: FromClause, crs: Crs, distance: ColumnElement[Any] | None = None
) -> ColumnElement[str]:
    """The finished GeoJSON of a row: its head, what the day and the question add, then the stored properties.

    The long piece comes last, so that it is copied once.
    """
    head = table.c.feature_rd if crs is Crs.RD else table.c.feature_crs84
    text = head.concat(PROPERTIES_OPEN).concat(operational_status(table))
    if distance is not None:
        metres = cast(func.round(cast(distance, Numeric), literal_column("1")), Text)
        text = text.concat(literal_column("""'","distanceM":'""")).concat(metres)
        return text.concat(literal_column("','")).concat(table.c.feature_properties)
    return text.concat(literal_column("""'",'""")).concat(table.c.feature_properties)


def compile_statement(statement: Select[Any]) -> str:
    """The statement's text with `%(name)s` for each value, as psycopg takes it."""
    return str(statement.compile(dialect=_DIALECT))


def _fetch_feature(shape: Shape, row: FromClause) -> ColumnElement[str]:
    """The feature at a position: a look-up by id for each, whatever the planner takes a page to be."""
    table = shape.table.alias("feature")
    key = table.c.id == row.c.id
    if shape.as_of:
        key = and_(key, table.c.version == row.c.version)
    distance = row.c.position if shape.near else None
    return select(feature_text(table, shape.crs, distance)).where(key).scalar_subquery()


def _select_linked(shape: Shape) -> Select[Any]:
    link, table = municipality_sensor, published_sensor
    matches = (
        select(link.c.sort_key.label("position"), link.c.id)
        .where(link.c.municipality_code == bind("municipality", Text()))
        .where(*select_after(shape, link.c.sort_key, link.c.id))
        .order_by(link.c.sort_key, link.c.id)
    )
    if not shape.statuses:
        matches = matches.where(link.c.hidden_from > today())
    further = select_conditions(shape, table, linked=True)
    return matches.join(table, table.c.id == link.c.id).where(*further) if further else matches


def _count_matches(shape: Shape) -> ColumnElement[int]:
    """How many match, counted no further than one over the cap."""
    shape = replace(shape, after=False)
    matches: Select[Any]
    cap: ColumnElement[int] = literal_column(str(COUNT_CAP + 1))
    if shape.is_linked:
        matches = _select_linked(shape).order_by(None)
    else:
        table = shape.table
        matches = select(literal_column("1")).select_from(table).where(*select_conditions(shape, table))
        if shape.has_window:
            ranges = _ranges()
            # The cap within each range too: it makes the planner take the ranges one by one.
            inside: Select[Any] = matches.where(table.c.sort_key.between(ranges.c.low, ranges.c.high)).limit(
                cap
            )
            matches = select(literal_column("1")).select_from(ranges.join(inside.lateral("found"), true()))
    return select(func.count()).select_from(matches.limit(cap).subquery("capped")).scalar_subquery()


def _ranges() -> Any:
    numbers = ARRAY(BigInteger)
    unnested = func.unnest(bind("lows", numbers), bind("highs", numbers))
    return unnested.table_valued("low", "high", name="ranges").render_derived()
