"""The way of a submission through review in a real browser, without JavaScript; accessibility of its pages."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import create_engine

from app.access.actions import admit_principal, grant_role
from app.access.demo import DEMO_DOMAIN
from app.core.clock import dutch_date
from app.core.database import sqlalchemy_url, transaction
from tests.support.browser import serve_site
from tests.support.organisations import make_municipality, make_organisation
from tests.support.sensors import load_cities
from tests.website.test_routes_in_browser import find_violations, visit

pytestmark = pytest.mark.slow

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}
PEOPLE = {"Carla": "editor", "Bram": "reviewer", "Noor": "reviewer"}


@pytest.fixture
def address(fresh_database: str) -> Iterator[str]:
    """A site with an editor of a company and two reviewers of Amsterdam, who are persons of the demo."""
    engine = create_engine(sqlalchemy_url(fresh_database))
    with transaction(engine) as session:
        load_cities(session)
        amsterdam, company = make_municipality(session), make_organisation(session)
        for name, role in PEOPLE.items():
            person = admit_principal(
                session, admitted_by=None, name=name, handle=f"{name.lower()}{DEMO_DOMAIN}"
            )
            grant_role(
                session,
                granted_by=None,
                principal_id=person,
                role=role,  # type: ignore[arg-type]
                organisation_id=company if role == "editor" else amsterdam,
            )
    engine.dispose()
    with serve_site(fresh_database) as served:
        yield served


@contextmanager
def sign_in(browser: Browser, address: str, name: str, **options: object) -> Iterator[Page]:
    """The browser of a person, without scripts."""
    with visit(browser, java_script_enabled=False, base_url=address, **options) as page:
        page.goto("/mijn")
        page.get_by_role("button", name=name).click()
        expect(page.get_by_role("heading", name="Mijn werkplek")).to_be_visible()
        yield page


def go_on(page: Page) -> None:
    page.get_by_role("button", name="Verder").last.click()


def register(page: Page) -> str:
    """Submit a sensor on Dam square; gives its registration number."""
    year = dutch_date().year
    page.goto("/mijn/registreren")
    page.get_by_role("button", name="Begin", exact=True).click()
    page.get_by_label("Wat voor sensor is het?").select_option("sound")
    page.get_by_label("Wat meet de sensor?").fill("Geluid in decibel")
    page.get_by_label("Referentie: uw eigen nummer of code").fill("geluid-1")
    page.get_by_label("Naam voor de lezer").fill("Geluid op de Dam")
    go_on(page)
    page.get_by_label("Vast").check()
    page.locator("#location").fill("52,3731, 4,8932")
    go_on(page)
    page.get_by_label("Waarvoor").fill("Meten.")
    page.locator("input[name=themes]").first.check()
    go_on(page)
    page.locator("input[name=personalData][value=none]").check()
    go_on(page)
    page.get_by_label("Vanaf welke dag").fill(f"{year}-01-01")
    page.get_by_label("Tot wanneer").fill(f"{year + 2}-01-01")
    go_on(page)
    page.get_by_role("button", name="Registreer de sensor").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ontvangstbevestiging")
    page.goto("/mijn/sensoren")
    return page.locator("tbody td.code").first.inner_text()


def open_first(page: Page) -> None:
    """Open the first submission of the queue."""
    page.goto("/mijn/beoordelen")
    page.locator("tbody th a").first.click()


def see_public(page: Page, code: str) -> None:
    """Read the public page again, which a browser may store for a while."""
    page.goto(f"/s/{code}")
    page.reload()


def go_the_way(carla: Page, bram: Page) -> str:
    """Submit, ask for changes, send again, publish; then a change and the removal. Gives the registration number."""
    code = register(carla)
    # Changes are asked, at a field.
    open_first(bram)
    row = bram.get_by_role("row", name="Waarvoor").first
    row.locator("summary").click()
    row.locator("textarea").fill("Waarvoor wilt u dit weten?")
    bram.get_by_role("button", name="Vraag om wijzigingen").click()
    expect(bram.get_by_role("status").first).to_contain_text(code)
    # The company answers and sends again.
    carla.goto("/mijn/taken")
    carla.get_by_role("link", name=code).click()
    carla.get_by_role("button", name="Wijzig en verstuur opnieuw").click()
    carla.get_by_role("link", name="Wijzig of antwoord").click()
    expect(carla.get_by_text("Waarvoor wilt u dit weten?")).to_be_visible()
    carla.locator("#purpose").fill("Weten of het te luid is.")
    carla.get_by_label("Uw antwoord aan de gemeente").fill("Dat staat er nu bij.")
    go_on(carla)
    carla.get_by_role("button", name="Verstuur opnieuw").click()
    # It is published.
    open_first(bram)
    expect(bram.get_by_text("Dat staat er nu bij.")).to_be_visible()
    bram.get_by_role("button", name="Publiceer").click()
    expect(bram.get_by_text(f"Inzending {code} is gepubliceerd.")).to_be_visible()
    # A change waits, while the old version stays.
    carla.goto(f"/mijn/beoordeling/{code}")
    carla.get_by_role("button", name="Wijzig deze registratie").click()
    carla.locator("#measures").fill("Geluid in decibel per minuut")
    carla.get_by_role("button", name="Bewaar als concept en sluit").last.click()
    carla.get_by_role("link", name="Geluid op de Dam", exact=True).click()
    carla.get_by_role("button", name="Verstuur de wijziging").click()
    bram.goto(f"/s/{code}")
    expect(bram.get_by_text("Geluid in decibel per minuut")).to_have_count(0)
    open_first(bram)
    expect(bram.get_by_role("heading", level=1)).to_contain_text("Wijziging")
    expect(bram.locator("ins")).to_have_text("Geluid in decibel per minuut")
    bram.get_by_role("button", name="Publiceer").click()
    see_public(bram, code)
    expect(bram.get_by_text("Geluid in decibel per minuut").first).to_be_visible()
    # So does the removal.
    carla.goto("/mijn/sensoren")
    carla.locator("tbody input[name=kies]").first.check()
    carla.get_by_role("button", name="Meld als verwijderd").click()
    carla.get_by_role("button", name="Meld 1 sensor als verwijderd").click()
    open_first(bram)
    expect(bram.get_by_role("heading", level=1)).to_contain_text("Verwijdering")
    bram.get_by_role("button", name="Publiceer").click()
    expect(bram.get_by_text("Er wacht nu niets op uw oordeel.")).to_be_visible()
    see_public(bram, code)
    expect(bram.get_by_text("verwijderd").first).to_be_visible()
    return code


def test_submission_goes_its_way_without_javascript(browser: Browser, address: str) -> None:
    with sign_in(browser, address, "Carla") as carla, sign_in(browser, address, "Bram") as bram:
        go_the_way(carla, bram)


def test_second_of_two_reviewers_sees_who_was_first(browser: Browser, address: str) -> None:
    with (
        sign_in(browser, address, "Carla") as carla,
        sign_in(browser, address, "Bram") as bram,
        sign_in(browser, address, "Noor") as noor,
    ):
        register(carla)
        open_first(bram)
        open_first(noor)
        noor.get_by_label("Toelichting, reden of opmerking").fill("Dit klopt niet.")
        bram.get_by_role("button", name="Publiceer").click()
        noor.get_by_role("button", name="Wijs af").click()
        expect(noor.get_by_role("alert")).to_contain_text("Bram heeft deze registratie al gepubliceerd")
        expect(noor.get_by_role("alert")).to_contain_text("Dit klopt niet.")


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_pages_have_no_accessibility_violations(
    browser: Browser, address: str, viewport: dict[str, int]
) -> None:
    with sign_in(browser, address, "Carla") as carla:
        code = register(carla)
    for name, paths in {
        "Bram": ("/mijn", "/mijn/taken", "/mijn/beoordelen", f"/mijn/beoordelen/{code}"),
        "Carla": (f"/mijn/beoordeling/{code}", f"/mijn/sensoren/{code}/intrekken", "/mijn/sensoren"),
    }.items():
        with visit(browser, base_url=address, viewport=viewport) as page:
            page.goto("/mijn")
            page.get_by_role("button", name=name).click()
            for path in paths:
                page.goto(path)
                page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true; })")
                assert find_violations(page, leave_out=".map") == [], path
                root = "document.documentElement"
                assert page.evaluate(f"{root}.scrollWidth - {root}.clientWidth") <= 0, path
            if name == "Bram":
                page.goto(f"/mijn/beoordelen/{code}")
                page.get_by_role("button", name="Wijs af").click()
                expect(page.get_by_role("alert")).to_be_visible()
                assert find_violations(page, leave_out=".map") == []
                page.goto("/mijn/beoordelen")
                page.locator("tbody input[name=kies]").first.check()
                page.get_by_role("button", name="Vraag om wijzigingen").click()
                assert find_violations(page) == []
