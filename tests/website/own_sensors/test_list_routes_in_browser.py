"""The table of an organisation's sensors in a real browser, with and without JavaScript; accessibility of its pages."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import create_engine, text

from app.access.actions import admit_principal, grant_role
from app.access.demo import DEMO_DOMAIN
from app.core.database import sqlalchemy_url, transaction
from tests.website.test_routes_in_browser import NARROWEST, find_violations, visit

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", autouse=True)
def _editor(module_database: str, codes: dict[str, str]) -> Iterator[None]:
    """A person of the demo who is an editor of the municipality of Amsterdam."""
    engine = create_engine(sqlalchemy_url(module_database))
    with transaction(engine) as session:
        person = admit_principal(session, admitted_by=None, name="Eva", handle=f"eva{DEMO_DOMAIN}")
        amsterdam = session.execute(
            text("SELECT id FROM publication.organisation WHERE municipality_code = 'GM0363'")
        ).scalar_one()
        grant_role(session, granted_by=None, principal_id=person, role="editor", organisation_id=amsterdam)
    yield
    engine.dispose()


@pytest.fixture(autouse=True)
def _confirmed_long_ago(module_database: str, _editor: None) -> None:
    """Let every sensor be confirmed again, which happens once a day."""
    engine = create_engine(sqlalchemy_url(module_database))
    with transaction(engine) as session:
        session.execute(text("UPDATE register.sensor_version SET last_confirmed_on = '2025-01-01'"))
    engine.dispose()


def open_table(page: Page, address: str) -> None:
    page.goto(f"{address}/mijn/sensoren")
    page.get_by_role("button", name="Eva").click()
    expect(page.get_by_role("heading", name="Mijn sensoren")).to_be_visible()


@pytest.mark.parametrize("with_javascript", [True, False])
def test_some_are_confirmed_in_four_clicks(browser: Browser, address: str, *, with_javascript: bool) -> None:
    with visit(browser, java_script_enabled=with_javascript) as page:
        open_table(page, address)
        if with_javascript:
            page.get_by_label("Kies", exact=True).check()
            expect(page.get_by_label("Kies camera-vol", exact=True)).to_be_checked()
        else:
            page.get_by_label("Kies camera-vol", exact=True).check()
        page.get_by_role("button", name="Bevestig").click()
        expect(page.get_by_role("heading", name="Deze sensoren bevestigen?")).to_be_visible()
        page.get_by_role("button", name="Bevestig").click()
        expect(page.get_by_role("heading", name="bevestigd")).to_be_visible()
        page.get_by_role("link", name="Terug naar mijn sensoren").click()
        expect(page.get_by_role("heading", name="Mijn sensoren")).to_be_visible()


def test_area_of_the_map_is_a_filter(browser: Browser, address: str) -> None:
    with visit(browser) as page:
        open_table(page, address)
        page.get_by_text("Kies op de kaart").click()
        page.get_by_role("button", name="Kaart bewegen").click()
        page.get_by_role("button", name="Neem dit gebied").click()
        expect(page).to_have_url(re.compile(r"gebied=\d"))
        expect(page.get_by_label("Gebied: west, zuid, oost en noord in graden")).not_to_have_value("")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_have_no_accessibility_violations(browser: Browser, address: str, scheme: str) -> None:
    with visit(browser, viewport=NARROWEST, color_scheme=scheme) as page:
        open_table(page, address)
        assert_sound(page)
        page.goto(f"{address}/en/mijn/sensoren?zoek=niets")
        assert_sound(page)
        page.goto(f"{address}/mijn/sensoren")
        page.get_by_role("button", name="Wijzig een gegeven").click()
        expect(page.get_by_text("zet er een vinkje voor")).to_be_visible()
        assert_sound(page)
        for action in ("Bevestig", "Meld als verwijderd", "Wijzig een gegeven"):
            page.goto(f"{address}/mijn/sensoren")
            page.get_by_label("Kies camera-vol", exact=True).check()
            page.get_by_role("button", name=action).click()
            expect(page.get_by_text("1 gekozen sensor")).to_be_visible()
            assert_sound(page)
        page.get_by_label("Welk gegeven?").select_option("project")
        page.get_by_role("button", name="Verder").click()
        page.get_by_role("button", name="Verder").click()
        expect(page.get_by_text("Vul een antwoord in.").first).to_be_visible()
        assert_sound(page)


def assert_sound(page: Page) -> None:
    assert find_violations(page, leave_out=".map") == [], page.url
    root = "document.documentElement"
    assert page.evaluate(f"{root}.scrollWidth - {root}.clientWidth") <= 0, page.url
