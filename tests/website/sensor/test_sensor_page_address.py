"""The page of a sensor says, quietly, when it cannot name the nearest address."""

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, expect

from tests.support.application import make_client
from tests.support.browser import serve_site
from tests.support.website import read_text
from tests.website.test_routes_in_browser import visit

NOT_LOOKED_UP = "Dit register zoekt niet op welk adres het dichtstbij is."
FAILED = "Het dichtstbijzijnde adres kunnen wij nu niet opzoeken. De plek staat op de kaart."


def test_register_without_a_service_says_so_where_the_owner_gave_no_address(
    site: TestClient, unusual: dict[str, str]
) -> None:
    assert NOT_LOOKED_UP in read_text(site.get(f"/s/{unusual['plain']}").text)
    for kind in ("full", "generalised", "mobile"):
        assert NOT_LOOKED_UP not in read_text(site.get(f"/s/{unusual[kind]}").text), kind


def test_page_that_may_have_an_address_says_what_it_lacks_without_javascript(
    module_database: str, unusual: dict[str, str]
) -> None:
    with make_client(module_database, reverse_url="http://127.0.0.1:9") as site:
        page = site.get(f"/s/{unusual['plain']}").text

    assert NOT_LOOKED_UP not in page
    assert "<noscript>" in page.partition('class="privacy-card"')[0]


@pytest.mark.slow
@pytest.mark.parametrize("text", [FAILED, None])
def test_look_up_that_fails_is_said_in_small_letters_and_one_without_result_is_not(
    browser: Browser, module_database: str, unusual: dict[str, str], text: str | None
) -> None:
    with (
        serve_site(module_database, reverse_url="http://127.0.0.1:9") as address,
        visit(browser) as page,
    ):
        if text is None:
            answer = '{"publicCode": "x", "text": null, "addressSearch": "answered"}'
            page.route("**/v1/places/nearest*", lambda route: route.fulfill(body=answer))
        with page.expect_response("**/v1/places/nearest*"):
            page.goto(f"{address}/s/{unusual['plain']}")
        said = page.locator("[data-nearest-address]")
        if text:
            expect(said).to_have_text(text)
        else:
            page.wait_for_load_state("networkidle")
            expect(said).to_be_hidden()
