"""A sensor that drives through three municipalities: one decides, two comment, in a real browser."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, expect

from app.access.actions import admit_principal, grant_role
from app.access.demo import DEMO_DOMAIN
from app.access.principal import Role
from tests.support.browser import open_browser, serve_site
from tests.support.organisations import make_municipality, make_organisation
from tests.support.sensors import load_cities
from tests.support.workplace import list_steps, open_session

pytestmark = pytest.mark.slow

CITIES = {"GM0344": "Utrecht", "GM0363": "Amsterdam", "GM0518": "Den Haag"}
DECIDES, *COMMENT = sorted(CITIES)
REVIEWERS = dict(zip(sorted(CITIES), ("Ursula", "Bram", "Hans"), strict=True))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as browser:
        yield browser


@dataclass(frozen=True, slots=True)
class Person:
    """A person at a browser without scripts, signed in to the demo."""

    page: Page
    site: str

    def go(self, path: str) -> None:
        self.page.goto(self.site + path)

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).first.click()

    def sees(self, text: str) -> None:
        expect(self.page.get_by_text(text).first).to_be_visible()


@pytest.fixture
def site(fresh_database: str) -> Iterator[str]:
    with open_session(fresh_database) as session:
        load_cities(session)

        def admit(name: str, role: Role, organisation: UUID) -> None:
            person = admit_principal(session, admitted_by=None, name=name, handle=name.lower() + DEMO_DOMAIN)
            grant_role(session, granted_by=None, principal_id=person, role=role, organisation_id=organisation)

        for code, name in CITIES.items():
            admit(REVIEWERS[code], "reviewer", make_municipality(session, code, f"Gemeente {name}"))
        admit("Carla", "editor", make_organisation(session, name="Vervoerbedrijf BV"))
    with serve_site(fresh_database) as address:
        yield address


def sign_in(browser: Browser, site: str, name: str) -> Person:
    context = browser.new_context(java_script_enabled=False)
    person = Person(context.new_page(), site)
    person.go("/inloggen")
    person.page.get_by_role("button", name=name).click()
    return person


def submit_bus(person: Person) -> str:
    """Register a mobile sensor through the form; gives its registration number."""
    page, steps = person.page, list_steps()
    person.go("/mijn/registreren")
    person.press("Begin")
    page.get_by_label("Wat voor sensor is het?").select_option(steps["wat"]["sensorType"])
    for name, answer in (("measures", "Geluid in decibel"), ("reference", "bus-1"), ("name", "Bus 1")):
        page.locator(f"#{name}").fill(answer)
    person.press("Verder")
    page.locator("[name=mobility][value=mobile]").check()
    page.locator("#operatingArea").fill("; ".join(CITIES.values()))
    person.press("Verder")
    page.locator("#purpose").fill("Weten hoe luid het is.")
    page.locator("[name=themes][value=environment_noise]").check()
    person.press("Verder")
    page.locator("[name=personalData][value=none]").check()
    person.press("Verder")
    for name, answer in steps["hoe-lang"].items():
        page.locator(f"#{name}").fill(answer)
    person.press("Verder")
    person.press("Registreer de sensor")
    person.sees("Ontvangstbevestiging")
    return page.locator(".code", has_text=re.compile(r"^[0-9A-Z]{7}$")).first.inner_text()


def test_one_municipality_decides_after_the_others_commented(browser: Browser, site: str) -> None:
    carla = sign_in(browser, site, "Carla")
    code = submit_bus(carla)
    page = f"/s/{code}"
    assert carla.page.request.get(site + page).status == 404

    for commenting in COMMENT:
        person = sign_in(browser, site, REVIEWERS[commenting])
        person.go(f"/mijn/beoordelen/{code}")
        assert person.page.get_by_role("button", name="Publiceer").count() == 0
        person.page.get_by_role("textbox", name="Reactie").fill(f"Geen bezwaar van {CITIES[commenting]}.")
        person.press("Plaats de reactie")
        person.sees(f"Geen bezwaar van {CITIES[commenting]}.")

    ursula = sign_in(browser, site, REVIEWERS[DECIDES])
    ursula.go("/mijn/beoordelen")
    ursula.page.get_by_role("link", name="Bus 1").first.click()
    for commented in COMMENT:
        ursula.sees(f"Geen bezwaar van {CITIES[commented]}.")
    ursula.press("Publiceer")
    ursula.sees(f"Inzending {code} is gepubliceerd.")

    assert carla.page.request.get(site + page).status == 200
    carla.go(f"/mijn/beoordeling/{code}")
    carla.sees("Geen bezwaar van Amsterdam.")
    for name in CITIES.values():
        found = carla.page.request.get(f"{site}/v1/collections/sensors/items?municipality={name}")
        assert [one["properties"]["publicCode"] for one in found.json()["features"]] == [code]
