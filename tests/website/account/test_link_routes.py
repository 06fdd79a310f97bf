"""Signing in by a link in a mail, by a browser: the pages, the mail, and what is refused."""

import logging
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.access.endings import end_principal
from app.access.events import write_due
from app.access.invitations import invite_person
from app.access.queries import list_principals
from app.access.rate_limits import LIMITS, Act, limit_client
from app.audit.queries import list_entries
from app.core.database import transaction
from tests.support.application import make_client
from tests.support.concurrency import read_state
from tests.support.oidc_provider import CLIENT_ID, SECRET, serve_provider
from tests.support.organisations import make_organisation

SITE = "https://register.example"
OWN = {"Sec-Fetch-Site": "same-origin"}
HTML = {"Accept": "text/html"}
MAIL: dict[str, object] = {"mail_host": "mail.invalid", "mail_from": "sensoren@register.example"}
ADDRESS = "noor@leiden.nl"
LINK = re.compile(rf"{SITE}((?:/en)?/inloggen/link\?sleutel=[\w-]{{43}})")


@pytest.fixture
def client(fresh_database: str) -> Iterator[TestClient]:
    """A register with mail and without a provider, asked by a browser that stores cookies."""
    with make_client(fresh_database, public_url=SITE, **MAIL) as found:
        yield open_browser(found)


def open_browser(client: TestClient) -> TestClient:
    """Another browser of the same application, without cookies."""
    return TestClient(
        client.app, base_url=SITE, headers=HTML, follow_redirects=False, client=("127.0.0.1", 5)
    )


def invite(client: TestClient, *, by_link: bool = False, email: str = ADDRESS) -> str:
    with transaction(read_state(client).write_engine) as session:
        return invite_person(
            session,
            invited_by=None,
            name="Noor de Vries",
            email=email,
            role="editor",
            organisation_id=make_organisation(session, name="Gemeente Leiden"),
            now=datetime.now(UTC),
            by_link=by_link,
        )


def read_mail(client: TestClient) -> list[tuple[str, str, str]]:
    """Receiver, language and text of each mail that waits, in order."""
    with transaction(read_state(client).write_engine) as session:
        rows = session.execute(
            text("SELECT receiver, language, body FROM register.outgoing_mail ORDER BY created_at, id")
        )
        return [(receiver, language, body) for receiver, language, body in rows]


def find_link(client: TestClient) -> str:
    """The path and query of the link in the latest mail."""
    found = LINK.search(read_mail(client)[-1][2])
    assert found is not None
    return found[1]


def ask(client: TestClient, prefix: str = "", **fields: str) -> Response:
    return client.post(f"{prefix}/inloggen/mail", headers=OWN, data=fields or {"adres": ADDRESS})


def press(client: TestClient, link: str) -> Response:
    path, _, secret = link.partition("?sleutel=")
    return client.post(path, headers=OWN, data={"sleutel": secret})


def accept(client: TestClient) -> None:
    """Sign in for the first time, by an invitation."""
    assert ask(client, uitnodiging=invite(client)).status_code == 303
    assert press(client, find_link(client)).headers["location"] == "/mijn"


def test_invited_person_signs_in_by_a_link_to_the_address_of_the_invitation(client: TestClient) -> None:
    secret = invite(client)
    page = client.get(f"/uitnodiging?sleutel={secret}")
    assert "U bent uitgenodigd" in page.text
    assert ADDRESS in page.text
    assert f'name="uitnodiging" value="{secret}"' in page.text
    asked = ask(client, uitnodiging=secret)
    assert (asked.status_code, asked.headers["location"]) == (303, "/inloggen/gevraagd")
    assert "Kijk in uw mail" in client.get("/inloggen/gevraagd").text
    ((receiver, language, _),) = read_mail(client)
    assert (receiver, language) == (ADDRESS, "nl")
    link = find_link(client)
    assert f'name="sleutel" value="{link.rpartition("=")[2]}"' in client.get(link).text
    assert client.get("/mijn").status_code == 303
    answer = press(client, link)
    assert (answer.status_code, answer.headers["location"]) == (303, "/mijn")
    assert "Noor de Vries" in client.get("/mijn").text


def test_known_person_signs_in_again_with_the_address_alone(client: TestClient) -> None:
    accept(client)
    other = open_browser(client)
    assert 'action="/en/inloggen/mail"' in other.get("/en/inloggen").text
    ask(other, "/en", adres=" Noor@Leiden.nl ", terug="/en/mijn/sessies")
    # The mail is in the language of the organisation, whatever that of the page was.
    assert read_mail(client)[-1][:2] == (ADDRESS, "nl")
    link = find_link(client)
    assert link.startswith("/inloggen/link?")
    assert press(other, link).headers["location"] == "/en/mijn/sessies"
    assert "this browser" in other.get("/en/mijn/sessies").text


def test_answer_is_the_same_for_an_address_that_is_not_known(client: TestClient) -> None:
    accept(client)
    answers = []
    for address in (ADDRESS, "eva@leiden.nl"):
        browser = open_browser(client)
        answer = ask(browser, adres=address)
        cookie = re.sub(r"=[\w-]{43};", "=;", answer.headers["set-cookie"])
        headers = {name: value for name, value in answer.headers.items() if "id" not in name}
        answers.append((answer.status_code, answer.text, headers | {"set-cookie": cookie}))
        page = browser.get(answer.headers["location"])
        assert address not in page.text
    assert answers[0] == answers[1]
    assert [receiver for receiver, _, _ in read_mail(client)] == [ADDRESS, ADDRESS]


def test_cookie_of_a_link_is_for_this_host_and_ten_minutes(client: TestClient) -> None:
    (cookie,) = ask(client).headers.get_list("set-cookie")
    assert cookie.startswith("__Host-link=")
    assert {"Secure", "HttpOnly", "SameSite=lax", "Path=/", "Max-Age=600"} <= set(cookie.split("; "))


def test_scanner_that_opens_the_link_does_not_use_it(client: TestClient) -> None:
    accept(client)
    ask(client)
    link = find_link(client)
    scanner = open_browser(client)
    for _ in range(2):
        assert scanner.get(link).status_code == 400
        assert client.get(link).status_code == 200
    assert press(client, link).status_code == 303


def test_link_in_another_browser_is_refused_in_words(client: TestClient) -> None:
    accept(client)
    ask(client)
    link, other = find_link(client), open_browser(client)
    ask(other, adres="eva@leiden.nl")
    for answer in (other.get(link), press(other, link)):
        assert answer.status_code == 400
        assert "de browser waarin u erom vroeg" in answer.text
    assert other.get("/mijn").status_code == 303


def test_used_and_replaced_and_expired_links_are_refused_in_words(client: TestClient) -> None:
    accept(client)
    ask(client)
    first = find_link(client)
    ask(client)
    second = find_link(client)
    for answer in (client.get(first), press(client, first)):
        assert answer.status_code == 400
        assert "een nieuwere link" in answer.text
    press(client, second)
    for answer in (client.get(f"/en{second}"), press(client, f"/en{second}")):
        assert "has been used already" in answer.text
    ask(client)
    third = find_link(client)
    with transaction(read_state(client).write_engine) as session:
        session.execute(text("UPDATE register.sign_in_link SET expires_at = now()"))
    for answer in (client.get(third), press(client, third)):
        assert "is verlopen" in answer.text
        assert 'href="/inloggen"' in answer.text
    assert "klopt niet" in press(client, "/inloggen/link?sleutel=x").text


def test_person_who_ended_meanwhile_is_refused_in_words(client: TestClient) -> None:
    accept(client)
    ask(client)
    with transaction(read_state(client).write_engine) as session:
        (person,) = [one.id for one in list_principals(session) if one.name == "Noor de Vries"]
        end_principal(session, ended_by=None, principal_id=person, now=datetime.now(UTC), even_last=True)
    answer = press(client, find_link(client))
    assert answer.status_code == 400
    assert "geen rol (meer)" in answer.text
    assert "__Host-session" not in answer.headers.get("set-cookie", "")


def test_refused_link_is_in_the_audit_trail(client: TestClient) -> None:
    press(client, "/inloggen/link?sleutel=x")
    state = read_state(client)
    write_due(state, all_of_them=True)
    with Session(state.write_engine) as session:
        entries = [one for one in list_entries(session) if one.action == "sign_in_failed"]
    assert [one.details["detail"] for one in entries] == ["unknown_link"]


@pytest.mark.parametrize(
    "address", ["", "noor", "a@b.nl\r\nBcc: eva@evil.example", "a@b.nl, eva@evil.example"]
)
def test_text_that_is_no_address_comes_back_to_be_corrected(address: str, client: TestClient) -> None:
    answer = ask(client, adres=address)
    assert answer.status_code == 400
    assert 'aria-invalid="true"' in answer.text
    assert "Vul een e-mailadres in" in answer.text
    assert read_mail(client) == []
    assert client.get("/inloggen/mail").headers["location"] == "/inloggen"


@pytest.mark.parametrize("path", ["/inloggen/mail", "/inloggen/link", "/en/inloggen/mail"])
@pytest.mark.parametrize(
    "headers", [{}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}]
)
def test_form_of_another_site_is_refused(path: str, headers: dict[str, str], client: TestClient) -> None:
    assert client.post(path, headers=headers, data={"adres": ADDRESS, "sleutel": "x"}).status_code == 403


def test_signing_in_leads_to_own_pages_alone(client: TestClient) -> None:
    accept(client)
    ask(client, adres=ADDRESS, terug="https://evil.example/mijn")
    assert press(client, find_link(client)).headers["location"] == "/mijn"


def test_secret_of_a_link_is_in_no_log(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, "app"):
        accept(client)
        ask(client)
        link = find_link(client)
        client.get(link)
        press(client, link)
    assert link.rpartition("=")[2] not in caplog.text
    assert ADDRESS not in caplog.text


def test_address_that_is_asked_for_too_often_waits(client: TestClient) -> None:
    accept(client)
    for _ in range(LIMITS["receive_link"].burst - 1):
        assert ask(open_browser(client)).status_code == 303
    for address, prefix, words in (
        (ADDRESS, "", "over 10 minuten"),
        ("NOOR@leiden.nl", "/en", "in 10 minutes"),
    ):
        answer = ask(open_browser(client), prefix, adres=address)
        assert answer.status_code == 429
        assert 540 < int(answer.headers["retry-after"]) <= 600
        assert words in answer.text
    assert ask(client, adres="eva@leiden.nl").status_code == 303
    assert len(read_mail(client)) == LIMITS["receive_link"].burst


def use_up(client: TestClient, act: Act) -> None:
    """As if this client did this too often, in a moment to come: how fast this machine is does not count."""
    for _ in range(LIMITS[act].burst):
        limit_client(
            read_state(client).write_engine,
            act,
            ip_address("127.0.0.1"),
            datetime.now(UTC) + timedelta(minutes=10),
        )


def test_client_that_asks_too_often_waits(client: TestClient) -> None:
    assert ask(client).status_code == 303
    use_up(client, "ask_link")
    answer = ask(client)
    assert answer.status_code == 429
    assert re.search(r"Probeer het over \d+ minuten opnieuw", answer.text)
    # A proxy that is not trusted says nothing about who asks.
    hidden = client.post(
        "/inloggen/mail", headers={**OWN, "X-Forwarded-For": "192.0.2.7"}, data={"adres": ADDRESS}
    )
    assert hidden.status_code == 303


def test_register_without_mail_has_no_links(fresh_database: str) -> None:
    with make_client(fresh_database, public_url=SITE) as plain:
        client = open_browser(plain)
        assert "link per mail" not in client.get("/inloggen").text
        assert ask(client).status_code == 404


def test_provider_has_links_beside_it_for_who_was_invited_so(fresh_database: str) -> None:
    with (
        serve_provider() as provider,
        make_client(
            fresh_database,
            public_url=SITE,
            oidc_issuer=provider.issuer,
            oidc_client_id=CLIENT_ID,
            oidc_client_secret=SECRET,
            oidc_allow_private=True,
            **MAIL,
        ) as found,
    ):
        client = open_browser(found)
        assert client.get("/inloggen/start").status_code == 303
        use_up(client, "start_sign_in")
        assert client.get("/inloggen/start").status_code == 429
        page = client.get("/inloggen").text
        assert "Log in met uw werkaccount" in page
        assert "Stuur mij een link" in page
        by_provider = invite(client)
        page = client.get(f"/uitnodiging?sleutel={by_provider}").text
        assert "Stuur mij een link" not in page
        assert ask(client, uitnodiging=by_provider).status_code == 404
        by_link = invite(client, by_link=True)
        page = client.get(f"/uitnodiging?sleutel={by_link}").text
        assert "Log in met uw werkaccount" in page
        assert "Stuur mij een link" in page
        ask(client, uitnodiging=by_link)
        assert press(client, find_link(client)).status_code == 303
        assert "Noor de Vries" in client.get("/mijn").text
