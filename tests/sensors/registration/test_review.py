"""Decisions of reviewers: what is published, asked, rejected and announced, and what stays visible meanwhile."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.access.context import ActionContext
from app.access.principal import Principal
from app.core.errors import Conflict, InvalidRequest, NotFound, NotPermitted, PreconditionFailed
from app.core.expected_version import ANY_VERSION, ExpectedVersion
from app.core.i18n import LocalizedText
from app.sensors.registration.actions import (
    amend_sensor,
    confirm_sensor,
    register_sensor,
    remove_sensor,
)
from app.sensors.registration.queries import (
    get_published_version,
    list_sensors_by_reference,
    list_versions,
)
from app.sensors.registration.remarks import FieldRemark, list_remarks
from app.sensors.registration.review import publish_submission, reject_submission, request_changes
from app.sensors.registration.version_record import SensorVersion
from app.sensors.tables.publication import published_sensor
from tests.support.organisations import make_municipality, make_principal
from tests.support.rule_check import read_features
from tests.support.sensors import TODAY, make_context, make_record

REMARKS = (FieldRemark("Welk plein is dit?", "name"),)


@pytest.fixture
def reviewer(session: Session, amsterdam: UUID) -> Principal:
    """A reviewer of Amsterdam."""
    return make_principal(session, amsterdam, "reviewer")


def submit(session: Session, company: Principal, **fields: Any) -> SensorVersion:
    return register_sensor(session, make_context(company), make_record(**fields))


def publish(session: Session, reviewer: Principal, sensor_id: UUID) -> SensorVersion:
    return publish_submission(session, make_context(reviewer), sensor_id, expected=ANY_VERSION, mail=None)


def reject(session: Session, reviewer: Principal, sensor_id: UUID) -> SensorVersion:
    context = make_context(reviewer)
    return reject_submission(
        session, context, sensor_id, reason="Dit is geen sensor.", expected=ANY_VERSION, mail=None
    )


def ask(session: Session, reviewer: Principal, sensor_id: UUID) -> SensorVersion:
    return request_changes(
        session, make_context(reviewer), sensor_id, remarks=REMARKS, expected=ANY_VERSION, mail=None
    )


def list_kinds(session: Session, sensor_id: UUID) -> list[str]:
    statement = text("SELECT kind FROM publication.change WHERE sensor_id = :id ORDER BY number")
    return list(session.scalars(statement, {"id": sensor_id}))


def names(session: Session) -> list[str | None]:
    return [feature["properties"].get("name") for feature in read_features(session, published_sensor)]


def test_submission_is_published_and_announced(
    session: Session, company: Principal, reviewer: Principal
) -> None:
    submitted = submit(session, company)
    assert names(session) == []
    version = publish(session, reviewer, submitted.sensor_id)
    assert (version.registration_status, version.number) == ("published", 2)
    assert len(names(session)) == 1
    assert list_kinds(session, submitted.sensor_id) == ["published"]


def test_published_version_stays_visible_until_its_change_is_published(
    session: Session, company: Principal, reviewer: Principal
) -> None:
    sensor_id = publish(session, reviewer, submit(session, company, name="Oud").sensor_id).sensor_id
    amend_sensor(session, make_context(company), sensor_id, {"name": "Nieuw"}, expected=ANY_VERSION)
    assert names(session) == ["Oud"]
    ask(session, reviewer, sensor_id)
    assert names(session) == ["Oud"]
    amend_sensor(session, make_context(company), sensor_id, {"name": "Nieuwer"}, expected=ANY_VERSION)
    publish(session, reviewer, sensor_id)
    assert names(session) == ["Nieuwer"]
    assert list_kinds(session, sensor_id) == ["published", "amended"]


def test_submitted_removal_is_announced_once_it_is_published(
    session: Session, company: Principal, reviewer: Principal
) -> None:
    sensor_id = publish(
        session, reviewer, submit(session, company, placedFrom="2025-01-01").sensor_id
    ).sensor_id
    remove_sensor(session, make_context(company), sensor_id, {}, expected=ANY_VERSION)
    assert get_published_version(session, sensor_id).removed_on is None
    publish(session, reviewer, sensor_id)
    assert get_published_version(session, sensor_id).removed_on == TODAY
    assert list_kinds(session, sensor_id) == ["published", "removed"]


def test_rejected_change_leaves_the_published_version_with_its_reference(
    session: Session, company: Principal, reviewer: Principal
) -> None:
    sensor_id = publish(session, reviewer, submit(session, company, reference="oud").sensor_id).sensor_id
    amend_sensor(session, make_context(company), sensor_id, {"reference": "nieuw"}, expected=ANY_VERSION)
    reject(session, reviewer, sensor_id)
    assert get_published_version(session, sensor_id).reference == "oud"
    assert [found for found, _ in list_sensors_by_reference(session, "oud")] == [sensor_id]
    assert submit(session, company, reference="nieuw").sensor_id != sensor_id
    assert list_kinds(session, sensor_id) == ["published"]


def test_rejected_registration_can_be_made_again(
    session: Session, company: Principal, reviewer: Principal
) -> None:
    sensor_id = submit(session, company).sensor_id
    assert reject(session, reviewer, sensor_id).registration_status == "rejected"
    again = submit(session, company)
    assert (again.sensor_id, again.registration_status) == (sensor_id, "submitted")


def test_confirmation_during_the_review_is_not_lost(
    session: Session, company: Principal, reviewer: Principal
) -> None:
    sensor_id = publish(session, reviewer, submit(session, company).sensor_id).sensor_id
    amend_sensor(session, make_context(company), sensor_id, {"name": "Nieuw"}, expected=ANY_VERSION)
    later = ActionContext(company, TODAY.replace(day=20))
    confirm_sensor(session, later, sensor_id, expected=None)
    assert publish(session, reviewer, sensor_id).last_confirmed_on == later.today


def test_remarks_are_stored_about_the_submitted_version(
    session: Session, company: Principal, reviewer: Principal
) -> None:
    sensor_id = submit(session, company).sensor_id
    request_changes(
        session,
        make_context(reviewer),
        sensor_id,
        remarks=REMARKS,
        reason=" Zie de opmerking. ",
        expected=ANY_VERSION,
        mail=None,
    )
    found = list_remarks(session, reviewer, sensor_id)
    assert [(one.version_number, one.kind, one.field, one.text) for one in found] == [
        (1, "change_request", None, "Zie de opmerking."),
        (1, "change_request", "name", "Welk plein is dit?"),
    ]
    assert {one.author for one in found} == {LocalizedText(reviewer.name, reviewer.name)}
    assert {one.author for one in list_remarks(session, company, sensor_id)} == {None}


@pytest.fixture
def problems(session: Session, company: Principal, reviewer: Principal) -> Iterator[UUID]:
    sensor_id = submit(session, company).sensor_id
    yield sensor_id
    assert len(list_versions(session, sensor_id)) == 1


def test_all_problems_of_the_texts_are_reported(
    session: Session, reviewer: Principal, problems: UUID
) -> None:
    bad = (FieldRemark("", "name"), FieldRemark("a\0b", "kleur"), FieldRemark("x" * 2001))
    with pytest.raises(InvalidRequest) as caught:
        reject_submission(
            session,
            make_context(reviewer),
            problems,
            reason=" ",
            remarks=bad,
            expected=ANY_VERSION,
            mail=None,
        )
    assert [(one.code, one.location) for one in caught.value.problems] == [
        ("required", "/remarks/0/text"),
        ("unknown_field", "/remarks/1/field"),
        ("control_characters", "/remarks/1/text"),
        ("too_long", "/remarks/2/text"),
        ("required", "/reason"),
    ]


def test_request_for_changes_says_what(session: Session, reviewer: Principal, problems: UUID) -> None:
    with pytest.raises(InvalidRequest):
        request_changes(session, make_context(reviewer), problems, expected=ANY_VERSION, mail=None)


def test_second_reviewer_gets_who_decided_what(
    session: Session, amsterdam: UUID, company: Principal, reviewer: Principal
) -> None:
    submitted = submit(session, company)
    publish(session, reviewer, submitted.sensor_id)
    second = make_principal(session, amsterdam, "reviewer")
    with pytest.raises(Conflict) as caught:
        reject_submission(
            session,
            make_context(second),
            submitted.sensor_id,
            reason="Nee",
            expected=ExpectedVersion.exactly(submitted.number),
            mail=None,
        )
    assert caught.value.detail is not None
    assert reviewer.name in caught.value.detail.nl
    assert "gepubliceerd" in caught.value.detail.nl


def test_submission_that_was_amended_meanwhile_is_not_decided_about(
    session: Session, company: Principal, reviewer: Principal
) -> None:
    submitted = submit(session, company)
    amend_sensor(
        session, make_context(company), submitted.sensor_id, {"name": "Anders"}, expected=ANY_VERSION
    )
    with pytest.raises(PreconditionFailed):
        publish_submission(
            session,
            make_context(reviewer),
            submitted.sensor_id,
            expected=ExpectedVersion.exactly(submitted.number),
            mail=None,
        )


def test_reviewer_of_the_place_decides_and_no_one_else(
    session: Session, company: Principal, officer: Principal
) -> None:
    sensor_id = submit(session, company).sensor_id
    rotterdam = make_principal(session, make_municipality(session, "GM0599", "Rotterdam"), "reviewer")
    for principal, error in ((company, NotPermitted), (officer, NotPermitted), (rotterdam, NotFound)):
        with pytest.raises(error):
            publish(session, principal, sensor_id)


def test_first_touched_municipality_reviews_a_sensor_that_moves(
    session: Session, company: Principal, reviewer: Principal
) -> None:
    utrecht = make_principal(session, make_municipality(session, "GM0344", "Utrecht"), "reviewer")
    area = ["GM0344", "GM0363"]
    sensor_id = submit(session, company, mobility="mobile", location=None, operatingArea=area).sensor_id
    with pytest.raises(NotPermitted):
        publish(session, reviewer, sensor_id)
    assert publish(session, utrecht, sensor_id).registration_status == "published"
