"""A missing camera: from the resident's report to the answer in the resident's mail, over real parts."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.test_company_submission import browser, sign_in
from tests.support.certified_provider import refuse_fonts
from tests.support.office import Office, open_office
from tests.support.organisations import make_organisation
from tests.support.waiting import wait_until
from tests.support.workplace import open_session
from tests.website.reporting.test_report_routes_in_browser import (
    LEAST_SECONDS,
    fill_in_report,
    go_to,
    register_at_place,
)
from tests.website.test_routes_in_browser import visit

pytestmark = pytest.mark.slow

__all__ = ["browser"]

RESIDENT, OWNER = "bewoner@example.org", "info@camerabedrijf.example"


@pytest.fixture
def office(fresh_database: str, tmp_path: Path) -> Iterator[Office]:
    with open_office(fresh_database, tmp_path) as office:
        with open_session(fresh_database) as session:
            make_organisation(session, name="Camerabedrijf BV", publicEmail=OWNER)
        yield office


def find_link(office: Office, receiver: str, total: int, start: str) -> str:
    """The line that begins so in the newest mail to an address, once it got this many."""
    wait_until(lambda: office.post.receivers.count(receiver) >= total)
    newest = max(number for number, one in enumerate(office.post.receivers) if one == receiver)
    return office.read_mail(newest, rf"^{start}\S*")


def send_report(resident: Page, site: str) -> None:
    fill_in_report(resident, site)
    resident.wait_for_timeout(LEAST_SECONDS * 1000)
    resident.get_by_role("button", name="Verstuur").click()
    expect(resident.get_by_text("Uw melding is ontvangen.")).to_be_visible()


def test_resident_reads_the_answer_by_mail(browser: Browser, office: Office) -> None:
    options = {"java_script_enabled": False, "ignore_https_errors": True}
    with visit(browser, **options) as resident:
        refuse_fonts(resident)
        send_report(resident, office.site)
        private = find_link(office, RESIDENT, 1, office.site)
        with sign_in(browser, office, "Eva", "editor", "GM0363") as town:
            town.goto("/mijn/meldingen")
            go_to(town, "Er ontbreekt een sensor")
            town.get_by_label("Organisatie die antwoordt").fill("Camerabedrijf BV")
            town.get_by_role("button", name="Stuur door").click()
            expect(town.get_by_text("De melding is doorgestuurd.")).to_be_visible()
        forwarded = find_link(office, OWNER, 1, f"{office.site}/mijn/meldingen/")
        with sign_in(browser, office, "Noor", "editor", "Camerabedrijf BV") as owner:
            owner.goto(forwarded)
            owner.get_by_role("button", name="Registreer een sensor op deze plek").click()
            register_at_place(owner)
            owner.goto(forwarded)
            owner.get_by_label("Antwoord aan de bewoner").fill("Dank u. De sensor is nu geregistreerd.")
            owner.get_by_role("button", name="Verstuur het antwoord").click()
            expect(owner.get_by_text("De melding is beantwoord.")).to_be_visible()
        assert find_link(office, RESIDENT, 2, "Dank u. De sensor is nu geregistreerd")
        resident.goto(private)
        expect(resident.get_by_text("Dank u. De sensor is nu geregistreerd.")).to_be_visible()
