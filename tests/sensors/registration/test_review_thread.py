"""The conversation in a review: who comments and answers, and that a comment blocks nothing."""

from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from app.access.principal import Principal
from app.core.errors import Conflict, InvalidRequest, NotPermitted
from app.core.expected_version import ANY_VERSION
from app.sensors.registration.actions import register_sensor
from app.sensors.registration.queries import get_version
from app.sensors.registration.remarks import FieldRemark, list_remarks
from app.sensors.registration.review import publish_submission, request_changes
from app.sensors.registration.review_thread import answer_remarks, comment_on_submission, resubmit_sensor
from tests.support.organisations import make_municipality, make_principal
from tests.support.sensors import make_context, make_record

COMMENT = (FieldRemark("Dit is ook bij ons."),)


@pytest.fixture
def reviewer(session: Session, amsterdam: UUID) -> Principal:
    return make_principal(session, amsterdam, "reviewer")


@pytest.fixture
def neighbour(session: Session, amsterdam: UUID) -> Principal:
    """A reviewer of a municipality that is touched, and does not review: its code comes later."""
    assert amsterdam is not None
    return make_principal(session, make_municipality(session, "GM0599", "Gemeente Rotterdam"), "reviewer")


@pytest.fixture
def submitted(session: Session, company: Principal) -> UUID:
    area = make_record(mobility="mobile", location=None, operatingArea=["GM0363", "GM0599"])
    return register_sensor(session, make_context(company), area).sensor_id


def test_touched_municipality_comments_and_the_decision_does_not_wait(
    session: Session, reviewer: Principal, neighbour: Principal, company: Principal, submitted: UUID
) -> None:
    comment_on_submission(session, make_context(neighbour), submitted, COMMENT, mail=None)
    answer_remarks(session, make_context(company), submitted, [FieldRemark("Dat klopt.")])
    comment_on_submission(session, make_context(reviewer), submitted, COMMENT, mail=None)
    thread = [(one.kind, one.organisation) for one in list_remarks(session, company, submitted)]
    assert thread == [
        ("comment", "Gemeente Rotterdam"),
        ("answer", "Meetbedrijf BV"),
        ("comment", "Gemeente Amsterdam"),
    ]
    version = publish_submission(session, make_context(reviewer), submitted, expected=ANY_VERSION, mail=None)
    assert version.number == 2


def test_after_the_decision_nothing_is_added(
    session: Session, reviewer: Principal, company: Principal, submitted: UUID
) -> None:
    publish_submission(session, make_context(reviewer), submitted, expected=ANY_VERSION, mail=None)
    with pytest.raises(Conflict):
        comment_on_submission(session, make_context(reviewer), submitted, COMMENT, mail=None)
    with pytest.raises(Conflict):
        answer_remarks(session, make_context(company), submitted, COMMENT)


def test_owner_does_not_comment_and_reviewer_does_not_answer(
    session: Session, reviewer: Principal, company: Principal, submitted: UUID
) -> None:
    with pytest.raises(NotPermitted):
        comment_on_submission(session, make_context(company), submitted, COMMENT, mail=None)
    with pytest.raises(NotPermitted):
        answer_remarks(session, make_context(reviewer), submitted, COMMENT)


def test_thread_needs_a_text(session: Session, reviewer: Principal, submitted: UUID) -> None:
    with pytest.raises(InvalidRequest):
        comment_on_submission(session, make_context(reviewer), submitted, [], mail=None)


def test_registration_is_submitted_again_as_it_is_with_an_answer(
    session: Session, reviewer: Principal, company: Principal, submitted: UUID
) -> None:
    context = make_context(company)
    with pytest.raises(Conflict):
        resubmit_sensor(session, context, submitted, expected=ANY_VERSION)
    request_changes(
        session, make_context(reviewer), submitted, reason="Waarom?", expected=ANY_VERSION, mail=None
    )
    resubmit_sensor(session, context, submitted, answers=[FieldRemark("Daarom.")], expected=ANY_VERSION)
    assert get_version(session, submitted).registration_status == "submitted"
    assert [one.version_number for one in list_remarks(session, company, submitted)] == [1, 3]
