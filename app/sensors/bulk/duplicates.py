"""Warnings that need the register or the whole file: near-duplicates, and places just outside a municipality."""

import json
from collections.abc import Iterable, Iterator
from typing import Final

from sqlalchemy import RowMapping, text
from sqlalchemy.orm import Session

from app.access.context import ActionContext
from app.core.problems import Problem
from app.municipalities.queries import Place
from app.sensors.bulk.parse_cache import NULL, write_copy_text
from app.sensors.bulk.staging import copy_rows
from app.sensors.registration.queries import MAX_DUPLICATES, describe_duplicate
from app.sensors.registration.validation import describe_near
from app.sensors.registration.versions import dump_warning
from app.sensors.registration_status import LIVE_SQL
from app.sensors.tables.register import DUPLICATE_METRES, STRIP, render_other_view

RECORDS_PER_BATCH: Final = 10_000

MAX_OF_CELL: Final = 2 * MAX_DUPLICATES
"""Maximum number of sensors of one owner and type in a square of `DUPLICATE_METRES` that a record is compared with.

It prevents that a file with all its sensors in one place compares each with each. It is more than a warning names, also
when the record itself is one of them.
"""

# Registered sensors near the records, except those that the file moves. The index is read once for the surroundings of
# all records in a cell, so that many in one place are found once. The ORDER BY and the OFFSET make the planner use it,
# whatever its estimates are; so does the join with every decision, where only those of one state are needed.
_REGISTERED: Final = f"""
SELECT DISTINCT version.id, version.sensor_id, place.owner_id, version.sensor_type, version.location_rd,
    version.view_direction_deg
FROM (
    SELECT DISTINCT owner_id, cell_x + aside.x AS strip, cell_y
    FROM staged_point JOIN (
        SELECT owners.owner_id
        FROM (SELECT DISTINCT owner_id FROM staged_point) AS owners
        CROSS JOIN LATERAL (
            SELECT FROM register.sensor_version
            WHERE owner_id = owners.owner_id AND superseded_at IS NULL ORDER BY {STRIP} LIMIT 1
        ) AS any_version
    ) AS known USING (owner_id)
    CROSS JOIN (VALUES (-1), (0), (1)) AS aside (x)
) AS place
CROSS JOIN LATERAL (
    SELECT id, sensor_id, sensor_type, location_rd, view_direction_deg
    FROM register.sensor_version AS version
    WHERE owner_id = place.owner_id AND {STRIP} = place.strip
        AND ST_Y(location_rd) BETWEEN (cell_y - 1) * {DUPLICATE_METRES} AND (cell_y + 2) * {DUPLICATE_METRES}
        AND {LIVE_SQL} AND coalesce(removed_on > :today, true)
    OFFSET 0
) AS version
LEFT JOIN staged_decision AS decision ON decision.sensor_id = version.sensor_id
WHERE decision.state IS DISTINCT FROM 'changed'
"""

# Candidates for each record: in each cell first those that count for every record, then in the order of the file.
FIND_CANDIDATES: Final = f"""
CREATE TEMPORARY TABLE staged_candidate ON COMMIT DROP AS
SELECT id, sensor_id, reference, owner_id, sensor_type, cell_x >> 1 AS block_x, cell_y >> 1 AS block_y, point_rd,
    view_direction_deg, is_known
FROM (
    SELECT *, row_number() OVER (
        PARTITION BY cell_x, cell_y, owner_id, sensor_type ORDER BY is_known DESC, id) AS position
    FROM (
        SELECT id, CAST(NULL AS uuid) AS sensor_id, reference, owner_id, sensor_type, cell_x, cell_y, point_rd,
            view_direction_deg, is_known
        FROM staged_point WHERE counts
        UNION ALL
        SELECT NULL, sensor_id, NULL, owner_id, sensor_type, {STRIP},
            CAST(floor(ST_Y(location_rd) / {DUPLICATE_METRES}) AS integer), location_rd, view_direction_deg,
            true
        FROM ({_REGISTERED}) AS registered
    ) AS candidates
) AS numbered
WHERE position <= {MAX_OF_CELL}
"""

# The same rule as `find_duplicates` for one sensor. Registered sensors and earlier rows of the file count, at the place
# that the file gives. A sensor within a cell's width lies in one of four blocks of two by two cells, which is half the
# work of searching nine cells. The distance is computed instead of ST_DWithin, for which the planner would choose the
# index on the points, which does not know the owner. The OFFSET prevents a join with all sensors of an owner first.
# Numbers come first in the sort since they compare faster than texts.
FIND: Final = f"""
CREATE TEMPORARY TABLE staged_found ON COMMIT DROP AS
WITH duplicates AS (
    SELECT mine.id AS key, (array_agg(DISTINCT coalesce(other.reference, public_code)))[1:{MAX_DUPLICATES}] AS known_as
    FROM (
        SELECT id, owner_id, sensor_type, point_rd, view_direction_deg, (cell_x + aside.x) >> 1 AS block_x,
            (cell_y + aside.y) >> 1 AS block_y
        FROM staged_point CROSS JOIN (VALUES (-1, -1), (-1, 1), (1, -1), (1, 1)) AS aside (x, y)
        OFFSET 0
    ) AS mine
    JOIN staged_candidate AS other USING (block_x, block_y, owner_id, sensor_type)
    LEFT JOIN register.sensor ON sensor.id = other.sensor_id
    WHERE other.id IS DISTINCT FROM mine.id AND (other.is_known OR other.id < mine.id)
        AND ST_Distance(other.point_rd, mine.point_rd) <= {DUPLICATE_METRES}
        AND NOT {render_other_view("other.view_direction_deg", "mine.view_direction_deg")}
    GROUP BY mine.id
)
SELECT key, decision.code, municipality.name, outside.distance_m, duplicates.known_as
FROM duplicates
FULL JOIN (SELECT key, code, distance_m FROM staged_place WHERE distance_m > 0) AS outside USING (key)
JOIN staged_decision AS decision USING (key)
LEFT JOIN publication.municipality ON municipality.code = outside.code
    AND municipality.edition = (SELECT edition FROM publication.municipality_edition WHERE in_force)
WHERE decision.state IN ('new', 'changed')
"""


def write_register_warnings(session: Session, context: ActionContext) -> None:
    """Store the warnings of new and changed records: just outside every municipality, and near-duplicates.

    `find_duplicates` applies the same rule to one sensor.
    """
    session.execute(text(FIND_CANDIDATES), {"today": context.today})
    session.execute(text("ANALYZE staged_candidate (block_x, block_y)"))
    session.execute(text(FIND))
    while found := session.execute(text(_NEXT_FOUND), {"most": RECORDS_PER_BATCH}).mappings().all():
        copy_rows(session, "staged_warning", ("key", "first", "last"), _describe(found))
    session.execute(text("DROP TABLE staged_candidate, staged_found"))


_NEXT_FOUND: Final = """
DELETE FROM staged_found WHERE key IN (SELECT key FROM staged_found ORDER BY key LIMIT :most) RETURNING *
"""


def _describe(found: Iterable[RowMapping]) -> Iterator[tuple[str, str, str]]:
    for row in found:
        near = [describe_near(Place(row["code"], row["name"], row["distance_m"]))] if row["name"] else []
        duplicates = [describe_duplicate(known_as) for known_as in row["known_as"] or ()]
        yield str(row["key"]), _dump(near), _dump(duplicates)


def _dump(warnings: list[Problem]) -> str:
    if not warnings:
        return NULL
    return write_copy_text(json.dumps([dump_warning(warning) for warning in warnings], ensure_ascii=False))
