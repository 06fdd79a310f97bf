"""One submission: its versions side by side, its remarks, and the rights of its reader."""

from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from app.access.principal import Principal
from app.core.errors import NotFound
from app.core.expected_version import ANY_VERSION
from app.sensors.registration.actions import amend_sensor, confirm_sensor, register_sensor
from app.sensors.registration.remarks import FieldRemark
from app.sensors.registration.review import publish_submission, reject_submission, request_changes
from app.sensors.registration.review_queue import SubmissionKind
from app.sensors.registration.submission import Submission, get_submission
from tests.support.organisations import make_municipality, make_organisation, make_principal
from tests.support.sensors import TODAY, make_context, make_record


@pytest.fixture
def reviewer(session: Session, amsterdam: UUID) -> Principal:
    return make_principal(session, amsterdam, "reviewer")


@pytest.fixture
def published(session: Session, company: Principal, reviewer: Principal) -> UUID:
    sensor_id: UUID = register_sensor(session, make_context(company), make_record(name="Oud")).sensor_id
    publish_submission(session, make_context(reviewer), sensor_id, expected=ANY_VERSION, mail=None)
    return sensor_id


def read(session: Session, principal: Principal, sensor_id: UUID) -> Submission:
    return get_submission(session, principal, sensor_id, TODAY)


def rights(submission: Submission) -> tuple[bool, bool, bool, bool]:
    one = submission
    return (one.may_decide, one.may_comment, one.may_answer, one.may_amend)


def test_change_is_shown_beside_the_published_version(
    session: Session, company: Principal, reviewer: Principal, published: UUID
) -> None:
    amend_sensor(session, make_context(company), published, {"name": "Nieuw"}, expected=ANY_VERSION)
    found = read(session, reviewer, published)
    assert found.published is not None
    assert (found.kind, found.version.number, found.published.number) == (SubmissionKind.CHANGE, 3, 2)
    assert [(one.field.name, one.before, one.after) for one in found.differences] == [
        ("name", "Oud", "Nieuw")
    ]
    assert rights(found) == (True, True, False, False)
    assert rights(read(session, company, published)) == (False, False, True, True)


def test_remarks_of_this_review_are_apart_from_earlier_ones(
    session: Session, company: Principal, reviewer: Principal, published: UUID
) -> None:
    amend_sensor(session, make_context(company), published, {"name": "Eerst"}, expected=ANY_VERSION)
    reject_submission(
        session, make_context(reviewer), published, reason="Nee", expected=ANY_VERSION, mail=None
    )
    amend_sensor(session, make_context(company), published, {"name": "Toen"}, expected=ANY_VERSION)
    asked = [FieldRemark("Waar?", "name")]
    request_changes(
        session, make_context(reviewer), published, remarks=asked, expected=ANY_VERSION, mail=None
    )
    confirm_sensor(session, make_context(company, TODAY.replace(day=20)), published, expected=None)
    amend_sensor(session, make_context(company), published, {"name": "Dan"}, expected=ANY_VERSION)
    found = read(session, company, published)
    assert [one.text for one in found.remarks] == ["Waar?"]
    assert [one.text for one in found.earlier_remarks] == ["Nee"]
    publish_submission(session, make_context(reviewer), published, expected=ANY_VERSION, mail=None)
    decided = read(session, company, published)
    assert ([one.text for one in decided.remarks], decided.is_under_review) == (["Waar?"], False)
    assert rights(decided) == (False, False, False, False)


def test_others_that_are_touched_are_named(session: Session, company: Principal, reviewer: Principal) -> None:
    area = make_record(mobility="mobile", location=None, operatingArea=["GM0363", "GM0599"])
    sensor_id = register_sensor(session, make_context(company), area).sensor_id
    found = read(session, reviewer, sensor_id)
    assert (found.municipality_code, found.commenting_codes, found.kind) == ("GM0363", ["GM0599"], "new")
    rotterdam = make_principal(session, make_municipality(session, "GM0599", "Rotterdam"), "reviewer")
    assert rights(read(session, rotterdam, sensor_id)) == (False, True, False, False)


def test_strangers_find_nothing(session: Session, published: UUID) -> None:
    stranger = make_principal(session, make_organisation(session, name="Ander Bedrijf BV"), "reviewer")
    with pytest.raises(NotFound):
        read(session, stranger, published)
