"""Everything public about one sensor: all its versions, and the areas of the current one."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
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
FORMER_AREAS_SQL: Final = """
SELECT version, json_object_agg(area_kind, md5(ST_AsBinary(area)))::text
FROM publication.published_area WHERE id = %(id)s GROUP BY version
"""
"""A hash of each area of every version: enough to see that it changed."""


@dataclass(frozen=True, slots=True)
class PublicVersion:
    """A version of a sensor as a GeoJSON feature without its empty properties, and the period in which it was valid.

    `areas` has a hash by kind of area.
    """

    version: int
    valid_from: datetime
    valid_until: datetime | None
    feature: dict[str, Any]
    areas: Mapping[str, str] = field(default_factory=dict)


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
        features = [_read_feature(row[3]) for row in rows]
        identity = {"id": features[0]["id"], "version": rows[0][0]}
        cursor = await connection.execute(AREAS_SQL, identity)
        found = await cursor.fetchone()
        former: dict[int, dict[str, str]] = {}
        if len(rows) > 1:
            cursor = await connection.execute(FORMER_AREAS_SQL, identity)
            former = {number: json.loads(areas) for number, areas in await cursor.fetchall()}
    versions = tuple(
        PublicVersion(number, since, until, feature, former.get(number, {}))
        for (number, since, until, _), feature in zip(rows, features, strict=True)
    )
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
