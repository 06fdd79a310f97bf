"""Notices on what a municipality registered: which sensors one lists."""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.access.principal import Principal
from app.sensors.registration.actions import register_sensor
from app.sensors.registration.behalf_notices import list_told, tell_represented
from app.sensors.tables.behalf import BehalfNotice
from app.sensors.tables.register import sensor, sensor_version
from tests.support.organisations import make_organisation
from tests.support.sensors import make_context, make_record

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)


def register_for(session: Session, officer: Principal, owner: UUID, reference: str) -> UUID:
    record = make_record(reference=reference, owner=str(owner))
    return register_sensor(session, make_context(officer), record).sensor_id


def test_sensor_of_another_owner_by_now_is_not_listed(session: Session, officer: Principal) -> None:
    told, other = make_organisation(session), make_organisation(session)
    ids = [register_for(session, officer, told, reference) for reference in ("namens-1", "namens-2")]
    assert tell_represented(session, site="https://register.example", sends_mail=False, now=NOW) == 1
    notice = session.scalars(select(BehalfNotice.id)).one()
    assert [one.reference for one in list_told(session, notice)[0]] == ["namens-1", "namens-2"]
    session.execute(update(sensor).where(sensor.c.id == ids[0]).values(owner_id=other))
    session.execute(
        update(sensor_version)
        .where(sensor_version.c.sensor_id == ids[0])
        .values(owner_id=other, visibility="internal")
    )
    rows, total = list_told(session, notice)
    assert ([one.reference for one in rows], total) == (["namens-2"], 1)
