"""What sensors observe and where they move: the same searches, asked of areas instead of points."""

from dataclasses import replace
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Double, Integer, Text, and_, func, literal_column, select
from sqlalchemy.dialects.postgresql import ARRAY

from app.sensors.criteria import (
    Shape,
    bind,
    bind_search,
    operational_status,
    select_after,
    select_conditions,
    select_valid,
)
from app.sensors.pages import ReadPool, SensorPage
from app.sensors.published import change, published_area
from app.sensors.search import COUNT_CAP, SensorSearch
from app.sensors.selection import PROPERTIES_OPEN, compile_statement
from app.spatial.crs import Crs


async def read_area_page(pool: ReadPool, search: SensorSearch) -> SensorPage:
    """A page of areas, in the order of the places of their sensors; box, near and covers are asked of the area.

    Each feature has its sensor's id and properties, and `areaKind`: observed or operating.
    """
    statement = compile_areas(Shape.of(search))
    async with pool.connection() as connection:
        cursor = await connection.execute(statement, bind_search(search), prepare=False, binary=True)
        return SensorPage.of_row(await cursor.fetchone(), search.limit)


@lru_cache(maxsize=256)
def compile_areas(shape: Shape) -> str:
    """A statement of one row, with the columns of `selection.compile_page`."""
    table, area = shape.table, published_area
    # The sensor is asked for all but the place, which is asked of the area.
    plain = replace(shape, rectangles=0, near=False, covers=False, after=False)
    key = and_(table.c.id == area.c.id, *([table.c.version == area.c.version] if shape.as_of else []))
    conditions = [*select_conditions(plain, table), *_reaches(shape)]
    conditions += select_valid(area) if shape.as_of else [area.c.valid_until.is_(None)]
    matches = select(area.c.sort_key, area.c.id, area.c.version).select_from(area.join(table, key))
    matches = matches.where(*conditions)
    capped = matches.limit(literal_column(str(COUNT_CAP + 1))).subquery("capped")
    page = (
        matches.where(*select_after(replace(shape, near=False), area.c.sort_key, area.c.id))
        .order_by(area.c.sort_key, area.c.id)
        .limit(bind("fetch", Integer()))
        .cte("page")
    )
    row = select(page, func.row_number().over().label("row")).subquery("numbered")
    size = bind("page", Integer())
    return compile_statement(
        select(
            func.string_agg(_fetch_area(shape, row), literal_column("','")).filter(row.c.row <= size),
            func.count(),
            func.max(row.c.sort_key).filter(row.c.row == size),
            func.array_agg(row.c.id, type_=ARRAY(Text)).filter(row.c.row == size)[literal_column("1")],
            select(func.count()).select_from(capped).scalar_subquery(),
            select(func.max(change.c.number)).scalar_subquery(),
        ).select_from(row)
    )


def _fetch_area(shape: Shape, row: Any) -> ColumnElement[str]:
    table, area = shape.table.alias("feature"), published_area.alias("outline")
    geometry = area.c.area_rd if shape.crs is Crs.RD else area.c.area
    decimals: ColumnElement[int] = literal_column("3" if shape.crs is Crs.RD else "7")
    text: ColumnElement[str] = literal_column("""'{"type":"Feature","id":"'""", Text)
    for piece in (
        area.c.id.cast(Text),
        literal_column("""'","geometry":'"""),
        func.ST_AsGeoJSON(geometry, decimals),
        PROPERTIES_OPEN,
        operational_status(table),
        literal_column("""'","areaKind":"'"""),
        area.c.area_kind,
        literal_column("""'",'"""),
        table.c.feature_properties,
    ):
        text = text.concat(piece)
    joined = area.join(table, table.c.id == area.c.id)
    keys = [area.c.id == row.c.id, area.c.version == row.c.version]
    if shape.as_of:
        keys.append(table.c.version == area.c.version)
    return select(text).select_from(joined).where(*keys).scalar_subquery()


def _reaches(shape: Shape) -> list[ColumnElement[bool]]:
    area_rd = published_area.c.area_rd
    conditions: list[ColumnElement[bool]] = []
    if shape.rectangles:
        geometry, srid = (area_rd, "28992") if shape.box_in_rd else (published_area.c.area, "4258")
        boxes = [
            func.ST_MakeEnvelope(*(bind(f"{side}{index}", Double()) for side in "wsen"), literal_column(srid))
            for index in range(shape.rectangles)
        ]
        either = boxes[0] if len(boxes) == 1 else func.ST_Collect(*boxes)
        conditions.append(func.ST_Intersects(geometry, either))
    if shape.near:
        spot = _spot("near_x", "near_y")
        conditions.append(func.ST_DWithin(area_rd, spot, bind("radius", Double())))
    if shape.covers:
        conditions.append(func.ST_Intersects(area_rd, _spot("covers_x", "covers_y")))
    return conditions


def _spot(x: str, y: str) -> ColumnElement[Any]:
    return func.ST_SetSRID(func.ST_MakePoint(bind(x, Double()), bind(y, Double())), literal_column("28992"))
