"""Pages of figures in a real browser: the question of a council member."""

from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, expect

from app.core.clock import dutch_date
from tests.website.test_routes_in_browser import visit

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("with_javascript", [True, False])
def test_council_member_compares_municipalities_and_downloads_the_table(
    browser: Browser, address: str, *, with_javascript: bool
) -> None:
    with visit(browser, java_script_enabled=with_javascript) as page:
        page.goto(f"{address}/gemeente/amsterdam")
        page.get_by_role("link", name="Vergelijk met andere gemeenten").click()
        expect(page.get_by_label("Gemeente 1")).to_have_value("Amsterdam")
        page.get_by_label("Gemeente 2").fill("Utrecht")
        page.get_by_role("button", name="Vergelijk").click()
        expect(page.get_by_role("columnheader", name="Utrecht").first).to_be_visible()
        with page.expect_download() as download:
            page.get_by_role("link", name="Download de hele vergelijking").click()
        name = download.value.suggested_filename
        assert name == f"vergelijking-amsterdam-utrecht-{dutch_date().isoformat()}.csv"


OPEN_FOLDS = "() => [...document.querySelectorAll('main details[open]')].length"
LAYOUT = """() => [...document.querySelectorAll("main details")].filter(one => one.checkVisibility()).map(
    one => [...one.children].filter(part => part.tagName != "SUMMARY" && !part.matches(".no-print")).every(
        part => part.checkVisibility() && part.getBoundingClientRect().height > 0))"""
MOST_PHONE_SCREENS = 7


def test_figures_on_a_phone_are_short_and_a_search_in_the_page_opens_what_it_finds(
    browser: Browser, address: str
) -> None:
    with visit(browser, viewport={"width": 360, "height": 740}) as page:
        page.goto(f"{address}/cijfers")

        assert page.evaluate("document.documentElement.scrollHeight") < MOST_PHONE_SCREENS * 740
        assert page.evaluate(OPEN_FOLDS) == 0
        folded = page.evaluate(
            """() => [...document.querySelectorAll("main details.fold tbody th")].map(one => one.textContent.trim())
                .find(text => document.querySelector("main").textContent.split(text).length == 2)"""
        )
        assert folded
        # A text fragment is a search in the page: it opens the same folds, and no script of ours does.
        page.goto("about:blank")
        page.goto(f"{address}/cijfers#:~:text={quote(folded)}")
        expect(page.locator("main details[open]").first).to_be_attached()
        expect(page.get_by_text(folded, exact=True).first).to_be_in_viewport()


def test_link_to_a_folded_figure_opens_it(browser: Browser, address: str) -> None:
    with visit(browser, viewport={"width": 360, "height": 740}) as page:
        page.goto(f"{address}/cijfers")
        page.get_by_role("navigation", name="Cijfers op deze pagina").get_by_role(
            "link", name="Status"
        ).click()

        expect(page.locator("main details[open]")).to_have_count(1)
        expect(page.locator("main details[open] h3")).to_have_text("Status")


@pytest.mark.parametrize("path", ["/cijfers", "/gemeente/amsterdam", "/uitleg/soorten", "/s/{full}"])
@pytest.mark.parametrize("with_javascript", [True, False])
def test_what_is_folded_is_open_on_paper(
    browser: Browser, address: str, codes: dict[str, str], path: str, *, with_javascript: bool
) -> None:
    with visit(browser, java_script_enabled=with_javascript) as page:
        page.goto(address + path.format(**codes))
        page.emulate_media(media="print")

        shown = page.evaluate(LAYOUT)
        assert shown
        assert all(shown)


def test_older_browser_opens_folds_for_print_by_script_and_closes_them(
    browser: Browser, address: str
) -> None:
    with visit(browser) as page:
        page.goto(f"{address}/cijfers")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert page.locator("main details:not([open])").count() == 0
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert page.evaluate(OPEN_FOLDS) == 0
