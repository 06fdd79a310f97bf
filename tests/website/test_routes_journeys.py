"""Whole visits of a resident, a council member and an analyst, at both sizes, with and without JavaScript."""

import csv
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import SOFTWARE_DRAWING, open_browser
from tests.support.qgis import run_script
from tests.support.sensors import CITIES
from tests.website.test_routes_in_browser import visit

pytestmark = pytest.mark.slow

PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 800}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser(*SOFTWARE_DRAWING) as browser:
        yield browser


@pytest.fixture(params=["phone", "desk", "phone without JavaScript", "desk without JavaScript"])
def page(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Page]:
    """The start page, where each visit begins."""
    size = PHONE if request.param.startswith("phone") else DESK
    with visit(browser, viewport=size, java_script_enabled="without" not in request.param) as page:
        page.goto(address)
        yield page


def search_for(page: Page, text: str) -> None:
    """Type into the search box and press Enter: one step."""
    box = page.locator("main form[role=search] input[name=zoek]")
    box.fill(text)
    box.press("Enter")


def test_resident_finds_the_sensor_of_a_sticker_in_one_step(
    page: Page, address: str, codes: dict[str, str]
) -> None:
    search_for(page, f"{codes['full'][:3]} {codes['full'][3:]}".lower())

    expect(page).to_have_url(f"{address}/s/{codes['full']}")
    expect(page.get_by_role("heading", level=1)).to_be_in_viewport()
    card = page.locator(".privacy-card")
    expect(card).to_contain_text("Ziet of meet")
    expect(card).to_contain_text("Beelden van het plein")


def test_council_member_answers_her_question_in_four_steps(page: Page, address: str, tmp_path: Path) -> None:
    """How many sensors, whose, how many with personal data, the trend, compared with four others, downloaded."""
    counted = httpx.get(f"{address}/v1/statistics?municipality=GM0363&by=owner").json()
    others = [name for name, *_ in CITIES.values() if name != "Amsterdam"]
    assert len(others) == 4

    search_for(page, "Amsterdam")

    expect(page.get_by_role("heading", level=1)).to_have_text("Sensoren in Amsterdam")
    total = page.locator(".key-numbers li").first
    expect(total).to_have_text(f"{counted['total']} sensoren")
    expect(page.locator(".key-numbers")).to_contain_text("met persoonsgegevens, volgens de eigenaar")
    expect(page.locator("#by-owner")).to_be_visible()
    owners = page.locator(".chart", has=page.locator("#by-owner"))
    for row in counted["rows"]:
        expect(owners).to_contain_text(row["owner"]["label"]["nl"])
    expect(page.get_by_role("heading", name="Geplaatst en geëindigd, per maand")).to_be_visible()

    page.get_by_role("link", name="Vergelijk met andere gemeenten").click()
    for number, name in enumerate(others, start=2):
        page.get_by_label(f"Gemeente {number}", exact=True).fill(name)
    page.get_by_role("button", name="Vergelijk").click()

    for name in ("Amsterdam", *others):
        expect(page.get_by_role("columnheader", name=name).first).to_be_visible()
    expect(page.locator(".compare-trends .chart")).to_have_count(5)

    with page.expect_download() as download:
        page.get_by_role("link", name="Download de hele vergelijking als CSV").click()
    download.value.save_as(tmp_path / "comparison.csv")
    text = (tmp_path / "comparison.csv").read_text(encoding="utf-8-sig")
    # A Dutch spreadsheet parts cells by semicolons.
    rows = list(csv.reader(text.splitlines(), delimiter=";"))
    assert {"Amsterdam", *others} <= set(rows[0])


def test_analyst_opens_a_view_of_the_map_in_qgis(
    page: Page, address: str, codes: dict[str, str], tmp_path: Path
) -> None:
    page.get_by_role("link", name="Open de grote kaart").click()
    page.locator("[data-filters] summary").click()
    page.get_by_role("checkbox", name="Camera of andere optische sensor").check()
    page.get_by_role("button", name="Toon", exact=True).click()
    expect(page.locator("[data-count]")).to_have_text("1 sensor")
    page.get_by_text("Open in QGIS").click()
    shown = page.locator("code.address").first.text_content()

    assert shown is not None
    opened = run_script("qgis_address", shown, tmp_path)
    assert opened == {"valid": True, "crs": opened["crs"], "codes": [codes["full"]]}
    assert opened["crs"] in ("EPSG:4326", "OGC:CRS84")
