"""Statements that read the whole public register, one feature a row, for the dump.

They run with the read role, which can read public data only.
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
"""The period in which a version is valid; the `validUntil` of a current version is null."""

_SHAPE: Final = QueryShape(crs=Crs.CRS84)


def compile_all_sensors() -> str:
    """A statement for every public sensor, including removed and expired ones, by sort key; binds `today`."""
    table = published_sensor
    return compile_statement(select(feature_text(table, _SHAPE)).order_by(table.c.sort_key, table.c.id))


def compile_all_versions() -> str:
    """A statement for every version that was ever public, by sensor, oldest first; binds `today`."""
    table = published_version
    added = [operational_status(table), _literal('","'), *_write_validity(table)]
    text = write_feature(_SHAPE, table.c.feature_crs84, added, table.c.feature_properties)
    return compile_statement(select(text).order_by(table.c.id, table.c.version))


def compile_all_areas() -> str:
    """A statement for the areas of all versions, with the id and `version` of the sensor."""
    table = published_area
    head = area_head(table.c.id, table.c.area, table.c.area_rd, _SHAPE)
    text = _join(
        head,
        _literal(',"properties":{"areaKind":"'),
        table.c.area_kind,
        _literal('","'),
        *_write_validity(table),
        _literal('"version":'),
        table.c.version,
        _literal("}}"),
    )
    return compile_statement(select(text).order_by(table.c.id, table.c.version))


ALL_CHANGES_SQL: Final = """
SELECT number::text AS number, sensor_id::text AS "sensorId", kind,
    to_char(recorded_at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS "recordedAt"
FROM publication.change ORDER BY change.number
"""
"""All changes in order; every column is text."""


def _write_validity(table: FromClause) -> list[ColumnElement[Any]]:
    """The members `validFrom` and `validUntil`, after an opening quotation mark and with a comma at the end."""
    until = _join(_literal('"validUntil":"'), _write_moment(table.c.valid_until), _literal('",'))
    return [
        _literal('validFrom":"'),
        _write_moment(table.c.valid_from),
        _literal('",'),
        func.coalesce(until, _literal('"validUntil":null,')),
    ]


def _join(first: ColumnElement[str], *others: ColumnElement[Any]) -> ColumnElement[str]:
    """Concatenate texts; the result is null when any of them is null."""
    for other in others:
        first = first.concat(other)
    return first


def _write_moment(moment: ColumnElement[Any]) -> ColumnElement[str]:
    return func.to_char(moment, _literal('YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))


def _literal(text: str) -> ColumnElement[str]:
    return literal_column(f"'{text}'", Text)
