"""Writing a version: what was said, when, by whom, and what the public sees of it from now on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, func, insert, select, update
from sqlalchemy.orm import Session

from app.access.principal import Principal
from app.audit.actions import record_action
from app.core.errors import ABSENT, Problem
from app.core.language import Text
from app.municipalities.queries import hold_municipalities
from app.sensors.models import OPEN_STATUSES, sensor_version
from app.sensors.placing import place_versions
from app.sensors.publishing import publish_sensors
from app.sensors.queries import get_version, lock_sensor

SET_BY_WRITING = ("id", "sensor_id", "number", "recorded_at", "published_at", "superseded_at", "import_id")
"""The columns that each version gets anew."""


@dataclass(frozen=True, slots=True)
class Ask:
    """Who asks, from which request, on which day (of Europe/Amsterdam)."""

    principal: Principal
    today: date
    request_id: str | None = None
    notification_term_days: int = 5


def write_version(
    session: Session, ask: Ask, sensor_id: UUID, columns: Mapping[str, Any], *, action: str
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
        hold_municipalities(session)
        place_versions(session, [sensor_id])
    record_action(
        session,
        principal_id=ask.principal.id,
        action=action,
        subject_kind="sensor",
        subject_ids=[sensor_id],
        details={"version": last + 1, "registrationStatus": columns["registration_status"]},
        on_behalf_of=columns.get("on_behalf_of_id"),
        request_id=ask.request_id,
    )
    return get_version(session, sensor_id, published=published)


def keep_warning(warning: Problem) -> dict[str, Any]:
    """A warning as it is kept with the record: in both languages, since its reader is not known yet."""
    return {**warning.render("nl"), "detail": {"nl": warning.detail.nl, "en": warning.detail.en}}


def read_warning(kept: Mapping[str, Any]) -> Problem:
    """A warning as it was before `keep_warning`."""
    return Problem(
        kept["code"],
        kept["location"],
        Text(**kept["detail"]),
        kept.get("value", ABSENT),
        kept.get("suggestion", ABSENT),
    )
