"""The warnings that only the register, or the file as a whole, can give."""

import json
from collections.abc import Iterable, Iterator
from typing import Final

from sqlalchemy import RowMapping, text
from sqlalchemy.orm import Session

from app.core.errors import Problem
from app.municipalities.queries import Place
from app.sensors.bulk.cells import NULL, write_text
from app.sensors.bulk.staging import copy_rows
from app.sensors.queries import DUPLICATE_METRES, MOST_DUPLICATES, say_duplicate
from app.sensors.validation import say_near
from app.sensors.versions import Ask, keep_warning

PIECE: Final = 10_000

# As `find_duplicates` asks it of one sensor. Of the file, those that are registered and those before it count, where
# the file puts them. The limits keep a file with all its sensors in one place from comparing each with each; with = for
# the owner, the planner may go through all sensors of the owner for each record, by the index on that.
_FIND: Final = f"""
SELECT decision.key, decision.code, municipality.name, place.distance_m, duplicates.known_as
FROM staged_decision AS decision
JOIN staged_point AS mine ON mine.id = decision.key
LEFT JOIN staged_place AS place ON place.key = decision.key AND place.distance_m > 0
LEFT JOIN publication.municipality ON municipality.code = place.code
    AND municipality.edition = (SELECT edition FROM publication.municipality_edition WHERE in_force)
LEFT JOIN LATERAL (
    SELECT array_agg(known_as) AS known_as FROM (
        SELECT DISTINCT known_as FROM (
            (SELECT reference AS known_as FROM staged_point AS other
             WHERE ST_DWithin(other.point_rd, mine.point_rd, {DUPLICATE_METRES}) AND other.stands
                 AND other.id <> mine.id AND (other.id < mine.id OR other.is_known)
                 AND other.owner_id = mine.owner_id AND other.sensor_type = mine.sensor_type
             LIMIT {MOST_DUPLICATES})
            UNION ALL
            (SELECT public_code FROM register.sensor_version AS version JOIN register.sensor ON sensor.id = sensor_id
             WHERE ST_DWithin(version.location_rd, mine.point_rd, {DUPLICATE_METRES})
                 AND version.owner_id IS NOT DISTINCT FROM mine.owner_id AND version.sensor_type = mine.sensor_type
                 AND version.superseded_at IS NULL AND version.registration_status <> 'withdrawn'
                 AND coalesce(version.removed_on > :today, true)
                 AND version.sensor_id NOT IN (
                     SELECT sensor_id FROM staged_decision WHERE sensor_id IS NOT NULL AND state = 'changed')
             LIMIT {2 * MOST_DUPLICATES})
        ) AS near LIMIT {MOST_DUPLICATES}
    ) AS named
) AS duplicates ON true
WHERE decision.state IN ('new', 'changed') AND (place.code IS NOT NULL OR duplicates.known_as IS NOT NULL)
"""


def find_remarks(session: Session, ask: Ask) -> None:
    """Keep the warnings of what is new or changed: just outside every municipality, and near-duplicates."""
    session.execute(
        text(f"CREATE TEMPORARY TABLE staged_found ON COMMIT DROP AS {_FIND}"), {"today": ask.today}
    )
    while found := session.execute(text(_TAKE), {"most": PIECE}).mappings().all():
        copy_rows(session, "staged_remark", ("key", "first", "last"), _write(found))
    session.execute(text("DROP TABLE staged_found"))


_TAKE: Final = """
DELETE FROM staged_found WHERE key IN (SELECT key FROM staged_found ORDER BY key LIMIT :most) RETURNING *
"""


def _write(found: Iterable[RowMapping]) -> Iterator[tuple[str, str, str]]:
    for row in found:
        near = [say_near(Place(row["code"], row["name"], row["distance_m"]))] if row["name"] else []
        duplicates = [say_duplicate(known_as) for known_as in row["known_as"] or ()]
        yield str(row["key"]), _keep(near), _keep(duplicates)


def _keep(warnings: list[Problem]) -> str:
    if not warnings:
        return NULL
    return write_text(json.dumps([keep_warning(warning) for warning in warnings], ensure_ascii=False))
