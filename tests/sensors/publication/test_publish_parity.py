"""A set is made public exactly as its sensors are one by one."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.access.principal import Principal
from app.core.expected_version import ANY_VERSION
from app.municipalities.queries import lock_municipalities_shared
from app.sensors.change_kind import ChangeKind
from app.sensors.publication.municipality_assignment import SET_MIN_SENSORS, place_versions
from app.sensors.publication.publish import Publication, project_sensors, record_changes
from app.sensors.registration.actions import amend_sensor, register_sensor, remove_sensor
from tests.support.sensors import ERASMUS_BRIDGE, TODAY, make_camera, make_context, make_record

TABLES = ("published_sensor", "past_version", "published_area", "municipality_sensor", "sensor_count")


def read_tables(session: Session) -> dict[str, list[Any]]:
    """All rows of the publication, in an order of their own; counts that came to nothing are left out."""
    some = {"sensor_count": "WHERE sensors <> 0"}
    return {
        table: sorted(
            map(
                str,
                session.scalars(
                    text(f"SELECT row::text FROM publication.{table} AS row {some.get(table, '')}")
                ),
            )
        )
        for table in TABLES
    }


def read_clusters(session: Session) -> list[Any]:
    statement = (
        "SELECT * FROM publication.sensor_cluster WHERE sensors <> 0 ORDER BY facet, value, level, cell"
    )
    return list(session.execute(text(statement)))


def register_some(session: Session, officer: Principal) -> list[UUID]:
    """A sensor of every sort: plain, with a view, hidden in part or whole, mobile, changed, gone, with odd texts."""
    context = make_context(officer)
    rotterdam = {"type": "Point", "coordinates": list(ERASMUS_BRIDGE)}
    some = [
        make_record(reference="plain"),
        make_record(reference="said alike"),
        make_record(reference="odd", name='Zegt "hallo" \\ <b>', summary="Twee\nregels & <meer>", heightM=2.5,
                    heightReference="ground", openData=True, dataTypes=["binary", "tabular"]),
        make_camera(reference="camera"),
        make_camera(reference="generalised", visibility="generalised", visibilityReason="Beveiliging"),
        make_camera(reference="internal", visibility="internal", visibilityReason="Beveiliging"),
        make_record(reference="mobile", location=None, mobility="mobile", operatingArea=["GM0363", "GM0599"]),
        make_record(reference="elsewhere", location=rotterdam),
        make_record(reference="two themes", themes=["environment_noise", "mobility_car"]),
    ]  # fmt: skip
    sensor_ids = [register_sensor(session, context, record).sensor_id for record in some]
    changed = register_sensor(session, context, make_camera(reference="changed")).sensor_id
    amend_sensor(session, context, changed, {"name": "Anders", "viewRangeM": 20}, expected=ANY_VERSION)
    hidden = register_sensor(session, context, make_camera(reference="hidden later")).sensor_id
    amend_sensor(
        session,
        context,
        hidden,
        {"visibility": "generalised", "visibilityReason": "Rust"},
        expected=ANY_VERSION,
    )
    placed = (TODAY - timedelta(days=30)).isoformat()
    gone = register_sensor(session, context, make_record(reference="gone", placedFrom=placed)).sensor_id
    remove_sensor(session, context, gone, {"removedOn": TODAY.isoformat()}, expected=ANY_VERSION)
    return [*sensor_ids, changed, hidden, gone]


def publish_as_a_set(session: Session, sensor_ids: list[UUID]) -> None:
    """The ids, with as many unknown ones as make a set."""
    given = [*sensor_ids, *(uuid4() for _ in range(SET_MIN_SENSORS))]
    publication = Publication()
    lock_municipalities_shared(session)
    place_versions(session, given)
    project_sensors(session, given, publication, kind=ChangeKind.MOVED)
    record_changes(session, publication)


def test_publish_one_parity_with_publish_a_set(session: Session, officer: Principal) -> None:
    sensor_ids = register_some(session, officer)
    one_by_one, clusters = read_tables(session), read_clusters(session)
    assert all(one_by_one.values())
    told = "CAST('{' || left(feature_properties, -1) AS json)->>'name'"
    names = session.execute(text(f"SELECT name, {told} FROM publication.published_sensor")).all()
    assert {kept == shown for kept, shown in names} == {True}
    assert ('Zegt "hallo" \\ <b>',) * 2 in names
    changes = session.scalar(text("SELECT max(number) FROM publication.change"))

    publish_as_a_set(session, sensor_ids)

    assert read_tables(session) == one_by_one
    assert read_clusters(session) == clusters
    announced = session.execute(
        text("SELECT sensor_id, kind FROM publication.change WHERE number > :number"), {"number": changes}
    ).all()
    public = set(session.scalars(text("SELECT id FROM publication.published_sensor")))
    assert {sensor_id for sensor_id, _ in announced} == public
    assert {kind for _, kind in announced} == {"moved"}


def test_set_that_was_not_public_is_published(session: Session, officer: Principal) -> None:
    sensor_ids = register_some(session, officer)
    one_by_one, clusters = read_tables(session), read_clusters(session)
    for table in (*TABLES, "sensor_cluster", "change"):
        session.execute(text(f"DELETE FROM publication.{table}"))

    publish_as_a_set(session, sensor_ids)

    assert read_tables(session) == one_by_one
    assert read_clusters(session) == clusters
    numbered = session.execute(text("SELECT number, kind FROM publication.change ORDER BY number")).all()
    public = len(one_by_one["published_sensor"])
    assert [tuple(row) for row in numbered] == [(number, "published") for number in range(1, public + 1)]


def test_unpublished_change_does_not_lock_change_numbers(session: Session, officer: Principal) -> None:
    context = make_context(officer)
    hidden = make_record(visibility="internal", visibilityReason="Beveiliging")
    sensor_id = register_sensor(session, context, hidden).sensor_id
    publication = Publication()
    project_sensors(session, [sensor_id], publication, kind=ChangeKind.AMENDED)
    assert not publication.has_changes
    record_changes(session, publication)
    assert session.scalar(text("SELECT count(*) FROM publication.change")) == 0
