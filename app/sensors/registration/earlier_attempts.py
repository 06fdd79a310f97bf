"""Earlier attempts of a registration under review: the version that was sent back, and whether it was withdrawn."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.sensors.registration.queries import load_versions, select_versions
from app.sensors.registration.version_record import SensorVersion
from app.sensors.registration_status import RegistrationStatus
from app.sensors.tables.register import sensor_version


def find_sent_back(
    session: Session, version: SensorVersion, review_numbers: Collection[int]
) -> SensorVersion | None:
    """The last version of this review of which changes were asked, before this one; None where none were."""
    found = (
        select_versions()
        .where(
            sensor_version.c.sensor_id == version.sensor_id,
            sensor_version.c.number.in_(review_numbers),
            sensor_version.c.number < version.number,
            sensor_version.c.registration_status == RegistrationStatus.CHANGES_REQUESTED,
            ~sensor_version.c.erased,
        )
        .order_by(sensor_version.c.number.desc())
        .limit(1)
    )
    return next(iter(load_versions(session, found)), None)


def find_restored(session: Session, sensor_ids: Collection[UUID]) -> frozenset[UUID]:
    """Those of these sensors that were withdrawn once, and are no longer."""
    withdrawn = select(sensor_version.c.sensor_id).where(
        sensor_version.c.sensor_id.in_(sensor_ids),
        sensor_version.c.registration_status == RegistrationStatus.WITHDRAWN,
        sensor_version.c.superseded_at.is_not(None),
    )
    return frozenset(session.scalars(withdrawn))
