"""The pages in a real browser: accessibility (WCAG 2.2 AA), without JavaScript, under the page policy."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from app.bootstrap.paths import ROOT
from tests.support.website_pages import PAGES

pytestmark = pytest.mark.slow

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
NARROWEST = {"width": 320, "height": 640}
"""WCAG 2.2, 1.4.10: no scrolling in two directions at 320 px."""

EXPECTED_COMPLAINTS = (
    # The status of the page itself is what the test asks for.
    "the server responded with a status of 40",
    "the server responded with a status of 422",
    # Maps are drawn without a graphics card here, and a picture of the page waits for them.
    "GL Driver Message",
)


class Visitor:
    """A page in a context of its own, and what the browser complained of while it was there."""

    def __init__(self, context: BrowserContext) -> None:
        self.page = context.new_page()
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda message: self._hear(message.type, message.text))

    def _hear(self, kind: str, text: str) -> None:
        if kind in ("error", "warning") and not any(expected in text for expected in EXPECTED_COMPLAINTS):
            self.complaints.append(text)


@contextmanager
def visit(browser: Browser, **options: Any) -> Iterator[Page]:
    """A new visitor's page; the test fails when the browser complained, of the page policy for one."""
    with browser.new_context(**options) as context:
        visitor = Visitor(context)
        yield visitor.page
        assert visitor.complaints == []


def find_violations(page: Page, *, leave_out: str = "") -> list[dict[str, Any]]:
    """Findings of axe-core, as its rule and the first element that breaks it."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    result = page.evaluate(
        """([standards, leaveOut]) => axe.run(
            leaveOut ? { exclude: [leaveOut] } : document,
            { runOnly: standards, resultTypes: ["violations"] },
        )""",
        [STANDARDS, leave_out],
    )
    return [
        {"rule": violation["id"], "where": violation["nodes"][0]["html"], "why": violation["help"]}
        for violation in result["violations"]
    ]


def test_first_visit_transfers_less_than_60_kilobytes_without_the_map(
    browser: Browser, address: str, codes: dict[str, str]
) -> None:
    for name in ("start", "list", "full", "kinds", "api documentation"):
        with browser.new_context() as context:
            page = context.new_page()
            sizes: list[float] = []
            page.route(re.compile(r"/map-picture|/static/map"), lambda route: route.abort())
            session = context.new_cdp_session(page)
            session.send("Network.enable")
            session.on(
                "Network.loadingFinished", lambda event, sizes=sizes: sizes.append(event["encodedDataLength"])
            )
            page.goto(address + PAGES[name].format(**codes), wait_until="networkidle")

            assert 30_000 < sum(sizes) < 60_000, name


def test_skip_link_is_the_first_stop_of_the_keyboard(browser: Browser, address: str) -> None:
    with visit(browser) as page:
        page.goto(address)
        page.keyboard.press("Tab")

        skip = page.locator(":focus")
        expect(skip).to_have_text("Naar de inhoud")
        expect(skip).to_be_in_viewport()
        page.keyboard.press("Enter")
        expect(page.locator("main")).to_be_focused()


def test_resident_finds_a_camera_without_javascript(
    browser: Browser, address: str, codes: dict[str, str]
) -> None:
    with visit(browser, java_script_enabled=False) as page:
        page.goto(f"{address}/sensoren")
        page.get_by_text("Filters", exact=True).click()
        page.get_by_label("Gemeente", exact=True).fill("amsterdam")
        page.get_by_role("button", name="Toon", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Sensoren in Amsterdam")
        page.get_by_role("link", name="Telcamera op de Dam").click()
        expect(page.get_by_text("Volgens de eigenaar verwerkt deze sensor persoonsgegevens.")).to_be_visible()
        expect(page.get_by_role("img", name="Wat de sensor waarneemt")).to_be_visible()
        page.get_by_role("link", name="English").click()
        expect(
            page.get_by_text("According to its owner this sensor processes personal data.")
        ).to_be_visible()


def test_place_of_the_reader_leads_to_the_page_of_that_spot(browser: Browser, address: str) -> None:
    here = {"longitude": 4.8932, "latitude": 52.3731}
    with visit(browser, geolocation=here, permissions=["geolocation"]) as page:
        page.goto(f"{address}/en")
        page.get_by_role("button", name="Where I am").click()
        page.wait_for_url(f"{address}/en/hier?plek=4.89320%2C52.37310")
        expect(page.get_by_role("heading", level=1)).to_have_text("Sensors on this spot")


def test_refused_geolocation_shows_what_to_do(browser: Browser, address: str) -> None:
    with visit(browser) as page:
        page.goto(address)
        page.get_by_role("button", name="Waar ik sta").click()

        expect(page.locator("[data-nearby]").get_by_role("status")).to_contain_text("Gebruik het zoekvak")


def test_documentation_leads_to_an_operation_and_its_fields(browser: Browser, address: str) -> None:
    with visit(browser, java_script_enabled=False) as page:
        page.goto(f"{address}/v1/docs")
        page.get_by_role("link", name="POST /sensors", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("POST /sensors")
        page.get_by_role("link", name="Registration", exact=True).first.click()
        expect(page.get_by_role("heading", name="Registration", exact=True)).to_be_in_viewport()


@pytest.mark.parametrize("path", ["/hier", "/en/hier", "/", "/en/", "/cijfers"])
def test_menu_is_one_line_and_nothing_of_the_placeholder_is_cut_off_on_a_phone(
    browser: Browser, address: str, path: str
) -> None:
    with visit(browser, viewport={"width": 360, "height": 740}) as page:
        page.goto(address + path)

        tops = page.eval_on_selector_all(
            ".site-menu a", "links => links.map(link => link.getBoundingClientRect().top)"
        )
        assert len(tops) == 5
        assert len(set(tops)) == 1
        room, needed = page.eval_on_selector(
            "#zoek",
            """field => {
                const style = getComputedStyle(field), pen = document.createElement("canvas").getContext("2d");
                pen.font = style.font;
                const room = field.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
                return [room, pen.measureText(field.placeholder).width];
            }""",
        )
        assert 0 < needed <= room
