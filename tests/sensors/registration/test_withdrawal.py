"""Withdrawing a registration and restoring it."""

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.access.principal import Principal
from app.audit.queries import list_entries
from app.core.errors import Conflict, NotFound, PreconditionFailed, PreconditionRequired
from app.core.expected_version import ANY_VERSION, ExpectedVersion
from app.sensors.registration.actions import amend_sensor, register_sensor
from app.sensors.registration.queries import list_versions
from app.sensors.registration.redaction import redact_sensor
from app.sensors.registration.withdrawal import restore_sensor, withdraw_sensor
from app.sensors.tables.publication import published_sensor
from tests.support.rule_check import read_features
from tests.support.sensors import make_context, make_record


def list_kinds(session: Session) -> list[str]:
    return list(session.scalars(text("SELECT kind FROM publication.change ORDER BY number")))


def test_withdrawn_sensor_is_not_public_and_comes_back_restored(session: Session, officer: Principal) -> None:
    context = make_context(officer)
    sensor_id = register_sensor(session, context, make_record()).sensor_id
    withdraw_sensor(session, context, sensor_id, reason="Gaat niet door", expected=ANY_VERSION)
    assert not read_features(session, published_sensor)
    assert list_entries(session, subject_id=sensor_id)[0].reason == "Gaat niet door"
    assert (
        restore_sensor(
            session, context, sensor_id, reason=" Toch wel ", expected=ANY_VERSION
        ).registration_status
        == "published"
    )
    assert len(read_features(session, published_sensor)) == 1
    assert list_kinds(session) == ["published", "withdrawn", "restored"]


def test_withdrawal_ends_what_is_under_review_and_leaves_what_was_public(
    session: Session, officer: Principal, company: Principal
) -> None:
    owner = next(iter(company.grants)).organisation_id
    sensor_id = register_sensor(
        session, make_context(officer), make_record(owner=str(owner), name="Oud")
    ).sensor_id
    amend_sensor(session, make_context(company), sensor_id, {"name": "Nieuw"}, expected=ANY_VERSION)
    withdrawn = withdraw_sensor(session, make_context(company), sensor_id, expected=ANY_VERSION)
    assert withdrawn.name == "Oud"
    assert [one.number for one in list_versions(session, sensor_id) if one.superseded_at is None] == [3]


def test_company_restores_by_submitting(session: Session, company: Principal) -> None:
    context = make_context(company)
    sensor_id = register_sensor(session, context, make_record()).sensor_id
    withdraw_sensor(session, context, sensor_id, expected=ANY_VERSION)
    assert (
        restore_sensor(session, context, sensor_id, expected=ANY_VERSION).registration_status == "submitted"
    )
    assert list_kinds(session) == []


def test_ended_registration_is_not_withdrawn_and_a_live_one_not_restored(
    session: Session, company: Principal
) -> None:
    context = make_context(company)
    sensor_id = register_sensor(session, context, make_record()).sensor_id
    with pytest.raises(Conflict):
        restore_sensor(session, context, sensor_id, expected=ANY_VERSION)
    withdraw_sensor(session, context, sensor_id, expected=ANY_VERSION)
    with pytest.raises(Conflict):
        withdraw_sensor(session, context, sensor_id, expected=ANY_VERSION)


@pytest.mark.parametrize("act", [withdraw_sensor, restore_sensor])
def test_version_that_was_seen_is_needed(
    session: Session, company: Principal, act: Callable[..., object]
) -> None:
    context = make_context(company)
    sensor_id: UUID = register_sensor(session, context, make_record()).sensor_id
    if act is restore_sensor:
        withdraw_sensor(session, context, sensor_id, expected=ANY_VERSION)
    with pytest.raises(PreconditionRequired):
        act(session, context, sensor_id, expected=None)
    with pytest.raises(PreconditionFailed):
        act(session, context, sensor_id, expected=ExpectedVersion.exactly(9))


@pytest.mark.parametrize("erase", [False, True])
def test_redacted_registration_does_not_come_back(
    session: Session, officer: Principal, *, erase: bool
) -> None:
    context = make_context(officer)
    sensor_id = register_sensor(session, context, make_record()).sensor_id
    redact_sensor(session, context, sensor_id, reason="Verzoek", erase=erase)
    before = len(list_versions(session, sensor_id))
    with pytest.raises(NotFound if erase else Conflict):
        restore_sensor(session, context, sensor_id, expected=ANY_VERSION)
    assert len(list_versions(session, sensor_id)) == before
