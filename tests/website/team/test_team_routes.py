"""The people of an organisation in the browser, and inviting them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from app.core.database import transaction
from tests.support.application import make_client
from tests.support.concurrency import read_state
from tests.support.organisations import make_municipality, make_organisation
from tests.support.people import MAIL, SITE, find_secret, make_person, read_mail, sign_in

NEW = {"naam": "Noor de Vries", "adres": "noor@leiden.nl", "rol": "editor", "taal": "nl"}


@dataclass
class Team:
    """A register with an organisation, and browsers of its people."""

    client: TestClient
    ours: UUID
    boss: TestClient
    editor: TestClient
    auditor: TestClient
    stranger: TestClient
    register: TestClient


@pytest.fixture(scope="module", params=[True, False], ids=["mail", "no mail"])
def team(request: pytest.FixtureRequest, module_database: str) -> Iterator[Team]:
    mail = MAIL if request.param else {}
    with make_client(module_database, public_url=SITE, **mail) as client:
        with transaction(read_state(client).write_engine) as session:
            code = "GM0546" if request.param else "GM0363"
            ours = make_municipality(session, code, f"Gemeente {code}")
            theirs = make_organisation(session)
            people = [
                make_person(session, f"Persoon {role}", (role, ours))
                for role in ("administrator", "editor", "auditor")
            ]
            people.append(make_person(session, "Vreemde", ("administrator", theirs)))
            people.append(make_person(session, "Fatima", ("administrator", None)))
        yield Team(client, ours, *(sign_in(client, person) for person in people))


def invite(browser: TestClient, **changed: str) -> Response:
    return browser.post("/mijn/team/uitnodigen", data=NEW | changed)


def list_wrong_fields(answer: Response) -> list[str]:
    assert answer.status_code == 422, answer.text
    assert "<title>Fout: " in answer.text
    return re.findall(r'<li><a href="#(\w+)">', answer.text)


def test_people_and_roles_are_shown_to_everybody_of_the_organisation(team: Team) -> None:
    for browser, may_change in ((team.boss, True), (team.editor, False), (team.auditor, False)):
        page = browser.get("/mijn/team").text
        assert "Persoon editor" in page
        assert "Vreemde" not in page
        assert ("Wijzig of beëindig" in page) is may_change
    assert "Persoon editor" not in team.stranger.get("/mijn/team").text
    assert "Last signed in on" in team.boss.get("/en/mijn/team").text


def test_workplace_shows_an_editor_alone_the_work_with_sensors(team: Team) -> None:
    """A manager of people who edits nothing would be refused behind these links."""
    work = ("/mijn/registreren", "/mijn/sensoren", "/mijn/taken")
    assert all(f'href="{one}"' in team.editor.get("/mijn").text for one in work)
    shown = team.boss.get("/mijn").text
    assert 'href="/mijn/team"' in shown
    assert not any(f'href="{one}"' in shown for one in work)


def test_invited_colleague_gets_the_link(team: Team) -> None:
    has_mail = bool(read_state(team.client).settings.mail_host)
    answer = invite(team.boss, adres="Een@leiden.nl", rol="reviewer", taal="en")
    if has_mail:
        assert (answer.status_code, answer.headers["location"]) == (303, "/mijn/team?gedaan=uitgenodigd")
        kind, receiver, body = read_mail(team.client)[-1]
        assert (kind, receiver) == ("invitation", "een@leiden.nl")
        assert "as reviewer of Gemeente GM0546" in body
    else:
        assert answer.status_code == 201
        assert "no-store" in answer.headers["cache-control"]
        body = answer.text
    secret = find_secret(body, f"{SITE}/en/uitnodiging")
    assert "You have been invited" in team.client.get(f"{SITE}/en/uitnodiging?sleutel={secret}").text
    assert "Een@leiden.nl" in team.boss.get("/mijn/team").text


def test_editor_invites_editors_and_no_others(team: Team) -> None:
    form = team.editor.get("/mijn/team/uitnodigen").text
    assert 'value="editor" checked' in form
    assert 'value="administrator"' not in form
    assert invite(team.editor, adres="twee@leiden.nl").status_code in {201, 303}
    assert list_wrong_fields(invite(team.editor, adres="drie@leiden.nl", rol="administrator")) == ["rol"]
    assert "drie@leiden.nl" not in team.boss.get("/mijn/team").text


def test_others_invite_no_one(team: Team) -> None:
    assert "/mijn/team/uitnodigen" not in team.auditor.get("/mijn/team").text
    assert team.auditor.get("/mijn/team/uitnodigen").status_code == 403
    assert invite(team.auditor, adres="vier@leiden.nl").status_code == 403
    for browser in (team.stranger, team.boss):
        assert invite(browser, adres="vier@leiden.nl", organisatie=str(team.ours)).status_code == 404
    other_site = team.boss.post("/mijn/team/uitnodigen", data=NEW, headers={"Sec-Fetch-Site": "cross-site"})
    assert other_site.status_code == 403
    assert "vier@leiden.nl" not in team.boss.get("/mijn/team").text


def test_form_with_problems_names_all_of_them_and_loses_nothing(team: Team) -> None:
    answer = invite(team.boss, naam=" ", adres="noor at leiden", rol="", taal="fr")
    assert list_wrong_fields(answer) == ["naam", "adres", "rol", "taal"]
    assert 'value="noor at leiden"' in answer.text
    assert list_wrong_fields(invite(team.boss, naam="x" * 201)) == ["naam"]


def test_address_is_invited_once_for_one_role(team: Team) -> None:
    assert invite(team.boss, adres="vijf@leiden.nl").status_code in {201, 303}
    assert list_wrong_fields(invite(team.boss, adres=" VIJF@leiden.nl")) == ["adres"]
    assert invite(team.boss, adres="vijf@leiden.nl", rol="auditor").status_code in {201, 303}


def find_invitation(page: str, email: str) -> str:
    """The id of the invitation of this address on the page."""
    found = re.search(rf'{email}.*?name="opnieuw" value="([^"]+)"', page, re.DOTALL)
    assert found is not None
    return found[1]


def test_invitation_is_sent_again_and_withdrawn(team: Team) -> None:
    invite(team.boss, adres="zes@leiden.nl")
    one = find_invitation(team.boss.get("/mijn/team").text, "zes@leiden.nl")
    act = "/mijn/team/uitnodigingen"
    for browser, status in ((team.stranger, 404), (team.auditor, 403)):
        assert browser.post(act, data={"intrekken": one}).status_code == status
    again = team.editor.post(act, data={"opnieuw": one})
    body = read_mail(team.client)[-1][2] if again.status_code == 303 else again.text
    secret = find_secret(body, f"{SITE}/uitnodiging")
    assert team.client.get(f"{SITE}/uitnodiging?sleutel={secret}").status_code == 200
    assert team.boss.post(act, data={"intrekken": one}).headers["location"].endswith("gedaan=ingetrokken")
    assert team.client.get(f"{SITE}/uitnodiging?sleutel={secret}").status_code == 404
    assert team.boss.post(act, data={"opnieuw": one}).status_code == 404
    assert "zes@leiden.nl" not in team.boss.get("/mijn/team").text


def test_administrator_of_the_register_manages_any_organisation(team: Team) -> None:
    assert "Fatima" in team.register.get("/mijn/team").text
    page = team.register.get("/mijn/team", params={"organisatie": str(team.ours)}).text
    assert "Persoon editor" in page
    assert f'href="/mijn/team/uitnodigen?organisatie={team.ours}"' in page
    answer = invite(team.register, adres="zeven@leiden.nl", organisatie=str(team.ours))
    assert answer.status_code in {201, 303}
    assert "zeven@leiden.nl" in team.boss.get("/mijn/team").text
    assert team.register.get("/mijn/team?organisatie=Niemand").status_code == 404


def test_who_did_not_choose_an_organisation_is_asked_to(team: Team) -> None:
    with transaction(read_state(team.client).write_engine) as session:
        both = make_person(session, "Beide", ("editor", team.ours), ("editor", make_organisation(session)))
    browser = sign_in(team.client, both)
    assert "/mijn/team" not in browser.get("/mijn").text
    assert "/mijn/team" in team.editor.get("/mijn").text
    answer = browser.get("/mijn/team")
    assert answer.status_code == 403
    assert "Kies eerst op Mijn werkplek" in answer.text


def test_manager_chooses_the_language_of_mail_for_the_organisation(team: Team) -> None:
    for browser in (team.editor, team.stranger):
        refused = browser.post("/mijn/team/taal", data={"taal": "en", "organisatie": str(team.ours)})
        assert refused.status_code in (403, 404)
    assert "In welke taal" not in team.editor.get("/mijn/team").text
    assert team.boss.post("/mijn/team/taal", data={"taal": "fy"}).status_code == 404
    answer = team.boss.post("/mijn/team/taal", data={"taal": "en"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/mijn/team?gedaan=taal")
    try:
        page = team.boss.get("/mijn/team?gedaan=taal").text
        assert "De taal van de mail is gewijzigd." in page
        assert re.search(r'value="en"[^>]* checked', page)
        assert re.search(r'value="en"[^>]* (checked|selected)', team.editor.get("/mijn/team/uitnodigen").text)
    finally:
        assert team.boss.post("/mijn/team/taal", data={"taal": "nl"}).status_code == 303
