"""Changing the roles of a person, and ending the access, in the browser."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import pytest
from fastapi.testclient import TestClient

from app.access.organisation_keys import issue_organisation_key
from app.core.database import transaction
from tests.support.application import make_client
from tests.support.concurrency import read_state
from tests.support.organisations import authorise, make_municipality, make_organisation
from tests.support.people import SITE, make_person, sign_in

PAGE, END = "/mijn/team/persoon", "/mijn/team/persoon/einde"


@dataclass
class Team:
    """An organisation with an administrator and an editor."""

    client: TestClient
    ours: UUID
    boss_id: UUID
    noor_id: UUID
    boss: TestClient
    noor: TestClient


@pytest.fixture
def team(fresh_database: str) -> Iterator[Team]:
    with make_client(fresh_database, public_url=SITE) as client:
        with transaction(read_state(client).write_engine) as session:
            ours = make_municipality(session, "GM0546", "Gemeente Leiden")
            boss = make_person(session, "Fatima", ("administrator", ours))
            noor = make_person(session, "Noor", ("editor", ours))
        yield Team(client, ours, boss, noor, sign_in(client, boss), sign_in(client, noor))


def test_new_roles_hold_in_a_session_that_is_open(team: Team) -> None:
    assert "Wijzig of beëindig" not in team.noor.get("/mijn/team").text
    chosen = {"persoon": str(team.noor_id), "rol-administrator": "ja"}
    answer = team.boss.post(PAGE, data=chosen)
    assert answer.headers["location"] == "/mijn/team?gedaan=gewijzigd"
    assert "Wijzig of beëindig" in team.noor.get("/mijn/team").text
    assert team.noor.post(PAGE, data={"persoon": str(team.boss_id), "rol-auditor": "ja"}).status_code == 303
    assert team.boss.get(PAGE, params=chosen | {"persoon": str(team.noor_id)}).status_code in {400, 403}
    assert "Wijzig of beëindig" not in team.boss.get("/mijn/team").text


def test_person_without_any_role_chosen_is_asked_for_one(team: Team) -> None:
    answer = team.boss.post(PAGE, data={"persoon": str(team.noor_id)})
    assert answer.status_code == 422
    assert '<li><a href="#rol">Kies minstens één rol.' in answer.text


def test_end_of_access_ends_an_open_session(team: Team) -> None:
    assert "Waarom" in team.boss.get(PAGE, params={"persoon": str(team.noor_id)}).text
    without_reason = team.boss.post(END, data={"persoon": str(team.noor_id), "reden": " "})
    assert without_reason.status_code == 422
    assert team.noor.get("/mijn").status_code == 200
    answer = team.boss.post(END, data={"persoon": str(team.noor_id), "reden": "Andere baan"})
    assert answer.headers["location"] == "/mijn/team?gedaan=beeindigd"
    assert team.noor.get("/mijn").headers["location"].startswith("/inloggen")
    assert "Noor" not in team.boss.get("/mijn/team").text


@pytest.mark.parametrize("path", [PAGE, END])
def test_last_administrator_is_told_to_name_another_first(team: Team, path: str) -> None:
    form = {"persoon": str(team.boss_id), "rol-editor": "ja", "reden": "Met pensioen"}
    answer = team.boss.post(path, data=form)
    assert answer.status_code == 422
    assert "Maak eerst iemand anders beheerder" in answer.text
    assert team.boss.get("/mijn/team").status_code == 200


def test_only_an_administrator_changes_people_and_only_of_the_own_organisation(team: Team) -> None:
    assert team.noor.get(PAGE, params={"persoon": str(team.boss_id)}).status_code == 403
    for path in (PAGE, END):
        form = {"persoon": str(team.boss_id), "rol-editor": "ja", "reden": "Zomaar"}
        assert team.noor.post(path, data=form).status_code == 403
    with transaction(read_state(team.client).write_engine) as session:
        theirs = make_organisation(session)
        stranger = make_person(session, "Vreemde", ("administrator", theirs))
    browser = sign_in(team.client, stranger)
    for data in ({"organisatie": str(team.ours)}, {}):
        for path in (PAGE, END):
            form = {"persoon": str(team.noor_id), "rol-auditor": "ja", "reden": "Zomaar"} | data
            assert browser.post(path, data=form).status_code == 404
    assert team.boss.post(PAGE, data={"persoon": "niemand", "rol-editor": "ja"}).status_code == 404
    assert team.boss.get(PAGE).headers["location"] == "/mijn/team"
    assert team.boss.get(END).headers["location"] == "/mijn/team"


def test_keys_of_who_leaves_are_named_and_revoked_unless_that_is_unchecked(team: Team) -> None:
    with transaction(read_state(team.client).write_engine) as session:
        omar = make_person(session, "Omar", ("administrator", team.ours))
    with transaction(read_state(team.client).write_engine) as session:
        token = issue_organisation_key(
            session,
            issued_by=omar,
            organisation_id=team.ours,
            name="Meetnet Leiden",
            scopes=["read"],
            last_day=None,
            now=datetime.now(UTC),
        ).token
    assert team.client.get("/v1/sensors", headers=authorise(token)).status_code == 200
    assert "Meetnet Leiden" in team.boss.get(PAGE, params={"persoon": str(omar)}).text
    team.boss.post(END, data={"persoon": str(omar), "reden": "Andere baan", "sleutels": "ja"})
    assert team.client.get("/v1/sensors", headers=authorise(token)).status_code == 401
