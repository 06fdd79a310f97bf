"""The GeoJSON text of a feature, put together by the database from its finished pieces.

Longitude and latitude, and RD, stand ready; the other systems are the same numbers turned round, or a formula.
"""

from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Double,
    FromClause,
    Numeric,
    Text,
    cast,
    column,
    func,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSON

from app.sensors.search.bound_values import bind
from app.sensors.search.operational_status import operational_status
from app.sensors.search.query_shape import QueryShape
from app.spatial.crs import Crs

PROPERTIES_OPEN: Final[ColumnElement[str]] = literal_column(
    """',"properties":{"operationalStatus":"'""", Text
)

FEATURE_SEPARATOR: Final[ColumnElement[str]] = literal_column(r"E',\n'", Text)
"""Between the features of a page. JSON text has no line end of its own, so that they can be told apart again."""

_EARTH_RADIUS_METRES: Final = literal_column("6378137.0", Double)


def feature_text(
    table: FromClause, shape: QueryShape | Crs, distance: ColumnElement[Any] | None = None
) -> ColumnElement[str]:
    """The finished GeoJSON of a sensor: its head, what the day and the question add, then what is stored.

    The long piece comes last, so that it is copied once.
    """
    if isinstance(shape, Crs):
        shape = QueryShape(crs=shape)
    added = [operational_status(table), literal_column("""'",'""")]
    if distance is not None:
        metres = cast(func.round(cast(distance, Numeric), literal_column("1")), Text)
        added[1:] = [literal_column("""'","distanceM":'"""), metres, literal_column("','")]
    return write_feature(shape, _write_head(table, shape), added, table.c.feature_properties)


def write_feature(
    shape: QueryShape, head: ColumnElement[str], added: list[ColumnElement[Any]], stored: ColumnElement[str]
) -> ColumnElement[str]:
    """Head, the properties that are added on reading, and the stored ones to the end of the feature.

    The first of `added` is the status; the last ends with a comma.
    """
    if not shape.selected:
        return _join(head.concat(PROPERTIES_OPEN), *added, stored)
    whole = _join(_say('{"operationalStatus":"'), *added, func.left(stored, literal_column("-1")))
    return _join(head, _say(',"properties":{'), _select_properties(whole), _say("}}"))


def area_head(
    identifier: ColumnElement[Any], area: ColumnElement[Any], area_rd: ColumnElement[Any], shape: QueryShape
) -> ColumnElement[str]:
    """The beginning of an area's feature, to the end of its geometry."""
    head = _join(_say('{"type":"Feature","id":"'), cast(identifier, Text), _say('","geometry":'))
    if shape.skip_geometry:
        return _join(head, _say("null"))
    geometry = area_rd if shape.crs is Crs.RD else area
    if shape.crs is Crs.WEB_MERCATOR:
        # Named 4326, so that the transformation is the formula and no shift between datums.
        wgs84 = func.ST_SetSRID(area, literal_column("4326"))
        geometry = func.ST_Transform(wgs84, literal_column("3857"))
    elif shape.crs.latitude_first:
        geometry = func.ST_FlipCoordinates(area)
    # 0: without the member `crs`, which RFC 7946 took out.
    written = func.ST_AsGeoJSON(geometry, literal_column(str(shape.crs.decimals)), literal_column("0"))
    return _join(head, written)


def _write_head(table: FromClause, shape: QueryShape) -> ColumnElement[str]:
    """The beginning of a sensor's feature, to the end of its geometry."""
    if not shape.skip_geometry and shape.crs in (Crs.CRS84, Crs.RD):
        head: ColumnElement[str] = table.c.feature_rd if shape.crs is Crs.RD else table.c.feature_crs84
        return head
    identified = _join(_say('{"type":"Feature","id":"'), cast(table.c.id, Text))
    if shape.skip_geometry:
        return _join(identified, _say('","geometry":null'))
    x: ColumnElement[Any] = table.c.longitude
    y: ColumnElement[Any] = table.c.latitude
    if shape.crs is Crs.WEB_MERCATOR:
        x = func.radians(x) * _EARTH_RADIUS_METRES
        y = func.asinh(func.tan(func.radians(y))) * _EARTH_RADIUS_METRES
    first, second = (y, x) if shape.crs.latitude_first else (x, y)
    point = _say('","geometry":{"type":"Point","coordinates":[')
    decimals = shape.crs.decimals
    return _join(
        identified,
        point,
        _write_number(first, decimals),
        _say(","),
        _write_number(second, decimals),
        _say("]}"),
    )


def _select_properties(whole: ColumnElement[str]) -> ColumnElement[str]:
    """Those properties of an object that are asked for, joined by commas, in the object's order."""
    each = func.json_each(cast(whole, JSON)).table_valued("key", "value", name="each").render_derived()
    pair = _join(cast(func.to_json(each.c.key), Text), _say(":"), cast(column("value"), Text))
    chosen = each.c.key == func.any(bind("properties", ARRAY(Text)))
    return select(func.coalesce(func.string_agg(pair, _say(",")), _say(""))).where(chosen).scalar_subquery()


def _write_number(value: ColumnElement[Any], decimals: int) -> ColumnElement[str]:
    """Rounded, and without needless noughts."""
    rounded = func.round(cast(value, Numeric), literal_column(str(decimals)))
    return cast(cast(rounded, Double), Text)


def _say(text: str) -> ColumnElement[str]:
    return literal_column(f"'{text}'", Text)


def _join(first: ColumnElement[str], *others: ColumnElement[Any]) -> ColumnElement[str]:
    for other in others:
        first = first.concat(other)
    return first
