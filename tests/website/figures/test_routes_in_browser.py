"""Pages of figures in a real browser: accessibility, narrow screens, and the question of a council member."""

import pytest
from playwright.sync_api import Browser, expect

from app.core.clock import dutch_date
from tests.website.test_routes_in_browser import NARROWEST, PHONE, find_violations, visit

pytestmark = pytest.mark.slow

PAGES = {
    "country": "/cijfers",
    "provinces": "/cijfers?kaart=provincie",
    "municipality": "/gemeente/amsterdam",
    "empty municipality": "/gemeente/eindhoven",
    "kind": "/soort/sound",
    "comparison": "/cijfers/vergelijk?gemeente=Amsterdam&gemeente=Eindhoven&gemeente=Amsterdm",
    "overview": "/overzicht-nodig",
}


@pytest.mark.parametrize(("prefix", "scheme"), [("", "light"), ("/en", "dark")])
@pytest.mark.parametrize("name", sorted(PAGES))
def test_figures_have_no_accessibility_violations(
    browser: Browser, address: str, name: str, prefix: str, scheme: str
) -> None:
    with visit(browser, viewport=PHONE, color_scheme=scheme) as page:
        page.goto(address + prefix + PAGES[name])

        assert find_violations(page) == []


@pytest.mark.parametrize("name", sorted(PAGES))
def test_figures_on_narrowest_screen_do_not_scroll_sideways(
    browser: Browser, address: str, name: str
) -> None:
    with visit(browser, viewport=NARROWEST) as page:
        page.goto(address + PAGES[name])

        root = "document.documentElement"
        assert page.evaluate(f"{root}.scrollWidth - {root}.clientWidth") <= 0


@pytest.mark.parametrize("with_javascript", [True, False])
def test_council_member_compares_municipalities_and_downloads_the_table(
    browser: Browser, address: str, *, with_javascript: bool
) -> None:
    with visit(browser, java_script_enabled=with_javascript) as page:
        page.goto(f"{address}/gemeente/amsterdam")
        page.get_by_role("link", name="Vergelijk met andere gemeenten").click()
        expect(page.get_by_label("Gemeente 1")).to_have_value("Amsterdam")
        page.get_by_label("Gemeente 2").fill("Utrecht")
        page.get_by_role("button", name="Vergelijk").click()
        expect(page.get_by_role("columnheader", name="Utrecht").first).to_be_visible()
        with page.expect_download() as download:
            page.get_by_role("link", name="Download de hele vergelijking").click()
        name = download.value.suggested_filename
        assert name == f"vergelijking-amsterdam-utrecht-{dutch_date().isoformat()}.csv"
