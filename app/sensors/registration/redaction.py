"""Redaction by an administrator: versions leave the public history, and are erased where the content itself must go.

The row of a version stays as a tombstone: number, moments, owner, type and dates. Every text, link, place and area of
an erased version is gone. Source: decision 0044.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, or_, select, text, update
from sqlalchemy.orm import Session

from app.access.context import ActionContext
from app.access.idempotency import delete_answers_about
from app.audit.actions import record_action
from app.audit.queries import list_entries
from app.core.errors import Conflict, NotFound
from app.core.i18n import LocalizedText
from app.sensors.fields import FIELDS, FieldKind, Needed
from app.sensors.publication.publish import publish_sensors
from app.sensors.receipts.actions import erase_receipts
from app.sensors.registration.erased_texts import erase_texts_about
from app.sensors.registration.lifecycle import Action
from app.sensors.registration.queries import (
    SENSOR_UNKNOWN,
    get_published_version,
    get_version,
    lock_sensor,
)
from app.sensors.registration.remarks import delete_remarks, delete_remarks_of_erased
from app.sensors.registration.versions import copy_columns, write_version
from app.sensors.registration_status import (
    LIVE_STATUSES,
    RegistrationStatus,
    is_live,
    is_published,
)
from app.sensors.tables.register import sensor, sensor_version

BATCH_SENSORS: Final = 10_000

_S = RegistrationStatus

DECIDED_STATUSES: Final = (_S.PUBLISHED, _S.CHANGES_REQUESTED, _S.REJECTED)
"""Statuses of the copy that a decision makes of what was submitted."""

# The versions of an import, and the copies of them, each of which begins at the moment at which the one before ends.
_COPIES_OF_IMPORT: Final = """
WITH RECURSIVE copied AS (
    SELECT id, sensor_id, superseded_at, registration_status FROM register.sensor_version
    WHERE import_id = :import_id
    UNION
    SELECT copy.id, copy.sensor_id, copy.superseded_at, copy.registration_status
    FROM copied JOIN register.sensor_version AS copy
        ON copy.sensor_id = copied.sensor_id AND copy.recorded_at = copied.superseded_at
    WHERE copy.import_id IS NULL AND copy.registration_status = ANY(:statuses)
        AND (copy.registration_status = 'withdrawn' OR copied.registration_status = 'submitted')
)
SELECT id FROM copied
"""


@dataclass(frozen=True, slots=True)
class Redacted:
    """Numbers of redacted versions, and of their sensors."""

    versions: int
    sensors: int


def redact_sensor(  # noqa: PLR0913 - what, by whom, why and how
    session: Session,
    context: ActionContext,
    sensor_id: UUID,
    *,
    reason: str,
    number: int | None = None,
    erase: bool = False,
) -> Redacted:
    """Hide one version of a sensor from the public, or every version of it; with `erase` its content goes as well.

    Erasing includes remarks of reviews and other texts about the sensor. A registration that is redacted as a whole is
    withdrawn first. The public sees a change `redacted` without content.
    Raises: NotFound; Conflict for a single version that is in force or under review.
    """
    moment = lock_sensor(session, sensor_id)
    of_sensor = sensor_version.c.sensor_id == sensor_id
    if number is None:
        _withdraw(session, context, sensor_id)
        chosen = of_sensor
    else:
        chosen = of_sensor & (sensor_version.c.number == number)
        _require_past(session, chosen)
    redacted = _redact(session, chosen, moment, erase=erase)
    if erase:
        delete_answers_about(session, [sensor_id])
        delete_remarks(session, sensor_id, number)
        erase_receipts(session, [sensor_id])
        erase_texts_about(session, [sensor_id])
    if erase and number is None:
        # A reference may name a person; the registration number stays.
        session.execute(update(sensor).where(sensor.c.id == sensor_id).values(reference=sensor.c.public_code))
    publish_sensors(session, [sensor_id])
    _record(
        session,
        context,
        f"{'erase' if erase else 'redact'}_sensor",
        "sensor",
        sensor_id,
        reason,
        {"version": number, "versions": redacted.versions},
    )
    return redacted


def redact_undone_import(
    session: Session, context: ActionContext, import_id: UUID, *, reason: str, erase: bool = False
) -> Redacted:
    """Hide, or erase, every version that an import wrote, after it was undone.

    What was copied from them goes too: by the undoing that withdrew a sensor, or by a decision of a reviewer.
    Raises: Conflict where one is still in force.
    """
    of_import = sensor_version.c.import_id == import_id
    sensor_ids = session.scalars(
        select(sensor.c.id)
        .where(sensor.c.id.in_(select(sensor_version.c.sensor_id).where(of_import)))
        .order_by(sensor.c.id)
        .with_for_update()
    ).all()
    if not sensor_ids:
        raise NotFound(LocalizedText("Deze import heeft niets geschreven.", "This import wrote nothing."))
    entries = list_entries(session, subject_kind="import", subject_id=import_id)
    is_undone = any(entry.action == "undo_import" for entry in entries)
    _require_ended(session, import_id, is_undone=is_undone)
    moment = session.execute(select(func.clock_timestamp())).scalar_one()
    statuses = [_S.WITHDRAWN] if is_undone else [_S.WITHDRAWN, *DECIDED_STATUSES]
    values = {"import_id": import_id, "statuses": statuses}
    copied = session.scalars(text(_COPIES_OF_IMPORT), values).all()
    redacted = _redact(session, sensor_version.c.id.in_(copied), moment, erase=erase)
    if erase:
        delete_remarks_of_erased(session, sensor_ids)
        erase_receipts(session, sensor_ids)
        erase_texts_about(session, sensor_ids)
    for start in range(0, len(sensor_ids), BATCH_SENSORS):
        publish_sensors(session, sensor_ids[start : start + BATCH_SENSORS])
    _record(
        session,
        context,
        f"{'erase' if erase else 'redact'}_import",
        "import",
        import_id,
        reason,
        {"sensors": redacted.sensors, "versions": redacted.versions},
    )
    return redacted


def find_erased_sensors(session: Session, sensor_ids: Collection[UUID]) -> frozenset[UUID]:
    """Those of these sensors of which every version was erased."""
    kept = select(sensor_version.c.sensor_id).where(
        sensor_version.c.sensor_id.in_(sensor_ids), ~sensor_version.c.erased
    )
    return frozenset(sensor_ids) - frozenset(session.scalars(kept))


def _require_ended(session: Session, import_id: UUID, *, is_undone: bool) -> None:
    """Raises: Conflict where something of an import is in force, also by the decision of a reviewer about it."""
    imported, later = sensor_version.alias("imported"), sensor_version
    is_later = exists().where(
        imported.c.import_id == import_id,
        imported.c.registration_status == _S.SUBMITTED,
        imported.c.sensor_id == later.c.sensor_id,
        imported.c.number < later.c.number,
    )
    of_import = later.c.import_id == import_id
    found = or_(of_import, is_later) if not is_undone else of_import
    if session.scalar(select(func.count()).select_from(later).where(found, is_live(later))):
        raise Conflict(
            LocalizedText(
                "Deze import is niet ongedaan gemaakt. Maak haar eerst ongedaan, of verberg haar sensoren apart.",
                "This import has not been undone. Undo it first, or redact its sensors one by one.",
            )
        )


def _withdraw(session: Session, context: ActionContext, sensor_id: UUID) -> None:
    if not session.scalar(
        select(func.count())
        .select_from(sensor_version)
        .where(sensor_version.c.sensor_id == sensor_id, is_live(sensor_version))
    ):
        return
    current = get_version(session, sensor_id)
    has_published = session.scalar(
        select(func.count())
        .select_from(sensor_version)
        .where(sensor_version.c.sensor_id == sensor_id, is_published(sensor_version))
    )
    last = get_published_version(session, sensor_id) if has_published else current
    columns = copy_columns(last) | {"registration_status": RegistrationStatus.WITHDRAWN}
    write_version(
        session,
        context,
        sensor_id,
        columns,
        action=Action.WITHDRAW,
        current=current.registration_status,
    )


def _require_past(session: Session, chosen: ColumnElement[bool]) -> None:
    row = session.execute(
        select(sensor_version.c.registration_status, sensor_version.c.superseded_at).where(chosen)
    ).one_or_none()
    if row is None:
        raise NotFound(SENSOR_UNKNOWN)
    if row.superseded_at is None and row.registration_status in LIVE_STATUSES:
        raise Conflict(
            LocalizedText(
                "Deze versie geldt nog. Laat de eigenaar de sensor eerst wijzigen, of verwijder alle versies.",
                "This version is still in force. Let the owner change the sensor first, or redact every version.",
            )
        )


def _redact(session: Session, chosen: ColumnElement[bool], moment: datetime, *, erase: bool) -> Redacted:
    values: dict[str, Any] = {"redacted_at": func.coalesce(sensor_version.c.redacted_at, moment)}
    if erase:
        values |= {"erased": True, "warnings": [], **_blank_columns()}
    rows = session.execute(
        update(sensor_version)
        .where(chosen, ~sensor_version.c.erased)
        .values(values)
        .returning(sensor_version.c.sensor_id)
    ).all()
    return Redacted(len(rows), len({row.sensor_id for row in rows}))


def _blank_columns() -> dict[str, Any]:
    """The values of an erased version: empty, where the table allows it."""
    blank: dict[str, Any] = dict.fromkeys(("operating_municipalities", "on_behalf_of_id"))
    blank["observed_area_derived"] = False
    for field in FIELDS:
        if field.is_geometry:
            blank |= {field.column: None, f"{field.column}_rd": None}
        elif field.name == "visibility":
            # It governs the other versions.
            continue
        elif field.needed is not Needed.ALWAYS:
            blank[field.column] = None
        elif field.kind is FieldKind.TEXT:
            blank[field.column] = ""
    blank["reference"] = (
        select(sensor.c.public_code).where(sensor.c.id == sensor_version.c.sensor_id).scalar_subquery()
    )
    return blank


def _record(  # noqa: PLR0913, PLR0917 - who, what, on what and why
    session: Session,
    context: ActionContext,
    action: str,
    subject_kind: str,
    subject: UUID,
    reason: str,
    details: dict[str, Any],
) -> None:
    record_action(
        session,
        principal_id=context.principal.id,
        action=action,
        subject_kind=subject_kind,
        subject_ids=[subject],
        details=details,
        reason=reason,
        request_id=context.request_id,
    )
