"""Writing a version: what was said, when, by whom, and what the public sees of it from now on."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, func, insert, select, update
from sqlalchemy.orm import Session

from app.access.context import ActionContext
from app.audit.actions import record_action
from app.core.errors import ABSENT, Problem
from app.core.i18n import LocalizedText
from app.municipalities.queries import lock_municipalities
from app.sensors.publication.municipality_assignment import place_versions
from app.sensors.publication.publish import publish_sensors
from app.sensors.registration.queries import get_version, lock_sensor
from app.sensors.tables.register import OPEN_STATUSES, sensor_version

SET_BY_WRITING = ("id", "sensor_id", "number", "recorded_at", "published_at", "superseded_at", "import_id")
"""The columns that each version gets anew."""


def write_version(
    session: Session, context: ActionContext, sensor_id: UUID, columns: Mapping[str, Any], *, action: str
) -> RowMapping:
    """Add a version, close the one it replaces, bring the publication up to date, and keep the audit entry.

    A published version replaces the published one; an open version replaces the open one, and leaves what is
    public as it is until it is reviewed. A confirmation leaves an open version open. What was withdrawn is over.
    """
    moment = lock_sensor(session, sensor_id)
    published = columns["registration_status"] == "published"
    closed: tuple[str, ...] = ("withdrawn", "published") if published else ("withdrawn", *OPEN_STATUSES)
    if published and action != "confirm_sensor":
        closed += OPEN_STATUSES
    version = sensor_version.c
    session.execute(
        update(sensor_version)
        .where(
            version.sensor_id == sensor_id,
            version.superseded_at.is_(None),
            version.registration_status.in_(closed),
        )
        .values(superseded_at=moment)
    )
    last = session.scalar(select(func.max(version.number)).where(version.sensor_id == sensor_id)) or 0
    session.execute(
        insert(sensor_version).values(
            **columns,
            sensor_id=sensor_id,
            number=last + 1,
            recorded_at=moment,
            published_at=moment if published else None,
        )
    )
    if published:
        publish_sensors(session, [sensor_id], kind="confirmed" if action == "confirm_sensor" else "amended")
    else:
        lock_municipalities(session)
        place_versions(session, [sensor_id])
    record_action(
        session,
        principal_id=context.principal.id,
        action=action,
        subject_kind="sensor",
        subject_ids=[sensor_id],
        details={"version": last + 1, "registrationStatus": columns["registration_status"]},
        on_behalf_of=columns.get("on_behalf_of_id"),
        request_id=context.request_id,
    )
    return get_version(session, sensor_id, published=published)


def dump_warning(warning: Problem) -> dict[str, Any]:
    """A warning as it is kept with the record: in both languages, since its reader is not known yet."""
    return {**warning.render("nl"), "detail": {"nl": warning.detail.nl, "en": warning.detail.en}}


def load_warning(kept: Mapping[str, Any]) -> Problem:
    """A warning as it was before `dump_warning`."""
    return Problem(
        kept["code"],
        kept["location"],
        LocalizedText(**kept["detail"]),
        kept.get("value", ABSENT),
        kept.get("suggestion", ABSENT),
    )
