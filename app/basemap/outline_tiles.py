"""Vector tiles of the municipalities of the edition in force: their outlines and names."""

from typing import Any, Final

from psycopg_pool import AsyncConnectionPool

MAX_ZOOM: Final = 12
"""The deepest tiles have outlines to twenty metres; maps enlarge them further."""

_TILE_SQL: Final = """
WITH tile AS (
    SELECT ST_TileEnvelope(%(zoom)s, %(col)s, %(row)s) AS box, 40075016.7 / 2 ^ %(zoom)s / 512 AS pixel
),
near AS MATERIALIZED (
    -- The coordinates are those of web maps to a metre, without a change of datum.
    SELECT name, ST_Transform(ST_SetSRID(boundary, 4326), 3857) AS outline,
        ST_Transform(ST_SetSRID(label_point, 4326), 3857) AS middle
    FROM publication.municipality JOIN publication.municipality_edition USING (edition) CROSS JOIN tile
    WHERE in_force AND boundary && ST_SetSRID(ST_Transform(ST_Expand(box, 16 * pixel), 4326), 4258)
)
SELECT coalesce((
    SELECT ST_AsMVT(feature, 'municipalities', 4096, 'geom') FROM (
        SELECT ST_AsMVTGeom(ST_Simplify(outline, pixel, true), box, 4096, 128) AS geom FROM near CROSS JOIN tile
    ) AS feature WHERE geom IS NOT NULL
), '') || coalesce((
    SELECT ST_AsMVT(feature, 'names', 4096, 'geom') FROM (
        SELECT name, ST_AsMVTGeom(middle, box, 4096, 0) AS geom FROM near CROSS JOIN tile
    ) AS feature WHERE geom IS NOT NULL
), '')
"""


async def read_outline_tile(pool: AsyncConnectionPool[Any], zoom: int, col: int, row: int) -> bytes:
    """The Mapbox Vector Tile with the layers `municipalities` and `names`; empty outside the country."""
    async with pool.connection() as connection:
        cursor = await connection.execute(
            _TILE_SQL, {"zoom": zoom, "col": col, "row": row}, binary=True, prepare=False
        )
        (content,) = await cursor.fetchone()
    return bytes(content)
