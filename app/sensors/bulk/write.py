"""Writing the staged records as sets: versions, municipalities, publication and audit trail."""

from collections.abc import Callable, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.access.context import ActionContext
from app.audit.actions import record_action
from app.core.errors import Conflict
from app.core.i18n import LocalizedText
from app.sensors.bulk.checking import CHECKED_COLUMNS
from app.sensors.bulk.record_problems import WARNINGS_TABLE
from app.sensors.bulk.results import Applied
from app.sensors.change_kind import ChangeKind
from app.sensors.publication.publish import Publication, project_sensors, record_changes
from app.sensors.receipts.actions import write_import_receipts
from app.sensors.registration.lifecycle import Action, render_closing
from app.sensors.registration.rules import years_later
from app.sensors.registration.versions import SET_BY_WRITING
from app.sensors.registration_status import JOIN_CURRENT_SQL, RegistrationStatus
from app.sensors.tables.register import sensor_version

RECORDS_PER_BATCH: Final = 20_000
"""Versions written at a time: enough for set-based statements, few enough to stay in memory."""

MAX_NAMED: Final = 20

_S = RegistrationStatus
_PUBLISHED_AT = f"CASE WHEN status = '{_S.PUBLISHED}' THEN CAST(:moment AS timestamptz) END"
_RECORD_COLUMNS = ", ".join(name for name in CHECKED_COLUMNS if name != "warnings")
_CARRIED = [
    column.name
    for column in sensor_version.columns
    if column.name not in (*SET_BY_WRITING, "registration_status", "removed_on")
]

# Numbered in the order of the file, but written in that of the places: then rows of one place lie together, and the
# indexes on the place are filled one part after another. Moved and ended sensors come last.
_COLLECT: Final = f"""
INSERT INTO staged_write
SELECT row_number() OVER (ORDER BY place, key, reference) AS position, key, owner_id, reference,
    coalesce(sensor_id, new_id) AS sensor_id, sensor_id IS NULL AS is_first, before_id, version_id, status,
    on_behalf_of_id, code, codes, is_late
FROM (
    SELECT chosen.*, register.uuid7() AS new_id, register.uuid7() AS version_id
    FROM (
        SELECT key, owner_id, reference, sensor_id, before_id,
            CASE WHEN publishes_at_once THEN '{_S.PUBLISHED}' ELSE '{_S.SUBMITTED}' END AS status,
            on_behalf_of_id, code, codes, is_late, place
        FROM staged_decision WHERE state IN ('new', 'changed')
        UNION ALL
        SELECT NULL, NULL, reference, sensor_id, before_id,
            CASE WHEN is_planned THEN '{_S.WITHDRAWN}'
                 WHEN publishes_at_once THEN '{_S.PUBLISHED}' ELSE '{_S.SUBMITTED}' END,
            NULL, NULL, NULL, NULL, NULL
        FROM staged_missing WHERE :end_missing
    ) AS chosen
    ORDER BY key, reference
) AS numbered
"""

_LOCK: Final = """
SELECT count(*) FROM (
    SELECT FROM register.sensor WHERE id IN (SELECT sensor_id FROM staged_write WHERE NOT is_first)
    ORDER BY id FOR UPDATE
) AS locked
"""

# Sorted after they are found: mostly there is none, and in the order of their codes each would be sought among all.
_CHANGED_MEANWHILE: Final = f"""
WITH changed AS MATERIALIZED (
SELECT sensor.public_code
FROM staged_write JOIN register.sensor ON sensor.id = sensor_id LEFT JOIN {JOIN_CURRENT_SQL}
WHERE NOT is_first AND current.id IS DISTINCT FROM before_id
)
SELECT public_code FROM changed ORDER BY public_code LIMIT :most
"""

_BATCH = "position > :after AND position <= :last"

# One by one by the index, in storage order: otherwise the whole table would be read for each batch.
_STAGED: Final = f"""
(SELECT * FROM staged_write WHERE {_BATCH} AND key IS NOT NULL ORDER BY key OFFSET 0) AS chosen
CROSS JOIN LATERAL (SELECT * FROM staged_sensor WHERE staged_sensor.key = chosen.key OFFSET 0) AS staged
"""

_REGISTER: Final = f"""
INSERT INTO register.sensor (id, owner_id, reference)
SELECT sensor_id, owner_id, reference FROM staged_write WHERE {_BATCH} AND is_first ORDER BY key
"""

# `write_version` does the same for one sensor, with the same table of transitions.
_CLOSING: Final = render_closing(
    (Action.REGISTER, Action.AMEND, Action.REMOVE, Action.WITHDRAW), "staged_write.status", "version"
)
_CLOSE: Final = f"""
UPDATE register.sensor_version AS version SET superseded_at = :moment
FROM staged_write
WHERE {_BATCH} AND NOT is_first AND version.sensor_id = staged_write.sensor_id AND {_CLOSING}
"""

_NUMBER: Final = """
1 + coalesce((
    SELECT max(number) FROM register.sensor_version WHERE sensor_version.sensor_id = {chosen}.sensor_id), 0)
"""

_INSERT: Final = f"""
INSERT INTO register.sensor_version (
    id, sensor_id, number, registration_status, recorded_at, published_at, import_id, warnings, on_behalf_of_id,
    notified_late, last_confirmed_on, confirm_by, {_RECORD_COLUMNS})
SELECT version_id, chosen.sensor_id, CASE WHEN is_first THEN 1 ELSE {_NUMBER.format(chosen="chosen")} END, status,
    :moment, {_PUBLISHED_AT}, :import_id, {WARNINGS_TABLE},
    CASE WHEN before.id IS NULL THEN chosen.on_behalf_of_id ELSE before.on_behalf_of_id END,
    coalesce(before.notified_late, chosen.is_late),
    coalesce(before.last_confirmed_on, :today), coalesce(before.confirm_by, :confirm_by),
    {", ".join(f"staged.{name}" for name in _RECORD_COLUMNS.split(", "))}
FROM {_STAGED}
LEFT JOIN staged_warning AS warning ON warning.key = chosen.key
LEFT JOIN register.sensor_version AS before ON before.id = chosen.before_id
"""

# A planned sensor was never placed, so it is withdrawn and not removed.
_END: Final = f"""
INSERT INTO register.sensor_version (
    id, sensor_id, number, registration_status, recorded_at, published_at, import_id, removed_on,
    {", ".join(_CARRIED)})
SELECT version_id, staged_write.sensor_id, {_NUMBER.format(chosen="staged_write")}, status, :moment,
    {_PUBLISHED_AT}, :import_id,
    CASE WHEN status <> '{_S.WITHDRAWN}' THEN CAST(:today AS date) END,
    {", ".join(f"before.{name}" for name in _CARRIED)}
FROM staged_write JOIN register.sensor_version AS before ON before.id = before_id
WHERE {_BATCH} AND key IS NULL
"""

_PLACE: Final = f"""
INSERT INTO register.sensor_place (version_id, municipality_code, municipality_codes)
SELECT staged_write.version_id, coalesce(code, municipality_code), coalesce(codes, municipality_codes)
FROM staged_write
LEFT JOIN LATERAL (
    SELECT municipality_code, municipality_codes
    FROM register.sensor_place WHERE staged_write.key IS NULL AND version_id = staged_write.before_id OFFSET 0
) AS before ON true
WHERE {_BATCH}
"""

_PUBLISHED: Final = f"""
SELECT sensor_id, is_first FROM staged_write WHERE {_BATCH} AND status <> '{_S.SUBMITTED}' ORDER BY position
"""

_COUNT: Final = """
SELECT count(*) FILTER (WHERE key IS NOT NULL AND before_id IS NULL), count(*) FILTER (WHERE key IS NOT NULL),
    count(*) FILTER (WHERE key IS NULL), count(*)
FROM staged_write
"""

# The organisation on whose behalf all new sensors are registered, where that is one.
_REPRESENTED: Final = """
SELECT CASE WHEN count(DISTINCT on_behalf_of_id) = 1 AND bool_and(on_behalf_of_id IS NOT NULL)
            THEN min(on_behalf_of_id::text)::uuid END
FROM staged_decision WHERE state = 'new'
"""

_DIGESTED: Final = ", ".join(
    column.name for column in sensor_version.columns if column.name != "superseded_at"
)


def write_records(
    session: Session,
    context: ActionContext,
    import_id: UUID,
    *,
    end_missing: bool,
    report: Callable[[int], object],
) -> Applied:
    """Write the classified records as versions, publish them, and write the receipt and one audit entry.

    Raises: Conflict.
    """
    session.execute(text(_COLLECT), {"end_missing": end_missing})
    session.execute(text("CREATE INDEX ON staged_write (position)"))
    session.execute(text("ANALYZE staged_write (position, key, is_first, before_id)"))
    _lock_sensors(session)
    values = {
        "import_id": import_id,
        "moment": session.execute(text("SELECT clock_timestamp()")).scalar_one(),
        "today": context.today,
        "confirm_by": years_later(context.today, 1),
    }
    new, from_records, ended, written = session.execute(text(_COUNT)).one()
    publication = Publication()
    for after in range(0, written, RECORDS_PER_BATCH):
        batch = values | {"after": after, "last": after + RECORDS_PER_BATCH}
        for statement in (_REGISTER, _CLOSE, _INSERT, _END, _PLACE):
            session.execute(text(statement), batch)
        published = session.execute(text(_PUBLISHED), batch).all()
        project_sensors(
            session,
            [sensor_id for sensor_id, _ in published],
            publication,
            kind=ChangeKind.AMENDED,
            known=[sensor_id for sensor_id, is_first in published if not is_first],
        )
        report(min(after + RECORDS_PER_BATCH, written))
    digest = digest_versions(session, "import_id = :import_id", import_id=import_id)
    write_import_receipts(session, context, import_id, values["moment"], digest)
    record_action(
        session,
        principal_id=context.principal.id,
        action="import_sensors",
        subject_kind="import",
        subject_ids=[import_id],
        details={"new": new, "changed": from_records - new, "ended": ended},
        digest=digest,
        on_behalf_of=session.scalar(text(_REPRESENTED)),
        request_id=context.request_id,
    )
    record_changes(session, publication, wait_without_limit=True)
    return Applied(new, from_records - new, ended, digest)


def digest_versions(session: Session, chosen: str, **values: Any) -> str:
    """The hexadecimal SHA-256 of the digests of these versions, in the order of their ids.

    The moment at which a version is superseded is left out: the digest can be checked later, in a session in UTC.
    """
    statement = f"""
        SELECT encode(sha256(coalesce(string_agg(row_digest, ''::bytea ORDER BY id), ''::bytea)), 'hex') FROM (
            SELECT id, sha256(convert_to(ROW({_DIGESTED})::text, 'UTF8')) AS row_digest
            FROM register.sensor_version WHERE {chosen}
        ) AS digested
    """
    return str(session.scalar(text(statement), values))


def _lock_sensors(session: Session) -> None:
    """Lock the sensors that change until the transaction ends. Raises: Conflict."""
    session.execute(text(_LOCK))
    changed = session.scalars(text(_CHANGED_MEANWHILE), {"most": MAX_NAMED}).all()
    if changed:
        raise Conflict(describe_conflict(changed))


def describe_conflict(public_codes: Sequence[str]) -> LocalizedText:
    """The message that others changed these sensors in the meantime."""
    codes = ", ".join(public_codes)
    return LocalizedText(
        f"Deze sensoren zijn intussen gewijzigd: {codes}. Er is niets geschreven.",
        f"These sensors were changed in the meantime: {codes}. Nothing was written.",
    )
