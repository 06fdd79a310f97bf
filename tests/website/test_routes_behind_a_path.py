"""Scripts of the pages below the path of another site, and a background from a file of tiles, in a real browser."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import SOFTWARE_DRAWING, open_browser, serve_site
from tests.support.pmtiles import write_pmtiles
from tests.support.tile_server import make_png
from tests.support.website_map import open_map
from tests.website.test_routes_in_browser import visit

pytestmark = pytest.mark.slow

PATH = "/sensoren"
DESK = {"width": 1280, "height": 900}
DAM = "4.885,52.368,4.901,52.378"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser(*SOFTWARE_DRAWING) as browser:
        yield browser


@pytest.fixture(scope="module")
def address(
    module_database: str, codes: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The site below a path, whose background is a file of dark tiles."""
    with psycopg.connect(module_database) as connection:
        # The slider goes back to the first day of the register.
        connection.execute("UPDATE publication.change SET recorded_at = recorded_at - interval '40 days'")
    file = write_pmtiles(tmp_path_factory.mktemp("background") / "dark.pmtiles", make_png(grey=20))
    with serve_site(module_database, below=PATH, basemap=f"pmtiles:{file}") as address:
        yield address


@contextmanager
def stay_below(browser: Browser, address: str, **options: Any) -> Iterator[tuple[Page, list[str]]]:
    """A page, and the paths it asked for; the test fails when one was refused or lay elsewhere."""
    asked: list[str] = []
    refused: list[str] = []
    with visit(browser, viewport=DESK, **options) as page:
        page.on("request", lambda request: asked.append(request.url))
        page.on("response", lambda answer: refused.extend([answer.url] if answer.status >= 400 else []))
        yield page, asked
    assert refused == []
    astray = [url for url in asked if not url.startswith((f"{address}/", f"{address}?", "blob:", "data:"))]
    assert [url for url in astray if url != address] == []


def read_middle(page: Page) -> list[int]:
    """Red, green and blue of a dot of the map that has no sensor, from its picture."""
    picture: bytes = page.locator("[data-map-canvas]").screenshot()
    dot: list[int] = page.evaluate(
        """async (numbers) => {
            const image = await createImageBitmap(new Blob([new Uint8Array(numbers)], { type: "image/png" }));
            const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
            canvas.drawImage(image, 0, 0);
            return Array.from(canvas.getImageData(image.width * 0.1, image.height * 0.15, 1, 1).data.slice(0, 3));
        }""",
        list(picture),
    )
    return dot


def test_map_below_a_path_draws_its_file_of_tiles(browser: Browser, address: str) -> None:
    with stay_below(browser, address) as (page, asked):
        page.goto(f"{address}/kaart?beeld={DAM}")
        open_map(page)
        below = read_middle(page)
        expect(page.locator("[data-region='in-view'] a").first).to_be_visible()
    paths = [url.removeprefix(address) for url in asked]
    for part in (
        "/v1/styles/sensors",
        "/v1/tiles/",
        "/basemap/style",
        "/basemap/",
        "/static/map-view",
        "/kaart/in-beeld",
    ):
        assert any(path.startswith(part) for path in paths), part
    # The one dot of each tile of the file, and not the light grey of a map without a background.
    assert max(below) < 60, below


def test_background_of_no_server_is_light(
    browser: Browser, module_database: str, codes: dict[str, str]
) -> None:
    with serve_site(module_database) as address, visit(browser, viewport=DESK) as page:
        page.goto(f"{address}/kaart?beeld={DAM}")
        open_map(page)
        assert min(read_middle(page)) > 180


def test_search_box_below_a_path_suggests(browser: Browser, address: str) -> None:
    with stay_below(browser, address) as (page, _):
        page.goto(address)
        page.get_by_role("combobox").press_sequentially("Amsterd", delay=20)
        page.get_by_role("option").first.click()
        page.wait_for_url(f"{address}/**/amsterdam*")
        expect(page.locator("h1")).to_contain_text("Amsterdam")


def test_place_of_the_reader_below_a_path_leads_to_its_page(browser: Browser, address: str) -> None:
    here = {"longitude": 4.8929, "latitude": 52.3729}
    with stay_below(browser, address, geolocation=here, permissions=["geolocation"]) as (page, _):
        page.goto(f"{address}/hier")
        page.get_by_role("button", name="Waar ik sta").click()
        page.wait_for_url(f"{address}/hier?plek=*")
        expect(page.locator("h1")).to_have_text("Sensoren op deze plek")


def test_filter_and_day_below_a_path_swap_the_results(browser: Browser, address: str) -> None:
    with stay_below(browser, address) as (page, _):
        page.goto(f"{address}/sensoren")
        page.evaluate("window.stayed = true")
        page.locator("[data-filters] summary").click()
        page.get_by_role("checkbox", name="Geluidsensor").check()
        page.wait_for_url("**sensorType=sound*")
        slide(page)
        assert page.evaluate("window.stayed")


def slide(page: Page) -> None:
    """A day back by the keyboard, and to the first day by the mouse."""
    slider = page.get_by_role("slider", name="Zoals op: schuif door de tijd")
    slider.focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_url("**asOf=*")
    expect(page.get_by_role("slider")).to_be_focused()
    chosen = page.get_by_label("Zoals op (datum)").input_value()
    assert chosen
    assert f"asOf={chosen}" in page.url
    expect(page.get_by_role("slider")).to_have_attribute("aria-valuetext", chosen)

    page.get_by_role("slider").click(position={"x": 1, "y": 8})
    page.wait_for_function("(before) => !location.href.includes(before)", arg=f"asOf={chosen}")
    first = page.get_by_role("slider").get_attribute("data-first")
    expect(page.get_by_label("Zoals op (datum)")).to_have_value(first or "")


def test_day_is_chosen_without_javascript(browser: Browser, address: str) -> None:
    with stay_below(browser, address, java_script_enabled=False) as (page, _):
        page.goto(f"{address}/sensoren")
        page.locator("[data-filters] summary").click()
        expect(page.get_by_role("slider")).to_be_hidden()
        page.get_by_label("Zoals op (datum)").fill("2020-01-01")
        page.get_by_role("button", name="Toon").click()
        expect(page.locator("[data-count]")).to_contain_text("0 sensoren")
