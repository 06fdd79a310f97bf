"""All that is public, as statements of one feature a row: for who takes the whole of it along.

What is asked on a connection of the read role cannot give more than the public may see.
"""

from typing import Any, Final

from sqlalchemy import ColumnElement, FromClause, Text, func, literal_column, select

from app.core.i18n import LocalizedText
from app.sensors.properties import SensorProperty
from app.sensors.search.feature_json import area_head, feature_text, write_feature
from app.sensors.search.operational_status import operational_status
from app.sensors.search.query_shape import QueryShape
from app.sensors.search.statements import compile_statement
from app.sensors.tables.publication import published_area, published_sensor, published_version
from app.spatial.crs import Crs

VALID_FROM: Final = SensorProperty(
    "validFrom", LocalizedText("Geldig vanaf", "Valid from"), format="date-time", added=True
)
VALID_UNTIL: Final = SensorProperty(
    "validUntil", LocalizedText("Geldig tot", "Valid until"), format="date-time", added=True
)
"""Between which moments this is what the register said; it still says so where the last is left out."""

_SHAPE: Final = QueryShape(crs=Crs.CRS84)


def compile_all_sensors() -> str:
    """Every public sensor, removed and expired ones too, in the order of their places; asks for `today`."""
    table = published_sensor
    return compile_statement(select(feature_text(table, _SHAPE)).order_by(table.c.sort_key, table.c.id))


def compile_all_versions() -> str:
    """Every version that ever was public, of each sensor the oldest first; asks for `today`."""
    table = published_version
    added = [operational_status(table), _say('","'), *_write_validity(table)]
    text = write_feature(_SHAPE, table.c.feature_crs84, added, table.c.feature_properties)
    return compile_statement(select(text).order_by(table.c.id, table.c.version))


def compile_all_areas() -> str:
    """The area of every version that has one, with its sensor's id and `version`."""
    table = published_area
    head = area_head(table.c.id, table.c.area, table.c.area_rd, _SHAPE)
    text = _join(
        head,
        _say(',"properties":{"areaKind":"'),
        table.c.area_kind,
        _say('","'),
        *_write_validity(table),
        _say('"version":'),
        table.c.version,
        _say("}}"),
    )
    return compile_statement(select(text).order_by(table.c.id, table.c.version))


ALL_CHANGES_SQL: Final = """
SELECT number::text AS number, sensor_id::text AS "sensorId", kind,
    to_char(recorded_at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS "recordedAt"
FROM publication.change ORDER BY change.number
"""
"""Every change, in order, as texts."""


def _write_validity(table: FromClause) -> list[ColumnElement[Any]]:
    """From within the quotation mark of a name to the comma behind a value."""
    until = _join(_say('"validUntil":"'), _write_moment(table.c.valid_until), _say('",'))
    return [
        _say('validFrom":"'),
        _write_moment(table.c.valid_from),
        _say('",'),
        func.coalesce(until, _say("")),
    ]


def _join(first: ColumnElement[str], *others: ColumnElement[Any]) -> ColumnElement[str]:
    """Null where any of them is."""
    for other in others:
        first = first.concat(other)
    return first


def _write_moment(moment: ColumnElement[Any]) -> ColumnElement[str]:
    return func.to_char(moment, _say('YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))


def _say(text: str) -> ColumnElement[str]:
    return literal_column(f"'{text}'", Text)
