"""Everything public about one sensor: all its versions, and the areas of the current one."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final

from psycopg_pool import AsyncConnectionPool
from sqlalchemy import Text, select

from app.sensors.search.bound_values import bind
from app.sensors.search.feature_json import feature_text
from app.sensors.search.statements import compile_statement
from app.sensors.tables.publication import published_sensor, published_version
from app.spatial.crs import Crs

AREAS_SQL: Final = """
SELECT json_object_agg(area_kind, ST_AsGeoJSON(area, 7, 0)::json)::text
FROM publication.published_area WHERE id = %(id)s AND version = %(version)s
"""


@dataclass(frozen=True, slots=True)
class PublicVersion:
    """A version of a sensor as a GeoJSON feature without its empty properties, and the period in which it was valid."""

    version: int
    valid_from: datetime
    valid_until: datetime | None
    feature: dict[str, Any]


@dataclass(frozen=True, slots=True)
class SensorDetail:
    """All public data of one sensor.

    `versions` has at least one version, newest first; `areas` has a MultiPolygon (lon, lat) by kind of area.
    """

    versions: tuple[PublicVersion, ...]
    areas: dict[str, dict[str, Any]]

    @property
    def feature(self) -> dict[str, Any]:
        return self.versions[0].feature


async def read_sensor_detail(
    pool: AsyncConnectionPool[Any], public_code: str, today: date
) -> SensorDetail | None:
    """Read the sensor with a registration number, whatever its status; None when it is not public."""
    async with pool.connection() as connection:
        cursor = await connection.execute(
            _compile_versions(), {"public_code": public_code, "today": today}, binary=True
        )
        rows = await cursor.fetchall()
        if not rows:
            return None
        versions = tuple(
            PublicVersion(number, since, until, _read_feature(feature))
            for number, since, until, feature in rows
        )
        identity = {"id": versions[0].feature["id"], "version": versions[0].version}
        cursor = await connection.execute(AREAS_SQL, identity)
        found = await cursor.fetchone()
    return SensorDetail(versions, json.loads(found[0]) if found and found[0] else {})


def _read_feature(text: bytes) -> dict[str, Any]:
    feature: dict[str, Any] = json.loads(text)
    properties = {name: value for name, value in feature["properties"].items() if value is not None}
    return feature | {"properties": properties}


@lru_cache(maxsize=1)
def _compile_versions() -> str:
    table = published_version
    identity = select(published_sensor.c.id).where(
        published_sensor.c.public_code == bind("public_code", Text())
    )
    return compile_statement(
        select(table.c.version, table.c.valid_from, table.c.valid_until, feature_text(table, Crs.CRS84))
        .where(table.c.id == identity.scalar_subquery())
        .order_by(table.c.version.desc())
    )
