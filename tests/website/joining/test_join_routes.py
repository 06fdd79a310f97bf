"""The public form by which an organisation asks to join, and the mail that confirms it."""

import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from app.access.actions import admit_principal, grant_role
from app.access.principal import Role
from app.core.database import transaction
from app.organisations.actions import register_organisation
from tests.support.application import make_client
from tests.support.concurrency import read_state
from tests.support.organisations import make_municipality, make_principal
from tests.support.people import MAIL, SITE, find_secret, open_browser, read_mail
from tests.support.sensors import load_cities

FORM = {
    "naam": "Camerabedrijf BV",
    "soort": "company",
    "kenmerksoort": "kvkNumber",
    "kenmerk": "1234 5678",
    "website": "https://camerabedrijf.example",
    "mail": "info@camerabedrijf.example",
    "gemeente": "amsterdam",
    "persoon": "Noor de Vries",
    "adres": "noor@camerabedrijf.example",
}


@pytest.fixture
def browser(fresh_database: str) -> Iterator[TestClient]:
    with make_client(fresh_database, public_url=SITE, **MAIL) as client:
        with transaction(read_state(client).write_engine) as session:
            load_cities(session)
        yield open_browser(client)


def ask(browser: TestClient, prefix: str = "", **changed: str) -> Response:
    return browser.post(f"{prefix}/aanmelden", data=FORM | changed)


def test_request_is_confirmed_by_a_button_and_told_to_the_municipality(browser: TestClient) -> None:
    with transaction(read_state(browser).write_engine) as session:
        make_principal(session, make_municipality(session))
    assert "Organisatie aanmelden" in browser.get("/aanmelden").text
    answer = ask(browser, "/en")
    assert (answer.status_code, answer.headers["location"]) == (303, "/en/aanmelden/gevraagd")
    ((kind, receiver, body),) = read_mail(browser)
    assert (kind, receiver) == ("join_confirmation", FORM["adres"])
    secret = find_secret(body, f"{SITE}/en/aanmelden/bevestigen")
    for _ in range(2):
        assert "Camerabedrijf BV" in browser.get(f"/en/aanmelden/bevestigen?sleutel={secret}").text
    pressed = browser.post("/en/aanmelden/bevestigen", data={"sleutel": secret})
    assert pressed.headers["location"] == "/en/aanmelden/bevestigd"
    assert browser.get("/en/aanmelden/bevestigd").status_code == 200
    kind, receiver, body = read_mail(browser)[-1]
    assert kind == "join_request"
    assert receiver.startswith("gemeente@")
    assert f"{SITE}/mijn/verzoeken" in body
    assert browser.get(f"/aanmelden/bevestigen?sleutel={secret}").status_code == 404
    assert browser.post("/aanmelden/bevestigen", data={"sleutel": secret}).status_code == 404


@pytest.mark.parametrize(
    ("role", "changed"),
    [
        ("reviewer", {}),
        ("editor", {"gemeente": ""}),
        ("editor", {"soort": "water_authority", "kenmerksoort": "oin", "kenmerk": "00000001001234567000"}),
    ],
    ids=["no one of the municipality decides", "no municipality", "a government organisation"],
)
def test_request_on_which_no_municipality_decides_is_told_to_the_administrators(
    browser: TestClient, role: Role, changed: dict[str, str]
) -> None:
    with transaction(read_state(browser).write_engine) as session:
        make_principal(session, make_municipality(session), role)
        boss = admit_principal(session, admitted_by=None, name="Fatima", handle="fatima@register.example")
        grant_role(session, granted_by=None, principal_id=boss, role="administrator", organisation_id=None)
    ask(browser, **changed)
    secret = find_secret(read_mail(browser)[-1][2], f"{SITE}/aanmelden/bevestigen")
    browser.post("/aanmelden/bevestigen", data={"sleutel": secret})
    kind, receiver, body = read_mail(browser)[-1]
    assert (kind, receiver) == ("join_request", "fatima@register.example")
    assert "geen gemeente kan daarover beslissen: Camerabedrijf BV" in " ".join(body.split())


def test_answer_does_not_tell_who_is_known(browser: TestClient) -> None:
    first = ask(browser)
    with transaction(read_state(browser).write_engine) as session:
        register_organisation(
            session,
            {
                "name": FORM["naam"],
                "organisationType": "company",
                "kvkNumber": "12345678",
                "publicEmail": FORM["mail"],
            },
            principal_id=None,
        )
    second = ask(browser)
    assert (first.status_code, first.headers["location"]) == (second.status_code, second.headers["location"])
    texts = [re.sub(r"sleutel=\S+", "", body) for _, _, body in read_mail(browser)]
    assert texts[0] == texts[1]


def test_form_with_problems_names_all_of_them_and_loses_nothing(browser: TestClient) -> None:
    answer = ask(
        browser,
        naam="",
        kenmerk="12",
        mail="jan.de.vries@camerabedrijf.example",
        gemeente="Atlantis",
        persoon="",
        adres="noor",
    )
    assert answer.status_code == 422
    assert "<title>Fout: " in answer.text
    wrong = ["naam", "kenmerk", "mail", "gemeente", "persoon", "adres"]
    assert re.findall(r'<li><a href="#(\w+)">', answer.text) == wrong
    for field in wrong:
        assert f'id="{field}"' in answer.text
        assert f'id="problem-{field}"' in answer.text
    assert 'value="Atlantis"' in answer.text
    assert ask(browser, soort="", kenmerksoort="", eenmanszaak="ja").status_code == 422
    assert read_mail(browser) == []
    unkind = ask(browser, kenmerksoort="").text
    assert re.findall(r'<li><a href="#(\w+)">', unkind) == ["kenmerksoort"]
    names = re.findall(r'name="soort" value="(\w+)"', unkind)
    assert names[:3] == ["municipality", "province", "water_authority"]


def test_mailbox_is_not_filled(browser: TestClient) -> None:
    statuses = [ask(browser).status_code for _ in range(6)]
    assert statuses == [303] * 5 + [429]
    assert len(read_mail(browser)) == 5


def test_form_of_another_site_is_refused(browser: TestClient) -> None:
    answer = browser.post("/aanmelden", data=FORM, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403


def test_register_without_mail_leads_to_its_administrator(fresh_database: str) -> None:
    with make_client(fresh_database, public_url=SITE) as client:
        browser = open_browser(client)
        page = browser.get("/aanmelden").text
        assert "<form action" not in page.partition("<main")[2]
        assert "Contact met de beheerder" in page
        assert ask(browser).status_code == 404
