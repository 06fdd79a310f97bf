"""Requests of organisations to join, as who decides on them sees them in the browser."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from fastapi.testclient import TestClient

from app.access.principal import Role
from app.core.database import transaction
from app.organisations.joining import ask_to_join, confirm_request
from tests.support.application import make_client
from tests.support.concurrency import read_state
from tests.support.organisations import make_municipality, make_organisation
from tests.support.people import MAIL, SITE, find_secret, make_person, read_mail, sign_in

PAGE = "/mijn/verzoeken"


@pytest.fixture
def client(fresh_database: str) -> Iterator[TestClient]:
    with make_client(fresh_database, public_url=SITE, **MAIL) as client:
        yield client


def ask(client: TestClient, name: str = "Camerabedrijf BV", number: str = "12345678") -> str:
    """A confirmed request; returns its id."""
    now = datetime.now(UTC)
    with transaction(read_state(client).write_engine) as session:
        secret = ask_to_join(
            session,
            {
                "name": name,
                "organisationType": "company",
                "kvkNumber": number,
                "publicEmail": "info@camerabedrijf.example",
            },
            municipality_code="GM0363",
            person_name="Noor de Vries",
            person_email="noor@camerabedrijf.example",
            language="nl",
            now=now,
        )
        return str(confirm_request(session, secret, now).id)


def open_desk(client: TestClient, role: Role = "editor") -> TestClient:
    """The browser of someone with this role at the municipality of the requests."""
    with transaction(read_state(client).write_engine) as session:
        person = make_person(session, "Eva", (role, make_municipality(session)))
    return sign_in(client, person)


def test_verified_organisation_gets_an_invitation(client: TestClient) -> None:
    desk, request = open_desk(client), ask(client)
    assert PAGE in desk.get("/mijn").text
    page = desk.get(PAGE).text
    assert "Camerabedrijf BV" in page
    assert "KVK 12345678" in page
    assert "noor@camerabedrijf.example" in page
    answer = desk.post(PAGE, data={"verzoek": request, "besluit": "bevestig"})
    assert answer.headers["location"] == f"{PAGE}?gedaan=bevestigd"
    kind, receiver, body = read_mail(client)[-1]
    assert (kind, receiver) == ("invitation", "noor@camerabedrijf.example")
    assert "als redacteur en beheerder van Camerabedrijf BV" in body
    assert find_secret(body, f"{SITE}/uitnodiging")
    assert "Camerabedrijf BV" not in desk.get(f"{PAGE}?gedaan=bevestigd").text
    again = desk.post(PAGE, data={"verzoek": request, "besluit": "bevestig"})
    assert again.status_code == 422
    assert "heeft hierover al beslist" in again.text


def test_without_a_mail_server_who_decides_sends_the_link_or_tells_the_person(fresh_database: str) -> None:
    with make_client(fresh_database, public_url=SITE) as client:
        desk, request, other = open_desk(client), ask(client), ask(client, "Ander BV", "87654321")
        assert "De persoon krijgt dit per mail" not in desk.get(PAGE).text
        shown = desk.post(PAGE, data={"verzoek": request, "besluit": "bevestig"})
        assert shown.status_code == 201
        assert "noor@camerabedrijf.example" in shown.text
        assert find_secret(shown.text, f"{SITE}/uitnodiging")
        refused = desk.post(PAGE, data={"verzoek": other, "besluit": "weiger", "reden": "Onbekend"})
        assert "Laat het de persoon zelf weten." in desk.get(refused.headers["location"]).text
        assert read_mail(client) == []


def test_refusal_needs_a_reason_and_goes_by_mail(client: TestClient) -> None:
    desk, request = open_desk(client), ask(client)
    answer = desk.post(PAGE, data={"verzoek": request, "besluit": "weiger", "reden": " "})
    assert answer.status_code == 422
    assert f'<a href="#reden-{request}">' in answer.text
    assert f'id="reden-{request}"' in answer.text
    desk.post(PAGE, data={"verzoek": request, "besluit": "weiger", "reden": "KVK-nummer onbekend"})
    kind, receiver, body = read_mail(client)[-1]
    assert (kind, receiver) == ("join_refusal", "noor@camerabedrijf.example")
    assert "KVK-nummer onbekend" in body


def test_organisation_that_is_there_already_is_named_as_such(client: TestClient) -> None:
    desk, request = open_desk(client), ask(client)
    with transaction(read_state(client).write_engine) as session:
        make_organisation(session, kvkNumber="12345678")
    page = desk.get(PAGE).text
    assert "Er is al een organisatie" in page
    assert 'value="bevestig"' not in page
    assert desk.post(PAGE, data={"verzoek": request, "besluit": "bevestig"}).status_code == 422
    assert read_mail(client) == []


@pytest.mark.parametrize("role", ["reviewer", "auditor"])
def test_others_of_the_municipality_see_no_requests(client: TestClient, role: Role) -> None:
    desk, request = open_desk(client, role), ask(client)
    assert PAGE not in desk.get("/mijn").text
    assert desk.get(PAGE).status_code == 403
    assert desk.post(PAGE, data={"verzoek": request, "besluit": "bevestig"}).status_code == 403


def test_other_municipality_does_not_decide(client: TestClient) -> None:
    request = ask(client)
    with transaction(read_state(client).write_engine) as session:
        leiden = make_municipality(session, "GM0546", "Gemeente Leiden")
        desk = make_person(session, "Noor", ("administrator", leiden))
    browser = sign_in(client, desk)
    assert "Camerabedrijf BV" not in browser.get(PAGE).text
    assert browser.post(PAGE, data={"verzoek": request, "besluit": "bevestig"}).status_code == 404
    assert not re.search("redacteur", str(read_mail(client)))
