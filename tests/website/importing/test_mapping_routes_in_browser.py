"""A list of one's own in a real browser: columns said, nine rows corrected, applied and undone; accessibility."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from app.access.demo import DEMO_DOMAIN
from tests.support.browser import serve_site
from tests.support.import_browser import ImportBrowser, make_own_list, open_import_browser
from tests.support.import_client import make_rows
from tests.support.waiting import PATIENCE_SECONDS
from tests.website.test_routes_in_browser import NARROWEST, find_violations, visit

pytestmark = pytest.mark.slow

_PATIENCE_MS = PATIENCE_SECONDS * 1000
_OVERLAPPING_CELLS = """() => [...document.querySelectorAll(".stacked-table :is(th, td)")]
    .filter((cell) => cell.offsetParent && cell.scrollHeight > cell.clientHeight + 2).length"""
LIST = 40
WRONG = 9


@pytest.fixture
def eva(fresh_database: str) -> Iterator[ImportBrowser]:
    with open_import_browser(fresh_database) as browser:
        yield browser


@pytest.fixture
def own_address(eva: ImportBrowser, fresh_database: str) -> Iterator[str]:
    with serve_site(fresh_database) as address:
        yield address


def write_list(path: Path, *, wrong: int) -> Path:
    content = make_own_list(LIST).decode()
    path.write_text(content.replace("52.36", "noord", wrong), encoding="utf-8")
    return path


def send(page: Page, eva: ImportBrowser, address: str, path: Path, *, with_javascript: bool) -> None:
    page.goto(f"{address}/mijn/importeren")
    page.set_input_files("#bestand", path)
    page.get_by_role("button", name="Stuur en controleer").click()
    follow(page, eva, with_javascript=with_javascript)


def follow(page: Page, eva: ImportBrowser, *, with_javascript: bool) -> None:
    """Run the jobs, and wait until the page shows it: by its script, or after its link."""
    expect(page.get_by_role("link", name="Ververs deze pagina")).to_be_visible()
    # The thread of a test with a browser has an event loop already.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(eva.imports.run_jobs).result()
    if not with_javascript:
        page.get_by_role("link", name="Ververs deze pagina").click()
    expect(page.locator("[data-running]")).to_have_count(0, timeout=_PATIENCE_MS)


def say_columns(page: Page) -> None:
    for label, option in {"Soort": "Soort sensor", "NB": "Breedtegraad", "OL": "Lengtegraad"}.items():
        page.locator("table").get_by_label(label, exact=True).select_option(label=option)
    (row,) = make_rows(1)
    for name, value in row.items():
        field = page.locator(f"[name='vast-{name}']")
        if field.count() and name != "sensorType":
            fill = field.select_option if field.evaluate("one => one.tagName") == "SELECT" else field.fill
            fill(str(value))
    page.get_by_role("button", name="Onthoud dit en controleer").click()


@pytest.mark.parametrize("with_javascript", [True, False])
def test_own_list_is_said_mended_applied_and_undone(
    browser: Browser, eva: ImportBrowser, own_address: str, tmp_path: Path, *, with_javascript: bool
) -> None:
    with visit(browser, viewport=NARROWEST, java_script_enabled=with_javascript) as page:
        page.goto(f"{own_address}/mijn")
        page.locator(f"button[value='eva{DEMO_DOMAIN}']").click()
        send(
            page,
            eva,
            own_address,
            write_list(tmp_path / "lijst.csv", wrong=WRONG),
            with_javascript=with_javascript,
        )
        expect(page.get_by_role("heading", name="Wat zijn uw kolommen?")).to_be_visible()
        check_page(page, with_axe=with_javascript)
        assert page.evaluate(_OVERLAPPING_CELLS) == 0
        say_columns(page)
        expect(page.get_by_role("heading", name="Wat betekenen uw woorden?")).to_be_visible()
        check_page(page, with_axe=with_javascript)
        page.get_by_label("Dome").select_option("sound")
        page.get_by_role("button", name="Onthoud dit en controleer").click()
        follow(page, eva, with_javascript=with_javascript)
        expect(page.get_by_role("heading", name="Wat u moet verbeteren")).to_be_visible()
        expect(page.locator("table td").nth(1)).to_have_text(str(WRONG))
        check_page(page, with_axe=with_javascript)
        send(
            page,
            eva,
            own_address,
            write_list(tmp_path / "verbeterd.csv", wrong=0),
            with_javascript=with_javascript,
        )
        page.get_by_role("button", name=f"Pas alles toe ({LIST})").click()
        follow(page, eva, with_javascript=with_javascript)
        expect(page.get_by_text("De sensoren staan in het register.")).to_be_visible()
        check_page(page, with_axe=with_javascript)
        page.get_by_role("button", name="Maak deze import ongedaan").click()
        follow(page, eva, with_javascript=with_javascript)
        expect(page.get_by_text("Nieuwe sensoren zijn ingetrokken")).to_be_visible()
        page.get_by_role("link", name="Nog een bestand, of een eerdere import").click()
        expect(page.get_by_role("link", name="verbeterd.csv")).to_be_visible()
        check_page(page, with_axe=with_javascript)


def check_page(page: Page, *, with_axe: bool) -> None:
    """No violation of accessibility, and nothing wider than a phone."""
    if with_axe:
        assert find_violations(page) == [], page.url
    root = "document.documentElement"
    assert page.evaluate(f"{root}.scrollWidth - {root}.clientWidth") <= 0, page.url
