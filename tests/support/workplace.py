"""A register with editors who are signed in to its demo, each in a browser of one's own."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from app.access.actions import admit_principal, grant_role
from app.access.demo import DEMO_DOMAIN
from app.access.principal import Role
from app.core.clock import dutch_date
from app.core.database import sqlalchemy_url, transaction
from tests.support.application import make_client
from tests.support.concurrency import read_state
from tests.support.organisations import make_municipality, make_organisation
from tests.support.sensors import load_cities

SITE = "http://127.0.0.1:8000"
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


@dataclass(frozen=True, slots=True)
class Editor:
    """The browser of a person who is signed in; paths are Dutch."""

    browser: TestClient

    def get(self, path: str) -> Response:
        return self.browser.get(path)

    def post(self, path: str, **fields: Any) -> Response:
        """Send a form; a list is a list of boxes. No redirect is followed."""
        return self.browser.post(path, data=fields, headers=SAME_ORIGIN)


@dataclass(frozen=True, slots=True)
class Workplaces:
    """A register on a database of its own, with the municipality of Amsterdam and a company."""

    client: TestClient
    url: str
    municipality: UUID
    company: UUID

    def sign_in(
        self,
        handle: str,
        organisation: UUID | None = None,
        role: Role = "editor",
        *,
        is_for_all: bool = False,
    ) -> Editor:
        """The browser of a new person of the demo, with this role for the municipality or another organisation.

        `is_for_all` gives the role for the whole register.
        """
        account = f"{handle}{DEMO_DOMAIN}"
        with transaction(read_state(self.client).write_engine) as session:
            person = admit_principal(session, admitted_by=None, name=handle.title(), handle=account)
            grant_role(
                session,
                granted_by=None,
                principal_id=person,
                role=role,
                organisation_id=None if is_for_all else organisation or self.municipality,
            )
        browser = TestClient(
            self.client.app,
            base_url=SITE,
            headers={"Accept": "text/html"},
            follow_redirects=False,
            client=("127.0.0.1", 5),
        )
        answer = browser.post("/inloggen/demo", data={"account": account}, headers=SAME_ORIGIN)
        assert answer.status_code == 303, answer.text
        return Editor(browser)


@contextmanager
def open_session(url: str) -> Iterator[Session]:
    """A session that commits."""
    engine = create_engine(sqlalchemy_url(url))
    with transaction(engine) as session:
        yield session
    engine.dispose()


@contextmanager
def open_workplaces(url: str, **settings: object) -> Iterator[Workplaces]:
    """The application on a migrated database, with five cities."""
    with make_client(url, public_url=SITE, **settings) as client:
        with transaction(read_state(client).write_engine) as session:
            load_cities(session)
            municipality, company = make_municipality(session), make_organisation(session)
        yield Workplaces(client, url, municipality, company)


def list_steps() -> dict[str, dict[str, Any]]:
    """Right answers to every step of the form, by its path: a sensor of sound on Dam square."""
    year = dutch_date().year
    return {
        "wat": {
            "sensorType": "sound",
            "measures": "Geluid in decibel",
            "reference": "geluid-1",
            "name": "Geluid op de Dam",
        },
        "waar": {"mobility": "fixed", "location": "52,3731, 4,8932"},
        "waarom": {"purpose": "Weten hoe luid het is.", "themes": ["environment_noise", "housing"]},
        "gegevens": {"personalData": "none"},
        "hoe-lang": {"placedFrom": f"{year}-01-01", "activeUntil": f"{year + 2}-01-01"},
    }


def start_draft(editor: Editor, **fields: str) -> str:
    """Begin a registration; gives the path of the draft, to which that of a step is added."""
    answer = editor.post("/mijn/registreren", **fields)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].rpartition("/")[0]


def fill_in(editor: Editor, draft: str, **changed: dict[str, Any]) -> None:
    """Answer every step of a draft; `changed` are other answers by step (`hoe_lang`)."""
    for path, answers in list_steps().items():
        answer = editor.post(
            f"{draft}/{path}", **(answers | changed.get(path.replace("-", "_"), {})), versie="9999"
        )
        assert answer.status_code == 303, answer.text


def register_one(editor: Editor, **changed: dict[str, Any]) -> str:
    """Register a sensor through the form; gives its registration number."""
    draft = start_draft(editor)
    fill_in(editor, draft, **changed)
    answer = editor.post(f"{draft}/controleren")
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].rpartition("/")[2]
