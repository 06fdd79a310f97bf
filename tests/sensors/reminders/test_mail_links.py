"""The link of a reminder: it confirms what the reminder was about, until it or its organisation ends."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from app.access.principal import Principal
from app.audit.queries import list_entries
from app.core.errors import NotFound
from app.core.expected_version import ANY_VERSION
from app.organisations.actions import end_organisation
from app.sensors.registration.actions import register_sensor, remove_sensor
from app.sensors.registration.queries import list_versions
from app.sensors.registration_status import RegistrationStatus
from app.sensors.reminders.mail_links import LINK_ENDED, LinkState, confirm_by_link, find_mail_link
from app.sensors.reminders.remind import LINK_LIFETIME, record_reminder
from app.sensors.tables.publication import change
from app.sensors.tables.register import sensor, sensor_version
from tests.support.sensors import TODAY, make_context, make_record

START = datetime(TODAY.year, TODAY.month, TODAY.day, 9, tzinfo=UTC)
LATER = START + timedelta(days=3)


@pytest.fixture
def sensors(session: Session, officer: Principal) -> list[UUID]:
    """Three sensors that must be confirmed in ten days."""
    context = make_context(officer)
    ids = [
        register_sensor(
            session, context, make_record(reference=f"geluid-{number}", placedFrom="2025-01-01")
        ).sensor_id
        for number in range(3)
    ]
    session.execute(
        update(sensor_version).values(
            confirm_by=TODAY + timedelta(days=10), last_confirmed_on=TODAY - timedelta(days=355)
        )
    )
    return ids


def remind(session: Session, organisation_id: UUID) -> str:
    reminder = record_reminder(session, organisation_id, START)
    assert reminder is not None
    return reminder.secret


def count_states(session: Session, secret: str, now: datetime = LATER) -> Counter[LinkState]:
    link = find_mail_link(session, secret, now)
    assert link is not None
    return Counter(one.state for one in link.sensors)


def test_link_confirms_what_can_be_and_again_changes_nothing(
    session: Session, officer: Principal, sensors: list[UUID], amsterdam: UUID
) -> None:
    secret = remind(session, amsterdam)
    context = make_context(officer)
    remove_sensor(session, context, sensors[0], {}, expected=ANY_VERSION)
    # As undoing an import does.
    session.execute(
        update(sensor_version)
        .where(sensor_version.c.sensor_id == sensors[1])
        .values(registration_status=RegistrationStatus.WITHDRAWN)
    )
    assert count_states(session, secret) == {
        LinkState.REMOVED: 1,
        LinkState.NOT_PUBLISHED: 1,
        LinkState.DUE: 1,
    }
    changes = len(session.execute(select(change)).all())
    for now in (LATER, LATER, LATER + timedelta(days=40)):
        confirm_by_link(session, secret, now)
        assert count_states(session, secret, now)[LinkState.CONFIRMED] == 1
    assert len(session.execute(select(change)).all()) == changes + 1
    newest = list_versions(session, sensors[2])[0]
    assert newest.last_confirmed_on == LATER.date()


def test_trail_names_the_link_and_the_organisation(
    session: Session, sensors: list[UUID], amsterdam: UUID
) -> None:
    confirm_by_link(session, remind(session, amsterdam), LATER)
    used, confirmed = list_entries(session)[:2]
    assert (used.action, used.on_behalf_of, used.details) == ("use_reminder_link", amsterdam, {"sensors": 3})
    assert confirmed.action == "confirm_sensor"
    assert confirmed.principal_id == used.principal_id is not None
    assert set(confirmed.subject_ids) == {str(one) for one in sensors}


def test_sensor_that_went_to_another_owner_is_left_alone(
    session: Session, sensors: list[UUID], amsterdam: UUID, company: Principal
) -> None:
    secret = remind(session, amsterdam)
    (grant,) = company.grants
    session.execute(
        update(sensor_version)
        .where(sensor_version.c.sensor_id == sensors[0])
        .values(owner_id=grant.organisation_id)
    )
    confirm_by_link(session, secret, LATER)
    assert count_states(session, secret) == {LinkState.CONFIRMED: 2, LinkState.NOT_PUBLISHED: 1}


def test_reference_and_name_of_another_owner_are_not_shown(
    session: Session, sensors: list[UUID], amsterdam: UUID, company: Principal
) -> None:
    secret = remind(session, amsterdam)
    (grant,) = company.grants
    session.execute(
        update(sensor)
        .where(sensor.c.id == sensors[0])
        .values(owner_id=grant.organisation_id, reference="geheim")
    )
    session.execute(
        update(sensor_version)
        .where(sensor_version.c.sensor_id == sensors[0])
        .values(owner_id=grant.organisation_id, reference="geheim", name="Kluis")
    )
    link = find_mail_link(session, secret, LATER)
    assert link is not None
    (gone,) = link.list_in(LinkState.NOT_PUBLISHED)
    assert (gone.reference, gone.name) == (gone.public_code, None)
    assert {one.reference for one in link.list_in(LinkState.DUE)} == {"geluid-1", "geluid-2"}


@pytest.mark.usefixtures("sensors")
def test_link_ends_by_time_and_with_its_organisation(session: Session, amsterdam: UUID) -> None:
    secret = remind(session, amsterdam)
    assert find_mail_link(session, secret, START + LINK_LIFETIME) is None
    assert find_mail_link(session, f"{secret}x", LATER) is None
    end_organisation(session, amsterdam, principal_id=None, now=LATER, reason="opgeheven")
    assert find_mail_link(session, secret, LATER) is None
    with pytest.raises(NotFound) as refused:
        confirm_by_link(session, secret, LATER)
    assert refused.value.detail == LINK_ENDED
    assert session.scalar(text("SELECT count(*) FROM register.sensor_version")) == 3
