"""Making a change public: the one write path, for one sensor or a set.

`project_sensors` brings the publication up to date with the register; `announce` draws change numbers and moves the
counters. Only the latter runs under the lock that keeps change numbers in commit order, so that others wait for a
few statements and not for an import. Source: decision 0002.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.municipalities.queries import hold_municipalities
from app.sensors.clusters import collect_clusters, hold_cluster_day, move_clusters
from app.sensors.placing import place_versions
from app.sensors.projection import PROJECT_AREAS, PROJECT_SENSORS, PROJECT_VERSIONS

CHANGE_LOCK: Final = 4_201_964
"""Key of the advisory lock under which change numbers are drawn."""

COLLECTION: Final = ""
"""The name under which the whole collection is counted beside the municipalities."""

_CLEAR = (
    "DELETE FROM publication.published_version WHERE id = ANY(:ids)",
    "DELETE FROM publication.published_area WHERE id = ANY(:ids)",
)

_TAKE_SENSORS = "DELETE FROM publication.published_sensor WHERE id = ANY(:ids) RETURNING id, hidden_from"

_TAKE_LINKS = """
DELETE FROM publication.municipality_sensor WHERE id = ANY(:ids) RETURNING municipality_code, hidden_from
"""

_PUT_LINKS = """
INSERT INTO publication.municipality_sensor (municipality_code, sort_key, id, hidden_from)
SELECT unnest(municipality_codes), sort_key, id, hidden_from
FROM publication.published_sensor WHERE id = ANY(:ids)
RETURNING municipality_code, hidden_from
"""

_NUMBER_CHANGES = """
INSERT INTO publication.change (number, sensor_id, kind, recorded_at)
SELECT coalesce((SELECT max(number) FROM publication.change), 0) + position, sensor_id, kind, now()
FROM unnest(CAST(:ids AS uuid[]), CAST(:kinds AS text[])) WITH ORDINALITY AS changed (sensor_id, kind, position)
"""

_MOVE_COUNTS = """
INSERT INTO publication.sensor_count (municipality_code, hidden_from, sensors)
SELECT * FROM unnest(CAST(:codes AS text[]), CAST(:dates AS date[]), CAST(:sensors AS bigint[]))
ON CONFLICT (municipality_code, hidden_from)
DO UPDATE SET sensors = sensor_count.sensors + EXCLUDED.sensors
"""


@dataclass(slots=True)
class Publication:
    """What a transaction has made public or taken away, to be announced at its end."""

    kinds: dict[UUID, str] = field(default_factory=dict)
    counts: Counter[tuple[str, date]] = field(default_factory=Counter)


def publish_sensors(session: Session, sensor_ids: Sequence[UUID], *, kind: str = "amended") -> None:
    """Bring the publication up to date with what is registered of these sensors, and announce it.

    `kind` names the change of those that were public before and still are: amended, confirmed, moved.
    """
    publication = Publication()
    hold_municipalities(session)
    place_versions(session, sensor_ids)
    project_sensors(session, sensor_ids, publication, kind=kind)
    announce(session, publication)


def project_sensors(
    session: Session, sensor_ids: Sequence[UUID], publication: Publication, *, kind: str
) -> None:
    """Make the public rows of these sensors anew; a large set is best given in pieces."""
    if not sensor_ids:
        return
    ids = {"ids": list(sensor_ids)}
    hold_cluster_day(session)
    collect_clusters(session, sensor_ids, -1)
    before = _count(publication, session.execute(text(_TAKE_SENSORS), ids), -1)
    _count_links(publication, session.execute(text(_TAKE_LINKS), ids), -1)
    for statement in (*_CLEAR, PROJECT_VERSIONS):
        session.execute(text(statement), ids)
    after = _count(publication, session.execute(text(f"{PROJECT_SENSORS} RETURNING id, hidden_from"), ids), 1)
    session.execute(text(PROJECT_AREAS), ids)
    collect_clusters(session, sensor_ids, 1)
    _count_links(publication, session.execute(text(_PUT_LINKS), ids), 1)
    for sensor_id in sensor_ids:
        if sensor_id in after:
            publication.kinds[sensor_id] = kind if sensor_id in before else "published"
        elif sensor_id in before:
            publication.kinds[sensor_id] = "withdrawn"


def announce(session: Session, publication: Publication) -> None:
    """Draw a change number for each sensor and move the counters; the last thing a transaction does.

    The lock is held until commit: whoever reads change n has all changes before n.
    """
    if not publication.kinds:
        return
    session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": CHANGE_LOCK})
    session.execute(
        text(_NUMBER_CHANGES),
        {"ids": list(publication.kinds), "kinds": list(publication.kinds.values())},
    )
    moved = [(code, day, number) for (code, day), number in sorted(publication.counts.items()) if number]
    if moved:
        codes, dates, sensors = (list(column) for column in zip(*moved, strict=True))
        session.execute(text(_MOVE_COUNTS), {"codes": codes, "dates": dates, "sensors": sensors})
    move_clusters(session)


def _count(publication: Publication, rows: Iterable[tuple[UUID, date]], step: int) -> set[UUID]:
    sensor_ids = set()
    for sensor_id, hidden_from in rows:
        sensor_ids.add(sensor_id)
        publication.counts[COLLECTION, hidden_from] += step
    return sensor_ids


def _count_links(publication: Publication, rows: Iterable[tuple[str, date]], step: int) -> None:
    for code, hidden_from in rows:
        publication.counts[code, hidden_from] += step
