"""Signing in through a provider and to the demo, by a browser: the pages, their cookies and what is refused."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from app.access.actions import admit_principal, grant_role
from app.access.demo import DEMO_DOMAIN
from app.access.endings import end_principal
from app.access.invitations import invite_person
from app.access.queries import list_principals
from app.core.database import sqlalchemy_url
from tests.support.application import make_client
from tests.support.oidc_provider import CLIENT_ID, SECRET, OidcProvider, serve_provider
from tests.support.organisations import make_organisation

SITE = "https://register.example"
OWN = {"Sec-Fetch-Site": "same-origin"}
HTML = {"Accept": "text/html"}
EVENT = "http://schemas.openid.net/event/backchannel-logout"


@pytest.fixture
def provider() -> Iterator[OidcProvider]:
    with serve_provider() as server:
        yield server


@pytest.fixture
def client(fresh_database: str, provider: OidcProvider) -> Iterator[TestClient]:
    """The register with a provider, asked by a browser that stores cookies."""
    with make_client(
        fresh_database,
        public_url=SITE,
        oidc_issuer=provider.issuer,
        oidc_client_id=CLIENT_ID,
        oidc_client_secret=SECRET,
        oidc_allow_private=True,
    ) as found:
        yield open_browser(found)


def open_browser(client: TestClient) -> TestClient:
    """Another browser of the same application, without cookies."""
    return TestClient(
        client.app, base_url=SITE, headers=HTML, follow_redirects=False, client=("127.0.0.1", 5)
    )


@contextmanager
def use_session(url: str) -> Iterator[Session]:
    engine = create_engine(sqlalchemy_url(url))
    with Session(engine) as session, session.begin():
        yield session
    engine.dispose()


def invite(url: str) -> str:
    with use_session(url) as session:
        return invite_person(
            session,
            invited_by=None,
            name="Noor de Vries",
            email="noor@leiden.example",
            role="editor",
            organisation_id=make_organisation(session, name="Gemeente Leiden"),
            now=datetime.now(UTC),
        )


def begin(client: TestClient, provider: OidcProvider, query: str = "") -> str:
    """Go to the provider, sign in there, and return the address that it sends the browser back to."""
    answer = client.get(f"/inloggen/start{query}")
    assert answer.status_code == 303, answer.text
    returned = provider.authorize(answer.headers["location"])
    return "/inloggen/terug?" + "&".join(f"{name}={value}" for name, value in returned.items())


def sign_in(client: TestClient, provider: OidcProvider, query: str = "") -> Response:
    return client.get(begin(client, provider, query))


def accept(client: TestClient, provider: OidcProvider, url: str) -> Response:
    return sign_in(client, provider, f"?uitnodiging={invite(url)}")


def test_invited_editor_signs_in_and_out(
    client: TestClient, provider: OidcProvider, fresh_database: str
) -> None:
    secret = invite(fresh_database)
    page = client.get(f"/uitnodiging?sleutel={secret}")
    assert "U bent uitgenodigd" in page.text
    link = re.search(r'href="(/inloggen/start[^"]+)"', page.text)
    assert link
    back = begin(client, provider, "?" + urlsplit(link[1].replace("&amp;", "&")).query)
    answer = client.get(back)
    assert (answer.status_code, answer.headers["location"]) == (303, "/mijn")
    home = client.get("/mijn")
    assert "Noor de Vries" in home.text
    assert "Gemeente Leiden" in home.text
    assert "redacteur" in home.text
    out = client.post("/uitloggen", headers=OWN)
    assert out.headers["location"] == "/uitgelogd"
    assert client.get("/mijn").headers["location"] == "/inloggen?terug=%2Fmijn"
    assert f"{provider.issuer}/logout" in client.get("/uitgelogd").text


def test_session_cookie_is_for_this_host_over_https_and_not_for_scripts(
    client: TestClient, provider: OidcProvider, fresh_database: str
) -> None:
    cookies = accept(client, provider, fresh_database).headers.get_list("set-cookie")
    session = next(one for one in cookies if one.startswith("__Host-session="))
    assert {"Secure", "HttpOnly", "SameSite=lax", "Path=/"} <= set(session.split("; "))
    assert "Domain" not in session
    assert any(one.startswith('__Host-sign-in=""') and "Max-Age=0" in one for one in cookies)


@pytest.mark.parametrize("path", ["/mijn", "/mijn/sessies", "/inloggen", "/uitgelogd", "/en/mijn"])
def test_pages_of_accounts_are_stored_nowhere(
    path: str, client: TestClient, provider: OidcProvider, fresh_database: str
) -> None:
    for is_signed_in in (False, True):
        if is_signed_in:
            accept(client, provider, fresh_database)
        answer = client.get(path)
        assert "no-store" in answer.headers["cache-control"]
        assert "access-control-allow-origin" not in answer.headers


def test_known_person_signs_in_again_without_an_invitation(
    client: TestClient, provider: OidcProvider, fresh_database: str
) -> None:
    accept(client, provider, fresh_database)
    other = open_browser(client)
    answer = sign_in(other, provider, "?terug=%2Fen%2Fmijn%2Fsessies")
    assert answer.headers["location"] == "/en/mijn/sessies"
    assert "this browser" in other.get("/en/mijn/sessies").text


def test_stranger_is_refused(client: TestClient, provider: OidcProvider) -> None:
    answer = sign_in(client, provider)
    assert answer.status_code == 403
    assert "nog geen rol" in answer.text
    assert 'href="/aanmelden"' in answer.text
    assert "__Host-session" not in client.cookies


@pytest.mark.parametrize(
    "back",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "/mijnenveld",
        "/mijn//evil.example",
        "javascript:x",
        "/mijn\\..",
        "/mijn/../../elders",
        "/mijn/%252e%252E/elders",
        "/en/mijn/./..",
    ],
)
def test_signing_in_leads_to_own_pages_alone(
    back: str, client: TestClient, provider: OidcProvider, fresh_database: str
) -> None:
    answer = sign_in(client, provider, f"?uitnodiging={invite(fresh_database)}&terug={back}")
    assert answer.headers["location"] == "/mijn"


def test_state_of_another_browser_is_refused(
    client: TestClient, provider: OidcProvider, fresh_database: str
) -> None:
    accept(client, provider, fresh_database)
    attacker, victim = open_browser(client), open_browser(client)
    back = begin(attacker, provider)
    begin(victim, provider)
    assert victim.get(back).status_code == 400
    assert "__Host-session" not in victim.cookies


def test_answer_of_the_provider_serves_once(
    client: TestClient, provider: OidcProvider, fresh_database: str
) -> None:
    accept(client, provider, fresh_database)
    back = begin(client, provider)
    assert client.get(back).status_code == 303
    assert client.get(back).status_code == 400


def test_refused_identity_gets_a_page_that_says_what_to_do(
    client: TestClient, provider: OidcProvider
) -> None:
    provider.answers.claims = {"nonce": "another"}
    answer = sign_in(client, provider)
    assert answer.status_code == 400
    assert "Begin opnieuw" in answer.text
    assert "nonce" not in answer.text


@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "none"}])
@pytest.mark.parametrize("path", ["/uitloggen", "/mijn/sessies", "/mijn/organisatie", "/en/uitloggen"])
def test_form_of_another_site_is_refused(
    path: str, headers: dict[str, str], client: TestClient, provider: OidcProvider, fresh_database: str
) -> None:
    accept(client, provider, fresh_database)
    answer = client.post(path, headers={"Origin": "https://evil.example", **headers}, data={"sessie": "alle"})
    assert answer.status_code == 403
    assert client.get("/mijn").status_code == 200


def test_form_of_an_older_browser_is_known_by_its_origin(
    client: TestClient, provider: OidcProvider, fresh_database: str
) -> None:
    accept(client, provider, fresh_database)
    assert client.post("/uitloggen", headers={"Origin": SITE}).status_code == 303


def test_person_ends_another_session_and_all_of_them(
    client: TestClient, provider: OidcProvider, fresh_database: str
) -> None:
    accept(client, provider, fresh_database)
    other = open_browser(client)
    sign_in(other, provider)
    page = client.get("/mijn/sessies").text
    (other_id,) = set(re.findall(r'name="sessie" value="([0-9a-f-]{36})"', page))
    client.post("/mijn/sessies", headers=OWN, data={"sessie": other_id})
    assert other.get("/mijn").status_code == 303
    assert client.get("/mijn").status_code == 200
    assert client.post("/mijn/sessies", headers=OWN, data={"sessie": "alle"}).status_code == 303
    assert client.get("/mijn").status_code == 303


def test_live_session_ends_with_its_person(
    client: TestClient, provider: OidcProvider, fresh_database: str
) -> None:
    accept(client, provider, fresh_database)
    with use_session(fresh_database) as session:
        person = find_only_person(session)
        end_principal(session, ended_by=None, principal_id=person, now=datetime.now(UTC), even_last=True)
    assert client.get("/mijn").status_code == 303
    assert sign_in(client, provider).status_code == 403


def find_only_person(session: Session) -> UUID:
    (person,) = [one for one in list_principals(session) if one.name == "Noor de Vries"]
    return person.id


def test_person_of_two_organisations_chooses_one(
    client: TestClient, provider: OidcProvider, fresh_database: str
) -> None:
    accept(client, provider, fresh_database)
    with use_session(fresh_database) as session:
        grant_role(
            session,
            granted_by=None,
            principal_id=find_only_person(session),
            role="editor",
            organisation_id=make_organisation(session, name="Kijkbedrijf BV"),
        )
    before = dict(client.cookies)
    sign_in(client, provider)
    page = client.get("/mijn").text
    assert "Kies eerst" in page
    (other_id,) = re.findall(
        r'value="([0-9a-f-]{36})">Kies<span class="visually-hidden"> Kijkbedrijf BV', page
    )
    assert client.post("/mijn/organisatie", headers=OWN, data={"organisatie": other_id}).status_code == 303
    assert dict(client.cookies) != before
    assert "Nu gekozen" in client.get("/mijn").text
    for wrong in ("", "x", "00000000-0000-7000-8000-000000000000"):
        answer = client.post("/mijn/organisatie", headers=OWN, data={"organisatie": wrong})
        assert answer.status_code in (403, 404)


def test_provider_signs_out_by_back_channel(
    client: TestClient, provider: OidcProvider, fresh_database: str, caplog: pytest.LogCaptureFixture
) -> None:
    accept(client, provider, fresh_database)
    now = int(datetime.now(UTC).timestamp())
    claims = {
        "iss": provider.issuer,
        "aud": CLIENT_ID,
        "iat": now,
        "exp": now + 120,
        "jti": "1",
        "sid": "session-1",
        "events": {EVENT: {}},
    }
    wrong = provider.sign(claims | {"aud": "other"}, typ="logout+jwt")
    assert client.post("/uitloggen/melding", data={"logout_token": wrong}).status_code == 400
    assert "a logout by the provider was refused: audience" in caplog.text
    assert client.get("/mijn").status_code == 200
    token = provider.sign(claims, typ="logout+jwt")
    answer = client.post("/uitloggen/melding", data={"logout_token": token})
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert client.get("/mijn").status_code == 303
    # The same token again ends nothing: a session that began since stays.
    sign_in(client, provider)
    assert client.post("/uitloggen/melding", data={"logout_token": token}).status_code == 400
    assert client.get("/mijn").status_code == 200


def test_provider_signs_out_by_front_channel(
    client: TestClient, provider: OidcProvider, fresh_database: str
) -> None:
    accept(client, provider, fresh_database)
    refused = client.get("/uitloggen/kader?iss=https://other.example&sid=session-1")
    assert (refused.status_code, refused.headers["x-frame-options"]) == (400, "DENY")
    assert client.get("/mijn").status_code == 200
    answer = client.get(f"/uitloggen/kader?iss={provider.issuer}&sid=session-1")
    assert (answer.status_code, answer.content, answer.headers["cache-control"]) == (200, b"", "no-store")
    # The provider's page shows it in a frame.
    assert "x-frame-options" not in answer.headers
    assert answer.headers["content-security-policy"] == (
        "default-src 'none'; base-uri 'none'; form-action 'none'"
    )
    assert client.get("/mijn").status_code == 303


def test_demo_is_refused_where_there_is_a_provider(client: TestClient, fresh_database: str) -> None:
    make_demo_account(fresh_database)
    account = f"editor{DEMO_DOMAIN}"
    assert client.post("/inloggen/demo", headers=OWN, data={"account": account}).status_code == 403


def make_demo_account(url: str) -> None:
    with use_session(url) as session:
        person = admit_principal(
            session, admitted_by=None, name="Eva (redacteur)", handle=f"editor{DEMO_DOMAIN}"
        )
        grant_role(session, granted_by=None, principal_id=person, role="administrator", organisation_id=None)
        real = admit_principal(session, admitted_by=None, name="Echt", handle="echt@leiden.example")
        grant_role(session, granted_by=None, principal_id=real, role="administrator", organisation_id=None)


@pytest.mark.parametrize(
    ("settings", "status"),
    [
        ({}, 303),
        ({"environment": "production"}, 403),
        ({"public_url": "https://register.example"}, 403),
        ({"public_url": "http://192.168.1.5:8000"}, 403),
    ],
    ids=str,
)
def test_demo_is_for_this_machine_and_never_in_production(
    settings: dict[str, object], status: int, fresh_database: str
) -> None:
    make_demo_account(fresh_database)
    with make_client(fresh_database, **settings) as client:
        account = f"editor{DEMO_DOMAIN}"
        answer = client.post(
            "/inloggen/demo", headers=OWN | HTML, data={"account": account}, follow_redirects=False
        )
        assert answer.status_code == status
        assert ("Eva" in client.get("/inloggen", headers=HTML).text) == (status == 303)
        if status == 303:
            assert "U bent in de demo" in client.get("/mijn", headers=HTML).text


def test_demo_signs_in_as_its_own_persons_alone(fresh_database: str) -> None:
    make_demo_account(fresh_database)
    with make_client(fresh_database) as client:
        for account in ("echt@leiden.example", "", f"nobody{DEMO_DOMAIN}"):
            answer = client.post("/inloggen/demo", headers=OWN | HTML, data={"account": account})
            assert answer.status_code == 404


def test_unreadable_form_is_refused(client: TestClient) -> None:
    form = {**OWN, "Content-Type": "application/x-www-form-urlencoded"}
    for body in (b"sessie=%00", b"a=\xff", b"&".join([b"a=1"] * 300)):
        assert client.post("/uitloggen", headers=form, content=body).status_code == 400
    assert client.post("/uitloggen", headers=OWN, json={}).status_code == 415


def test_provider_that_does_not_answer_is_named_as_unavailable(
    client: TestClient, provider: OidcProvider
) -> None:
    provider.shutdown()
    provider.server_close()
    assert client.get("/inloggen/start").status_code == 503
    assert client.get("/uitgelogd").status_code == 200


def test_start_asks_the_provider_for_the_address_to_come_back_to(client: TestClient) -> None:
    asked = parse_qs(urlsplit(client.get("/en/inloggen/start").headers["location"]).query)
    assert asked["redirect_uri"] == [f"{SITE}/inloggen/terug"]
    assert asked["ui_locales"] == ["en"]
