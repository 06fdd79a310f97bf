"""A sensor that gets another owner: both agree, the number and the history stay, and one decision counts."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.access.principal import Principal
from app.audit.queries import list_entries
from app.core.errors import Conflict, InvalidRequest, NotFound, NotPermitted
from app.core.expected_version import ANY_VERSION
from app.duties.actions import trust_organisation
from app.sensors.registration.actions import amend_sensor, register_sensor, remove_sensor
from app.sensors.registration.queries import get_version, list_versions
from app.sensors.registration.review_mail import MailSite
from app.sensors.registration.transfer_list import TransferDecision, find_transfer, list_transfers
from app.sensors.registration.transfers import (
    accept_transfer,
    offer_transfer,
    refuse_transfer,
    take_back_transfer,
)
from app.sensors.registration.version_record import SensorVersion
from app.sensors.tables.publication import published_sensor
from tests.support.organisations import make_organisation, make_principal
from tests.support.rule_check import read_features
from tests.support.sensors import make_context, make_record

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
SITE = MailSite("https://register.example", NOW)


def owner_of(principal: Principal) -> UUID:
    (grant,) = principal.grants
    assert grant.organisation_id is not None
    return grant.organisation_id


@pytest.fixture
def water(session: Session, amsterdam: UUID) -> Principal:
    """An editor of a water board."""
    return make_principal(
        session,
        make_organisation(
            session,
            name="Waterschap Test",
            organisationType="water_authority",
            publicEmail="water@example.org",
        ),
    )


@pytest.fixture
def camera(session: Session, company: Principal, officer: Principal) -> SensorVersion:
    """A public sensor of the company."""
    trust_organisation(session, None, "GM0363", owner_of(company), now=NOW)
    return register_sensor(session, make_context(company), make_record(placedFrom="2025-01-01"))


def read_mails(session: Session) -> list[Any]:
    rows = session.execute(text("SELECT receiver, subject FROM register.outgoing_mail ORDER BY id"))
    return [tuple(row) for row in rows]


def test_accepted_sensor_has_its_number_and_history_and_another_owner(
    session: Session, company: Principal, water: Principal, camera: SensorVersion
) -> None:
    sensor_id = camera.sensor_id
    offered = offer_transfer(session, make_context(company), sensor_id, owner_of(water), mail=None)
    assert (offered.title, offered.from_name, offered.to_name) == (
        "geluid-001",
        "Meetbedrijf BV",
        "Waterschap Test",
    )
    assert get_version(session, sensor_id).owner_id == owner_of(company)
    accepted = accept_transfer(session, make_context(water), sensor_id, mail=None)
    assert (accepted.owner_id, accepted.number, accepted.public_code) == (
        owner_of(water),
        2,
        camera.public_code,
    )
    assert accepted.registration_status == "published"
    assert [one.owner_id for one in list_versions(session, sensor_id)] == [owner_of(water), owner_of(company)]
    (public,) = read_features(session, published_sensor)
    assert public["properties"]["owner"] == str(owner_of(water))
    amend_sensor(session, make_context(water), sensor_id, {"name": "Peil"}, expected=ANY_VERSION)
    with pytest.raises(NotFound):
        amend_sensor(session, make_context(company), sensor_id, {"name": "Oud"}, expected=ANY_VERSION)


def test_each_step_is_in_the_audit_trail_and_mailed_to_the_other(
    session: Session, company: Principal, water: Principal, camera: SensorVersion
) -> None:
    context, other, sensor_id = make_context(company), make_context(water), camera.sensor_id
    offer_transfer(session, context, sensor_id, owner_of(water), mail=SITE)
    refuse_transfer(session, other, sensor_id, reason="Niet van ons", mail=SITE)
    offer_transfer(session, context, sensor_id, owner_of(water), mail=SITE)
    take_back_transfer(session, context, sensor_id, mail=SITE)
    offer_transfer(session, context, sensor_id, owner_of(water), mail=SITE)
    accept_transfer(session, other, sensor_id, mail=SITE)
    actions = [one.action for one in list_entries(session, subject_kind="sensor", subject_id=str(sensor_id))]
    assert set(actions) == {
        "register_sensor",
        "offer_transfer",
        "refuse_transfer",
        "take_back_transfer",
        "transfer_sensor",
    }
    receivers = [receiver for receiver, _ in read_mails(session)]
    assert receivers == [
        *("water@example.org", "info@example.org", "water@example.org"),
        *("water@example.org", "water@example.org", "info@example.org"),
    ]
    newest = find_transfer(session, sensor_id)
    assert newest is not None
    assert newest.decision is TransferDecision.ACCEPTED
    decided = list_transfers(session, owner_of(company))
    assert [one.reason for one in decided] == [None, None, "Niet van ons"]
    assert {one.title for one in decided} == {None}


def test_offer_is_decided_once_and_the_other_hears_by_whom(
    session: Session, company: Principal, water: Principal, camera: SensorVersion
) -> None:
    sensor_id = camera.sensor_id
    offer_transfer(session, make_context(company), sensor_id, owner_of(water), mail=None)
    with pytest.raises(Conflict):
        offer_transfer(session, make_context(company), sensor_id, owner_of(water), mail=None)
    accept_transfer(session, make_context(water), sensor_id, mail=None)
    with pytest.raises(Conflict) as late:
        take_back_transfer(session, make_context(company), sensor_id, mail=None)
    assert late.value.detail is not None
    assert late.value.detail.nl == "Waterschap Test heeft dit aanbod al aangenomen."


def test_each_side_does_its_own_part_and_strangers_see_nothing(
    session: Session, company: Principal, officer: Principal, water: Principal, camera: SensorVersion
) -> None:
    sensor_id = camera.sensor_id
    stranger = make_principal(session, make_organisation(session, name="Ander bedrijf"))
    for who, error in ((stranger, NotFound), (water, NotFound), (officer, NotPermitted)):
        with pytest.raises(error):
            offer_transfer(session, make_context(who), sensor_id, owner_of(water), mail=None)
    offer_transfer(session, make_context(company), sensor_id, owner_of(water), mail=None)
    with pytest.raises(NotPermitted):
        accept_transfer(session, make_context(company), sensor_id, mail=None)
    with pytest.raises(NotPermitted):
        refuse_transfer(session, make_context(company), sensor_id, reason="Nee", mail=None)
    with pytest.raises(NotPermitted):
        take_back_transfer(session, make_context(water), sensor_id, mail=None)
    for who in (stranger, officer):
        with pytest.raises(NotFound):
            accept_transfer(session, make_context(who), sensor_id, mail=None)
    with pytest.raises(InvalidRequest):
        refuse_transfer(session, make_context(water), sensor_id, reason=" ", mail=None)


def test_sensor_is_offered_to_an_organisation_that_takes_part(
    session: Session, company: Principal, camera: SensorVersion
) -> None:
    for organisation_id in (owner_of(company), UUID(int=1)):
        with pytest.raises(InvalidRequest):
            offer_transfer(session, make_context(company), camera.sensor_id, organisation_id, mail=None)


def test_removed_sensor_and_one_under_review_are_not_transferred(
    session: Session, company: Principal, water: Principal, camera: SensorVersion
) -> None:
    moved = {"location": {"type": "Point", "coordinates": [4.4868, 51.9094]}}
    context, sensor_id = make_context(company), camera.sensor_id
    under_review = session.begin_nested()
    offer_transfer(session, context, sensor_id, owner_of(water), mail=None)
    amend_sensor(session, context, sensor_id, moved, expected=ANY_VERSION)
    with pytest.raises(Conflict):
        accept_transfer(session, make_context(water), sensor_id, mail=None)
    under_review.rollback()
    remove_sensor(session, context, sensor_id, {}, expected=ANY_VERSION)
    with pytest.raises(Conflict):
        offer_transfer(session, context, sensor_id, owner_of(water), mail=None)


def test_reference_that_the_new_owner_uses_is_a_conflict(
    session: Session, company: Principal, water: Principal, camera: SensorVersion
) -> None:
    register_sensor(session, make_context(water), make_record())
    offer_transfer(session, make_context(company), camera.sensor_id, owner_of(water), mail=None)
    with pytest.raises(Conflict):
        accept_transfer(session, make_context(water), camera.sensor_id, mail=None)
