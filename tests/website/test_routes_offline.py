"""A journey where no server but the register exists, and an open page whose register is gone."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from app.basemap.background import Background
from app.basemap.brt_tiles import BrtTiles
from tests.support.browser import SOFTWARE_DRAWING, open_browser, serve_site
from tests.support.website_map import DRAWN, open_map
from tests.website.test_routes_in_browser import Visitor, visit

pytestmark = pytest.mark.slow

SIZES: dict[str, Any] = {"phone": {"width": 360, "height": 740}, "desk": {"width": 1280, "height": 900}}
NOWHERE = "http://127.0.0.1:9"
"""Address of no server: a request is refused at once."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser(*SOFTWARE_DRAWING) as browser:
        yield browser


@pytest.fixture(scope="module")
def address(module_database: str, codes: dict[str, str]) -> Iterator[str]:
    """The site with the settings of an operator who has a network, on a machine without one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Background, "of_setting", lambda _: Background(BrtTiles(NOWHERE)))
        with serve_site(
            module_database, basemap="auto", place_search_url=NOWHERE, reverse_url=NOWHERE
        ) as address:
            yield address


@contextmanager
def visit_alone(browser: Browser, address: str, **options: Any) -> Iterator[Page]:
    """A page that can reach the register only; the test fails when it asked another server for something."""
    elsewhere: list[str] = []

    def answer(route: Route) -> None:
        if urlsplit(route.request.url).netloc == urlsplit(address).netloc:
            route.continue_()
        else:
            elsewhere.append(route.request.url)
            route.abort()

    with visit(browser, **options) as page:
        page.route("**/*", answer)
        yield page
    assert elsewhere == []


def see_picture(page: Page) -> None:
    """Wait for the picture of a map, which a browser loads when it is nearly in view."""
    page.locator("[data-map-canvas]").scroll_into_view_if_needed()
    assert page.locator("[data-map-canvas] img").evaluate(
        "async (image) => (await image.decode(), image.naturalWidth)"
    )


def search(page: Page, text: str) -> None:
    form = page.get_by_role("search", name="Alles doorzoeken")
    form.get_by_label("Zoek op adres, plaats, soort of nummer").fill(text)
    form.get_by_role("button", name="Zoek").click()


@pytest.mark.parametrize("has_scripts", [True, False], ids=["scripts", "no scripts"])
@pytest.mark.parametrize("size", SIZES)
def test_resident_finds_everything_without_any_other_server(
    browser: Browser, address: str, codes: dict[str, str], size: str, *, has_scripts: bool
) -> None:
    with visit_alone(browser, address, viewport=SIZES[size], java_script_enabled=has_scripts) as page:
        page.goto(address)
        search(page, "Amsterdam")
        expect(page.locator("h1")).to_contain_text("Amsterdam")
        page.goto(address)
        search(page, "Dam 1, Amsterdam")
        expect(page.get_by_text("de adressendienst geeft geen goed antwoord").first).to_be_visible()

        page.goto(f"{address}/kaart?municipality=Amsterdam")
        if has_scripts:
            see_picture(page)
            open_map(page)
            expect(page.locator("[data-map-notice]")).to_contain_text(
                "De achtergrond met straten is er nu niet"
            )
        else:
            expect(page.locator("[data-map-canvas] img")).to_be_visible()
        if has_scripts:
            expect(page.locator("[data-region='in-view'] a").first).to_be_visible()
            page.goto(f"{address}/sensoren?municipality=Amsterdam")
        else:
            page.get_by_role("link", name="de sensoren als lijst").click()
        page.get_by_role("link", name="Telcamera op de Dam").click()
        expect(page.locator("h1")).to_contain_text("Telcamera op de Dam")

        page.goto(f"{address}/s/{codes['full']}/sticker")
        expect(page.get_by_text(codes["full"]).first).to_be_visible()
        page.goto(f"{address}/hier")
        search(page, "52.3729, 4.8929")
        expect(page.get_by_role("heading", level=1)).to_have_text("Sensoren op deze plek")
        if has_scripts:
            see_picture(page)


@pytest.fixture
def stranded(browser: Browser, address: str) -> Iterator[Page]:
    """A page of a reader whose connection will go; its browser complains of that."""
    with browser.new_context(viewport=SIZES["desk"]) as context:
        yield Visitor(context).page


def test_map_without_a_connection_says_what_is_missing(stranded: Page, address: str) -> None:
    page, notice = stranded, stranded.locator("[data-map-notice]")
    page.goto(f"{address}/kaart?municipality=Amsterdam")
    open_map(page)
    page.context.set_offline(True)
    page.get_by_role("button", name="Uitzoomen").click()
    expect(notice).to_contain_text("Een deel van de kaart kan nu niet worden geladen")
    expect(notice).to_contain_text("De lijst kan nu niet worden bijgewerkt")

    page.context.set_offline(False)
    page.get_by_role("button", name="Uitzoomen").click()
    expect(notice).not_to_contain_text("De lijst kan nu niet")


def test_map_that_cannot_be_loaded_says_so_and_starts_again(stranded: Page, address: str) -> None:
    page, notice = stranded, stranded.locator("[data-map-notice]")
    page.goto(f"{address}/gemeente/amsterdam")
    start = page.get_by_role("button", name="Kaart bewegen")
    page.context.set_offline(True)
    start.focus()
    page.keyboard.press("Enter")
    expect(notice).to_contain_text("De kaart kan nu niet bewegen")
    expect(start).to_be_focused()

    page.context.set_offline(False)
    page.keyboard.press("Enter")
    page.wait_for_selector(DRAWN, timeout=60_000)
    expect(page.locator("canvas")).to_be_focused()
    expect(notice).not_to_contain_text("De kaart kan nu niet bewegen")


def test_suggestions_without_a_connection_say_so(stranded: Page, address: str) -> None:
    page = stranded
    page.goto(address)
    page.context.set_offline(True)
    page.get_by_role("combobox").press_sequentially("Amster", delay=20)
    expect(page.get_by_text("Suggesties lukken nu niet.")).to_be_visible()
