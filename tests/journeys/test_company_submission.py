"""A company and a reviewer: from their invitations to the removal, with provider, mail server and job worker."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import open_browser
from tests.support.certified_provider import identify, refuse_fonts
from tests.support.office import Office, open_office
from tests.support.organisations import make_organisation
from tests.support.waiting import wait_until
from tests.support.workplace import open_session
from tests.website.reviewing.test_submission_routes_in_browser import go_the_way
from tests.website.test_routes_in_browser import visit

pytestmark = pytest.mark.slow

COMPANY = "info@meetbedrijf.example"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as browser:
        yield browser


@pytest.fixture
def office(fresh_database: str, tmp_path: Path) -> Iterator[Office]:
    with open_office(fresh_database, tmp_path) as office:
        with open_session(fresh_database) as session:
            make_organisation(session, publicEmail=COMPANY)
        yield office


@contextmanager
def sign_in(browser: Browser, office: Office, name: str, role: str, organisation: str) -> Iterator[Page]:
    """The browser of a person who was invited by mail and signs in at the provider; without scripts."""
    link = office.invite(name, f"{name.lower()}@werk.example", role, "--organisation", organisation)
    options = {"java_script_enabled": False, "ignore_https_errors": True, "base_url": office.site}
    with visit(browser, **options) as page:
        refuse_fonts(page)
        page.goto(link)
        page.get_by_role("link", name="Log in met uw werkaccount").click()
        identify(page, name.lower())
        expect(page.get_by_role("heading", name="Mijn werkplek")).to_be_visible()
        yield page


def list_subjects(office: Office, code: str) -> list[str]:
    """The first words of the mails about one registration that the company got, in order."""
    mails = zip(office.post.receivers, office.post.taken, strict=False)
    return [
        mail["Subject"].split(" in het")[0]
        for receiver, mail in mails
        if receiver == COMPANY and code in mail["Subject"]
    ]


def test_company_submits_changes_and_removes_a_sensor(browser: Browser, office: Office) -> None:
    with (
        sign_in(browser, office, "Carla", "editor", "Meetbedrijf BV") as carla,
        sign_in(browser, office, "Bram", "reviewer", "GM0363") as bram,
    ):
        code = go_the_way(carla, bram)
    decisions = ["Wijzigingen gevraagd", "Gepubliceerd", "Gepubliceerd", "Gepubliceerd"]
    wait_until(lambda: len(list_subjects(office, code)) >= len(decisions))
    assert list_subjects(office, code) == decisions
    assert "carla@werk.example" in office.post.receivers
