"""Undoing an import, as long as none of its sensors was changed afterwards.

Nothing is deleted: the versions that the import closed are restored as new versions, and new sensors are withdrawn. A
change that still waits for review ends, and the published version beside it stays as it is.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.access.context import ActionContext
from app.access.permissions import edited_municipalities, edited_organisations
from app.audit.actions import record_action
from app.core.errors import Conflict, NotPermitted
from app.core.i18n import LocalizedText
from app.municipalities.queries import lock_municipalities_shared
from app.sensors.bulk.results import Undone
from app.sensors.bulk.write import MAX_NAMED, RECORDS_PER_BATCH, digest_versions
from app.sensors.change_kind import ChangeKind
from app.sensors.publication.municipality_assignment import place_versions
from app.sensors.publication.publish import Publication, project_sensors, record_changes
from app.sensors.receipts.actions import write_undo_receipts
from app.sensors.registration.permissions import may_change_sql
from app.sensors.registration.versions import SET_BY_WRITING
from app.sensors.registration_status import RegistrationStatus, is_published, render_condition
from app.sensors.tables.register import sensor_version

_S = RegistrationStatus

_CARRIED = ", ".join(
    f"before.{column.name}"
    for column in sensor_version.columns
    if column.name not in (*SET_BY_WRITING, "registration_status")
)

_LOCK: Final = """
SELECT count(*) FROM (
    SELECT FROM register.sensor
    WHERE id IN (SELECT sensor_id FROM register.sensor_version WHERE import_id = :import_id)
    ORDER BY id FOR UPDATE
) AS locked
"""

# Sorted after they are found: mostly there is none, and in the order of their codes each would be sought among all.
_CHANGED_SINCE: Final = """
WITH changed AS MATERIALIZED (
SELECT sensor.public_code
FROM register.sensor_version AS version JOIN register.sensor ON sensor.id = sensor_id
WHERE import_id = :import_id AND (
    superseded_at IS NOT NULL
    OR EXISTS (SELECT FROM register.sensor_version AS later
               WHERE later.sensor_id = version.sensor_id AND later.number > version.number))
)
SELECT public_code FROM changed ORDER BY public_code LIMIT :most
"""

_FORBIDDEN: Final = f"""
SELECT EXISTS (
    SELECT FROM register.sensor_version AS version LEFT JOIN register.sensor_place AS place ON version_id = version.id
    WHERE import_id = :import_id AND NOT {may_change_sql("version.owner_id", "place")}
)
"""

# The versions of an import begin at the moment at which those they replace end. A submitted change of what is published
# replaces none, and ends without a version.
_COLLECT: Final = f"""
CREATE TEMPORARY TABLE staged_reversal ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY imported.sensor_id, closed.number) AS position,
    imported.sensor_id, imported.id AS imported_id, coalesce(closed.id, imported.id) AS source_id,
    imported.number + row_number() OVER (PARTITION BY imported.sensor_id ORDER BY closed.number) AS number,
    coalesce(closed.registration_status, '{_S.WITHDRAWN}') AS status, register.uuid7() AS version_id
FROM register.sensor_version AS imported
LEFT JOIN register.sensor_version AS closed
    ON closed.sensor_id = imported.sensor_id AND closed.superseded_at = imported.recorded_at
WHERE imported.import_id = :import_id AND (
    closed.id IS NOT NULL
    OR imported.registration_status <> '{_S.SUBMITTED}'
    OR NOT EXISTS (
        SELECT FROM register.sensor_version AS shown
        WHERE shown.sensor_id = imported.sensor_id AND {render_condition(is_published, "shown")}))
"""

_CLOSE: Final = """
UPDATE register.sensor_version SET superseded_at = :moment WHERE import_id = :import_id
"""

_RESTORE: Final = f"""
INSERT INTO register.sensor_version (
    id, sensor_id, number, registration_status, recorded_at, published_at, {_CARRIED.replace("before.", "")})
SELECT version_id, staged_reversal.sensor_id, staged_reversal.number, status, :moment,
    CASE WHEN status = '{_S.PUBLISHED}' THEN CAST(:moment AS timestamptz) END, {_CARRIED}
FROM staged_reversal JOIN register.sensor_version AS before ON before.id = source_id
"""

_SENSORS: Final = """
SELECT DISTINCT sensor_id FROM staged_reversal ORDER BY sensor_id
"""

_PUBLISHED_SENSORS: Final = f"""
SELECT DISTINCT staged_reversal.sensor_id
FROM staged_reversal JOIN register.sensor_version AS imported ON imported.id = imported_id
WHERE imported.registration_status <> '{_S.SUBMITTED}'
ORDER BY sensor_id
"""
"""Sensors of which the import may have changed the publication; a submission changes nothing before its review."""

_COUNT: Final = f"""
SELECT withdrawn, imported - withdrawn FROM (
    SELECT (SELECT count(DISTINCT sensor_id) FROM staged_reversal WHERE status = '{_S.WITHDRAWN}') AS withdrawn,
        (SELECT count(*) FROM register.sensor_version WHERE import_id = :import_id) AS imported
) AS counted
"""


def revert_import(session: Session, context: ActionContext, import_id: UUID) -> Undone:
    """Undo an import: restore what it changed or ended, and withdraw what it registered; each owner gets a receipt.

    Raises: NotPermitted; Conflict with the sensors that were changed since.
    """
    lock_municipalities_shared(session)
    values: dict[str, Any] = {"import_id": import_id, "most": MAX_NAMED}
    session.execute(text(_LOCK), values)
    _require_rights(session, context, values)
    changed_since = session.scalars(text(_CHANGED_SINCE), values).all()
    if changed_since:
        raise Conflict(_describe_changed_since(", ".join(changed_since)))
    session.execute(text("DROP TABLE IF EXISTS pg_temp.staged_reversal"))
    session.execute(text(_COLLECT), values)
    values["moment"] = session.execute(text("SELECT clock_timestamp()")).scalar_one()
    for statement in ("ANALYZE staged_reversal", _CLOSE, _RESTORE):
        session.execute(text(statement), values)
    publication = Publication()
    for batch in _read_batches(session, _SENSORS):
        place_versions(session, batch)
    for batch in _read_batches(session, _PUBLISHED_SENSORS):
        project_sensors(session, batch, publication, kind=ChangeKind.RESTORED)
    withdrawn, restored = session.execute(text(_COUNT), values).one()
    digest = digest_versions(session, "id IN (SELECT version_id FROM staged_reversal)")
    write_undo_receipts(session, context, import_id, values["moment"], digest)
    record_action(
        session,
        principal_id=context.principal.id,
        action="undo_import",
        subject_kind="import",
        subject_ids=[import_id],
        details={"withdrawn": withdrawn, "restored": restored},
        digest=digest,
        request_id=context.request_id,
    )
    record_changes(session, publication, wait_without_limit=True)
    return Undone(withdrawn, restored, digest)


def _read_batches(session: Session, statement: str) -> Iterator[Sequence[UUID]]:
    sensor_ids = session.scalars(text(statement)).all()
    for start in range(0, len(sensor_ids), RECORDS_PER_BATCH):
        yield sensor_ids[start : start + RECORDS_PER_BATCH]


def _require_rights(session: Session, context: ActionContext, values: dict[str, Any]) -> None:
    rights = {
        "organisations": list(edited_organisations(context.principal)),
        "municipalities": list(edited_municipalities(context.principal)),
    }
    if session.scalar(text(_FORBIDDEN), values | rights):
        raise NotPermitted(
            LocalizedText(
                "Deze import bevat sensoren die u niet mag wijzigen.",
                "This import contains sensors that you may not change.",
            )
        )


def _describe_changed_since(codes: str) -> LocalizedText:
    return LocalizedText(
        f"Deze sensoren zijn na de import gewijzigd: {codes}. Daarom kan de import niet ongedaan worden gemaakt.",
        f"These sensors were changed after the import: {codes}. The import can therefore not be undone.",
    )
