"""The keys of an organisation in the browser."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from app.access.erasure import erase_principal
from app.core.database import transaction
from tests.support.application import make_client
from tests.support.concurrency import read_state
from tests.support.organisations import authorise, make_municipality, make_organisation
from tests.support.people import SITE, make_person, sign_in

KEYS = "/mijn/sleutels"


@dataclass
class Team:
    """An organisation with an administrator and an editor, and an administrator of another and of the register."""

    client: TestClient
    ours: UUID
    boss: TestClient
    editor: TestClient
    stranger: TestClient
    register: TestClient


@pytest.fixture(scope="module")
def team(module_database: str) -> Iterator[Team]:
    with make_client(module_database, public_url=SITE) as client:
        with transaction(read_state(client).write_engine) as session:
            ours = make_municipality(session, "GM0546", "Gemeente Leiden")
            people = [
                make_person(session, "Fatima", ("administrator", ours)),
                make_person(session, "Noor", ("editor", ours)),
                make_person(session, "Vreemde", ("administrator", make_organisation(session))),
                make_person(session, "Olga", ("administrator", None)),
            ]
        yield Team(client, ours, *(sign_in(client, person) for person in people))


def issue(browser: TestClient, **changed: str) -> Response:
    form = {"naam": "Meetnet", "mag-read": "ja", "einde": ""} | changed
    return browser.post(f"{KEYS}/nieuw", data={name: value for name, value in form.items() if value})


def find_token(answer: Response) -> str:
    assert answer.status_code == 201, answer.text
    found = re.search(r"srk_[0-9a-f]{12}_[\w-]{43}", answer.text)
    assert found is not None
    return found[0]


def test_key_is_shown_once_and_allows_what_was_chosen(team: Team) -> None:
    answer = issue(team.boss, naam="Koppeling", **{"mag-register": "ja"})
    token = find_token(answer)
    assert "no-store" in answer.headers["cache-control"]
    assert token not in team.boss.get(KEYS).text
    page = team.editor.get(KEYS).text
    assert "Koppeling" in page
    assert "lezen: ook wat niet openbaar is en registreren en wijzigen" in page
    assert "door Fatima" in page
    assert "Nog niet gebruikt" in page
    headers = authorise(token)
    assert team.client.get("/v1/sensors", headers=headers).status_code == 200
    assert team.client.post("/v1/sensors", headers=headers, json={}).status_code == 400
    assert team.client.post("/v1/imports", headers=headers, content=b"x").status_code == 403
    assert "Laatst gebruikt op" in team.editor.get(KEYS).text


def test_key_ends_on_its_last_day_as_a_browser_or_a_person_writes_it(team: Team) -> None:
    for written in ("2027-03-01", "1-3-2027", "01/03/2027"):
        assert "De sleutel werkt tot en met 1 maart 2027" in issue(team.boss, einde=written).text


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"naam": "", "mag-read": "", "einde": "ooit"}, ["naam", "mag", "einde"]),
        ({"einde": "2027-02-30"}, ["einde"]),
        ({"einde": "2020-01-01"}, ["einde"]),
    ],
)
def test_form_with_problems_names_all_of_them_and_issues_nothing(
    team: Team, changed: dict[str, str], wrong: list[str]
) -> None:
    before = team.boss.get(KEYS).text.count("srk_")
    answer = issue(team.boss, **changed)
    assert answer.status_code == 422
    assert re.findall(r'<li><a href="#(\w+)">', answer.text) == wrong
    assert f'value="{changed["einde"]}"' in answer.text
    assert team.boss.get(KEYS).text.count("srk_") == before


def test_revoked_key_stops_at_once(team: Team) -> None:
    token = find_token(issue(team.boss, naam="Oud"))
    question = team.boss.get(f"{KEYS}/intrekken", params={"sleutel": token[4:16]})
    assert "Trek de sleutel in" in question.text
    assert team.client.get("/v1/sensors", headers=authorise(token)).status_code == 200
    answer = team.boss.post(f"{KEYS}/intrekken", data={"sleutel": token[4:16]})
    assert answer.headers["location"] == f"{KEYS}?gedaan=ingetrokken"
    assert team.client.get("/v1/sensors", headers=authorise(token)).status_code == 401
    assert "Ingetrokken op" in team.boss.get(KEYS).text


def test_only_administrators_change_keys_and_only_of_the_own_organisation(team: Team) -> None:
    token = find_token(issue(team.boss, naam="Van ons"))
    assert f"{KEYS}/nieuw" not in team.editor.get(KEYS).text
    assert team.editor.get(f"{KEYS}/nieuw").status_code == 403
    assert issue(team.editor).status_code == 403
    assert team.editor.post(f"{KEYS}/intrekken", data={"sleutel": token[4:16]}).status_code == 403
    assert "Van ons" not in team.stranger.get(KEYS).text
    assert team.stranger.post(f"{KEYS}/intrekken", data={"sleutel": token[4:16]}).status_code == 404
    assert issue(team.stranger, organisatie=str(team.ours)).status_code == 404
    assert team.client.get("/v1/sensors", headers=authorise(token)).status_code == 200


def test_administrator_of_the_register_issues_for_an_organisation_and_to_read_everything(team: Team) -> None:
    token = find_token(issue(team.register, naam="Voor Leiden", organisatie=str(team.ours)))
    assert team.client.get("/v1/sensors", headers=authorise(token)).status_code == 200
    assert "Voor Leiden" in team.boss.get(KEYS).text
    assert 'name="mag-register"' not in team.register.get(f"{KEYS}/nieuw").text
    assert issue(team.register, **{"mag-register": "ja"}).status_code == 422
    assert find_token(issue(team.register))


def test_key_of_a_municipality_reviews_where_that_was_chosen(team: Team) -> None:
    form = team.boss.get(f"{KEYS}/nieuw").text
    assert 'name="rol" value="editor" checked' in form
    answer = issue(team.boss, naam="Zaaksysteem", rol="reviewer", **{"mag-register": "ja"})
    assert "/v1/reviews" in answer.text
    headers = authorise(find_token(answer))
    assert team.client.get("/v1/reviews", headers=headers).json()["reviews"] == []
    nothing = {"decision": "publish", "sensors": [str(team.ours)]}
    assert team.client.post("/v1/reviews", headers=headers, json=nothing).status_code == 200
    assert team.client.post("/v1/sensors", headers=headers, json={}).status_code == 403
    assert "lezen: ook wat niet openbaar is en beoordelen en opmerkingen maken" in team.editor.get(KEYS).text


def test_key_for_reviewing_imports_nothing_and_is_for_municipalities_alone(team: Team) -> None:
    assert issue(team.boss, rol="reviewer", **{"mag-import": "ja"}).status_code == 422
    assert 'name="rol"' not in team.stranger.get(f"{KEYS}/nieuw").text
    headers = authorise(find_token(issue(team.stranger, rol="reviewer", **{"mag-register": "ja"})))
    # An organisation that is no municipality gets the key of an editor.
    assert team.client.post("/v1/sensors", headers=headers, json={}).status_code == 400


def test_maker_of_a_key_who_was_erased_has_no_name_in_either_language(team: Team) -> None:
    with transaction(read_state(team.client).write_engine) as session:
        gone = make_person(session, "Vertrokken", ("administrator", team.ours))
    find_token(issue(sign_in(team.client, gone), naam="Van een vertrokken collega"))
    with transaction(read_state(team.client).write_engine) as session:
        erase_principal(session, erased_by=None, principal_id=gone, now=datetime.now(UTC), reason=None)
    assert "door een vroegere medewerker" in team.boss.get(KEYS).text
    assert "by a former member of staff" in team.boss.get("/en" + KEYS).text
