"""The GeoJSON text of a feature, concatenated by the database from stored pieces.

The geometry is stored in CRS84 and in RD. The other systems swap the axes of CRS84, or are computed by a formula.
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
"""Separator of the features of a page. The JSON text of a feature has no line break, so that a page can be split."""

_EARTH_RADIUS_METRES: Final = literal_column("6378137.0", Double)


def feature_text(
    table: FromClause, shape: QueryShape | Crs, distance: ColumnElement[Any] | None = None
) -> ColumnElement[str]:
    """The GeoJSON of a sensor: its head, the properties that depend on the search, then the stored properties.

    The stored properties are the longest piece and come last, so that they are copied once.
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
    """Concatenate the head, the properties added by the search, and the stored properties.

    The first of `added` is the status; the last ends with a comma.
    """
    if not shape.selected:
        return _join(head.concat(PROPERTIES_OPEN), *added, stored)
    whole = _join(_literal('{"operationalStatus":"'), *added, func.left(stored, literal_column("-1")))
    return _join(head, _literal(',"properties":{'), _select_properties(whole), _literal("}}"))


def area_head(
    identifier: ColumnElement[Any], area: ColumnElement[Any], area_rd: ColumnElement[Any], shape: QueryShape
) -> ColumnElement[str]:
    """The beginning of an area's feature, to the end of its geometry."""
    head = _join(_literal('{"type":"Feature","id":"'), cast(identifier, Text), _literal('","geometry":'))
    if shape.skip_geometry:
        return _join(head, _literal("null"))
    geometry = area_rd if shape.crs is Crs.RD else area
    if shape.crs is Crs.WEB_MERCATOR:
        # SRID 4326 makes the transformation a formula, without a datum shift.
        wgs84 = func.ST_SetSRID(area, literal_column("4326"))
        geometry = func.ST_Transform(wgs84, literal_column("3857"))
    elif shape.crs.latitude_first:
        geometry = func.ST_FlipCoordinates(area)
    # Option 0 omits the member `crs`, which RFC 7946 removed.
    written = func.ST_AsGeoJSON(geometry, literal_column(str(shape.crs.decimals)), literal_column("0"))
    return _join(head, written)


def _write_head(table: FromClause, shape: QueryShape) -> ColumnElement[str]:
    """The beginning of a sensor's feature, to the end of its geometry."""
    if not shape.skip_geometry and shape.crs in (Crs.CRS84, Crs.RD):
        head: ColumnElement[str] = table.c.feature_rd if shape.crs is Crs.RD else table.c.feature_crs84
        return head
    identified = _join(_literal('{"type":"Feature","id":"'), cast(table.c.id, Text))
    if shape.skip_geometry:
        return _join(identified, _literal('","geometry":null'))
    x: ColumnElement[Any] = table.c.longitude
    y: ColumnElement[Any] = table.c.latitude
    if shape.crs is Crs.WEB_MERCATOR:
        x = func.radians(x) * _EARTH_RADIUS_METRES
        y = func.asinh(func.tan(func.radians(y))) * _EARTH_RADIUS_METRES
    first, second = (y, x) if shape.crs.latitude_first else (x, y)
    point = _literal('","geometry":{"type":"Point","coordinates":[')
    decimals = shape.crs.decimals
    return _join(
        identified,
        point,
        _write_number(first, decimals),
        _literal(","),
        _write_number(second, decimals),
        _literal("]}"),
    )


def _select_properties(whole: ColumnElement[str]) -> ColumnElement[str]:
    """The requested properties of an object, joined by commas, in the order of the object."""
    each = func.json_each(cast(whole, JSON)).table_valued("key", "value", name="each").render_derived()
    pair = _join(cast(func.to_json(each.c.key), Text), _literal(":"), cast(column("value"), Text))
    chosen = each.c.key == func.any(bind("properties", ARRAY(Text)))
    return (
        select(func.coalesce(func.string_agg(pair, _literal(",")), _literal("")))
        .where(chosen)
        .scalar_subquery()
    )


def _write_number(value: ColumnElement[Any], decimals: int) -> ColumnElement[str]:
    """A number as text, rounded, without trailing zeros."""
    rounded = func.round(cast(value, Numeric), literal_column(str(decimals)))
    return cast(cast(rounded, Double), Text)


def _literal(text: str) -> ColumnElement[str]:
    return literal_column(f"'{text}'", Text)


def _join(first: ColumnElement[str], *others: ColumnElement[Any]) -> ColumnElement[str]:
    for other in others:
        first = first.concat(other)
    return first
