"""A missing camera, from the resident's report to the answer, in a real browser without JavaScript."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import create_engine

from app.access.actions import admit_principal, grant_role
from app.access.demo import DEMO_DOMAIN
from app.core.database import sqlalchemy_url, transaction
from tests.support.browser import serve_site
from tests.support.organisations import make_municipality, make_organisation
from tests.support.reports import KEY
from tests.support.sensors import load_cities
from tests.support.workplace import list_steps
from tests.website.conftest import browser
from tests.website.test_routes_in_browser import find_violations, visit

pytestmark = pytest.mark.slow

__all__ = ["browser"]

DAM = "4.89321,52.3731"
LEAST_SECONDS = 4
WIDTHS = (360, 1280)


@pytest.fixture(scope="module")
def address(module_database: str) -> Iterator[str]:
    """A site with an editor of Amsterdam, and one of a company, who sign in to its demo."""
    engine = create_engine(sqlalchemy_url(module_database))
    with transaction(engine) as session:
        load_cities(session)
        organisations = {
            "Eva": make_municipality(session),
            "Noor": make_organisation(
                session, name="Camerabedrijf BV", publicEmail="info@camerabedrijf.example"
            ),
        }
        for name, organisation_id in organisations.items():
            handle = f"{name.lower()}{DEMO_DOMAIN}"
            person = admit_principal(session, admitted_by=None, name=name, handle=handle)
            grant_role(
                session, granted_by=None, principal_id=person, role="editor", organisation_id=organisation_id
            )
    engine.dispose()
    with serve_site(
        module_database, report_key=KEY, mail_host="mail.invalid", mail_from="sensoren@register.example"
    ) as address:
        yield address


def go_to(page: Page, name: str) -> None:
    page.get_by_role("link", name=name).first.click()


def fill_in_report(page: Page, address: str) -> None:
    """A resident finds the place, and gets to the form."""
    page.goto(f"{address}/hier?plek={DAM}")
    go_to(page, "Meld iets over deze plek")
    go_to(page, "Er ontbreekt een sensor")
    go_to(page, "Nee, of dat weet ik niet")
    page.get_by_label("Uw melding").fill("Een camera boven de ingang.")
    page.get_by_label("Uw e-mailadres").fill("bewoner@example.org")
    page.get_by_label("De vraag en het antwoord mogen").check()


def sign_in(page: Page, address: str, name: str, path: str) -> None:
    page.goto(address + path)
    page.get_by_role("button", name=name).click()


def test_missing_camera_is_reported_forwarded_registered_and_answered(browser: Browser, address: str) -> None:
    with visit(browser, java_script_enabled=False) as resident:
        fill_in_report(resident, address)
        # A form that is sent at once comes back with what was typed.
        resident.get_by_role("button", name="Verstuur").click()
        sent_too_soon = resident.get_by_text("Dat ging wel erg snel")
        if sent_too_soon.count():
            expect(resident.get_by_label("Uw melding")).to_have_value("Een camera boven de ingang.")
            resident.wait_for_timeout(LEAST_SECONDS * 1000)
            resident.get_by_role("button", name="Verstuur").click()
        expect(resident.get_by_text("Uw melding is ontvangen.")).to_be_visible()
        private = str(resident.locator(".share__address").text_content())
        with visit(browser, java_script_enabled=False) as town:
            sign_in(town, address, "Eva", "/mijn/meldingen")
            go_to(town, "Er ontbreekt een sensor")
            expect(town.get_by_text("Een camera boven de ingang.")).to_be_visible()
            town.get_by_label("Organisatie die antwoordt").fill("Camerabedrijf BV")
            town.get_by_role("button", name="Stuur door").click()
            expect(town.get_by_text("De melding is doorgestuurd.")).to_be_visible()
        resident.goto(private)
        expect(resident.get_by_text("van Camerabedrijf BV")).to_be_visible()
        with visit(browser, java_script_enabled=False) as owner:
            sign_in(owner, address, "Noor", "/mijn/meldingen")
            go_to(owner, "Er ontbreekt een sensor")
            owner.get_by_role("button", name="Registreer een sensor op deze plek").click()
            register_at_place(owner)
            owner.goto(f"{address}/mijn/meldingen")
            go_to(owner, "Er ontbreekt een sensor")
            owner.get_by_label("Antwoord aan de bewoner").fill("Dank u. De sensor is nu geregistreerd.")
            owner.get_by_role("button", name="Verstuur het antwoord").click()
            expect(owner.get_by_text("De melding is beantwoord.")).to_be_visible()
        resident.goto(private)
        expect(resident.get_by_text("Dank u. De sensor is nu geregistreerd.")).to_be_visible()


def register_at_place(owner: Page) -> None:
    """Answer the steps of registering; the place is there already."""
    answers = list_steps()
    owner.get_by_label("Wat voor sensor is het?").select_option(answers["wat"]["sensorType"])
    owner.get_by_label("Wat meet de sensor?").fill(answers["wat"]["measures"])
    owner.get_by_label("Uw eigen nummer").fill("gemeld-1")
    owner.get_by_role("button", name="Verder").last.click()
    expect(owner.locator("[name=location]").first).to_have_value("52.3731, 4.89321")
    owner.get_by_role("button", name="Verder").last.click()
    owner.locator("[name=purpose]").fill(answers["waarom"]["purpose"])
    for theme in answers["waarom"]["themes"]:
        owner.locator(f"[name=themes][value={theme}]").check()
    owner.get_by_role("button", name="Verder").last.click()
    owner.locator(f"[name=personalData][value={answers['gegevens']['personalData']}]").check()
    owner.get_by_role("button", name="Verder").last.click()
    for name, day in answers["hoe-lang"].items():
        owner.locator(f"[name={name}]").fill(day)
    owner.get_by_role("button", name="Verder").last.click()
    owner.get_by_role("button", name="Registreer de sensor").click()
    expect(owner.get_by_text("gemeld-1").first).to_be_visible()


@pytest.mark.parametrize("width", WIDTHS)
def test_pages_of_reports_are_accessible(browser: Browser, address: str, width: int) -> None:
    with visit(browser, viewport={"width": width, "height": 900}) as page:
        for path in (
            "/melden",
            "/melden?sensor=ONBEKEND",
            f"/melden?plek={DAM}",
            f"/melden?plek={DAM}&soort=missing",
            f"/melden?plek={DAM}&soort=missing&thuis=ja",
            f"/en/melden?plek={DAM}&soort=question",
        ):
            page.goto(address + path)
            check_page(page, width)
        page.get_by_role("button", name="Send").click()
        assert find_violations(page) == []


@pytest.mark.parametrize("width", WIDTHS)
def test_pages_of_who_handles_reports_are_accessible(browser: Browser, address: str, width: int) -> None:
    with visit(browser, viewport={"width": width, "height": 900}) as page:
        page.goto(f"{address}/melden?plek={DAM}&soort=question")
        page.get_by_label("Uw melding").fill(f"Wat hangt hier, op {width} punten?")
        page.wait_for_timeout(LEAST_SECONDS * 1000)
        page.get_by_role("button", name="Verstuur").click()
        expect(page.get_by_text("Uw melding is ontvangen.")).to_be_visible()
        check_page(page, width)
        sign_in(page, address, "Eva", "/mijn/meldingen")
        check_page(page, width)
        go_to(page, "Een vraag")
        check_page(page, width)
        page.get_by_role("button", name="Verstuur het antwoord").click()
        expect(page.get_by_role("link", name="Schrijf uw antwoord aan de bewoner.")).to_be_visible()
        check_page(page, width)


def check_page(page: Page, width: int) -> None:
    """No finding of axe-core, and nothing beside the page."""
    assert find_violations(page) == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url
