"""Outlines and names of the municipalities of the edition in force, as paths for a drawing of any part of it."""

import json
from dataclasses import dataclass
from typing import Any, Final

from psycopg_pool import AsyncConnectionPool

PATHS_SQL: Final = """
WITH frame AS (
    SELECT ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 3857) AS box, %(pixel)s::float8 AS pixel
),
near AS MATERIALIZED (
    -- As in outline_tiles.py: the coordinates are those of web maps to a metre.
    SELECT name, ST_Transform(ST_SetSRID(boundary, 4326), 3857) AS outline,
        ST_Transform(ST_SetSRID(label_point, 4326), 3857) AS middle
    FROM publication.municipality JOIN publication.municipality_edition USING (edition) CROSS JOIN frame
    WHERE in_force AND boundary && ST_SetSRID(ST_Transform(box, 4326), 4258)
),
line AS (
    SELECT ST_ClipByBox2D(ST_Boundary(ST_Simplify(outline, pixel)), box) AS drawn FROM near CROSS JOIN frame
),
path AS (
    -- On whole halves of a pixel, so that the steps of a path add up.
    SELECT ST_AsSVG(ST_SnapToGrid(
        ST_TransScale(drawn, -%(west)s::float8, -%(north)s::float8, 1 / pixel, 1 / pixel), 0.5
    ), 1, 1) AS text
    FROM line CROSS JOIN frame WHERE NOT ST_IsEmpty(drawn)
)
SELECT coalesce((SELECT string_agg(text, ' ') FROM path), ''), coalesce((
    SELECT json_agg(json_build_array(name,
        round(((ST_X(middle) - %(west)s) / pixel)::numeric, 1), round(((%(north)s - ST_Y(middle)) / pixel)::numeric, 1)
    )) FROM near CROSS JOIN frame WHERE middle && box
), '[]')::text
"""


@dataclass(frozen=True, slots=True)
class OutlinePaths:
    """One SVG path of all outlines in a frame, and each name with its place; in pixels from the frame's upper left."""

    path: str
    names: list[tuple[str, float, float]]


async def read_outline_paths(
    pool: AsyncConnectionPool[Any], frame: tuple[float, float, float, float], pixel: float
) -> OutlinePaths:
    """The outlines in a frame (west, south, east, north) and the size of a pixel, in metres of EPSG:3857."""
    west, south, east, north = frame
    values = {"west": west, "south": south, "east": east, "north": north, "pixel": pixel}
    async with pool.connection() as connection:
        path, names = await (await connection.execute(PATHS_SQL, values)).fetchone()
    return OutlinePaths(path, [tuple(one) for one in json.loads(names)])
