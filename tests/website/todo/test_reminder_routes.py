"""The page of the link in a reminder: opening changes nothing, the button confirms, pressing twice is harmless."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from tests.support.people import SITE, find_secret, open_browser
from tests.support.reminders import Owner, open_owner


@pytest.fixture(scope="module")
def owner(module_database: str) -> Iterator[Owner]:
    with open_owner(module_database, sensors=3) as opened:
        yield opened


@pytest.fixture
def browser(owner: Owner) -> TestClient:
    owner.forget_reminders()
    return open_browser(owner.client)


@pytest.fixture
def link(owner: Owner, browser: TestClient) -> str:
    owner.remind()
    ((_, _, body),) = owner.read_mail()
    return f"/bevestigen?sleutel={find_secret(body, f'{SITE}/bevestigen')}"


def test_button_confirms_and_the_page_says_so(owner: Owner, browser: TestClient, link: str) -> None:
    for _ in range(2):
        page = browser.get(link)
        assert page.status_code == 200
        assert "Te bevestigen: 3 sensoren" in page.text
    assert all(f'href="/s/{code}"' in page.text for code in owner.codes)
    assert page.headers["cache-control"] == "private, no-store"
    for _ in range(2):
        pressed = browser.post("/bevestigen", data={"sleutel": link.rpartition("=")[2]})
        assert (pressed.status_code, pressed.headers["location"]) == (303, link)
    page = browser.get(link)
    assert "Bevestigd: 3 sensoren" in page.text
    assert "<button" not in page.text.partition("<main")[2].partition("</main>")[0]


def test_english_page_stays_english(browser: TestClient, link: str) -> None:
    assert "To be confirmed: 3 sensors" in browser.get(f"/en{link}").text
    pressed = browser.post("/en/bevestigen", data={"sleutel": link.rpartition("=")[2]})
    assert pressed.headers["location"] == f"/en{link}"


@pytest.mark.parametrize("secret", ["", "x", "é" * 300])
def test_unknown_link_leads_to_signing_in(browser: TestClient, secret: str) -> None:
    page = browser.get("/bevestigen", params={"sleutel": secret})
    assert page.status_code == 404
    assert "Deze link werkt niet meer" in page.text
    assert browser.post("/bevestigen", data={"sleutel": secret}).status_code == 404


def test_other_site_cannot_press(browser: TestClient, link: str) -> None:
    form = {"sleutel": link.rpartition("=")[2]}
    refused = browser.post("/bevestigen", data=form, headers={"Sec-Fetch-Site": "cross-site"})
    assert refused.status_code == 403
