"""Pages of figures in a real browser: the question of a council member."""

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
