"""Drafts, refused offers and objections go with the content that they are about, and stay where it stays."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access.principal import Principal
from app.audit.queries import list_entries
from app.core.expected_version import ANY_VERSION
from app.sensors.registration.actions import amend_sensor, register_sensor
from app.sensors.registration.behalf_notices import answer_notice, tell_represented
from app.sensors.registration.drafts import start_draft
from app.sensors.registration.redaction import redact_sensor
from app.sensors.registration.transfer_list import find_transfer
from app.sensors.registration.transfers import offer_transfer, refuse_transfer
from app.sensors.tables.behalf import BehalfNotice
from app.sensors.tables.drafts import SensorDraft
from tests.support.organisations import make_organisation, make_principal
from tests.support.sensors import make_context, make_record

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
SECRET = "Achter de blauwe deur van Pietersen"


def owner_of(principal: Principal) -> UUID:
    (grant,) = principal.grants
    assert grant.organisation_id is not None
    return grant.organisation_id


@pytest.fixture
def camera(session: Session, officer: Principal) -> UUID:
    """A public sensor of the municipality."""
    return register_sensor(session, make_context(officer), make_record()).sensor_id


def refuse(session: Session, officer: Principal, sensor_id: UUID) -> None:
    """Offer the sensor to another organisation, which refuses it with a reason."""
    other = make_principal(session, make_organisation(session, name="Waterschap Test"))
    offer_transfer(session, make_context(officer), sensor_id, owner_of(other), mail=None)
    refuse_transfer(session, make_context(other), sensor_id, reason=SECRET, mail=None)


def read_reason(session: Session, sensor_id: UUID) -> str | None:
    transfer = find_transfer(session, sensor_id)
    assert transfer is not None
    assert transfer.decision == "refused"
    return transfer.reason


@pytest.mark.parametrize("erase", [False, True])
def test_reason_of_a_refused_offer_is_erased_with_the_sensor(
    session: Session, officer: Principal, camera: UUID, *, erase: bool
) -> None:
    refuse(session, officer, camera)
    redact_sensor(session, make_context(officer), camera, reason="Verzoek", erase=erase)
    assert read_reason(session, camera) == (None if erase else SECRET)
    reasons = [one.reason for one in list_entries(session, subject_kind="sensor", subject_id=str(camera))]
    assert SECRET not in reasons


def test_reason_of_a_refusal_goes_with_the_version_of_then(
    session: Session, officer: Principal, camera: UUID
) -> None:
    context = make_context(officer)
    amend_sensor(session, context, camera, {"name": "Tweede"}, expected=ANY_VERSION)
    refuse(session, officer, camera)
    amend_sensor(session, context, camera, {"name": "Derde"}, expected=ANY_VERSION)
    redact_sensor(session, context, camera, reason="Verzoek", number=1, erase=True)
    assert read_reason(session, camera) == SECRET
    redact_sensor(session, context, camera, reason="Verzoek", number=2, erase=True)
    assert read_reason(session, camera) is None


def test_drafts_of_an_erased_version_are_deleted(session: Session, officer: Principal, camera: UUID) -> None:
    context, owner = make_context(officer), owner_of(officer)
    answers = {"locationDescription": SECRET}
    start_draft(session, officer, owner, answers)
    start_draft(session, officer, owner, answers, sensor_id=camera, version_number=1)
    amend_sensor(session, context, camera, {"name": "Tweede"}, expected=ANY_VERSION)
    start_draft(session, officer, owner, answers, sensor_id=camera, version_number=2)
    statement = select(SensorDraft.version_number).order_by(SensorDraft.version_number)
    redact_sensor(session, context, camera, reason="Verzoek", number=1, erase=True)
    assert session.scalars(statement).all() == [2, None]
    redact_sensor(session, context, camera, reason="Verzoek", erase=True)
    assert session.scalars(statement).all() == [None]


def test_reason_of_an_objection_goes_with_the_last_sensor_that_it_is_about(
    session: Session, officer: Principal
) -> None:
    context, owner = make_context(officer), make_organisation(session)
    ids = [
        register_sensor(session, context, make_record(reference=name, owner=str(owner))).sensor_id
        for name in ("namens-1", "namens-2")
    ]
    tell_represented(session, site="https://register.example", sends_mail=False, now=NOW)
    notice_id = session.scalars(select(BehalfNotice.id)).one()
    answer_notice(
        session,
        notice_id,
        "objected",
        reason=SECRET,
        principal_id=None,
        site="https://register.example",
        sends_mail=False,
        now=NOW,
    )
    told = select(BehalfNotice.answer, BehalfNotice.reason)
    redact_sensor(session, context, ids[0], reason="Verzoek", erase=True)
    assert session.execute(told).one() == ("objected", SECRET)
    redact_sensor(session, context, ids[1], reason="Verzoek", erase=True)
    assert session.execute(told).one() == ("objected", "")
    entries = list_entries(session, subject_kind="behalf_notice", subject_id=str(notice_id))
    assert [one.reason for one in entries if one.action == "answer_behalf_notice"] == [None]
    assert session.scalar(select(func.count()).select_from(BehalfNotice)) == 1
