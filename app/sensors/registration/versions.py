"""Writing a version, with the publication, the receipt and the audit entry that belong to it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from app.access.context import ActionContext
from app.audit.actions import record_action
from app.core.i18n import LocalizedText
from app.core.problems import ABSENT, Problem, ProblemCode
from app.municipalities.queries import lock_municipalities_shared
from app.sensors.publication.municipality_assignment import place_versions
from app.sensors.publication.publish import publish_sensors
from app.sensors.receipts.actions import write_receipts
from app.sensors.registration.lifecycle import Action, get_transition
from app.sensors.registration.queries import load_versions, lock_sensor, select_versions
from app.sensors.registration.version_record import SensorVersion
from app.sensors.registration_status import RegistrationStatus, has_status
from app.sensors.tables.register import sensor_version

SET_BY_WRITING = (
    "id",
    "sensor_id",
    "number",
    "recorded_at",
    "published_at",
    "superseded_at",
    "import_id",
    "redacted_at",
    "erased",
)
"""Columns that are never copied from the previous version."""


def write_version(  # noqa: PLR0913 - the two statuses are those of the transition
    session: Session,
    context: ActionContext,
    sensor_id: UUID,
    columns: Mapping[str, Any],
    *,
    action: Action,
    current: RegistrationStatus | None,
    reason: str | None = None,
) -> SensorVersion:
    """Add a version, close those it replaces, update the publication, and write receipt and audit entry.

    `current` is the status of the version that the action concerns, None for a sensor that is not registered yet.
    `reason` is stored in the audit trail.
    Raises: Conflict when the action is not possible from that status.
    """
    status = RegistrationStatus(columns["registration_status"])
    transition = get_transition(action, current, status)
    moment = lock_sensor(session, sensor_id)
    version = sensor_version.c
    session.execute(
        update(sensor_version)
        .where(version.sensor_id == sensor_id, has_status(sensor_version, *transition.closes))
        .values(superseded_at=moment)
    )
    last = session.scalar(select(func.max(version.number)).where(version.sensor_id == sensor_id)) or 0
    version_id = session.execute(
        insert(sensor_version)
        .values(
            **columns,
            sensor_id=sensor_id,
            number=last + 1,
            recorded_at=moment,
            published_at=moment if status == RegistrationStatus.PUBLISHED else None,
        )
        .returning(version.id)
    ).scalar_one()
    if transition.announces:
        publish_sensors(session, [sensor_id], kind=transition.announces)
    else:
        lock_municipalities_shared(session)
        place_versions(session, [sensor_id])
    write_receipts(session, context, action, [version_id])
    record_action(
        session,
        principal_id=context.principal.id,
        action=f"{action}_sensor",
        subject_kind="sensor",
        subject_ids=[sensor_id],
        details={"version": last + 1, "registrationStatus": status},
        reason=reason,
        on_behalf_of=columns.get("on_behalf_of_id"),
        request_id=context.request_id,
    )
    return load_versions(session, select_versions().where(version.id == version_id))[0]


def copy_columns(previous: SensorVersion) -> dict[str, Any]:
    """The columns that the next version copies."""
    return {
        column.name: getattr(previous, column.name)
        for column in sensor_version.columns
        if column.name not in SET_BY_WRITING
    }


def dump_warning(warning: Problem) -> dict[str, Any]:
    """The JSON of a warning, stored with the record: in both languages, since the reader is not known yet."""
    return {**warning.render("nl"), "detail": {"nl": warning.detail.nl, "en": warning.detail.en}}


def load_warning(stored: Mapping[str, Any]) -> Problem:
    """The warning that `dump_warning` stored."""
    return Problem(
        ProblemCode(stored["code"]),
        stored["location"],
        LocalizedText(**stored["detail"]),
        stored.get("value", ABSENT),
        stored.get("suggestion", ABSENT),
    )
