"""Signing in to the demo in a real browser, with and without JavaScript; accessibility of the pages behind it."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import create_engine

from app.access.actions import admit_principal, grant_role
from app.access.demo import DEMO_DOMAIN
from app.access.sessions import SignedIn, open_session
from app.core.database import sqlalchemy_url, transaction
from tests.support.organisations import make_organisation
from tests.website.test_routes_in_browser import NARROWEST, find_violations, visit

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", autouse=True)
def _demo_account(module_database: str, codes: dict[str, str]) -> None:
    """A person of the demo with roles for two organisations, who is signed in elsewhere too."""
    engine = create_engine(sqlalchemy_url(module_database))
    with transaction(engine) as session:
        person = admit_principal(session, admitted_by=None, name="Eva", handle=f"eva{DEMO_DOMAIN}")
        for name in ("Kijkbedrijf BV", "Luisterbedrijf BV"):
            organisation = make_organisation(session, name=name)
            grant_role(
                session, granted_by=None, principal_id=person, role="editor", organisation_id=organisation
            )
        elsewhere = SignedIn("demo", "Firefox (Windows)")
        open_session(session, principal_id=person, signed_in=elsewhere, now=datetime.now(UTC))
    engine.dispose()


def sign_in(page: Page, address: str) -> None:
    page.goto(f"{address}/mijn")
    page.get_by_role("button", name="Eva").click()
    expect(page.get_by_role("heading", name="Mijn werkplek")).to_be_visible()


@pytest.mark.parametrize("with_javascript", [True, False])
def test_person_signs_in_chooses_an_organisation_and_signs_out(
    browser: Browser, address: str, *, with_javascript: bool
) -> None:
    with visit(browser, java_script_enabled=with_javascript) as page:
        sign_in(page, address)
        page.get_by_role("button", name="Kies Kijkbedrijf BV").click()
        expect(page.get_by_text("Nu gekozen")).to_be_visible()
        page.get_by_role("link", name="Waar u bent ingelogd").click()
        page.get_by_role("button", name="Beëindig Firefox op Windows").first.click()
        page.get_by_role("button", name="Overal uitloggen").click()
        expect(page.get_by_role("heading", name="U bent uitgelogd")).to_be_visible()
        page.go_back()
        page.reload()
        expect(page.get_by_role("heading", name="Inloggen")).to_be_visible()
    sign_in_elsewhere(browser, address)


def sign_in_elsewhere(browser: Browser, address: str) -> None:
    """Sign in once more, so that the next visitor finds another session to end."""
    with browser.new_context(user_agent="Firefox (Windows)") as context:
        sign_in(context.new_page(), address)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_own_pages_have_no_accessibility_violations(browser: Browser, address: str, scheme: str) -> None:
    with visit(browser, viewport=NARROWEST, color_scheme=scheme) as page:
        sign_in(page, address)
        for path in ("/mijn", "/en/mijn", "/mijn/sessies", "/en/mijn/sessies"):
            page.goto(address + path)
            assert find_violations(page) == [], path
            root = "document.documentElement"
            assert page.evaluate(f"{root}.scrollWidth - {root}.clientWidth") <= 0, path
