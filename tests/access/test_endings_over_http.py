"""Rights that have ended are worth nothing: of a person, a grant, an organisation or a key, by key and in a session."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from app.access.actions import admit_principal, grant_role, issue_key
from app.access.endings import end_grant, end_principal, revoke_key
from app.access.invitations import invite_person
from app.access.sessions import end_sessions_of
from app.core.database import transaction
from app.organisations.actions import end_organisation, reopen_organisation
from tests.support.application import make_client
from tests.support.concurrency import read_state
from tests.support.organisations import authorise, make_municipality
from tests.support.people import SITE, open_browser, sign_in

NOW = datetime.now(UTC)


class Person:
    """An administrator and editor of a municipality with a key, an open session and an open invitation to a friend."""

    def __init__(self, client: TestClient, session: Session) -> None:
        self.ours = make_municipality(session)
        self.id = admit_principal(session, admitted_by=None, name="Noor de Vries")
        self.grants = [
            grant_role(
                session,
                granted_by=None,
                principal_id=self.id,
                role=role,
                organisation_id=self.ours,
            )
            for role in ("editor", "administrator")
        ]
        self.keys = [
            issue_key(session, issued_by=None, principal_id=self.id, now=NOW, grant_id=grant)
            for grant in self.grants
        ]
        self.invitation = invite_person(
            session,
            invited_by=self.id,
            name="Een vriend",
            email="vriend@example.org",
            role="administrator",
            organisation_id=self.ours,
            now=NOW,
        )
        self.client = client

    def act(self, browser: TestClient) -> dict[str, bool]:
        """Whether each of the rights works."""
        keys = [authorise(key.token) for key in self.keys]
        principals, exports = f"/v1/principals/{self.id}", f"/v1/exports?owner={self.ours}"
        return {
            "editor's key": self.client.get(exports, headers=keys[0]).status_code == 200,
            "administrator's key": self.client.get(principals, headers=keys[1]).status_code == 200,
            "session": browser.get("/mijn/team").status_code == 200,
            "management in the session": browser.get("/mijn/sleutels/nieuw").status_code == 200,
            "invitation": open_browser(self.client)
            .get("/uitnodiging", params={"sleutel": self.invitation})
            .status_code
            == 200,
        }


@pytest.fixture
def client(fresh_database: str) -> Iterator[TestClient]:
    with make_client(fresh_database, public_url=SITE) as client:
        yield client


def end_person(session: Session, person: Person) -> None:
    end_principal(session, ended_by=None, principal_id=person.id, now=NOW, even_last=True)


def end_owner(session: Session, person: Person) -> None:
    end_organisation(session, person.ours, principal_id=None, now=NOW, reason="Opgegaan in een andere")


def end_both_grants(session: Session, person: Person) -> None:
    for grant in person.grants:
        end_grant(session, ended_by=None, grant_id=grant, now=NOW, even_last=True)


def end_administrator(session: Session, person: Person) -> None:
    end_grant(session, ended_by=None, grant_id=person.grants[1], now=NOW, even_last=True)


def revoke_editor_key(session: Session, person: Person) -> None:
    revoke_key(session, revoked_by=None, prefix=person.keys[0].prefix, now=NOW)


def end_sessions(session: Session, person: Person) -> None:
    end_sessions_of(session, person.id, NOW)


EVERYTHING = {
    "editor's key",
    "administrator's key",
    "session",
    "management in the session",
    "invitation",
}


@pytest.mark.parametrize(
    ("end", "lost"),
    [
        (end_person, EVERYTHING),
        (end_owner, EVERYTHING),
        (end_both_grants, EVERYTHING),
        (end_administrator, {"administrator's key", "management in the session", "invitation"}),
        (revoke_editor_key, {"editor's key"}),
        (end_sessions, {"session", "management in the session"}),
    ],
)
def test_what_ended_is_lost_at_once_and_nothing_else(
    client: TestClient, end: Callable[[Session, Person], None], lost: set[str]
) -> None:
    with transaction(read_state(client).write_engine) as session:
        person = Person(client, session)
    browser = sign_in(client, person.id)
    assert person.act(browser) == dict.fromkeys(EVERYTHING, True)
    with transaction(read_state(client).write_engine) as session:
        end(session, person)
    assert {right for right, works in person.act(browser).items() if not works} == lost


def test_reopened_organisation_brings_no_right_back(client: TestClient) -> None:
    with transaction(read_state(client).write_engine) as session:
        person = Person(client, session)
    browser = sign_in(client, person.id)
    with transaction(read_state(client).write_engine) as session:
        end_owner(session, person)
        reopen_organisation(session, person.ours, principal_id=None, reason="Vergissing")
    assert not any(person.act(browser).values())
