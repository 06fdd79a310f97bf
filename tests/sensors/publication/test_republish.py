"""Another edition, another name: sensors are shown in their new light, and no version is made."""

from uuid import UUID

import psycopg
import pytest
import shapely
from fastapi.testclient import TestClient
from shapely import MultiPolygon
from shapely.geometry.base import BaseGeometry
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.access.principal import Principal
from app.core.database import sqlalchemy_url, transaction
from app.core.expected_version import ANY_VERSION
from app.municipalities.boundaries import Boundary
from app.municipalities.edition_storage import Edition
from app.municipalities.editions import (
    EditionReport,
    LoadOptions,
    Move,
    lock_municipalities_exclusively,
    put_edition,
)
from app.municipalities.queries import MUNICIPALITY_LOCK
from app.organisations.actions import amend_organisation
from app.sensors.publication.republish import reassign_municipalities, republish_organisation
from app.sensors.registration.actions import amend_sensor, register_sensor
from app.spatial.crs import transform_geometry_to_lonlat
from tests.support.application import make_client
from tests.support.organisations import make_municipality, make_organisation, make_principal
from tests.support.rule_check import read_features
from tests.support.sensors import (
    CITIES,
    DAM,
    HALF_SIDE_METRES,
    load_cities,
    make_camera,
    make_context,
    make_record,
)
from tests.support.waiting import wait_until

# The Dam lies 359 m east of this line, in RD.
DIVIDE = CITIES["GM0363"][1]


def square(code: str) -> shapely.Polygon:
    _, x, y = CITIES[code]
    return shapely.box(x - HALF_SIDE_METRES, y - HALF_SIDE_METRES, x + HALF_SIDE_METRES, y + HALF_SIDE_METRES)


def load_next_edition(session: Session) -> EditionReport:
    """2027: the east of Amsterdam is Damstad, and Rotterdam has merged into Den Haag."""
    amsterdam = square("GM0363")
    west = shapely.box(*amsterdam.bounds[:2], DIVIDE, amsterdam.bounds[3])
    areas: dict[str, tuple[str, list[BaseGeometry]]] = {
        "GM0344": ("Utrecht", [square("GM0344")]),
        "GM0363": ("Amsterdam", [west]),
        "GM1999": ("Damstad", [amsterdam - west]),
        "GM0518": ("'s-Gravenhage", [square("GM0518"), square("GM0599") - square("GM0518")]),
        "GM0772": ("Eindhoven", [square("GM0772")]),
    }
    boundaries = []
    for code, (name, parts) in areas.items():
        rd = MultiPolygon(list(shapely.get_parts(shapely.union_all(parts))))
        boundaries.append(Boundary(code, name, None, transform_geometry_to_lonlat(rd), rd))
    lock_municipalities_exclusively(session)
    edition = Edition(2027, approximate=False, source="squares", attribution="Made for tests")
    return put_edition(session, edition, boundaries, LoadOptions(reassign=reassign_municipalities))


ROTTERDAM = {"type": "Point", "coordinates": [4.4868, 51.9094]}
FAR_WEST = {"type": "Point", "coordinates": [4.80, 52.37]}
UTRECHT = {"type": "Point", "coordinates": [5.1214, 52.0907]}


def test_new_edition_moves_sensors_and_writes_no_version(
    session: Session, officer: Principal, company: Principal
) -> None:
    context = make_context(officer)
    moving = register_sensor(session, context, make_record(reference="moving"))
    moving = amend_sensor(session, context, moving.sensor_id, {"name": "Tweede"}, expected=ANY_VERSION)
    staying = register_sensor(session, context, make_record(reference="staying", location=FAR_WEST))
    # Looks over the line: it touches both from now on, and stands where it stood.
    place = {"type": "Point", "coordinates": [4.8875, 52.3731]}
    looking = register_sensor(
        session,
        context,
        make_camera(location=place, viewDirectionDeg=90, viewRangeM=200, reference="looking"),
    )
    submitted = register_sensor(session, make_context(company), make_record())
    before = session.scalar(text("SELECT max(number) FROM publication.change"))

    report = load_next_edition(session)

    assert report.reassigned is not None
    assert (report.reassigned.checked, report.reassigned.moved) == (4, 3)
    assert set(report.reassigned.moves) == {
        Move(moving.public_code, "GM0363", "GM1999"),
        Move(submitted.public_code, "GM0363", "GM1999"),
        Move(looking.public_code, "GM0363", "GM0363"),
    }
    assert (report.ended, report.begun) == (("GM0599",), ("GM1999",))
    assert session.scalar(text("SELECT count(*) FROM register.sensor_version")) == 5
    changed = session.execute(
        text("SELECT sensor_id, kind FROM publication.change WHERE number > :before"), {"before": before}
    ).all()
    assert set(changed) == {(moving.sensor_id, "moved"), (looking.sensor_id, "moved")}
    rows = session.execute(text("SELECT reference, municipality_codes FROM publication.published_sensor"))
    codes = {row.reference: row.municipality_codes for row in rows}
    assert codes == {"moving": ["GM1999"], "staying": ["GM0363"], "looking": ["GM0363", "GM1999"]}
    # History is shown by today's map, too: the old version of the sensor moved with it.
    everywhen = text("SELECT municipality_code FROM publication.published_version WHERE id = :id")
    assert set(session.scalars(everywhen, {"id": moving.sensor_id})) == {"GM1999"}
    assert staying.sensor_id not in {sensor_id for sensor_id, _ in changed}


def test_new_name_of_a_municipality_is_published_without_a_version(
    session: Session, officer: Principal
) -> None:
    sensor = register_sensor(session, make_context(officer), make_record(location=FAR_WEST))
    before = session.scalar(text("SELECT max(number) FROM publication.change"))
    amsterdam = MultiPolygon([square("GM0363")])
    boundary = Boundary("GM0363", "Amstelredam", None, transform_geometry_to_lonlat(amsterdam), amsterdam)
    lock_municipalities_exclusively(session)
    edition = Edition(2027, approximate=False, source="squares", attribution="Made for tests")
    report = put_edition(session, edition, [boundary], LoadOptions(reassign=reassign_municipalities))

    assert report.reassigned is not None
    assert report.reassigned.moved == 0
    row = session.execute(
        text("SELECT municipality_name, feature_properties, version FROM publication.published_sensor")
    ).one()
    assert row.municipality_name == "Amstelredam"
    assert ',"municipalityName":"Amstelredam",' in row.feature_properties
    assert row.version == 1
    changed = session.execute(
        text("SELECT sensor_id, kind FROM publication.change WHERE number > :before"), {"before": before}
    ).all()
    assert changed == [(sensor.sensor_id, "amended")]


def test_same_edition_again_moves_nothing(session: Session, officer: Principal) -> None:
    register_sensor(session, make_context(officer), make_record())
    load_next_edition(session)
    report = load_next_edition(session)
    assert report.reassigned is not None
    assert (report.reassigned.checked, report.reassigned.moved, report.reassigned.moves) == (1, 0, ())


def test_old_code_is_answered_by_its_own_edition(fresh_database: str) -> None:
    with make_client(fresh_database) as client:

        def references(query: str) -> set[str]:
            answer = client.get(f"/v1/collections/sensors/items?{query}")
            assert answer.status_code == 200, answer.text
            assert answer.json()["numberMatched"] == len(answer.json()["features"])
            return {feature["properties"]["reference"] for feature in answer.json()["features"]}

        engine = create_engine(sqlalchemy_url(fresh_database))
        with transaction(engine) as session:
            load_cities(session)
            for code, name, place in (
                ("GM0363", "Amsterdam", {"type": "Point", "coordinates": list(DAM)}),
                ("GM0599", "Rotterdam", ROTTERDAM),
                ("GM0344", "Utrecht", UTRECHT),
            ):
                context = make_context(
                    make_principal(session, make_municipality(session, code, f"Gemeente {name}"))
                )
                dates = {"placedFrom": "2026-01-01", "activeUntil": "2029-01-01"}
                register_sensor(session, context, make_record(reference=name, location=place, **dates))
        assert references("municipality=GM0599") == {"Rotterdam"}
        with transaction(engine) as session:
            load_next_edition(session)
        engine.dispose()

        wait_for_edition(client, 2027)
        for query in ("GM0599", "rotterdam", "GM0599&sensorType=sound", "GM0599&bbox=4,51,5,52"):
            assert references(f"municipality={query}") == {"Rotterdam"}, query
        assert references("municipality=GM0518") == {"Rotterdam"}
        assert references("municipality=GM1999") == references("municipality=damstad") == {"Amsterdam"}
        assert references("municipality=GM0363") == set()
        assert references("municipality=GM0344") == {"Utrecht"}
        old = client.get("/v1/municipalities/GM0599").json()
        assert (old["inForce"], old["edition"], old["successor"]["code"]) == (False, 2026, "GM0518")
        assert client.get("/v1/municipalities/GM1999").json()["sensorCount"] == 1
        assert client.get("/v1/municipalities/GM0363").json()["sensorCount"] == 0


def wait_for_edition(client: TestClient, year: int) -> None:
    """Names and codes are kept for a second."""
    wait_until(lambda: client.get("/v1/collections/sensors/items?municipality=GM1999").status_code != 400)
    assert client.get("/v1/municipalities").json()["editions"][0]["edition"] == year


def test_rename_republishes_sensors_under_the_new_name(
    session: Session, officer: Principal, amsterdam: UUID
) -> None:
    company = make_organisation(session)
    context = make_context(officer)
    first = register_sensor(session, context, make_record(operator=str(company)))
    amend_sensor(session, context, first.sensor_id, {"name": "Tweede"}, expected=ANY_VERSION)
    register_sensor(session, context, make_record(reference="another"))

    amend_organisation(
        session, company, {"name": "Nieuwe Naam BV"}, principal_id=None, republish=republish_organisation
    )

    names = [feature["properties"].get("operatorName") for feature in read_features(session)]
    assert names == ["Nieuwe Naam BV", "Nieuwe Naam BV", None]
    assert session.scalar(text("SELECT count(*) FROM register.sensor_version")) == 3
    last = session.execute(
        text("SELECT sensor_id, kind FROM publication.change ORDER BY number DESC LIMIT 1")
    ).one()
    assert last == (first.sensor_id, "amended")
    # The sensors of a person whose name is hidden carry no name.
    amend_organisation(
        session,
        company,
        {"organisationType": "private_person"},
        principal_id=None,
        republish=republish_organisation,
    )
    texts = session.scalars(text("SELECT feature_properties FROM publication.published_version")).all()
    assert not [one for one in texts if "Nieuwe Naam" in one or '"operatorName":null' not in one]


def test_rename_waits_for_the_loading_of_an_edition(fresh_database: str) -> None:
    """Both replace the public rows of a sensor; at the same time, one would find rows of the other."""
    engine = create_engine(sqlalchemy_url(fresh_database))
    with transaction(engine) as session:
        company = make_organisation(session)
    with psycopg.connect(fresh_database) as loader, transaction(engine) as session:
        loader.execute("SELECT pg_advisory_xact_lock(%s)", [MUNICIPALITY_LOCK])
        session.execute(text("SET LOCAL lock_timeout = '100ms'"))
        with pytest.raises(OperationalError, match="lock timeout"), session.begin_nested():
            republish_organisation(session, company)
    engine.dispose()
