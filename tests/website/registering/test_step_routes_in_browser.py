"""Registering a sensor in a real browser, with and without JavaScript; accessibility of each step in each state."""

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import create_engine, text

from app.access.actions import admit_principal, grant_role
from app.access.demo import DEMO_DOMAIN
from app.core.database import sqlalchemy_url, transaction
from tests.support.workplace import list_steps
from tests.website.conftest import address, browser, codes
from tests.website.test_routes_in_browser import NARROWEST, find_violations, visit

pytestmark = pytest.mark.slow

__all__ = ["address", "browser", "codes"]

SCRIPTS = pytest.mark.parametrize("with_javascript", [True, False])


@pytest.fixture(scope="module", autouse=True)
def _editor(module_database: str, codes: dict[str, str]) -> Iterator[None]:
    """A person of the demo who is an editor of the municipality of Amsterdam."""
    engine = create_engine(sqlalchemy_url(module_database))
    with transaction(engine) as session:
        person = admit_principal(session, admitted_by=None, name="Eva", handle=f"eva{DEMO_DOMAIN}")
        amsterdam = session.execute(
            text("SELECT id FROM publication.organisation WHERE municipality_code = 'GM0363'")
        ).scalar_one()
        grant_role(session, granted_by=None, principal_id=person, role="editor", organisation_id=amsterdam)
    yield
    engine.dispose()


def begin(page: Page, address: str) -> None:
    page.goto(f"{address}/mijn/registreren")
    page.get_by_role("button", name="Eva").click()
    page.get_by_role("button", name="Begin", exact=True).click()
    expect(page.get_by_role("heading", name="Wat", exact=True)).to_be_visible()


def go_on(page: Page, heading: str) -> None:
    page.get_by_role("button", name="Verder").last.click()
    expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()


@SCRIPTS
def test_camera_is_registered_step_by_step(browser: Browser, address: str, *, with_javascript: bool) -> None:
    with visit(browser, java_script_enabled=with_javascript) as page:
        begin(page, address)
        go_on(page, "Wat")
        # The summary leads to the field.
        page.get_by_role("link", name="Wat meet de sensor?").click()
        page.get_by_label("Wat voor sensor is het?").select_option("optical_camera")
        page.get_by_label("Wat meet de sensor?").fill("Beelden van het plein")
        page.get_by_label("Uw eigen nummer").fill(f"CAM-{with_javascript}")
        go_on(page, "Waar")
        page.get_by_label("Vast").check()
        page.locator("#location").fill("121394 487383")
        page.get_by_label("Kijkrichting").fill("225")
        page.get_by_label("Kijkhoek").fill("70")
        page.get_by_label("Bereik").fill("60")
        if not with_javascript:
            page.get_by_role("button", name="Bewaar en toon op de kaart").click()
        expect(page.get_by_text("In Amsterdam.")).to_be_visible()
        go_on(page, "Waarom")
        page.get_by_label("Waarvoor").fill("Toezicht op het plein.")
        page.get_by_label("Veiligheid").first.check()
        go_on(page, "Gegevens")
        expect(page.get_by_label("Privacyverklaring")).to_be_visible(visible=not with_javascript)
        page.locator("input[name=personalData][value=none]").check()
        go_on(page, "Hoe lang")
        page.get_by_label("Vanaf welke dag").fill(list_steps()["hoe-lang"]["placedFrom"])
        page.get_by_label("Tot wanneer").fill(list_steps()["hoe-lang"]["activeUntil"])
        go_on(page, "Controleer uw antwoorden")
        page.get_by_role("button", name="Registreer de sensor").click()
        expect(page.get_by_role("heading", name="Ontvangstbevestiging")).to_be_visible()
        page.get_by_role("link", name="Bekijk de openbare pagina").click()
        expect(page.get_by_text("Kijkt naar het zuidwesten, tot 60 meter ver").first).to_be_visible()


def test_draft_is_saved_by_itself_and_by_leaving(browser: Browser, address: str) -> None:
    with visit(browser) as page:
        begin(page, address)
        step = page.url
        page.get_by_label("Naam voor de lezer").fill("Half")
        expect(page.get_by_text("Bewaard als concept.")).to_be_visible()
        page.get_by_label("Naam voor de lezer").fill("Helemaal")
        page.get_by_role("link", name="Registreren").click()
        expect(page.get_by_role("link", name="Helemaal", exact=True)).to_be_visible()
        page.goto(step)
        expect(page.get_by_label("Naam voor de lezer")).to_have_value("Helemaal")


def test_place_is_chosen_on_the_map_by_mouse_and_by_keyboard(browser: Browser, address: str) -> None:
    with visit(browser) as page:
        begin(page, address)
        page.goto(page.url.replace("/wat", "/waar"))
        page.get_by_label("Vast").check()
        page.locator("#location").fill("52.3731, 4.8932")
        page.get_by_role("button", name="Kaart bewegen").click()
        canvas = page.locator(".maplibregl-canvas")
        expect(page.locator("[data-map-drawn]")).to_be_attached()
        expect(page.locator(".maplibregl-marker")).to_be_visible()
        canvas.click(position={"x": 200, "y": 200})
        place = page.locator("#location")
        expect(place).not_to_have_value("52.3731, 4.8932")
        pressed = place.input_value()
        page.get_by_role("button", name="Naar het noorden").press("Enter")
        page.get_by_role("button", name="Neem het midden van de kaart").press("Enter")
        expect(place).not_to_have_value(pressed)
        expect(page.get_by_text("In Amsterdam.")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_steps_have_no_accessibility_violations(browser: Browser, address: str, scheme: str) -> None:
    with visit(browser, viewport=NARROWEST, color_scheme=scheme) as page:
        begin(page, address)
        draft = page.url.removesuffix("/wat")
        paths = [f"/{path}?na=controleren" for path in list_steps()] + ["/waar", "/controleren", "/weg", ""]
        for path in paths:
            page.goto(draft.rpartition("/")[0] if path == "" else draft + path)
            page.evaluate("document.querySelectorAll('details').forEach((details) => (details.open = true))")
            assert find_violations(page, leave_out=".map") == [], path
            root = "document.documentElement"
            assert page.evaluate(f"{root}.scrollWidth - {root}.clientWidth") <= 0, path
        page.goto(draft.replace("/mijn", "/en/mijn") + "/wat")
        assert find_violations(page) == []


def test_area_is_drawn_changed_and_registered(browser: Browser, address: str) -> None:
    with visit(browser) as page:
        begin(page, address)
        page.get_by_label("Wat voor sensor is het?").select_option("sound")
        page.get_by_label("Wat meet de sensor?").fill("Geluid op het plein")
        page.get_by_label("Uw eigen nummer").fill("GETEKEND-1")
        go_on(page, "Waar")
        page.get_by_label("Vast").check()
        place = page.locator("#location")
        place.fill("52.3731, 4.8932")
        page.get_by_role("button", name="Teken wat de sensor waarneemt").click()
        expect(page.get_by_text("Klik de hoekpunten aan")).to_be_visible()
        expect(page.locator("[data-map-drawn]")).to_be_attached()
        canvas, area = page.locator(".maplibregl-canvas"), page.locator("#observedArea")
        for x, y in ((120, 120), (220, 120), (220, 220), (220, 220)):
            canvas.hover(position={"x": x, "y": y})
            canvas.click(position={"x": x, "y": y})
        expect(area).to_have_value(re.compile('^{"type":"Polygon"'))
        expect(page.get_by_text("Sleep een hoekpunt")).to_be_visible()
        drawn = area.input_value()
        canvas.hover(position={"x": 220, "y": 220})
        page.mouse.down()
        box = canvas.bounding_box()
        assert box is not None
        # A hand moves through places between: the first movement begins the dragging, the next ones drag.
        page.mouse.move(box["x"] + 240, box["y"] + 250, steps=8)
        page.mouse.up()
        expect(area).not_to_have_value(drawn)
        page.get_by_role("button", name="Wis het gebied").click()
        expect(area).to_have_value("")
        page.get_by_role("button", name="Klaar met tekenen").click()
        expect(page.get_by_text("Er is nog geen gebied")).to_be_visible()
        page.get_by_role("button", name="Teken wat de sensor waarneemt").click()
        for x, y in ((120, 120), (220, 120), (220, 220), (120, 220)):
            canvas.hover(position={"x": x, "y": y})
            canvas.click(position={"x": x, "y": y})
        # The button closes the area, with the four corners that were pressed alone and the first one again.
        page.get_by_role("button", name="Klaar met tekenen").click()
        expect(page.get_by_text("Het gebied staat in het veld, en")).to_be_visible()
        assert len(json.loads(area.input_value())["coordinates"][0]) == 5
        expect(place).to_have_value("52.3731, 4.8932")
        go_on(page, "Waarom")
        page.get_by_label("Waarvoor").fill("Weten hoe luid het is.")
        page.get_by_label("Veiligheid").first.check()
        go_on(page, "Gegevens")
        page.locator("input[name=personalData][value=none]").check()
        go_on(page, "Hoe lang")
        page.get_by_label("Vanaf welke dag").fill(list_steps()["hoe-lang"]["placedFrom"])
        page.get_by_label("Tot wanneer").fill(list_steps()["hoe-lang"]["activeUntil"])
        go_on(page, "Controleer uw antwoorden")
        page.get_by_role("button", name="Registreer de sensor").click()
        expect(page.get_by_role("heading", name="Ontvangstbevestiging")).to_be_visible()
