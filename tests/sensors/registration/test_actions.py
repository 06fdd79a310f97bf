"""A sensor is registered: what is asked, what is answered, what is kept."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.access.principal import Principal
from app.core.errors import InvalidRequest, NotPermitted
from app.core.expected_version import ANY_VERSION
from app.organisations.actions import end_organisation
from app.sensors.registration.actions import amend_sensor, register_sensor
from app.sensors.tables.publication import published_area, published_sensor
from tests.support.organisations import make_organisation
from tests.support.sensors import make_camera, make_context, make_record


def named(refused: pytest.ExceptionInfo[InvalidRequest]) -> set[tuple[str, str]]:
    return {(problem.location, problem.code) for problem in refused.value.problems}


def test_registration_by_municipality_inside_its_boundary_is_published(
    session: Session, officer: Principal, amsterdam: UUID
) -> None:
    version = register_sensor(session, make_context(officer), make_record())

    assert version.registration_status == "published"
    assert version.municipality_code == "GM0363"
    assert version.owner_id == amsterdam
    row = session.execute(select(published_sensor)).mappings().one()
    assert row["public_code"] == version.public_code
    assert row["municipality_codes"] == ["GM0363"]
    assert session.scalar(text("SELECT kind FROM publication.change")) == "published"
    assert (
        session.scalar(
            text("SELECT sum(sensors) FROM publication.sensor_count WHERE municipality_code = 'GM0363'")
        )
        == 1
    )


def test_registration_by_company_is_submitted(session: Session, company: Principal) -> None:
    version = register_sensor(session, make_context(company), make_record())

    assert version.registration_status == "submitted"
    assert session.execute(select(published_sensor)).all() == []
    assert session.scalar(text("SELECT count(*) FROM publication.change")) == 0


def test_registration_by_municipality_outside_its_boundary_is_submitted(
    session: Session, officer: Principal
) -> None:
    elsewhere = {"type": "Point", "coordinates": [4.4868, 51.9094]}
    version = register_sensor(session, make_context(officer), make_record(location=elsewhere))

    assert version.registration_status == "submitted"
    assert version.municipality_code == "GM0599"


def test_registration_for_an_organisation_that_has_ended_is_refused(
    session: Session, officer: Principal
) -> None:
    owner, former = make_organisation(session), make_organisation(session, name="Gestopt BV")
    context = make_context(officer)
    here = register_sensor(session, context, make_record(owner=str(former)))
    end_organisation(session, former, principal_id=None, now=datetime.now(UTC), reason="Failliet")

    with pytest.raises(InvalidRequest) as refused:
        register_sensor(session, context, make_record(owner=str(former), reference="b", sensorType="x"))
    assert named(refused) == {("/owner", "organisation_ended"), ("/sensorType", "unknown_value")}
    other = register_sensor(session, context, make_record(owner=str(owner)))
    with pytest.raises(InvalidRequest) as refused:
        amend_sensor(
            session,
            context,
            other.sensor_id,
            {"owner": str(former), "reference": "c"},
            expected=ANY_VERSION,
        )
    assert named(refused) == {("/owner", "organisation_ended")}
    # Sensors that it has are still corrected by the municipality.
    amended = amend_sensor(session, context, here.sensor_id, {"name": "Nieuw"}, expected=ANY_VERSION)
    assert amended.name == "Nieuw"


def test_personal_data_need_ground_statement_and_retention(session: Session, officer: Principal) -> None:
    camera = make_camera(
        gdprBases=None, legalBasisText=None, legalBasisUrl=None, privacyStatementUrl=None,
        retentionKind=None, retentionPeriod=None,
    )  # fmt: skip
    with pytest.raises(InvalidRequest) as refused:
        register_sensor(session, make_context(officer), camera)

    assert named(refused) == {
        ("/gdprBases", "required"),
        ("/privacyStatementUrl", "required"),
        ("/retentionKind", "required"),
    }


def test_swapped_latitude_and_longitude_are_recognised(session: Session, officer: Principal) -> None:
    swapped = {"type": "Point", "coordinates": [52.3731, 4.8932]}
    with pytest.raises(InvalidRequest) as refused:
        register_sensor(session, make_context(officer), make_record(location=swapped))

    (problem,) = refused.value.problems
    assert problem.suggestion == [4.8932, 52.3731]
    assert "omgewisseld" in problem.detail.nl or "verwisseld" in problem.detail.nl


def test_problems_of_record_are_all_reported(session: Session, officer: Principal) -> None:
    record = make_record(
        sensorType="soud", themes=["environment_noise", "cars"], measures=None, placedFrom="yesterday",
        activeUntil="9999-12-31", mobility="fixed", location=None, heightM="high", colour="blue", publicCode="X",
        postcode="12", dataUrl="ftp://x", name="a\x00b",
    )  # fmt: skip
    with pytest.raises(InvalidRequest) as refused:
        register_sensor(session, make_context(officer), record)

    assert named(refused) == {
        ("/sensorType", "unknown_value"), ("/themes/1", "unknown_value"), ("/measures", "required"),
        ("/placedFrom", "invalid_date"), ("/activeUntil", "end_too_far"), ("/location", "required"),
        ("/heightM", "invalid_number"), ("/colour", "unknown_field"), ("/publicCode", "read_only"),
        ("/postcode", "wrong_pattern"), ("/dataUrl", "invalid_url"), ("/name", "control_characters"),
    }  # fmt: skip
    by_location = {problem.location: problem for problem in refused.value.problems}
    assert by_location["/sensorType"].suggestion == "sound"


def test_field_of_view_is_derived_and_lies_in_front_of_camera(session: Session, officer: Principal) -> None:
    register_sensor(session, make_context(officer), make_camera())

    covers = select(published_area.c.id).where(
        text("ST_Intersects(area, ST_SetSRID(ST_MakePoint(:lon, :lat), 4258))")
    )
    assert session.execute(covers, {"lon": 4.8932, "lat": 52.3735}).all()  # 45 m before the camera
    assert not session.execute(covers, {"lon": 4.8932, "lat": 52.3727}).all()  # 45 m behind it


def test_registration_by_company_for_other_owner_is_refused(
    session: Session, company: Principal, amsterdam: UUID
) -> None:
    with pytest.raises(NotPermitted):
        register_sensor(session, make_context(company), make_record(owner=str(amsterdam)))
