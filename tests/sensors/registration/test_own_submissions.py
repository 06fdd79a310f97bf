"""No one decides about an own submission: one, many and the list agree, by any role and for each sender."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.access.principal import Principal
from app.access.queries import get_principal
from app.core.errors import NotPermitted
from app.core.expected_version import ANY_VERSION
from app.sensors.bulk.many import Outcome, Refusal
from app.sensors.bulk.many_reviews import publish_many, reject_many, request_changes_of_many
from app.sensors.registration.actions import amend_sensor, register_sensor
from app.sensors.registration.own_submissions import explain_own_submission, require_not_own
from app.sensors.registration.queries import get_version
from app.sensors.registration.review import publish_submission
from app.sensors.registration.review_queue import SubmissionFilter, list_submissions
from app.sensors.registration.submission import get_submission
from tests.support.bulk import import_records
from tests.support.organisations import add_role, make_municipality, make_organisation, make_principal
from tests.support.sensors import TODAY, make_context, make_record


def owner_of(principal: Principal) -> UUID:
    (grant,) = principal.grants
    assert grant.organisation_id is not None
    return grant.organisation_id


def submit(session: Session, principal: Principal, **fields: Any) -> UUID:
    return register_sensor(session, make_context(principal), make_record(**fields)).sensor_id


def decide_by_each_way(session: Session, principal: Principal, sensor_id: UUID) -> list[object]:
    """Whether one and many of each decision are refused as the own ones, and the list and the page say so."""
    context = make_context(principal)
    version = get_version(session, sensor_id)
    rows, _ = list_submissions(session, principal, SubmissionFilter(), TODAY)
    submission = get_submission(session, principal, sensor_id, TODAY)
    outcomes: list[Outcome] = []
    decisions: list[Callable[[], Outcome]] = [
        lambda: publish_many(session, context, [sensor_id], mail=None),
        lambda: reject_many(session, context, [sensor_id], reason="Nee", mail=None),
        lambda: request_changes_of_many(session, context, [sensor_id], reason="Nee", mail=None),
    ]
    for decide in decisions:
        with session.begin_nested() as savepoint:
            outcomes.append(decide())
            savepoint.rollback()
    return [
        explain_own_submission(session, principal, version) is not None,
        not submission.may_decide,
        submission.left_to_others is not None,
        *(row.is_own for row in rows),
        *(one.refused == ((version.public_code, Refusal.OWN_SUBMISSION),) for one in outcomes),
    ]


@pytest.fixture
def reviewer(session: Session, amsterdam: UUID) -> Principal:
    return make_principal(session, amsterdam, "reviewer")


def test_submission_of_another_is_decided_about(
    session: Session, company: Principal, reviewer: Principal
) -> None:
    add_role(session, reviewer, make_organisation(session, name="Ander Bedrijf BV"), "editor")
    sensor_id = submit(session, company)
    assert set(decide_by_each_way(session, reviewer, sensor_id)) == {False}


@pytest.mark.parametrize("by_one_role", [False, True], ids=["all roles", "key of one role"])
def test_editor_of_the_owner_decides_about_none_of_its_submissions(
    session: Session, company: Principal, reviewer: Principal, *, by_one_role: bool
) -> None:
    add_role(session, reviewer, owner_of(company), "editor")
    sensor_id = submit(session, company)
    # A key has one role of its holder; the holder's other roles count too.
    acting = reviewer if by_one_role else get_principal(session, reviewer.id)
    assert set(decide_by_each_way(session, acting, sensor_id)) == {True}
    with pytest.raises(NotPermitted) as refused:
        publish_submission(session, make_context(acting), sensor_id, expected=ANY_VERSION, mail=None)
    assert refused.value.detail
    assert refused.value.detail.nl == (
        "U registreert zelf voor Meetbedrijf BV. Daarom beslist een andere beoordelaar van Gemeente Amsterdam. "
        "Is die er niet? Een beheerder van Gemeente Amsterdam kan iemand die rol geven."
    )


@pytest.mark.parametrize("way", ["registered", "changed", "imported"])
def test_sender_does_not_decide_after_leaving_the_organisation(
    session: Session, company: Principal, reviewer: Principal, way: str
) -> None:
    if way == "imported":
        record = make_record(owner=str(owner_of(company)), placedFrom="2025-01-01")
        import_records(session, make_context(company), [record])
        sensor_id = session.execute(text("SELECT id FROM register.sensor")).scalar_one()
    else:
        sensor_id = submit(session, company)
    if way == "changed":
        publish_submission(session, make_context(reviewer), sensor_id, expected=ANY_VERSION, mail=None)
        amend_sensor(session, make_context(company), sensor_id, {"name": "Nieuw"}, expected=ANY_VERSION)
    session.execute(
        text("UPDATE register.access_grant SET ended_at = now() WHERE principal_id = :id"), {"id": company.id}
    )
    add_role(session, company, next(iter(reviewer.grants)).organisation_id, "reviewer")
    mover = get_principal(session, company.id)
    assert set(decide_by_each_way(session, mover, sensor_id)) == {True}
    with pytest.raises(NotPermitted) as refused:
        require_not_own(session, mover, get_version(session, sensor_id))
    assert refused.value.detail
    assert refused.value.detail.en.startswith("You sent this submission yourself. So another reviewer of")
    assert set(decide_by_each_way(session, reviewer, sensor_id)) == {False}


def test_municipality_decides_about_its_own_by_a_reviewer_who_does_not_register(
    session: Session, amsterdam: UUID, officer: Principal, reviewer: Principal
) -> None:
    make_municipality(session, "GM0599", "Gemeente Rotterdam")
    # A sensor that moves in another municipality too is reviewed, also that of a municipality.
    sensor_id = submit(session, officer, mobility="mobile", location=None, operatingArea=["GM0363", "GM0599"])
    add_role(session, officer, amsterdam, "reviewer")
    both = get_principal(session, officer.id)
    assert set(decide_by_each_way(session, both, sensor_id)) == {True}
    assert set(decide_by_each_way(session, reviewer, sensor_id)) == {False}


def test_municipal_editor_decides_about_a_company_for_which_it_could_register_inside_the_boundary(
    session: Session, amsterdam: UUID, officer: Principal, company: Principal
) -> None:
    add_role(session, officer, amsterdam, "reviewer")
    both = get_principal(session, officer.id)
    assert set(decide_by_each_way(session, both, submit(session, company))) == {False}
