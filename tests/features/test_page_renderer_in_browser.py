"""The pages of the open data in a real browser: for everybody (WCAG 2.2 AA), and without JavaScript."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.support.browser import open_browser, serve_site
from tests.support.register import make_today_record, open_register
from tests.support.sensors import make_camera
from tests.support.website import FULL
from tests.website.test_routes_in_browser import NARROWEST, find_violations, visit

pytestmark = pytest.mark.slow

PAGES = {
    "items": "/v1/collections/sensors/items",
    "asked": "/v1/collections/sensors/items?limit=5&sortby=-placedFrom&q=plein&municipality=Amsterdam",
    "nothing": "/v1/collections/sensors/items?q=paard",
    "mistake": "/v1/collections/sensors/items?bbox=1",
    "areas": "/v1/collections/observed-areas/items",
    "municipalities": "/v1/collections/municipalities/items",
    "municipality": "/v1/collections/municipalities/items/GM0363",
    "sensor": "/v1/collections/sensors/items/{sensor}",
    "queryables": "/v1/collections/sensors/queryables",
    "schema": "/v1/collections/observed-areas/schema",
    "collection": "/v1/collections/sensors",
    "conformance": "/v1/conformance",
    "systems": "/v1/crss",
}


@pytest.fixture(scope="module")
def places(module_database: str) -> Iterator[dict[str, str]]:
    """Where the site is, and the id of a sensor that says all there is to say."""
    dates = {name: make_today_record()[name] for name in ("placedFrom", "activeUntil")}
    with open_register(module_database) as register:
        full = register.register(**make_camera(**FULL) | dates)
        for number in range(12):
            register.register(reference=str(number), name=f"Geluidsmeter {number}")
        with serve_site(module_database) as address:
            yield {"address": address, "sensor": full["id"]}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as browser:
        yield browser


@pytest.mark.parametrize(("language", "scheme"), [("nl", "light"), ("en", "dark")])
@pytest.mark.parametrize("name", sorted(PAGES))
def test_page_has_no_accessibility_violations_and_fits_narrow_screen(
    browser: Browser, places: dict[str, str], name: str, language: str, scheme: str
) -> None:
    with visit(browser, viewport=NARROWEST, color_scheme=scheme, locale=language) as page:
        page.goto(places["address"] + PAGES[name].format(**places))

        expect(page.locator("html")).to_have_attribute("lang", language)
        assert find_violations(page) == []
        root = "document.documentElement"
        assert page.evaluate(f"{root}.scrollWidth - {root}.clientWidth") <= 0


def test_form_searches_without_javascript(browser: Browser, places: dict[str, str]) -> None:
    with visit(browser, java_script_enabled=False, locale="nl") as page:
        page.goto(f"{places['address']}/v1/collections/sensors/items?limit=5")
        page.get_by_label("Soort sensor").select_option("Geluidsensor")
        page.get_by_label("Gemeente", exact=True).fill("amsterdam")
        page.get_by_label("Sorteer op").select_option("-reference")
        page.locator("#main").get_by_role("button", name="Zoek").click()
        expect(page).to_have_url(
            f"{places['address']}/v1/collections/sensors/items?municipality=amsterdam&sensorType=sound&sortby=-reference"
        )
        expect(page.get_by_role("heading", level=2).first).to_have_text("12 gevonden")
        page.get_by_role("row").nth(1).get_by_role("link").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Geluidsmeter 9")
        page.get_by_role("link", name="Lees wat deze sensor doet").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Geluidsmeter 9")
