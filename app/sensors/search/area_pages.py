"""Search of observed and operating areas, with the criteria of a search of sensors."""

from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Double, Integer, Select, Text, and_, func, literal_column, select
from sqlalchemy.dialects.postgresql import ARRAY

from app.sensors.search.bound_values import bind
from app.sensors.search.conditions import (
    bind_search,
    covers_spot,
    list_filterable,
    select_conditions,
    select_valid,
)
from app.sensors.search.feature_json import FEATURE_SEPARATOR, area_head, write_feature
from app.sensors.search.operational_status import operational_status
from app.sensors.search.ordering import (
    list_order,
    list_sort_columns,
    select_after,
    write_last_keys,
)
from app.sensors.search.pages import ReadPool, SensorPage
from app.sensors.search.query_shape import QueryShape, cache_by_shape
from app.sensors.search.sensor_search import COUNT_CAP, SensorSearch
from app.sensors.search.statements import compile_statement
from app.sensors.tables.publication import change, published_area
from app.spatial.cql2.filters import write_condition
from app.spatial.cql2.properties import FilterProperty, PropertyKind


async def read_area_page(pool: ReadPool, search: SensorSearch) -> SensorPage:
    """Read a page of areas, ordered by the location of their sensors; `bbox`, `near` and `covers` apply to the area.

    Each feature has the id and properties of its sensor, and `areaKind`: observed or operating.
    """
    statement = compile_areas(QueryShape.of(search))
    async with pool.connection() as connection:
        cursor = await connection.execute(statement, bind_search(search), prepare=False, binary=True)
        return SensorPage.of_row(await cursor.fetchone(), search.limit)


@cache_by_shape
def compile_areas(shape: QueryShape) -> str:
    """A statement that returns one row, with the columns of `statements.compile_page`."""
    capped = _select_areas(shape).limit(literal_column(str(COUNT_CAP + 1))).subquery("capped")
    page = _select_further(shape).limit(bind("fetch", Integer())).cte("page")
    row = select(page, func.row_number().over().label("row")).subquery("numbered")
    size = bind("page", Integer())
    return compile_statement(
        select(
            func.string_agg(_fetch_area(shape, row), FEATURE_SEPARATOR).filter(row.c.row <= size),
            func.count(),
            func.max(row.c.sort_key).filter(row.c.row == size),
            func.array_agg(row.c.id, type_=ARRAY(Text)).filter(row.c.row == size)[literal_column("1")],
            select(func.count()).select_from(capped).scalar_subquery(),
            select(func.max(change.c.number)).scalar_subquery(),
            func.max(write_last_keys(shape, row)).filter(row.c.row == size),
        ).select_from(row)
    )


@cache_by_shape
def compile_area_features(shape: QueryShape) -> str:
    """A statement that returns a row with the text of a feature for every match, in order, up to the limit."""
    page = _select_further(shape).limit(bind("page", Integer())).subquery("page")
    keys = [page.c[f"key_{number}"] for number in range(len(shape.order))]
    order = list_order(shape, keys, page.c.sort_key, page.c.id)
    return compile_statement(select(_fetch_area(shape, page)).select_from(page).order_by(*order))


def _select_areas(shape: QueryShape) -> Select[Any]:
    """The position of each match in the order, its id and version, and the values it is ordered by."""
    table, area = shape.table, published_area
    # The location criteria apply to the area, all others to the sensor.
    plain = replace(shape, rectangles=0, near=False, covers=False, after=False, filter=None, filter_form="")
    key = and_(table.c.id == area.c.id, *([table.c.version == area.c.version] if shape.as_of else []))
    conditions = [*select_conditions(plain, table), *_reaches(shape)]
    if shape.filter:
        outline = FilterProperty(area.c.area, PropertyKind.GEOMETRY, area.c.area_rd)
        conditions.append(write_condition(shape.filter, list_filterable(table) | {"geometry": outline}))
    conditions += select_valid(area) if shape.as_of else [area.c.valid_until.is_(None)]
    columns = [area.c.sort_key, area.c.id, area.c.version, *list_sort_columns(shape, table)]
    return select(*columns).select_from(area.join(table, key)).where(*conditions)


def _select_further(shape: QueryShape) -> Select[Any]:
    """The matches after the last page, in order."""
    table, area = shape.table, published_area
    after = select_after(replace(shape, near=False), table, area.c.sort_key, area.c.id)
    order = list_order(shape, list_sort_columns(shape, table), area.c.sort_key, area.c.id)
    return _select_areas(shape).where(*after).order_by(*order)


def _fetch_area(shape: QueryShape, row: Any) -> ColumnElement[str]:
    table, area = shape.table.alias("feature"), published_area.alias("outline")
    added: list[ColumnElement[Any]] = [
        operational_status(table),
        literal_column("""'","areaKind":"'"""),
        area.c.area_kind,
        literal_column("""'",'"""),
    ]
    head = area_head(area.c.id, area.c.area, area.c.area_rd, shape)
    text = write_feature(shape, head, added, table.c.feature_properties)
    joined = area.join(table, table.c.id == area.c.id)
    keys = [area.c.id == row.c.id, area.c.version == row.c.version]
    if shape.as_of:
        keys.append(table.c.version == area.c.version)
    return select(text).select_from(joined).where(*keys).scalar_subquery()


def _reaches(shape: QueryShape) -> list[ColumnElement[bool]]:
    area_rd = published_area.c.area_rd
    conditions: list[ColumnElement[bool]] = []
    if shape.rectangles:
        geometry, srid = (area_rd, "28992") if shape.box_in_rd else (published_area.c.area, "4258")
        boxes = [_box(index) for index in range(shape.rectangles)]
        either = boxes[0] if len(boxes) == 1 else func.ST_Collect(*boxes)
        conditions.append(func.ST_Intersects(geometry, func.ST_SetSRID(either, literal_column(srid))))
    if shape.near:
        spot = func.ST_MakePoint(bind("near_x", Double()), bind("near_y", Double()))
        spot = func.ST_SetSRID(spot, literal_column("28992"))
        conditions.append(func.ST_DWithin(area_rd, spot, bind("radius", Double())))
    if shape.covers:
        conditions.append(covers_spot(area_rd))
    return conditions


def _box(index: int) -> ColumnElement[Any]:
    """A rectangle; one without width or height is a line or a point, which `ST_MakeEnvelope` would drop."""
    west, south, east, north = (bind(f"{side}{index}", Double()) for side in "wsen")
    diagonal = func.ST_MakeLine(func.ST_MakePoint(west, south), func.ST_MakePoint(east, north))
    return func.ST_Envelope(diagonal)
