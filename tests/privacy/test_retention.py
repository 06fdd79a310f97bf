"""Deletion in time, by a clock that is passed in."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import Engine, create_engine, text

from app.access.endings import end_grant
from app.access.erasure import FORMER
from app.access.invitations import invite_person, withdraw_invitation
from app.access.queries import get_principal, list_grants, read_principal
from app.core.database import sqlalchemy_url, transaction
from app.core.settings import Settings
from app.privacy.retention import FORMER_KEPT, delete_what_is_due
from app.sensors.registration.drafts import save_step, start_draft
from app.sensors.registration.old_drafts import find_end
from tests.support.organisations import make_key, make_municipality
from tests.support.people import make_person

NOW = datetime.now(UTC)
DAY = timedelta(days=1)
SETTINGS = Settings(mail_host="mail.invalid", mail_from="sensoren@register.example")


@pytest.fixture
def engine(fresh_database: str) -> Iterator[Engine]:
    engine = create_engine(sqlalchemy_url(fresh_database))
    yield engine
    engine.dispose()


def clean(engine: Engine, now: datetime) -> None:
    """Twice: repeating it is harmless."""
    for _ in range(2):
        delete_what_is_due(engine, SETTINGS, now)


def count(engine: Engine, table: str) -> int:
    with transaction(engine) as session:
        return int(session.scalars(text(f"SELECT count(*) FROM register.{table}")).one())


def make_leiden(engine: Engine) -> UUID:
    with transaction(engine) as session:
        leiden = make_municipality(session, "GM0546", "Gemeente Leiden")
        make_person(session, "Fatima", ("administrator", leiden))
    return leiden


def name_of(engine: Engine, principal_id: UUID) -> str:
    with transaction(engine) as session:
        return read_principal(session, principal_id).name


def test_name_of_who_left_is_stored_for_two_years(engine: Engine) -> None:
    leiden = make_leiden(engine)
    with transaction(engine) as session:
        noor = make_person(session, "Noor", ("editor", leiden))
        (grant,) = list_grants(session, [noor])
        end_grant(session, ended_by=None, grant_id=grant.id, now=NOW)
    clean(engine, NOW + FORMER_KEPT - DAY)
    assert name_of(engine, noor) == "Noor"
    clean(engine, NOW + FORMER_KEPT + DAY)
    assert name_of(engine, noor) == FORMER.nl


def test_name_of_who_works_and_of_an_application_stays(engine: Engine) -> None:
    leiden = make_leiden(engine)
    with transaction(engine) as session:
        noor = make_person(session, "Noor", ("editor", leiden))
        make_key(session, leiden)
        application = session.scalars(text("SELECT principal_id FROM register.api_key")).one()
        for grant in list_grants(session, [application]):
            end_grant(session, ended_by=None, grant_id=grant.id, now=NOW)
    clean(engine, NOW + 5 * FORMER_KEPT)
    assert name_of(engine, noor) == "Noor"
    assert name_of(engine, application) == "An editor"


def test_draft_is_deleted_after_a_year_and_a_month_after_its_maker_was_told(engine: Engine) -> None:
    leiden = make_leiden(engine)
    with transaction(engine) as session:
        noor = make_person(session, "Noor", ("editor", leiden))
        session.execute(
            text("UPDATE register.principal SET handle = 'noor@leiden.nl' WHERE id = :id"), {"id": noor}
        )
        start_draft(session, get_principal(session, noor), leiden, {"name": "Oud"})
    clean(engine, NOW + 330 * DAY)
    assert count(engine, "outgoing_mail") == 0
    clean(engine, NOW + 340 * DAY)
    with transaction(engine) as session:
        (mail,) = session.execute(text("SELECT receiver, body FROM register.outgoing_mail")).all()
    assert mail.receiver == "noor@leiden.nl"
    assert "/mijn/registreren" in mail.body
    with transaction(engine) as session:
        ((saved_at, warned_at),) = session.execute(
            text("SELECT saved_at, warned_at FROM register.sensor_draft")
        ).all()
    assert find_end(saved_at, warned_at) == NOW + 370 * DAY
    clean(engine, NOW + 366 * DAY)
    assert count(engine, "sensor_draft") == 1
    clean(engine, NOW + 371 * DAY)
    assert count(engine, "sensor_draft") == 0


def test_draft_that_is_saved_after_the_mail_stays_another_year(engine: Engine) -> None:
    leiden = make_leiden(engine)
    with transaction(engine) as session:
        noor = get_principal(session, make_person(session, "Noor", ("editor", leiden)))
        draft = start_draft(session, noor, leiden, {"name": "Oud"})
    clean(engine, NOW + 340 * DAY)
    with transaction(engine) as session:
        save_step(session, noor, draft, "wat", {"name": "Nieuw"}, seen=1, now=NOW + 350 * DAY)
    clean(engine, NOW + 600 * DAY)
    assert count(engine, "sensor_draft") == 1
    clean(engine, NOW + 700 * DAY)
    clean(engine, NOW + 731 * DAY)
    assert count(engine, "sensor_draft") == 0


def test_invitation_that_no_one_accepted_is_deleted_a_month_after_its_end(engine: Engine) -> None:
    leiden = make_leiden(engine)
    with transaction(engine) as session:
        for name in ("Noor", "Omar"):
            invite_person(
                session,
                invited_by=None,
                name=name,
                email=f"{name.lower()}@leiden.nl",
                role="editor",
                organisation_id=leiden,
                now=NOW,
            )
        first = session.scalars(text("SELECT id FROM register.invitation WHERE name = 'Noor'")).one()
        withdraw_invitation(session, withdrawn_by=None, invitation_id=first, now=NOW)
    clean(engine, NOW + 29 * DAY)
    assert count(engine, "invitation") == 2
    clean(engine, NOW + 31 * DAY)
    assert count(engine, "invitation") == 1
    clean(engine, NOW + 45 * DAY)
    assert count(engine, "invitation") == 0
