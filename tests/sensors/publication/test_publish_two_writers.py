"""Two transactions that publish at the same time."""

from uuid import UUID

from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from app.core.database import sqlalchemy_url
from app.sensors.change_kind import ChangeKind
from app.sensors.publication.publish import Publication, project_sensors, record_changes
from tests.sensors.publication.test_publish_counts import check_counts
from tests.support.register import Register


def test_writers_of_sensors_that_count_alike_do_not_wait_before_they_record(
    register: Register, fresh_database: str
) -> None:
    sensors = [UUID(register.register(reference=name)["id"]) for name in ("one", "other")]
    engine = create_engine(sqlalchemy_url(fresh_database))
    with Session(engine) as one, Session(engine) as other:
        publications = [Publication(), Publication()]
        for session, sensor, publication in zip((one, other), sensors, publications, strict=True):
            # A wait for the other, which never comes to its end here, would fail.
            session.execute(text("SET LOCAL lock_timeout = '1s'"))
            project_sensors(session, [sensor], publication, kind=ChangeKind.AMENDED)
        for session, publication in zip((other, one), reversed(publications), strict=True):
            record_changes(session, publication)
            session.commit()
    with Session(engine) as session:
        check_counts(session)
    engine.dispose()
