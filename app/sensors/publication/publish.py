"""The publication of changes: the only write path, for one sensor or a set.

`project_sensors` updates the publication from the register; `record_changes` draws change numbers and updates the
counters. Only the latter holds the lock that makes change numbers follow the order of commits, so that other writers
wait for a few statements and not for an import. Source: decision 0002.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.municipalities.queries import lock_municipalities_shared
from app.sensors.change_kind import ChangeKind
from app.sensors.publication.alike_sensors import (
    ADD_ALIKE,
    RETURNED_ALIKE,
    apply_alike_delta,
    open_alike_delta,
    subtract_alike,
)
from app.sensors.publication.clusters import (
    ADD_CLUSTERS,
    CLUSTERED_COLUMNS,
    apply_cluster_delta,
    open_cluster_delta,
    subtract_clusters,
)
from app.sensors.publication.municipality_assignment import SET_MIN_SENSORS, place_versions
from app.sensors.publication.projection import (
    PROJECT_AREAS,
    PROJECT_PAST,
    PROJECT_PAST_AREAS,
    PROJECT_SENSORS,
)
from app.sensors.publication.statistics import (
    ADD_STATISTICS,
    RETURNED_COLUMNS,
    apply_statistic_delta,
    open_statistic_delta,
    subtract_statistics,
)
from app.sensors.publication.stored_day import lock_stored_day
from app.sensors.registration_status import PUBLISHED_SQL, RegistrationStatus
from app.sensors.tables.publication import WHOLE_COLLECTION

CHANGE_LOCK: Final = 4_201_964
"""Key of the advisory lock under which change numbers are drawn."""

# For a set each statement is planned; for fewer sensors a cached generic plan is enough.
_WORK_AS_A_SET = "SET LOCAL plan_cache_mode = force_custom_plan; SET LOCAL work_mem = '128MB'"
_WORK_ONE_BY_ONE = "SET LOCAL plan_cache_mode = force_generic_plan"

# Temporary tables: the changes of a million sensors would fill the memory of the process.
_CREATE_PENDING = """
CREATE TEMPORARY TABLE IF NOT EXISTS pending_change (sensor_id uuid, kind varchar(20)) ON COMMIT DELETE ROWS;
CREATE TEMPORARY TABLE IF NOT EXISTS pending_count (municipality_code varchar(6), hidden_from date, sensors bigint)
    ON COMMIT DELETE ROWS;
CREATE TEMPORARY TABLE IF NOT EXISTS former_past (id uuid PRIMARY KEY, versions bigint, exact bigint)
    ON COMMIT DELETE ROWS
"""

_CLEAR_FORMER = "DELETE FROM pg_temp.former_past"

_CLEAR_PENDING = "DELETE FROM pg_temp.pending_change; DELETE FROM pg_temp.pending_count"

# A new sensor has no public row and no past. That is most of a set, and often all of it.
_FIND_KNOWN = f"""
SELECT id FROM unnest(CAST(:ids AS uuid[])) AS given (id)
WHERE EXISTS (SELECT FROM publication.published_sensor AS shown WHERE shown.id = given.id)
    OR EXISTS (SELECT FROM register.sensor_version AS version WHERE version.sensor_id = given.id
               AND registration_status = '{RegistrationStatus.PUBLISHED}' AND superseded_at IS NOT NULL)
"""

_COUNT = f"""
INSERT INTO pg_temp.pending_count (municipality_code, hidden_from, sensors)
SELECT code, hidden_from, {{step}} * count(*) FROM (
    SELECT '{WHOLE_COLLECTION}' AS code, hidden_from FROM sensors
    UNION ALL SELECT municipality_code, hidden_from FROM links
) AS moved GROUP BY code, hidden_from
"""

_PAST_COUNTS = "count(*) AS versions, count(*) FILTER (WHERE visibility = 'public') AS exact"

_UNPUBLISH_SQL = f"""
WITH sensors AS (
    DELETE FROM publication.published_sensor WHERE id = ANY(:ids)
    RETURNING id, sort_key, hidden_from, municipality_codes, visibility, removed_on
),
links AS (
    DELETE FROM publication.municipality_sensor AS link USING sensors
    WHERE link.municipality_code = ANY(sensors.municipality_codes) AND link.sort_key = sensors.sort_key
        AND link.id = sensors.id
    RETURNING link.municipality_code, link.hidden_from
),
counted AS ({_COUNT.format(step=-1)}),
versions AS (DELETE FROM publication.past_version WHERE id = ANY(:ids) RETURNING id, visibility),
areas AS (DELETE FROM publication.published_area WHERE id = ANY(:ids)),
kept AS (INSERT INTO pg_temp.former_past (id, versions, exact) SELECT id, {_PAST_COUNTS} FROM versions GROUP BY id)
SELECT id, visibility = 'public' AS was_exact, removed_on IS NOT NULL AS was_removed FROM sensors
"""

_K = ChangeKind
_KIND = f"""
CASE WHEN former.id IS NULL THEN
         CASE WHEN CAST(:kind AS text) = '{_K.RESTORED}' THEN '{_K.RESTORED}' ELSE '{_K.PUBLISHED}' END
     WHEN was_exact AND visibility <> 'public' THEN '{_K.REDACTED}'
     WHEN CAST(:kind AS text) NOT IN ('{_K.AMENDED}', '{_K.REMOVED}') THEN CAST(:kind AS text)
     WHEN NOT was_removed AND removed_on IS NOT NULL THEN '{_K.REMOVED}'
     WHEN was_removed AND removed_on IS NULL THEN '{_K.RESTORED}'
     ELSE '{_K.AMENDED}' END
"""
"""The change of a sensor that is public, from its former public row and its new one; `:kind` is that of the action.

The dates decide whether a removal is announced: the request for a removal, a change and a file announce the same.
"""

_PUBLISH_SQL = f"""
WITH sensors AS (
    {PROJECT_SENSORS} RETURNING id, version, valid_from, visibility, municipality_codes,
        {", ".join((*CLUSTERED_COLUMNS, *RETURNED_ALIKE, *RETURNED_COLUMNS))}
),
links AS (
    INSERT INTO publication.municipality_sensor (municipality_code, sort_key, id, hidden_from)
    SELECT unnest(municipality_codes), sort_key, id, hidden_from FROM sensors
    RETURNING municipality_code, hidden_from
),
pending AS (
    INSERT INTO pg_temp.pending_change (sensor_id, kind)
    SELECT id, {_KIND}
    FROM sensors
    LEFT JOIN unnest(CAST(:before AS uuid[]), CAST(:was_exact AS boolean[]), CAST(:was_removed AS boolean[]))
        AS former (id, was_exact, was_removed) USING (id)
),
counted AS ({_COUNT.format(step=1)}),
clusters AS ({ADD_CLUSTERS}),
statistics AS ({ADD_STATISTICS}),
alike AS ({ADD_ALIKE}),
areas AS ({PROJECT_AREAS})
SELECT count(*) FROM sensors
"""

# A sensor that became internal is still registered; only what was public of it must be forgotten.
_ADD_HIDDEN = f"""
INSERT INTO pg_temp.pending_change (sensor_id, kind)
SELECT former.id, CASE WHEN EXISTS (
        SELECT FROM register.sensor_version AS version WHERE version.sensor_id = former.id AND {PUBLISHED_SQL})
    THEN '{_K.REDACTED}' ELSE '{_K.WITHDRAWN}' END
FROM unnest(CAST(:before AS uuid[])) AS former (id)
WHERE NOT EXISTS (SELECT FROM publication.published_sensor AS shown WHERE shown.id = former.id)
"""

# The counts of past versions before and after tell whether the history became less, for whatever reason.
_COMPARE_PAST = f"""
WITH compared AS (
    SELECT given.id, coalesce(former.versions, 0) > coalesce(now.versions, 0)
            OR coalesce(former.exact, 0) > coalesce(now.exact, 0) AS is_less,
        coalesce(former.versions, 0) < coalesce(now.versions, 0)
            OR coalesce(former.exact, 0) < coalesce(now.exact, 0) AS is_more
    FROM unnest(CAST(:ids AS uuid[])) AS given (id)
    LEFT JOIN pg_temp.former_past AS former USING (id)
    LEFT JOIN LATERAL (
        SELECT {_PAST_COUNTS}
        FROM publication.past_version WHERE past_version.id = given.id
    ) AS now ON true
),
announced AS (
    UPDATE pg_temp.pending_change AS pending SET kind = '{_K.REDACTED}'
    FROM compared WHERE is_less AND sensor_id = compared.id
),
unannounced AS (
    INSERT INTO pg_temp.pending_change (sensor_id, kind)
    SELECT id, CASE WHEN is_less THEN '{_K.REDACTED}' ELSE '{_K.WITHDRAWN}' END FROM compared
    WHERE (is_less OR is_more) AND NOT EXISTS (SELECT FROM pg_temp.pending_change WHERE sensor_id = compared.id)
    RETURNING sensor_id
)
SELECT count(*) FROM unannounced
"""
"""Announces a history that became less as `redacted`; one that became more as `withdrawn`,
which says that there is no present version.

Without a change number, copies and caches of former answers would not follow.
"""

# The moment is that of the numbering, not of the start of the transaction: a higher number is never earlier.
_NUMBER_CHANGES = """
INSERT INTO publication.change (number, sensor_id, kind, recorded_at)
SELECT coalesce((SELECT max(number) FROM publication.change), 0) + row_number() OVER (), sensor_id, kind,
    (SELECT clock_timestamp())
FROM pg_temp.pending_change
"""

# Inserted in order, so that the counts of a municipality lie in few blocks.
_UPDATE_COUNTS = """
INSERT INTO publication.sensor_count (municipality_code, hidden_from, sensors)
SELECT municipality_code, hidden_from, sum(sensors) FROM pg_temp.pending_count
GROUP BY municipality_code, hidden_from HAVING sum(sensors) <> 0
ORDER BY municipality_code, hidden_from
ON CONFLICT (municipality_code, hidden_from)
DO UPDATE SET sensors = sensor_count.sensors + EXCLUDED.sensors
"""


@dataclass(slots=True)
class Publication:
    """Whether a transaction changed the publication, to be recorded at its end."""

    has_changes: bool = False


def publish_sensors(
    session: Session, sensor_ids: Sequence[UUID], *, kind: ChangeKind = ChangeKind.AMENDED
) -> None:
    """Update the publication of these sensors from the register, and record the changes.

    `kind` is the change of those that were public before and still are; see `project_sensors`.
    """
    publication = Publication()
    lock_municipalities_shared(session)
    place_versions(session, sensor_ids)
    project_sensors(session, sensor_ids, publication, kind=kind)
    record_changes(session, publication)


def project_sensors(
    session: Session,
    sensor_ids: Sequence[UUID],
    publication: Publication,
    *,
    kind: ChangeKind,
    known: Sequence[UUID] | None = None,
) -> None:
    """Replace the public rows of these sensors; a large set is best given in batches of some ten thousands.

    `kind` is the change of those that were public before and still are. A sensor that becomes public is `published`,
    or `restored` where that is the kind; one that is hidden is `withdrawn`, or `redacted` while it is registered. A
    sensor of which the public history becomes less is `redacted`, whatever else changes.
    `known` are the sensors that are or were public; without it they are looked up.
    """
    if not sensor_ids:
        return
    is_set = len(sensor_ids) >= SET_MIN_SENSORS
    session.execute(text(f"{_WORK_AS_A_SET if is_set else _WORK_ONE_BY_ONE}; {_CREATE_PENDING}"))
    lock_stored_day(session)
    open_cluster_delta(session)
    open_statistic_delta(session)
    open_alike_delta(session)
    ids = {"ids": list(sensor_ids)}
    if known is None:
        known = list(session.scalars(text(_FIND_KNOWN), ids))
    before: list[UUID] = []
    was_exact: list[bool] = []
    was_removed: list[bool] = []
    if known:
        of_known = {"ids": list(known)}
        subtract_clusters(session, known)
        subtract_statistics(session, known)
        subtract_alike(session, known)
        for row in session.execute(text(_UNPUBLISH_SQL), of_known):
            before.append(row.id)
            was_exact.append(row.was_exact)
            was_removed.append(row.was_removed)
        session.execute(text(PROJECT_PAST), of_known)
        session.execute(text(PROJECT_PAST_AREAS), of_known)
    former = {"before": before, "was_exact": was_exact, "was_removed": was_removed}
    shown = session.scalar(text(_PUBLISH_SQL), ids | former | {"kind": kind})
    publication.has_changes |= bool(before or shown)
    if before:
        session.execute(text(_ADD_HIDDEN), {"before": before})
    if known:
        publication.has_changes |= bool(session.scalar(text(_COMPARE_PAST), {"ids": list(known)}))
        session.execute(text(_CLEAR_FORMER))


def record_changes(session: Session, publication: Publication, *, wait_without_limit: bool = False) -> None:
    """Draw a change number for each sensor and move the counters; the last thing a transaction does.

    The lock is held until commit: a reader of change n has all changes before n. `wait_without_limit` is for imports,
    which would lose the work of minutes: another one holds the lock for 20 s for a million sensors.
    """
    if not publication.has_changes:
        return
    if wait_without_limit:
        session.execute(text("SET LOCAL lock_timeout = 0"))
    session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": CHANGE_LOCK})
    session.execute(text(_NUMBER_CHANGES))
    session.execute(text(_UPDATE_COUNTS))
    apply_cluster_delta(session)
    apply_statistic_delta(session)
    apply_alike_delta(session)
    # Many small statements may follow.
    session.execute(text(f"{_CLEAR_PENDING}; SET LOCAL plan_cache_mode TO DEFAULT"))
