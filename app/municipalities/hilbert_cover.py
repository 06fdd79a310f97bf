"""Ranges of the Hilbert curve that cover a municipality of any edition, computed by the database.

`app/spatial/sort_key_ranges.py` does the same in Python for a box.
"""

from typing import Final

from sqlalchemy import BigInteger, FromClause, text
from sqlalchemy.types import NullType

from app.spatial.hilbert import CELL_METRES, LEVELS, SOUTH_METRES, WEST_METRES

# Each part is covered by at most nine cells of a size that fits it, found from the whole square down. The turns of the
# curve are those of `app/spatial/hilbert.py`: `a` and `b` are the quarter's column and row as the turn has them.
_COVER: Final = f"""
WITH RECURSIVE cell AS (
    SELECT part_rd, {LEVELS} AS level, CAST(0 AS bigint) AS i, CAST(0 AS bigint) AS j, CAST(0 AS bigint) AS number,
        0 AS turn, CAST(ceil(log(2, CAST(greatest(
            ST_XMax(part_rd) - ST_XMin(part_rd), ST_YMax(part_rd) - ST_YMin(part_rd), {2 * CELL_METRES}
        ) / {2 * CELL_METRES} AS numeric))) AS integer) AS last_level
    FROM publication.municipality_part
    WHERE edition = CAST(:edition AS integer) AND code = CAST(:municipality AS text)
    UNION ALL
    SELECT part_rd, level - 1, half.i, half.j, 4 * number + ((3 * a) # b),
        turn # CASE WHEN b = 1 THEN 0 WHEN a = 1 THEN 3 ELSE 1 END, last_level
    FROM cell
    CROSS JOIN (VALUES (0, 0), (0, 1), (1, 0), (1, 1)) AS quarter (across, up)
    CROSS JOIN LATERAL (SELECT 2 * i + across AS i, 2 * j + up AS j) AS half
    CROSS JOIN LATERAL (SELECT
        (CASE WHEN turn & 1 = 1 THEN up ELSE across END) # (turn >> 1) AS a,
        (CASE WHEN turn & 1 = 1 THEN across ELSE up END) # (turn >> 1) AS b
    ) AS turned
    WHERE level > last_level AND part_rd && ST_MakeEnvelope(
        {WEST_METRES} + {CELL_METRES} * half.i * (1 << (level - 1)),
        {SOUTH_METRES} + {CELL_METRES} * half.j * (1 << (level - 1)),
        {WEST_METRES} + {CELL_METRES} * (half.i + 1) * (1 << (level - 1)),
        {SOUTH_METRES} + {CELL_METRES} * (half.j + 1) * (1 << (level - 1)), 28992)
)
SELECT part_rd, number << (2 * level) AS low, ((number + 1) << (2 * level)) - 1 AS high
FROM cell WHERE level = last_level
"""  # noqa: S608 - constants only


def select_cover() -> FromClause:
    """Rows of `part_rd` (RD), `low` and `high`: each part, with ranges of sort keys that contain all its places.

    Parameters are `municipality` (a code) and `edition`; no rows for a code that the edition does not have.
    """
    return text(_COVER).columns(part_rd=NullType(), low=BigInteger(), high=BigInteger()).subquery("cover")
