"""People, keys and requests to join in a real browser: with and without JavaScript, and without barriers."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine, create_engine, text

from app.access.sessions import SignedIn, open_session
from app.core.database import sqlalchemy_url, transaction
from app.organisations.joining import ask_to_join, confirm_request
from tests.support.browser import serve_site
from tests.support.organisations import make_municipality
from tests.support.people import make_person
from tests.website.test_routes_in_browser import NARROWEST, find_violations

pytestmark = pytest.mark.slow


@dataclass
class Site:
    """The site, and the administrator of a municipality in it."""

    address: str
    engine: Engine
    boss: UUID


@pytest.fixture(scope="module")
def site(module_database: str) -> Iterator[Site]:
    engine = create_engine(sqlalchemy_url(module_database))
    now = datetime.now(UTC)
    with transaction(engine) as session:
        leiden = make_municipality(session, "GM0546", "Gemeente Leiden")
        boss = make_person(session, "Fatima", ("administrator", leiden))
        make_person(session, "Noor de Vries", ("editor", leiden))
        secret = ask_to_join(
            session,
            {
                "name": "Camerabedrijf BV",
                "organisationType": "company",
                "kvkNumber": "12345678",
                "publicEmail": "info@camerabedrijf.example",
            },
            municipality_code="GM0546",
            person_name="Omar",
            person_email="omar@camerabedrijf.example",
            language="nl",
            now=now,
        )
        confirm_request(session, secret, now)
    with serve_site(module_database, mail_host="mail.invalid", mail_from="a@register.example") as address:
        yield Site(address, engine, boss)
    engine.dispose()


@contextmanager
def sign_in(
    browser: Browser, site: Site, *, with_javascript: bool = True, scheme: str = "light"
) -> Iterator[Page]:
    """The page of a browser in which the administrator is signed in."""
    signed_in = SignedIn("demo", "Chrome")
    with transaction(site.engine) as session:
        token = open_session(session, principal_id=site.boss, signed_in=signed_in, now=datetime.now(UTC))
    options = {"viewport": NARROWEST, "java_script_enabled": with_javascript, "color_scheme": scheme}
    with browser.new_context(**options) as context:  # type: ignore[arg-type]
        context.add_cookies([{"name": "demo-session", "value": token, "url": site.address}])
        yield context.new_page()


@pytest.mark.parametrize("with_javascript", [True, False])
def test_administrator_invites_a_colleague_and_makes_a_key(
    browser: Browser, site: Site, *, with_javascript: bool
) -> None:
    email = f"bram.{with_javascript}@leiden.nl".lower()
    with sign_in(browser, site, with_javascript=with_javascript) as page:
        page.goto(f"{site.address}/mijn")
        page.get_by_role("link", name="Mensen en uitnodigingen").click()
        page.get_by_role("link", name="Nodig iemand uit").click()
        page.get_by_label("Naam").fill("Bram")
        page.get_by_role("button", name="Nodig uit").click()
        expect(page.get_by_role("alert")).to_be_focused()
        page.get_by_role("link", name=re.compile("Vul een e-mailadres in")).click()
        page.get_by_label("E-mailadres van het werk").fill(email)
        page.get_by_label("redacteur", exact=True).check()
        page.get_by_role("button", name="Nodig uit").click()
        expect(page.get_by_text(email)).to_be_visible()
        page.get_by_role("link", name="Sleutels voor programma’s").click()
        page.get_by_role("link", name="Maak een sleutel").click()
        page.get_by_label("Waarvoor is de sleutel?").fill("Meetnet")
        page.get_by_role("button", name="Maak de sleutel").click()
        expect(page.get_by_label("Sleutel voor Meetnet")).to_have_value(re.compile(r"^srk_[\w-]+$"))
    with transaction(site.engine) as session:
        counted = "SELECT count(*) FROM register.outgoing_mail WHERE receiver = :email"
        assert session.scalar(text(counted), {"email": email}) == 1


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_have_no_accessibility_violations(
    browser: Browser, site: Site, scheme: str, prefix: str
) -> None:
    root = "document.documentElement"
    with sign_in(browser, site, scheme=scheme) as page:
        for path in (
            "/aanmelden",
            "/mijn",
            "/mijn/team",
            "/mijn/team/uitnodigen",
            "/mijn/sleutels",
            "/mijn/verzoeken",
            "/mijn/namens",
        ):
            page.goto(site.address + prefix + path)
            assert find_violations(page) == [], path
            assert page.evaluate(f"{root}.scrollWidth - {root}.clientWidth") <= 0, path
        for path in ("/aanmelden", "/mijn/team/uitnodigen", "/mijn/sleutels/nieuw"):
            page.goto(site.address + prefix + path)
            page.locator("main form button").last.click()
            expect(page.get_by_role("alert")).to_be_focused()
            assert find_violations(page) == [], f"{path} with problems"
