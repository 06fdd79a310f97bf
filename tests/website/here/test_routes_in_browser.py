"""Finding the sensors of a spot in a real browser: by typing, by GPS and by keyboard."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import serve_site
from tests.support.place_servers import PlaceServer, run_place_server, send_status, wait_for_answers
from tests.website.test_routes_in_browser import NARROWEST, find_violations, visit

pytestmark = pytest.mark.slow

SIZES = {"phone": {"width": 360, "height": 740}, "desk": {"width": 1280, "height": 800}}
SEEN = "4.8929,52.3729"
HERE = {"longitude": 4.8929, "latitude": 52.3729}


@pytest.fixture(scope="module")
def server() -> Iterator[PlaceServer]:
    with pytest.MonkeyPatch.context() as monkeypatch, run_place_server() as server:
        wait_for_answers(monkeypatch)
        yield server


@pytest.fixture(scope="module")
def address(module_database: str, codes: dict[str, str], server: PlaceServer) -> Iterator[str]:
    """The site with address services on this machine."""
    with serve_site(module_database, **server.settings) as address:
        yield address


def type_in_box(page: Page, text: str) -> None:
    box = page.get_by_role("combobox")
    box.click()
    box.press_sequentially(text, delay=20)


@pytest.mark.parametrize("size", SIZES)
def test_resident_types_a_square_and_picks_it(browser: Browser, address: str, size: str) -> None:
    with visit(browser, viewport=SIZES[size]) as page:
        page.goto(f"{address}/hier")
        type_in_box(page, "Neude Utrecht")
        option = page.get_by_role("option", name="Neude, Utrecht (Utrecht) straat of plein")
        expect(option).to_be_visible()
        assert find_violations(page) == []

        option.click()

        expect(page.get_by_role("heading", level=1)).to_have_text("Sensoren op deze plek")
        expect(page.get_by_text("Gemeente Utrecht.", exact=True)).to_be_visible()
        expect(page.get_by_text("U zocht een straat of plein.")).to_be_visible()
        assert find_violations(page) == []


@pytest.mark.parametrize("size", SIZES)
def test_resident_without_javascript_finds_the_same_square(browser: Browser, address: str, size: str) -> None:
    with visit(browser, viewport=SIZES[size], java_script_enabled=False) as page:
        page.goto(f"{address}/hier")
        page.get_by_role("search").get_by_role("textbox").fill("Neude Utrecht")
        page.get_by_role("search").get_by_role("button", name="Zoek").click()

        expect(page.get_by_role("heading", level=1)).to_have_text("Sensoren op deze plek")
        expect(page.get_by_text("Gemeente Utrecht.", exact=True)).to_be_visible()


@pytest.mark.parametrize("size", SIZES)
def test_resident_under_a_camera_finds_it_by_gps(
    browser: Browser, address: str, codes: dict[str, str], size: str
) -> None:
    options = {"geolocation": HERE, "permissions": ["geolocation"], "viewport": SIZES[size]}
    with visit(browser, **options) as page:
        page.goto(f"{address}/hier")
        page.get_by_role("button", name="Waar ik sta").click()

        expect(page.get_by_text("Op deze plek kan 1 camera u zien.")).to_be_in_viewport()
        expect(page.get_by_role("region", name="Kan deze plek zien").get_by_role("link")).to_have_attribute(
            "href", f"/s/{codes['full']}"
        )


def test_suggestion_is_chosen_with_the_keyboard(browser: Browser, address: str) -> None:
    with visit(browser) as page:
        page.goto(f"{address}/hier")
        box = page.get_by_role("combobox")
        expect(box).to_have_attribute("aria-expanded", "false")
        type_in_box(page, "neude")
        expect(page.get_by_role("option").first).to_be_visible()
        expect(box).to_have_attribute("aria-expanded", "true")
        expect(page.get_by_role("search").get_by_role("status")).to_contain_text("3 suggesties")

        page.keyboard.press("ArrowDown")
        expect(page.get_by_role("option", selected=True)).to_contain_text("Neude, Utrecht")
        selected = page.get_by_role("option", selected=True).get_attribute("id")
        expect(box).to_have_attribute("aria-activedescendant", selected or "")
        page.keyboard.press("Escape")
        expect(page.get_by_role("listbox")).to_be_hidden()
        expect(box).to_have_value("neude")
        expect(box).to_have_attribute("aria-expanded", "false")

        # The list opens again, at its beginning or its end.
        page.keyboard.press("ArrowDown")
        expect(box).to_have_attribute("aria-expanded", "true")
        expect(page.get_by_role("option", selected=True)).to_contain_text("Neude, Utrecht")
        page.keyboard.press("Escape")
        page.keyboard.press("ArrowUp")
        expect(page.get_by_role("option", selected=True)).to_contain_text("Neude 11")
        page.keyboard.press("Escape")

        box.press_sequentially(" u", delay=20)
        expect(page.get_by_role("option").first).to_be_visible()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        expect(page).to_have_url(
            f"{address}/hier?plek=5.11900,52.09290&zoek=Neude+1,+3512AD+Utrecht,+Utrecht+%28Utrecht%29&soort=address"
        )


def test_enter_without_a_choice_leads_to_the_results(browser: Browser, address: str) -> None:
    with visit(browser) as page:
        page.goto(f"{address}/en/hier")
        type_in_box(page, "neude u")
        expect(page.get_by_role("option").first).to_be_visible()
        page.keyboard.press("Enter")

        expect(page.get_by_role("heading", level=1)).to_have_text("Found for neude u")
        assert find_violations(page) == []


def test_suggestions_say_that_addresses_cannot_be_searched(
    browser: Browser, module_database: str, server: PlaceServer
) -> None:
    server.wrong = send_status(503)
    try:
        with serve_site(module_database, **server.settings) as address, visit(browser) as page:
            page.goto(f"{address}/hier")
            type_in_box(page, "Neude Utrecht")
            option = page.get_by_role("option", name="Utrecht gemeente")
            expect(option).to_contain_text("gevonden: de gemeente, niet Neude")
            expect(page.get_by_role("search").get_by_role("status")).to_contain_text("adressendienst")
            assert find_violations(page) == []
    finally:
        server.wrong = None


STATES = {
    "spot": f"/hier?plek={SEEN}",
    "town": "/hier?plek=5.07083,52.49500&zoek=Volendam&soort=place",
    "question": "/hier",
    "abroad": "/hier?plek=13.4,52.5",
    "results": "/zoeken?zoek=neude u",
    "nothing": "/zoeken?zoek=qqqq",
    "empty": "/zoeken?zoek=",
    "choice": "/zoeken?zoek=Valkenburg",
    "long": f"/zoeken?zoek={'W' * 3000}",
}


@pytest.mark.parametrize(("prefix", "scheme"), [("", "light"), ("/en", "dark")])
@pytest.mark.parametrize("name", STATES)
def test_state_has_no_accessibility_violations_and_fits_the_narrowest_screen(
    browser: Browser, address: str, name: str, prefix: str, scheme: str
) -> None:
    with visit(browser, viewport=NARROWEST, color_scheme=scheme) as page:
        page.goto(address + prefix + STATES[name])

        assert find_violations(page) == []
        root = "document.documentElement"
        assert page.evaluate(f"{root}.scrollWidth - {root}.clientWidth") <= 0
