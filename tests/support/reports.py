"""Residents' reports: sent through the form as a resident does, and a register in which they are handled."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from fastapi.testclient import TestClient
from httpx2 import Response

from app.access.form_stamps import make_stamp
from app.access.principal import Role
from app.core.clock import dutch_date
from app.core.database import transaction
from app.reports.address_cipher import make_key
from app.sensors.registration.actions import register_sensor
from tests.support.application import make_client
from tests.support.concurrency import read_state
from tests.support.organisations import make_municipality, make_organisation, make_principal
from tests.support.people import MAIL, SITE, make_person, open_browser, sign_in
from tests.support.sensors import load_cities, make_camera, make_context

KEY = make_key()
DAM = "4.89321,52.37310"
"""A place on Dam square, in Amsterdam."""


@dataclass(frozen=True, slots=True)
class ReportDesk:
    """A register with Amsterdam, a company, and a camera and a planned camera of that company."""

    client: TestClient
    municipality: UUID
    company: UUID
    camera: str
    planned: str

    def open_browser(self) -> TestClient:
        """The browser of a resident."""
        return open_browser(self.client)

    def sign_in(self, organisation_id: UUID, role: Role = "editor", name: str = "Eva") -> TestClient:
        """The browser of someone with this role for an organisation."""
        with transaction(read_state(self.client).write_engine) as session:
            person = make_person(session, name, (role, organisation_id))
        return sign_in(self.client, person)

    def make_stamp(self, seconds_ago: int = 60) -> str:
        """The stamp of a form that was shown so long ago."""
        with transaction(read_state(self.client).write_engine) as session:
            return make_stamp(session, "/melden", datetime.now(UTC) - timedelta(seconds=seconds_ago))

    def send(self, browser: TestClient | None = None, /, prefix: str = "", **fields: str) -> Response:
        """Send a report about the camera, as the form does."""
        form = {"soort": "wrong", "tekst": "De camera hangt aan de overkant.", "stempel": self.make_stamp()}
        if "plek" not in fields:
            form["sensor"] = self.camera
        return (browser or self.open_browser()).post(f"{prefix}/melden", data=form | fields)

    def report(self, **fields: str) -> str:
        """Send a report that is taken; returns the secret of its link."""
        answer = self.send(None, **fields)
        assert answer.status_code == 303, answer.text
        return read_secret(answer)


def read_secret(answer: Response) -> str:
    """The secret in the address that a sent report leads to."""
    found = re.search(r"sleutel=([\w-]{43})&", answer.headers["location"])
    assert found is not None, answer.headers["location"]
    return found[1]


def find_report_path(inbox: str) -> str:
    """The path of the first report in the HTML of an inbox."""
    return str(re.findall(r'href="(/mijn/meldingen/[\w-]{36})"', inbox)[0])


def read_version(page: str) -> str:
    """The revision of a report that its page has."""
    return str(re.findall(r'name="versie" value="(\d+)"', page)[0])


@contextmanager
def open_report_desk(url: str, **settings: object) -> Iterator[ReportDesk]:
    """The application on a migrated database, with what residents can report on."""
    with make_client(url, **({"public_url": SITE, "report_key": KEY} | MAIL | settings)) as client:
        today = dutch_date()
        with transaction(read_state(client).write_engine) as session:
            load_cities(session)
            municipality = make_municipality(session)
            company = make_organisation(
                session, name="Camerabedrijf BV", publicEmail="info@camerabedrijf.example"
            )
            context = make_context(make_principal(session, municipality), today)
            period = {"activeUntil": (today + timedelta(days=500)).isoformat()}
            camera, planned = (
                register_sensor(
                    session,
                    context,
                    make_camera(
                        reference=f"camera {days}",
                        owner=str(company),
                        placedFrom=(today + timedelta(days=days)).isoformat(),
                        **period,
                    ),
                )
                for days in (-20, 30)
            )
        yield ReportDesk(client, municipality, company, camera.public_code, planned.public_code)
