"""Pages whose parts stay where they are, and a map that draws nothing when it is at rest."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.support.browser import SOFTWARE_DRAWING, open_browser
from tests.support.waiting import wait_until
from tests.support.website_map import open_map
from tests.website.test_routes_in_browser import visit

pytestmark = pytest.mark.slow

PHONE, DESK = {"width": 412, "height": 823}, {"width": 1350, "height": 940}
PAGES = (
    "/",
    "/hier",
    "/hier?plek=4.8929,52.3729",
    "/kaart",
    "/sensoren",
    "/s/{full}",
    "/gemeente/amsterdam",
    "/cijfers",
)
HEAR_SHIFTS = """
window.shifts = [];
new PerformanceObserver((list) => {
    for (const { hadRecentInput, value, sources } of list.getEntries()) {
        if (!hadRecentInput) window.shifts.push([value, ...sources.map(({ node }) => node?.outerHTML?.slice(0, 100))]);
    }
}).observe({ type: "layout-shift", buffered: true });
"""
COUNT_FRAMES = """
window.frames_asked = 0;
const ask = window.requestAnimationFrame;
window.requestAnimationFrame = (draw) => { window.frames_asked += 1; return ask(draw); };
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser(*SOFTWARE_DRAWING) as browser:
        yield browser


def load_as_slow_4g(page: Page) -> None:
    """Later answers come one after another, as on a phone: 150 ms, 200 kB per second."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    limits = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 90_000}
    session.send("Network.emulateNetworkConditions", limits)


@pytest.mark.parametrize("is_slow", [False, True], ids=["fast", "slow"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_nothing_moves_while_a_page_and_its_map_load(
    browser: Browser, address: str, codes: dict[str, str], size: Any, *, is_slow: bool
) -> None:
    moved = {}
    for path in PAGES:
        with visit(browser, viewport=size) as page:
            page.add_init_script(HEAR_SHIFTS)
            if is_slow:
                load_as_slow_4g(page)
            page.goto(address + path.format(**codes))
            if page.locator("[data-map]").count():
                open_map(page)
            page.wait_for_timeout(300)
            if shifts := page.evaluate("shifts"):
                moved[path] = shifts
    assert moved == {}


def test_nothing_moves_when_the_sheet_of_the_map_arrives_late(browser: Browser, address: str) -> None:
    with visit(browser, viewport=PHONE) as page:
        page.add_init_script(HEAR_SHIFTS)
        waiting: list[Route] = []

        def hold(route: Route) -> None:
            waiting.append(route)

        page.route("**/map-view.*.css", hold)
        page.goto(f"{address}/kaart")
        with page.expect_response("**/map-view.*.js"):
            page.locator("[data-map-canvas]").hover()
        # Long enough for a map that does not wait.
        page.wait_for_timeout(2_000)
        expect(page.locator(".map--shown")).to_have_count(0)
        waiting[0].continue_()
        open_map(page)
        assert page.evaluate("shifts") == []


def test_map_whose_sheet_fails_says_so_and_starts_again(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport=PHONE)  # type: ignore[arg-type]
    with closing(context):
        page = context.new_page()
        page.route("**/map-view.*.css", lambda route: route.abort())
        page.goto(f"{address}/kaart")
        start = page.locator("[data-map-start]")
        start.click()
        expect(page.locator("[data-map-notice]")).to_contain_text("kan nu niet bewegen")
        page.unroute("**/map-view.*.css")
        start.click()
        expect(page.locator("[data-map-drawn]")).to_be_attached()


def test_nothing_moves_while_suggestions_open(browser: Browser, address: str) -> None:
    with visit(browser, viewport=PHONE) as page:
        page.add_init_script(HEAR_SHIFTS)
        page.goto(address)
        load_as_slow_4g(page)
        page.get_by_role("combobox").press_sequentially("Amster", delay=20)
        expect(page.get_by_role("option").first).to_be_visible()
        page.wait_for_timeout(600)
        assert page.evaluate("shifts") == []


def count_frames_of_a_second(page: Page) -> int:
    page.evaluate("window.frames_asked = 0")
    page.wait_for_timeout(1_000)
    return int(page.evaluate("window.frames_asked"))


def test_map_at_rest_asks_for_no_frames(browser: Browser, address: str) -> None:
    with visit(browser, viewport=DESK) as page:
        page.add_init_script(COUNT_FRAMES)
        for view in ("4.885,52.368,4.901,52.378", "3.4,50.7,7.2,53.6"):
            page.goto(f"{address}/kaart?beeld={view}")
            open_map(page)
            # Labels fade in, and areas arrive after the first picture; a map that moves on never comes to rest.
            wait_until(lambda: count_frames_of_a_second(page) <= 2)
