"""The view of the map in a real browser: it follows from the search until a person chooses one, which then stays."""

import json
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, Request, expect

from tests.support.browser import SOFTWARE_DRAWING, open_browser
from tests.support.waiting import wait_until
from tests.support.website_map import DRAWN, open_map
from tests.website.test_routes_in_browser import visit

pytestmark = pytest.mark.slow

DESK = {"width": 1280, "height": 900}
KIND = "Geluidsensor"
DAM = "4.885,52.368,4.901,52.378"
SAME_PLACE_DEGREES = 0.00003
"""Views are written to five decimals, so that a map may find one a little more or less."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser(*SOFTWARE_DRAWING) as browser:
        yield browser


class MapReader:
    """A reader of the map, and the views for which the map asked its list."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.listed: list[list[float]] = []
        page.on("request", self._hear)

    def _hear(self, request: Request) -> None:
        if "/in-beeld" in request.url:
            [box] = parse_qs(urlsplit(request.url).query)["bbox"]
            self.listed.append([float(one) for one in box.split(",")])

    def open(self, address: str) -> None:
        self.page.goto(address)
        open_map(self.page)
        self.page.locator("[data-filters] summary").click()

    def see(self) -> list[float]:
        """The view of the map that is drawn."""
        self.page.wait_for_selector(DRAWN, timeout=60_000)
        wait_until(lambda: self.page.evaluate("1") and self.listed)
        return self.listed[-1]

    def choose_kind(self, *, chosen: bool = True) -> None:
        """Tick or untick the kind of sensor, and wait for its results and their map."""
        self.listed.clear()
        self.page.get_by_role("checkbox", name=KIND).first.set_checked(chosen)
        self._await_kind(chosen)

    def go_back(self, *, chosen: bool) -> None:
        self.listed.clear()
        self.page.go_back()
        self._await_kind(chosen)

    def _await_kind(self, chosen: bool) -> None:
        expect(find_chip(self.page, KIND)).to_have_count(int(chosen))
        self.see()

    def reload(self) -> None:
        self.listed.clear()
        self.page.reload()
        open_map(self.page)
        self.see()

    @property
    def address_view(self) -> str | None:
        return parse_qs(urlsplit(self.page.url).query).get("beeld", [None])[0]

    @property
    def bounds(self) -> list[float]:
        """The box that the server gave the map."""
        text = self.page.locator("[data-map]").get_attribute("data-bounds")
        return [float(one) for one in json.loads(text or "[]")]

    def stands_at(self, view: list[float], address_view: str | None) -> bool:
        """Whether the map that is drawn has this view, and the address that one."""
        return self.see() == pytest.approx(view, abs=SAME_PLACE_DEGREES) and self.address_view == address_view


def find_chip(page: Page, name: str) -> Locator:
    return page.get_by_role("link", name="Haal weg").filter(has_text=name)


def test_untouched_map_keeps_its_view_and_leaves_the_address_without_one(
    browser: Browser, address: str
) -> None:
    with visit(browser, viewport=DESK, reduced_motion="reduce") as page:
        reader = MapReader(page)
        reader.open(f"{address}/kaart?municipality=Utrecht")
        first, bounds = reader.see(), reader.bounds

        for chosen in (True, False, True):
            reader.choose_kind(chosen=chosen)
            assert (reader.see(), reader.bounds, reader.address_view) == (first, bounds, None)
        for chosen in (False, True, False):
            reader.go_back(chosen=chosen)
            assert (reader.see(), reader.bounds, reader.address_view) == (first, bounds, None)
        reader.reload()
        assert (reader.see(), reader.bounds, reader.address_view) == (first, bounds, None)


def test_view_that_a_person_chose_stays_to_the_digit_in_the_same_area(browser: Browser, address: str) -> None:
    with visit(browser, viewport=DESK, reduced_motion="reduce") as page:
        reader = MapReader(page)
        reader.open(f"{address}/kaart?municipality=Amsterdam")
        reader.see()
        page.get_by_role("button", name="Inzoomen").click()
        page.wait_for_url("**beeld=**")
        chosen = reader.address_view
        assert chosen is not None
        view = [float(one) for one in chosen.split(",")]
        wait_until(lambda: page.evaluate("1") and reader.stands_at(view, chosen))

        reader.choose_kind()
        assert reader.stands_at(view, chosen)
        reader.choose_kind(chosen=False)
        assert reader.stands_at(view, chosen)
        reader.go_back(chosen=True)
        assert reader.stands_at(view, chosen)
        reader.reload()
        assert reader.stands_at(view, chosen)

        # The chip of the kind leaves the area as it is, that of the municipality does not.
        for name, kept in ((KIND, chosen), ("Amsterdam", None)):
            find_chip(page, name).click()
            expect(find_chip(page, name)).to_have_count(0)
            assert reader.address_view == kept


@pytest.mark.parametrize("query", ["", f"?beeld={DAM}"], ids=["untouched", "chosen"])
def test_another_area_is_shown_whole_also_after_a_filter_in_between(
    browser: Browser, address: str, query: str
) -> None:
    with visit(browser, viewport=DESK, reduced_motion="reduce") as page:
        reader = MapReader(page)
        reader.open(f"{address}/kaart{query}")
        reader.see()
        page.get_by_role("combobox", name="Gemeente", exact=True).fill("Utrecht")
        reader.choose_kind()
        page.get_by_role("button", name="Toon").click()
        expect(page.locator("h1")).to_be_focused()
        expect(page.locator("h1")).to_have_text("Sensoren in Utrecht")

        west, south, east, north = reader.see()
        assert reader.address_view is None
        assert west < 5.12 < east < west + 1
        assert south < 52.09 < north < south + 1


def test_going_back_from_the_first_filter_shows_the_search_of_before(browser: Browser, address: str) -> None:
    with visit(browser, viewport=DESK) as page:
        page.goto(f"{address}/sensoren")
        page.locator("[data-filters] summary").click()
        page.get_by_role("checkbox", name=KIND).check()
        expect(page.get_by_role("link", name="Haal weg")).to_have_count(1)
        page.go_back()

        expect(page.get_by_role("link", name="Haal weg")).to_have_count(0)
        expect(page.get_by_role("checkbox", name=KIND)).not_to_be_checked()


def test_map_asks_for_no_tile_outside_the_tileset(browser: Browser, address: str) -> None:
    refused: list[str] = []
    with visit(browser, viewport=DESK) as page:
        page.on("response", lambda answer: refused.append(answer.url) if answer.status >= 400 else None)
        page.goto(f"{address}/kaart?beeld=-9,47,20,57")
        with page.expect_response("**/v1/tiles/WebMercatorQuad/**/*"):
            open_map(page)

    assert refused == []
