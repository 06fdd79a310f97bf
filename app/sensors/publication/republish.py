"""Republishing sensors after a change around them: a new edition of the municipalities, or the name of an organisation.

These write no version: the registration is the same, only the publication changes.
"""

from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, literal, select, text
from sqlalchemy.orm import Session

from app.municipalities.editions import Move, ReassignReport, lock_municipalities_exclusively
from app.sensors.change_kind import ChangeKind
from app.sensors.publication.municipality_assignment import place_versions
from app.sensors.publication.publish import Publication, project_sensors, record_changes
from app.sensors.tables.register import sensor, sensor_version

SENSORS_PER_BATCH: Final = 20_000
"""Sensors republished at a time: enough for set-based statements, few enough to stay in memory."""

MAX_MOVES: Final = 100
"""Maximum number of moves that a report lists."""

_PLACES_BEFORE = """
CREATE TEMPORARY TABLE place_before ON COMMIT DROP AS
SELECT sensor_id, version_id, municipality_code, municipality_codes
FROM register.sensor_place JOIN register.sensor_version ON sensor_version.id = version_id
WHERE sensor_id = ANY(:ids)
"""

_MOVED = """
SELECT before.sensor_id, sensor.public_code, before.municipality_code, after.municipality_code
FROM place_before before
JOIN register.sensor_place after USING (version_id)
JOIN register.sensor ON sensor.id = before.sensor_id
WHERE (before.municipality_code, before.municipality_codes)
    IS DISTINCT FROM (after.municipality_code, after.municipality_codes)
ORDER BY before.sensor_id, before.version_id DESC
"""

_RENAMED = """
SELECT DISTINCT id FROM publication.published_version AS published
LEFT JOIN publication.municipality ON municipality.code = published.municipality_code
    AND municipality.edition = (SELECT edition FROM publication.municipality_edition WHERE in_force)
WHERE id = ANY(:ids) AND municipality_name IS DISTINCT FROM municipality.name
"""


def reassign_municipalities(session: Session) -> ReassignReport:
    """Assign every version to the municipalities of the edition in force, and republish the sensors that moved.

    Those that stay in a municipality with another name are republished under that name.
    The caller holds the exclusive lock of the municipalities, so that no sensor is written meanwhile.
    """
    publication = Publication()
    checked, moved = 0, 0
    moves: list[Move] = []
    for sensor_ids in _in_batches(session, select(sensor.c.id)):
        checked += len(sensor_ids)
        session.execute(text(_PLACES_BEFORE), {"ids": sensor_ids})
        place_versions(session, sensor_ids)
        rows = {row.sensor_id: row for row in reversed(session.execute(text(_MOVED)).all())}
        session.execute(text("DROP TABLE place_before"))
        moved += len(rows)
        moves += [Move(row[1], row[2], row[3]) for row in rows.values()][: MAX_MOVES - len(moves)]
        project_sensors(session, list(rows), publication, kind=ChangeKind.MOVED)
        renamed = list(session.scalars(text(_RENAMED), {"ids": sensor_ids}))
        project_sensors(session, renamed, publication, kind=ChangeKind.AMENDED)
    record_changes(session, publication)
    return ReassignReport(checked, moved, tuple(moves))


def republish_organisation(session: Session, organisation_id: UUID) -> int:
    """Republish the sensors of an organisation under its present name; return their number.

    Waits until no sensor is being written, and blocks writers until the transaction ends: a sensor in another
    transaction would be published under the old name, or be republished by both.
    """
    lock_municipalities_exclusively(session)
    version = sensor_version.c
    named = [version.owner_id, version.operator_id, version.controller_id, version.on_behalf_of_id]
    owned = select(version.sensor_id).where(literal(organisation_id).in_(named)).distinct()
    publication = Publication()
    shown = 0
    for sensor_ids in _in_batches(session, owned):
        project_sensors(session, sensor_ids, publication, kind=ChangeKind.AMENDED)
        shown += len(sensor_ids)
    record_changes(session, publication)
    return shown


def _in_batches(session: Session, chosen: Select[Any]) -> Iterator[list[UUID]]:
    """The ids of a selection, in batches."""
    identifiers = session.scalars(chosen).all()
    for start in range(0, len(identifiers), SENSORS_PER_BATCH):
        yield list(identifiers[start : start + SENSORS_PER_BATCH])
