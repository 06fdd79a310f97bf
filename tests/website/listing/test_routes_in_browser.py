"""The map and the list in a real browser: by keyboard, with and without JavaScript, on a phone and a desk."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import SOFTWARE_DRAWING, open_browser
from tests.support.website_map import DRAWN, open_map
from tests.website.test_routes_in_browser import find_violations, visit

pytestmark = pytest.mark.slow

PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 900}
DAM = "4.885,52.368,4.901,52.378"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser(*SOFTWARE_DRAWING) as browser:
        yield browser


def go_to_map(page: Page, address: str) -> None:
    page.goto(address)
    open_map(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize(
    "path", ["/kaart", "/en/sensoren?weergave=tabel&sensorType=sound", "/sensoren?q=zzz"]
)
def test_page_with_open_filters_has_no_violations(
    browser: Browser, address: str, path: str, size: Any, scheme: Any
) -> None:
    with visit(browser, viewport=size, color_scheme=scheme) as page:
        if path == "/kaart":
            go_to_map(page, address + path)
            page.locator(".map__legend summary").click()
        else:
            page.goto(address + path)
        page.locator("[data-filters] summary").click()

        assert find_violations(page) == []
        root = "document.documentElement"
        assert page.evaluate(f"{root}.scrollWidth - {root}.clientWidth") <= 0


def test_map_requests_nothing_of_other_hosts_and_loads_its_library_after_the_first_paint(
    browser: Browser, address: str
) -> None:
    requests: list[str] = []
    with visit(browser, viewport=DESK) as page:
        page.on("request", lambda request: requests.append(request.url))
        go_to_map(page, f"{address}/kaart?beeld={DAM}")
        painted, loaded = page.evaluate(
            """() => [
                performance.getEntriesByName("first-contentful-paint")[0].startTime,
                performance.getEntriesByType("resource").find(({ name }) => name.includes("map-view")).startTime,
            ]"""
        )
        shifted = page.evaluate(
            """() => new Promise((resolve) => {
                let sum = 0;
                new PerformanceObserver((list) => {
                    for (const one of list.getEntries()) sum += one.value;
                }).observe({ type: "layout-shift", buffered: true });
                setTimeout(() => resolve(sum), 300);
            })"""
        )
    assert {urlsplit(url).netloc for url in requests if not url.startswith(("blob:", "data:"))} == {
        urlsplit(address).netloc
    }
    assert loaded > painted
    assert shifted < 0.1


def test_list_and_address_follow_the_map_by_keyboard(browser: Browser, address: str) -> None:
    with visit(browser, viewport=DESK, reduced_motion="reduce") as page:
        go_to_map(page, f"{address}/kaart?beeld={DAM}")
        status = page.locator("[data-region='in-view'] [role=status]")
        expect(status).not_to_contain_text("geen sensoren")
        before = page.url
        north = page.get_by_role("button", name="Naar het noorden")
        north.focus()
        for _ in range(5):
            page.keyboard.press("Enter")
            page.wait_for_timeout(400)
        expect(status).to_contain_text("geen sensoren")
        page.wait_for_url(lambda url: url != before)

        page.get_by_role("button", name="Naar het zuiden").focus()
        for _ in range(5):
            page.keyboard.press("Enter")
            page.wait_for_timeout(400)
        page.get_by_role("button", name="Inzoomen").focus()
        page.keyboard.press("Enter")
        expect(page.locator("[data-region='in-view'] a").first).to_be_visible()


def test_choosing_a_filter_swaps_the_results_and_announces_the_number(browser: Browser, address: str) -> None:
    with visit(browser, viewport=DESK) as page:
        page.goto(f"{address}/sensoren")
        page.evaluate("window.stayed = true")
        page.locator("[data-filters] summary").click()
        box = page.get_by_role("checkbox", name="Geluidsensor")
        box.focus()
        page.keyboard.press("Space")
        expect(page.locator("[data-announce]")).to_contain_text("sensor")
        assert page.url.endswith("?sensorType=sound")
        assert page.evaluate("window.stayed")
        expect(page.get_by_role("checkbox", name="Geluidsensor")).to_be_focused()

        page.get_by_role("link", name="Haal weg").click()
        expect(page.locator("h1")).to_be_focused()
        assert page.url.endswith("/sensoren")
        page.go_back()
        expect(page.get_by_role("link", name="Haal weg")).to_be_visible()


def test_filter_on_the_map_keeps_its_view(browser: Browser, address: str) -> None:
    with visit(browser, viewport=DESK) as page:
        go_to_map(page, f"{address}/kaart?beeld={DAM}")
        page.locator("[data-filters] summary").click()
        page.get_by_role("checkbox", name="Camera").first.check()
        page.wait_for_url("**sensorType=optical_camera**")
        # A reader who turned to one map need not turn to the next.
        page.wait_for_selector(DRAWN, timeout=60_000)
        west = float(page.locator("[data-map]").get_attribute("data-bounds").strip("[]").split(",")[0])  # type: ignore[union-attr]

        assert abs(west - 4.885) < 0.02
        assert page.locator("canvas").count() == 1


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_resident_finds_cameras_without_javascript(browser: Browser, address: str, size: Any) -> None:
    with visit(browser, viewport=size, java_script_enabled=False) as page:
        page.goto(f"{address}/kaart")
        page.get_by_role("link", name="de sensoren als lijst").click()
        page.locator("[data-filters] summary").click()
        page.get_by_role("checkbox", name="Camera").first.check()
        page.get_by_role("combobox", name="Gemeente").fill("Amsterdam")
        page.get_by_role("button", name="Toon").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Amsterdam")
        page.get_by_role("link", name="Tabel", exact=True).click()
        expect(page.locator("tbody tr").first).to_be_visible()
        page.get_by_role("link", name="Haal alles weg").click()
        assert page.url == f"{address}/sensoren?weergave=tabel"
