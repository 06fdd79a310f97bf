"""The daily mail to municipalities: each submission once for each reason, whatever happens to the worker."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, create_engine, text

from app.access.principal import Principal
from app.core.clock import DUTCH_TIME, dutch_date
from app.core.database import sqlalchemy_url, transaction
from app.core.expected_version import ANY_VERSION
from app.sensors.registration.actions import amend_sensor, register_sensor
from app.sensors.registration.review import publish_submission
from app.sensors.reviews import rounds
from app.sensors.reviews.rounds import Told, mail_municipalities
from tests.sensors.registration.test_actions_concurrency import run_at_once
from tests.support.organisations import make_municipality, make_organisation, make_principal
from tests.support.sensors import load_cities, make_context, make_record

NOW = datetime.now(DUTCH_TIME).replace(hour=12)
SITE = "https://register.example"


@dataclass(frozen=True, slots=True)
class Town:
    """Amsterdam with a reviewer, Rotterdam beside it, and a company that submits."""

    engine: Engine
    amsterdam: UUID
    reviewer: Principal
    company: Principal

    def submit(self, reference: str, **fields: Any) -> UUID:
        with transaction(self.engine) as session:
            context = make_context(self.company, dutch_date(NOW))
            dates = {"activeUntil": (NOW + timedelta(days=500)).date().isoformat()}
            version = register_sensor(
                session, context, make_record(reference=reference, placedFrom="2025-01-01", **dates, **fields)
            )
            return version.sensor_id

    def mail(self, days: int = 0) -> Told:
        return mail_municipalities(self.engine, site=SITE, now=NOW + timedelta(days=days))

    def read(self) -> list[tuple[str, str]]:
        """Subject and text of each mail, in order."""
        with self.engine.connect() as connection:
            statement = "SELECT subject, body FROM register.outgoing_mail ORDER BY created_at, id"
            return [(row.subject, row.body) for row in connection.execute(text(statement))]


@pytest.fixture
def town(fresh_database: str) -> Iterator[Town]:
    engine = create_engine(sqlalchemy_url(fresh_database))
    with transaction(engine) as session:
        load_cities(session)
        amsterdam = make_municipality(session)
        make_municipality(session, "GM0599", "Gemeente Rotterdam")
        reviewer = make_principal(session, amsterdam, "reviewer")
        company = make_principal(session, make_organisation(session))
    yield Town(engine, amsterdam, reviewer, company)
    engine.dispose()


def test_one_mail_a_day_counts_and_names_what_is_new(town: Town) -> None:
    for number in range(7):
        town.submit(f"nr {number}")
    assert town.mail() == Told(1, [])
    assert town.mail() == Told(0, [])
    ((subject, body),) = town.read()
    assert subject.endswith("7")
    assert "(nr 4)" in body
    assert "(nr 5)" not in body
    assert "en nog 2" in body
    assert f"{SITE}/mijn/beoordelen" in body


def test_term_is_reminded_of_when_near_and_when_past_once_each(town: Town) -> None:
    town.submit("traag")
    sent = {day: town.mail(day).sent for day in (0, 1, 10, 11, 12, 14, 15, 16, 40)}
    assert [day for day, number in sent.items() if number] == [0, 11, 15]
    assert [subject.split(" in ")[0] for subject, _ in town.read()] == [
        "Te beoordelen",
        "Termijn bijna voorbij",
        "Termijn voorbij",
    ]


def test_what_was_decided_about_is_not_reminded_of_and_a_new_version_is(town: Town) -> None:
    sensor_id = town.submit("snel")
    town.mail()
    with transaction(town.engine) as session:
        amend_sensor(session, make_context(town.company), sensor_id, {"name": "Anders"}, expected=ANY_VERSION)
    assert town.mail(1).sent == 1
    with transaction(town.engine) as session:
        publish_submission(session, make_context(town.reviewer), sensor_id, expected=ANY_VERSION, mail=None)
    assert town.mail(12).sent == town.mail(20).sent == 0


def test_touched_municipality_is_asked_for_comment(town: Town) -> None:
    town.submit("gebied", mobility="mobile", location=None, operatingArea=["GM0363", "GM0599"])
    assert town.mail().sent == 2
    assert {subject.split(" in ")[0] for subject, _ in town.read()} == {"Te beoordelen", "Reactie gevraagd"}
    asked = next(body for subject, body in town.read() if subject.startswith("Reactie"))
    assert "U kunt reageren tot 7 dagen" in asked
    assert f"{SITE}/mijn/beoordelen?deel=comment\n" in asked
    decides = next(body for subject, body in town.read() if subject.startswith("Te beoordelen"))
    assert f"{SITE}/mijn/beoordelen\n" in decides


def test_municipality_without_a_mailbox_gets_the_mail_once_it_has_one(town: Town) -> None:
    town.submit("nr 1")
    end_municipality(town, NOW)
    assert town.mail() == Told(0, [town.amsterdam])
    end_municipality(town, None)
    assert town.mail(1) == Told(1, [])


def end_municipality(town: Town, ended_at: datetime | None) -> None:
    with transaction(town.engine) as session:
        statement = "UPDATE publication.organisation SET ended_at = :ended_at WHERE id = :id"
        session.execute(text(statement), {"ended_at": ended_at, "id": town.amsterdam})


def test_worker_that_dies_before_its_commit_loses_nothing(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.submit("nr 1")

    def die(*_: object, **__: object) -> None:
        raise SystemExit

    with monkeypatch.context() as dying:
        dying.setattr(rounds, "post_mail", die)
        with pytest.raises(SystemExit):
            town.mail()
    assert town.mail() == Told(1, [])


def test_two_workers_at_once_send_one_mail(town: Town) -> None:
    town.submit("nr 1")
    sent = run_at_once(*[lambda: town.mail().sent] * 3)
    assert sorted(sent, key=str) == [0, 0, 1]
    assert len(town.read()) == 1
