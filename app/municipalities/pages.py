"""Boundaries for the public: the municipalities of the edition in force as GeoJSON, made by the database."""

from dataclasses import dataclass
from typing import Any, Final

from psycopg_pool import AsyncConnectionPool

from app.spatial.bbox import Bbox
from app.spatial.crs import Crs

_SELECT: Final = """
WITH page AS (
    SELECT code FROM publication.municipality JOIN publication.municipality_edition USING (edition)
    WHERE in_force AND code > %(after)s AND (%(code)s::text IS NULL OR code = %(code)s)
        AND (%(boxes)s::text IS NULL OR ST_Intersects({asked}, ST_GeomFromText(%(boxes)s, {srid})))
    ORDER BY code LIMIT %(fetch)s
),
numbered AS (SELECT code, row_number() OVER (ORDER BY code) AS row FROM page)
SELECT string_agg(
        json_build_object(
            'type', 'Feature', 'id', code,
            'geometry', ST_AsGeoJSON({boundary}, {decimals})::json,
            'properties', json_build_object('code', code, 'name', name, 'province', province,
                'edition', edition, 'approximate', approximate, 'attribution', attribution)
        )::text, ',' ORDER BY code) FILTER (WHERE row <= %(page)s),
    count(*), max(code) FILTER (WHERE row = %(page)s),
    (SELECT count(*) FROM publication.municipality JOIN publication.municipality_edition USING (edition)
     WHERE in_force AND (%(code)s::text IS NULL OR code = %(code)s)
        AND (%(boxes)s::text IS NULL OR ST_Intersects({asked}, ST_GeomFromText(%(boxes)s, {srid}))))
FROM numbered JOIN publication.municipality USING (code) JOIN publication.municipality_edition USING (edition)
WHERE in_force
"""

_DEGREES: Final = {"srid": 4258, "asked": "boundary"}
_METRES: Final = {"srid": 28992, "asked": "boundary_rd"}


def _statement(asked: Crs, answered: Crs) -> str:
    """Each box is asked in its own system, whichever the answer comes in."""
    column, decimals = ("boundary_rd", 3) if answered is Crs.RD else ("boundary", 7)
    box = _METRES if asked is Crs.RD else _DEGREES
    return _SELECT.format(boundary=column, decimals=decimals, **box)


@dataclass(frozen=True, slots=True)
class BoundaryPage:
    """Features as JSON texts joined by commas, in order of code; `after` is the last code when there are more."""

    features: bytes
    number_returned: int
    number_matched: int
    after: str | None


async def read_boundaries(  # noqa: PLR0913 - a page is asked for by all of these
    pool: AsyncConnectionPool[Any],
    *,
    bbox: Bbox | None = None,
    code: str | None = None,
    after: str = "",
    limit: int = 100,
    crs: Crs = Crs.CRS84,
) -> BoundaryPage:
    """The boundaries that a box touches, or that of one code."""
    values = {
        "code": code,
        "after": after,
        "boxes": _write_boxes(bbox) if bbox else None,
        "fetch": limit + 1,
        "page": limit,
    }
    statement = _statement(bbox.crs if bbox else crs, crs)
    async with pool.connection() as connection:
        cursor = await connection.execute(statement, values, binary=True)
        features, found, last, matched = await cursor.fetchone() or (None, 0, None, 0)
    return BoundaryPage(
        features=features or b"",
        number_returned=min(found, limit),
        number_matched=matched,
        after=last.decode() if last and found > limit else None,
    )


def _write_boxes(bbox: Bbox) -> str:
    rings = (
        f"(({west} {south},{east} {south},{east} {north},{west} {north},{west} {south}))"
        for west, south, east, north in bbox.parts()
    )
    return f"MULTIPOLYGON({','.join(rings)})"
