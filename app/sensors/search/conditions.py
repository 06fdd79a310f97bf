"""SQL conditions of the criteria of a search, with a named parameter for each value.

A `QueryShape` lists the criteria. The statement of a shape is built once; each request binds its own values.
"""

from typing import Any, Final

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Date,
    DateTime,
    Double,
    FromClause,
    Integer,
    Select,
    Text,
    Uuid,
    and_,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY

from app.municipalities.hilbert_cover import select_cover
from app.sensors.search.bound_values import bind, today
from app.sensors.search.operational_status import (
    OPERATIONAL_STATUSES,
    STATUS_PROPERTY,
    has_operational_status,
    operational_status,
)
from app.sensors.search.query_shape import QueryShape
from app.sensors.search.sensor_search import LIST_COLUMNS, SEARCHABLE, SensorSearch
from app.sensors.tables.publication import published_area
from app.spatial.cql2.filters import write_condition
from app.spatial.cql2.properties import FilterProperty, PropertyKind
from app.spatial.cql2.sort_key_ranges import intersect_ranges


def bind_search(search: SensorSearch) -> dict[str, Any]:
    """The values of a search, by the names of the parameters of its statement."""
    values: dict[str, Any] = {"today": search.today, "fetch": search.limit + 1, "page": search.limit}
    values |= {"as_of": search.as_of, "ids": list(search.ids), "words": search.words}
    values |= {"properties": list(search.properties)}
    values |= dict(zip(("since", "until"), search.during or (None, None), strict=True))
    if search.municipality is not None:
        values |= {"municipality": search.municipality.code, "edition": search.municipality.edition}
    if search.province is not None:
        values["province_codes"] = list(search.province.municipality_codes)
    if search.after is not None:
        values |= {"after_position": search.after.position, "after_id": search.after.id}
        values |= {f"after_key_{number}": key for number, key in enumerate(search.after.keys)}
    for name, wanted in search.values.items():
        one = len(wanted) == 1 and name not in LIST_COLUMNS
        values[f"value_{name}"] = wanted[0] if one else list(wanted)
    if search.filter is not None:
        values |= search.filter.values
    return values | _bind_place(search)


def _bind_place(search: SensorSearch) -> dict[str, Any]:
    values: dict[str, Any] = {}
    drawn = search.filter.sort_key_ranges if search.filter else None
    if (sort_key_ranges := intersect_ranges([search.sort_key_ranges(), drawn])) is not None:
        values |= {"lows": sort_key_ranges.lows, "highs": sort_key_ranges.highs}
    if search.bbox is not None:
        for index, sides in enumerate(search.bbox.parts()):
            values |= {f"{side}{index}": value for side, value in zip("wsen", sides, strict=True)}
    if search.near is not None:
        values |= {"near_x": search.near.x, "near_y": search.near.y, "radius": search.near.radius_metres}
    if search.covers is not None:
        values |= {"covers_x": search.covers.x, "covers_y": search.covers.y}
    return values


_FILTER_KINDS: Final = {
    ARRAY: PropertyKind.TEXTS,
    Boolean: PropertyKind.BOOLEAN,
    Date: PropertyKind.DATE,
    DateTime: PropertyKind.TIMESTAMP,
    Double: PropertyKind.NUMBER,
    Integer: PropertyKind.INTEGER,
    Uuid: PropertyKind.UUID,
}


def list_filterable(table: FromClause) -> dict[str, FilterProperty]:
    """Properties that a filter may use: those of a search, the status on the day of the search, and the location."""
    columns = {name: table.c[column] for name, column in SEARCHABLE.items()}
    return {
        **{
            name: FilterProperty(each, _FILTER_KINDS.get(type(each.type), PropertyKind.TEXT))
            for name, each in columns.items()
        },
        STATUS_PROPERTY: FilterProperty(
            operational_status(table),
            PropertyKind.TEXT,
            conditions={status: has_operational_status(table, status) for status in OPERATIONAL_STATUSES},
        ),
        "geometry": FilterProperty(
            _make_point(table.c.longitude, table.c.latitude, "4258"),
            PropertyKind.GEOMETRY,
            _make_point(table.c.x, table.c.y, "28992"),
            hilbert_number=table.c.sort_key,
        ),
    }


def _make_point(across: ColumnElement[Any], up: ColumnElement[Any], srid: str) -> ColumnElement[Any]:
    """A point made of columns that an index contains; its coordinates equal those of the stored geometry."""
    return func.ST_SetSRID(func.ST_MakePoint(across, up), literal_column(srid))


def covers_spot(area_rd: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether an area has the place of `covers`, to a centimetre: the precision of published degrees.

    A camera stands at a corner of its own field of view, and is found at its own published coordinates.
    """
    spot = func.ST_MakePoint(bind("covers_x", Double()), bind("covers_y", Double()))
    return func.ST_DWithin(area_rd, func.ST_SetSRID(spot, literal_column("28992")), literal_column("0.01"))


def distance_metres(table: FromClause) -> ColumnElement[float]:
    """Distance in metres in RD. The scale of RD is within 0.01 %, which is 5 cm in 500 m."""
    across = table.c.x - bind("near_x", Double())
    up = table.c.y - bind("near_y", Double())
    return func.sqrt(across * across + up * up)


def end_date(table: FromClause) -> ColumnElement[Any]:
    """The day on which a sensor was or will be removed, else the last day on which it may be there."""
    ends: ColumnElement[Any] = func.coalesce(table.c.removed_on, table.c.active_until)
    return ends


def select_conditions(
    shape: QueryShape, table: FromClause, *, linked: bool = False
) -> list[ColumnElement[bool]]:
    """Conditions for each match; `linked` omits those that the link table has already applied."""
    conditions = [_value(table, name, one=one) for name, one in shape.values]
    conditions += _select_place(shape, table)
    conditions += _select_time(shape, table, linked=linked)
    if shape.municipality == "current" and not linked:
        codes = func.string_to_array(_municipality(), literal_column("','"))
        conditions.append(table.c.municipality_codes.contains(codes))
    if shape.province:
        conditions.append(table.c.municipality_codes.overlap(bind("province_codes", ARRAY(Text))))
    if shape.words:
        wanted = func.plainto_tsquery(literal_column("'dutch'"), bind("words", Text()))
        conditions.append(table.c.words.bool_op("@@")(wanted))
    if shape.filter:
        conditions.append(write_condition(shape.filter, list_filterable(table)))
    if shape.ids:
        conditions.append(table.c.id == func.any(bind("ids", ARRAY(Uuid))))
    return conditions


def _select_place(shape: QueryShape, table: FromClause) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if shape.rectangles:
        conditions.append(or_(*(_inside(shape, table, index) for index in range(shape.rectangles))))
    if shape.near:
        conditions.append(distance_metres(table) <= bind("radius", Double()))
    if shape.covers:
        conditions.append(_among(table, _select_covering(shape)))
    if shape.municipality == "old":
        conditions.append(_among(table, _select_inside_old(shape)))
    return conditions


def _select_time(shape: QueryShape, table: FromClause, *, linked: bool) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if shape.statuses:
        # All statuses together are no condition.
        if set(shape.statuses) != set(OPERATIONAL_STATUSES):
            conditions.append(or_(*(has_operational_status(table, status) for status in shape.statuses)))
    elif not (linked or shape.shows_all):
        conditions.append(table.c.hidden_from > today())
    if shape.since:
        # A sensor is no longer there on its end date.
        conditions.append(end_date(table) > bind("since", Date()))
    if shape.until:
        conditions.append(table.c.placed_from <= bind("until", Date()))
    return conditions + (select_valid(table) if shape.as_of else [])


def select_valid(table: FromClause) -> list[ColumnElement[bool]]:
    """Conditions that select the version valid at `as_of`."""
    moment = bind("as_of", DateTime(timezone=True))
    return [table.c.valid_from <= moment, or_(table.c.valid_until.is_(None), table.c.valid_until > moment)]


def _municipality() -> ColumnElement[Any]:
    return bind("municipality", Text())


def _inside(shape: QueryShape, table: FromClause, index: int) -> ColumnElement[bool]:
    across, up = (table.c.x, table.c.y) if shape.box_in_rd else (table.c.longitude, table.c.latitude)
    west, south, east, north = (bind(f"{side}{index}", Double()) for side in "wsen")
    return and_(across.between(west, east), up.between(south, north))


def _among(table: FromClause, identifiers: Select[Any]) -> ColumnElement[bool]:
    # An array is filled once, before the search; then it is a look-up by id, whatever the planner expects.
    return table.c.id == func.any(func.array(identifiers.scalar_subquery()))


def _select_covering(shape: QueryShape) -> Select[Any]:
    covering = select(published_area.c.id).where(covers_spot(published_area.c.area_rd))
    return covering.where(
        *(select_valid(published_area) if shape.as_of else [published_area.c.valid_until.is_(None)])
    )


def _select_inside_old(shape: QueryShape) -> Select[Any]:
    cover, inside = select_cover(), shape.table.alias("inside")
    place = _make_point(inside.c.x, inside.c.y, "28992")
    near = inside.c.sort_key.between(cover.c.low, cover.c.high)
    return select(inside.c.id).join(cover, and_(near, func.ST_Intersects(cover.c.part_rd, place)))


def _value(table: FromClause, name: str, *, one: bool) -> ColumnElement[bool]:
    column: ColumnElement[Any] = table.c[SEARCHABLE[name]]
    if name in LIST_COLUMNS:
        return column.bool_op("&&")(bind(f"value_{name}", ARRAY(Text)))
    if one:
        return column == bind(f"value_{name}", column.type)
    return column == func.any(bind(f"value_{name}", ARRAY(column.type)))
