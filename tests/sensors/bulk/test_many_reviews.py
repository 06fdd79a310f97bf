"""Many submissions decided about at once: as one by one, and refused one by one."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from app.access.principal import Principal
from app.audit.queries import list_entries
from app.core.errors import Conflict, InvalidRequest
from app.core.expected_version import ANY_VERSION
from app.sensors.bulk.many import Outcome, Refusal
from app.sensors.bulk.many_reviews import publish_many, reject_many, request_changes_of_many
from app.sensors.registration.actions import (
    amend_sensor,
    confirm_sensor,
    register_sensor,
    remove_sensor,
)
from app.sensors.registration.remarks import FieldRemark, list_remarks
from app.sensors.registration.review import publish_submission, reject_submission, request_changes
from app.sensors.tables.publication import published_sensor
from app.sensors.tables.register import sensor, sensor_version
from tests.sensors.bulk.test_many import describe
from tests.support.organisations import add_role, make_municipality, make_organisation, make_principal
from tests.support.sensors import TODAY, make_camera, make_context, make_record

REMARKS = (FieldRemark("Welk plein?", "name"),)
CASES = ("new", "camera", "mobile", "change", "confirmed change", "removal", "reference", "sent back")


@pytest.fixture
def reviewer(session: Session, amsterdam: UUID) -> Principal:
    return make_principal(session, amsterdam, "reviewer")


def publish_one(session: Session, reviewer: Principal, sensor_id: UUID) -> object:
    return publish_submission(session, make_context(reviewer), sensor_id, expected=ANY_VERSION, mail=None)


def ask_one(session: Session, reviewer: Principal, sensor_id: UUID) -> object:
    return request_changes(
        session,
        make_context(reviewer),
        sensor_id,
        reason="Zie",
        remarks=REMARKS,
        expected=ANY_VERSION,
        mail=None,
    )


def reject_one(session: Session, reviewer: Principal, sensor_id: UUID) -> object:
    return reject_submission(
        session, make_context(reviewer), sensor_id, reason="Nee", expected=ANY_VERSION, mail=None
    )


def publish_all(session: Session, reviewer: Principal, ids: list[UUID]) -> Outcome:
    return publish_many(session, make_context(reviewer), ids, mail=None)


def ask_all(session: Session, reviewer: Principal, ids: list[UUID]) -> Outcome:
    return request_changes_of_many(
        session, make_context(reviewer), ids, reason="Zie", remarks=REMARKS, mail=None
    )


def reject_all(session: Session, reviewer: Principal, ids: list[UUID]) -> Outcome:
    return reject_many(session, make_context(reviewer), ids, reason="Nee", mail=None)


def submit(session: Session, company: Principal, reviewer: Principal, case: str, number: int) -> UUID:
    """A sensor with a submission of this case, and a reference of its own."""
    context = make_context(company)
    fields: dict[str, Any] = {"reference": f"{case}-{number}", "placedFrom": "2025-01-01"}
    if case == "mobile":
        fields |= {"mobility": "mobile", "location": None, "operatingArea": ["GM0363", "GM0599"]}
    make = make_camera if case == "camera" else make_record
    sensor_id: UUID = register_sensor(session, context, make(**fields)).sensor_id
    if case in ("change", "confirmed change", "removal", "reference", "sent back"):
        publish_one(session, reviewer, sensor_id)
    if case in ("change", "confirmed change", "sent back"):
        amend_sensor(session, context, sensor_id, {"name": "Nieuw"}, expected=ANY_VERSION)
    if case == "reference":
        changed = {"reference": f"anders-{number}"}
        amend_sensor(session, context, sensor_id, changed, expected=ANY_VERSION)
    if case == "confirmed change":
        later = make_context(company, TODAY + timedelta(days=3))
        confirm_sensor(session, later, sensor_id, expected=None)
    if case == "removal":
        remove_sensor(session, context, sensor_id, {}, expected=ANY_VERSION)
    if case == "sent back":
        ask_one(session, reviewer, sensor_id)
    return sensor_id


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize(
    ("one", "many"),
    [(publish_one, publish_all), (ask_one, ask_all), (reject_one, reject_all)],
    ids=["publish", "ask", "reject"],
)
def test_many_are_decided_as_one_is(  # noqa: PLR0917 - fixtures, and a pair to compare
    session: Session,
    company: Principal,
    reviewer: Principal,
    case: str,
    one: Callable[..., object],
    many: Callable[..., Outcome],
) -> None:
    first, second = (submit(session, company, reviewer, case, number) for number in (1, 2))
    if case == "sent back":
        with pytest.raises(Conflict):
            one(session, reviewer, first)
        assert many(session, reviewer, [second]).changed == ()
    else:
        one(session, reviewer, first)
        assert len(many(session, reviewer, [second]).changed) == 1
    assert _describe(session, reviewer, first) == _describe(session, reviewer, second)


def _describe(session: Session, reviewer: Principal, sensor_id: UUID) -> list[object]:
    """Everything of a sensor that a decision writes, without its reference."""
    kinds = "SELECT kind FROM publication.change WHERE sensor_id = :id ORDER BY number"
    shown = [published_sensor.c.removed_on, published_sensor.c.confirm_by, published_sensor.c.version]
    reference = session.scalar(select(sensor.c.reference).where(sensor.c.id == sensor_id))
    return [
        describe(session, sensor_id),
        session.scalars(text(kinds), {"id": sensor_id}).all(),
        session.execute(select(*shown).where(published_sensor.c.id == sensor_id)).all(),
        [
            (each.kind, each.field, each.text, each.version_number, each.organisation, each.author)
            for each in list_remarks(session, reviewer, sensor_id)
        ],
        str(reference)[:-2],
    ]


def test_what_changed_since_it_was_seen_is_left_as_it_is(
    session: Session, company: Principal, reviewer: Principal
) -> None:
    sensor_id = submit(session, company, reviewer, "new", 1)
    ids = [sensor_id]
    seen = datetime.now(UTC)
    session.execute(update(sensor_version).values(recorded_at=seen + timedelta(seconds=1)))
    context = make_context(reviewer)
    before = publish_many(session, context, ids, seen_at=seen, mail=None)
    assert [why for _, why in before.refused] == [Refusal.CHANGED]
    after = publish_many(session, context, ids, seen_at=seen + timedelta(seconds=1), mail=None)
    assert len(after.changed) == 1
    again = publish_many(session, context, ids, mail=None)
    assert [why for _, why in again.refused] == [Refusal.NOT_SUBMITTED]


def test_submissions_of_others_are_left_alone(
    session: Session, company: Principal, officer: Principal, reviewer: Principal
) -> None:
    ids = [submit(session, company, reviewer, "mobile", 1)]
    rotterdam = make_principal(session, make_municipality(session, "GM0599", "Rotterdam"), "reviewer")
    for principal in (company, officer, rotterdam):
        assert publish_all(session, principal, ids) == Outcome((), ())
    assert publish_all(session, reviewer, []) == Outcome((), ())


def test_reason_is_needed(session: Session, company: Principal, reviewer: Principal) -> None:
    ids = [submit(session, company, reviewer, "new", 1)]
    with pytest.raises(InvalidRequest):
        reject_many(session, make_context(reviewer), ids, reason=" ", mail=None)
    with pytest.raises(InvalidRequest):
        request_changes_of_many(session, make_context(reviewer), ids, mail=None)


def test_one_entry_of_the_audit_trail_names_them_all(
    session: Session, company: Principal, reviewer: Principal
) -> None:
    ids = [submit(session, company, reviewer, "new", number) for number in (1, 2)]
    publish_all(session, reviewer, ids)
    entry = list_entries(session)[0]
    assert (entry.action, set(entry.subject_ids)) == ("publish_sensor", {str(one) for one in ids})


def test_own_submissions_are_left_to_others_and_the_rest_is_decided(
    session: Session, company: Principal, reviewer: Principal
) -> None:
    owner = next(iter(company.grants)).organisation_id
    other = make_principal(session, make_organisation(session, name="Ander Bedrijf BV"))
    own, another = submit(session, company, reviewer, "new", 1), submit(session, other, reviewer, "new", 2)
    add_role(session, reviewer, owner, "editor")
    outcome = publish_all(session, reviewer, [own, another])
    assert [why for _, why in outcome.refused] == [Refusal.OWN_SUBMISSION]
    statuses = session.execute(select(sensor_version.c.sensor_id, sensor_version.c.registration_status)).all()
    assert {status for sensor_id, status in statuses if sensor_id == own} == {"submitted"}
    assert {status for sensor_id, status in statuses if sensor_id == another} == {"submitted", "published"}
