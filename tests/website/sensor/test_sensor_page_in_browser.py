"""The page of a sensor, its label and its letters in a real browser, on a phone and at a desk."""

import pytest
from playwright.sync_api import Browser, expect

from tests.website.test_routes_in_browser import NARROWEST, find_violations, visit

pytestmark = pytest.mark.slow

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 800}
SENSORS = ("full", "plain", "planned camera", "expired", "removed", "mobile", "generalised camera", "private")
DOCUMENTS = (
    "/s/{full}/sticker",
    "/s/{removed}/sticker",
    "/s/{full}/brief",
    "/s/{full}/brief/inzage",
    "/s/{full}/brief/onzin",
    "/s/{plain}/brief",
)


@pytest.mark.parametrize(("prefix", "scheme"), [("", "light"), ("/en", "dark")])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_pages_of_sensors_have_no_accessibility_violations(  # noqa: PLR0917 - fixtures and three that vary
    browser: Browser,
    address: str,
    unusual: dict[str, str],
    size: dict[str, int],
    prefix: str,
    scheme: str,
) -> None:
    paths = [f"/s/{unusual[name]}" for name in SENSORS] + [path.format(**unusual) for path in DOCUMENTS]
    found = {}
    with visit(browser, viewport=size, color_scheme=scheme) as page:
        for path in paths:
            page.goto(address + prefix + path)
            # Folded parts are checked too.
            page.evaluate("document.querySelectorAll('main details').forEach((one) => { one.open = true; })")
            if violations := find_violations(page):
                found[path] = violations
    assert found == {}


def test_pages_on_the_narrowest_screen_do_not_scroll_sideways(
    browser: Browser, address: str, unusual: dict[str, str]
) -> None:
    paths = [f"/s/{unusual[name]}" for name in SENSORS] + [path.format(**unusual) for path in DOCUMENTS]
    wide = []
    with visit(browser, viewport=NARROWEST) as page:
        for path in paths:
            page.goto(address + path)
            page.evaluate("document.querySelectorAll('main details').forEach((one) => { one.open = true; })")
            if (
                page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
                > 0
            ):
                wide.append(path)
    assert wide == []


@pytest.mark.parametrize("has_script", [True, False])
def test_first_screen_of_a_phone_has_the_top_of_the_card(
    browser: Browser, address: str, unusual: dict[str, str], has_script: bool
) -> None:
    with visit(browser, viewport=PHONE, java_script_enabled=has_script) as page:
        for name in ("full", "expired", "generalised camera"):
            page.goto(f"{address}/s/{unusual[name]}")
            box = page.locator(".privacy-card h2").bounding_box()
            assert box is not None
            assert box["y"] + box["height"] < PHONE["height"], name


def test_definition_is_one_tap_away_without_javascript(
    browser: Browser, address: str, unusual: dict[str, str]
) -> None:
    with visit(browser, viewport=PHONE, java_script_enabled=False) as page:
        page.goto(f"{address}/s/{unusual['full']}")
        definition = page.get_by_text("Publieke taak (AVG, artikel 6, lid 1, onder e).")
        expect(definition).to_be_hidden()
        page.get_by_text("Het is nodig voor een taak van algemeen belang of openbaar gezag.").click()
        expect(definition).to_be_visible()

        expect(page.locator("[data-field=manufacturer]")).to_be_hidden()
        page.get_by_role("heading", name="Alle gegevens").click()
        expect(page.locator("[data-field=manufacturer]")).to_be_visible()


def test_share_copies_the_address_where_the_browser_has_no_share_sheet(
    browser: Browser, address: str, unusual: dict[str, str]
) -> None:
    with visit(browser, permissions=["clipboard-read", "clipboard-write"]) as page:
        page.add_init_script("delete Navigator.prototype.share")
        page.goto(f"{address}/s/{unusual['full']}")
        page.get_by_role("link", name="Deel").click()

        expect(page.get_by_text("Het adres is gekopieerd.")).to_be_visible()
        assert page.evaluate("navigator.clipboard.readText()") == f"{address}/s/{unusual['full']}"


def test_share_opens_the_sheet_of_the_browser(
    browser: Browser, address: str, unusual: dict[str, str]
) -> None:
    with visit(browser) as page:
        page.add_init_script("navigator.share = async (data) => { window.shared = data; }")
        page.goto(f"{address}/en/s/{unusual['full']}")
        page.get_by_role("link", name="Share").click()

        assert page.evaluate("window.shared") == {
            "title": "Telcamera op de Dam",
            "url": f"{address}/en/s/{unusual['full']}",
        }


def test_letter_is_copied_and_its_buttons_need_javascript(
    browser: Browser, address: str, unusual: dict[str, str]
) -> None:
    letter = f"{address}/s/{unusual['full']}/brief/inzage"
    with visit(browser, permissions=["clipboard-read", "clipboard-write"]) as page:
        page.goto(letter)
        page.get_by_role("button", name="Kopieer de tekst").click()
        expect(page.get_by_role("status").filter(has_text="De brief is gekopieerd.")).to_be_visible()
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied.startswith("[Uw naam]")
        assert "AVG, artikel 12, lid 3" in copied
        expect(page.get_by_role("button", name="Print")).to_be_visible()
    with visit(browser, java_script_enabled=False) as page:
        page.goto(letter)
        expect(page.get_by_role("button", name="Kopieer de tekst")).to_be_hidden()
        expect(page.get_by_role("link", name="Download als PDF")).to_be_visible()


def test_printed_page_has_everything_that_was_folded(
    browser: Browser, address: str, unusual: dict[str, str]
) -> None:
    with visit(browser) as page:
        page.goto(f"{address}/s/{unusual['full']}")
        page.emulate_media(media="print")
        page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        expect(page.locator("[data-field=manufacturer]")).to_be_visible()
        expect(page.get_by_role("navigation", name="Hoofdmenu")).to_be_hidden()
        expect(page.get_by_role("link", name="Deel")).to_be_hidden()
        page.evaluate("window.dispatchEvent(new Event('afterprint'))")
        page.emulate_media(media="screen")
        expect(page.locator("[data-field=manufacturer]")).to_be_hidden()


def test_printed_label_is_one_page_of_a6(browser: Browser, address: str, unusual: dict[str, str]) -> None:
    with visit(browser) as page:
        page.goto(f"{address}/s/{unusual['full']}/sticker")
        page.emulate_media(media="print")

        expect(page.get_by_role("banner")).to_be_hidden()
        expect(page.locator(".label__qr")).to_be_visible()
        assert page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == 1
