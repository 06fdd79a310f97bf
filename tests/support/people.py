"""Persons with roles, and browsers in which they are signed in."""

import re
from datetime import UTC, datetime
from uuid import UUID

from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.access.actions import admit_principal, grant_role
from app.access.principal import Role
from app.access.sessions import SignedIn, open_session
from app.core.database import transaction
from tests.support.concurrency import read_state

SITE = "https://register.example"
OWN = {"Sec-Fetch-Site": "same-origin"}
MAIL: dict[str, object] = {"mail_host": "mail.invalid", "mail_from": "sensoren@register.example"}


def make_person(session: Session, name: str, *roles: tuple[Role, UUID | None]) -> UUID:
    """A person with these roles, each for an organisation or for the whole register."""
    principal_id = admit_principal(session, admitted_by=None, name=name)
    for role, organisation_id in roles:
        grant_role(
            session, granted_by=None, principal_id=principal_id, role=role, organisation_id=organisation_id
        )
    return principal_id


def open_browser(client: TestClient) -> TestClient:
    """A browser of the application of this client, in which no one is signed in."""
    return TestClient(
        client.app,
        base_url=SITE,
        headers={"Accept": "text/html"} | OWN,
        follow_redirects=False,
        client=("127.0.0.1", 5),
    )


def sign_in(client: TestClient, principal_id: UUID) -> TestClient:
    """A browser in which this person is signed in."""
    browser = open_browser(client)
    with transaction(read_state(client).write_engine) as session:
        token = open_session(
            session, principal_id=principal_id, signed_in=SignedIn("demo", "Firefox"), now=datetime.now(UTC)
        )
    # Its site is named, so that the token of another organisation takes its place.
    browser.cookies.set("__Host-session", token, domain=SITE.removeprefix("https://"), path="/")
    return browser


def read_mail(client: TestClient) -> list[tuple[str, str, str]]:
    """Kind, receiver and text of each mail that waits, in order."""
    with transaction(read_state(client).write_engine) as session:
        rows = session.execute(
            text("SELECT kind, receiver, body FROM register.outgoing_mail ORDER BY created_at, id")
        )
        return [(kind, receiver, body) for kind, receiver, body in rows]


def find_secret(body: str, path: str) -> str:
    """The secret of the link to this path in a mail or a page."""
    found = re.search(rf"{re.escape(path)}\?sleutel=([\w-]{{43}})", body)
    assert found is not None, body
    return found[1]
