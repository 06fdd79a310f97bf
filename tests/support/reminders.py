"""A register with an owner whose sensors must be confirmed soon."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from fastapi.testclient import TestClient
from sqlalchemy import text, update

from app.core.clock import DUTCH_TIME, dutch_date
from app.core.database import transaction
from app.sensors.registration.actions import register_sensor
from app.sensors.tables.register import sensor_version
from app.website.todo.reminder_mail import Round, remind_owners
from tests.support.application import make_client
from tests.support.concurrency import read_state
from tests.support.organisations import make_municipality, make_organisation, make_principal
from tests.support.people import MAIL, SITE, read_mail
from tests.support.sensors import load_cities, make_context, make_record
from tests.support.workplace import open_session

NOW: Final = datetime.now(DUTCH_TIME).replace(hour=12)


@dataclass(frozen=True, slots=True)
class Owner:
    """A company with sensors in Amsterdam, published, which must be confirmed in ten days."""

    client: TestClient
    url: str
    organisation: UUID
    codes: tuple[str, ...]

    def remind(self, now: datetime = NOW) -> Round:
        return remind_owners(read_state(self.client).write_engine, site=SITE, now=now)

    def read_mail(self) -> list[tuple[str, str, str]]:
        return read_mail(self.client)

    def set_dates(self, *near: str, **dates: date) -> None:
        """Set dates of every version; those in `near` are in ten days."""
        with transaction(read_state(self.client).write_engine) as session:
            values: dict[str, Any] = dict.fromkeys(near, NOW.date() + timedelta(days=10))
            session.execute(update(sensor_version).values(values | dates))

    def forget_reminders(self) -> None:
        """Make everything as it was: nothing confirmed, nothing reminded of."""
        far, past = dutch_date() + timedelta(days=600), dutch_date() - timedelta(days=355)
        self.set_dates("confirm_by", active_until=far, authorisation_valid_until=far, last_confirmed_on=past)
        with transaction(read_state(self.client).write_engine) as session:
            for table in ("reminder", "reminded_sensor", "outgoing_mail", "daily_task"):
                session.execute(text(f"TRUNCATE register.{table} CASCADE"))


@contextmanager
def open_owner(url: str, *, sensors: int) -> Iterator[Owner]:
    """The application on a migrated database, with this owner and so many sensors."""
    with make_client(url, public_url=SITE, **MAIL) as client:
        with open_session(url) as session:
            load_cities(session)
            company = make_organisation(session)
            context = make_context(make_principal(session, make_municipality(session)), dutch_date())
            codes = tuple(
                register_sensor(
                    session,
                    context,
                    make_record(
                        owner=str(company),
                        reference=f"geluid-{number}",
                        placedFrom="2025-01-01",
                        activeUntil=(dutch_date() + timedelta(days=600)).isoformat(),
                    ),
                ).public_code
                for number in range(sensors)
            )
        yield Owner(client, url, company, codes)
