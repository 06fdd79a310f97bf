"""The first editor of a municipality: from her invitation to a colleague's, in a real browser with real servers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.support.browser import open_browser
from tests.support.certified_provider import identify, refuse_fonts
from tests.support.import_browser import make_own_list
from tests.support.import_client import make_rows
from tests.support.office import Office, open_office
from tests.support.waiting import PATIENCE_SECONDS, wait_until
from tests.support.workplace import list_steps
from tests.website.test_routes_in_browser import visit

pytestmark = pytest.mark.slow

LIST, WRONG, SQUARE = 400, 9, 40
_PATIENCE_MS = PATIENCE_SECONDS * 1000


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as browser:
        yield browser


@pytest.fixture
def office(fresh_database: str, tmp_path: Path) -> Iterator[Office]:
    with open_office(fresh_database, tmp_path) as office:
        yield office


@dataclass(slots=True)
class Person:
    """A person at a page, whose clicks are counted by part of the journey."""

    page: Page
    has_javascript: bool
    clicks: dict[str, int] = field(default_factory=dict)
    part: str = ""

    def begin(self, part: str) -> None:
        self.part = part
        self.clicks[part] = 0

    def _count(self) -> None:
        self.clicks[self.part] += 1

    def press(self, name: str, *, within: Locator | None = None) -> None:
        (within or self.page).get_by_role("button", name=name).last.click()
        self._count()

    def follow(self, name: str) -> None:
        self.page.get_by_role("link", name=name).first.click()
        self._count()

    def check(self, box: Locator) -> None:
        box.check()
        self._count()

    def choose(self, label: str, value: str) -> None:
        self.page.get_by_label(label, exact=True).select_option(value)
        self._count()

    def fill(self, label: str, answer: str) -> None:
        self.page.get_by_label(label).first.fill(answer)

    def sees(self, heading: str) -> None:
        self.waits_for(self.page.get_by_role("heading", name=heading))

    def waits_for(self, shown: Locator | str) -> None:
        """Wait until this is on the page; where the page of an import asks to be refreshed, press that meanwhile."""
        locator = self.page.get_by_text(shown) if isinstance(shown, str) else shown
        if self.has_javascript:
            expect(locator.first).to_be_visible(timeout=_PATIENCE_MS)
            return
        refresh = self.page.get_by_role("link", name="Ververs deze pagina")

        def is_shown() -> bool:
            if refresh.count():
                refresh.click()
            return locator.first.is_visible()

        wait_until(is_shown)


@pytest.mark.parametrize("with_javascript", [True, False])
def test_first_editor_registers_imports_confirms_and_invites(
    browser: Browser, office: Office, tmp_path: Path, *, with_javascript: bool
) -> None:
    link = office.invite("Noor", "noor@amsterdam.example", "editor", "--organisation", "GM0363")
    manager = office.invite("Noor", "noor@amsterdam.example", "administrator", "--organisation", "GM0363")
    options = {"ignore_https_errors": True, "java_script_enabled": with_javascript}
    with visit(browser, **options) as page:
        refuse_fonts(page)
        noor = Person(page, has_javascript=with_javascript)
        sign_in_for_the_first_time(noor, link)
        accept_another_role(noor, manager)
        leave_a_draft_and_register_it(noor, office, with_javascript=with_javascript)
        import_own_list(noor, office, tmp_path)
        confirm_those_on_the_square(noor, office, with_javascript=with_javascript)
        invite_a_colleague(noor, office)
        sign_out_everywhere(noor, office)
    allowed = {
        "sign in": 3,
        "role": 1,
        "register": 15,
        "import": 18,
        "confirm": 4,
        "invite": 4,
        "sign out": 2,
    }
    if not with_javascript:
        # No box checks all boxes of a page then, and the place is shown on request.
        allowed |= {"confirm": 3 + SQUARE, "register": 16}
    assert {part: n for part, n in noor.clicks.items() if n > allowed[part]} == {}


def sign_in_for_the_first_time(noor: Person, link: str) -> None:
    noor.begin("sign in")
    noor.page.goto(link)
    noor.follow("Log in met uw werkaccount")
    identify(noor.page, "noor")
    noor.clicks[noor.part] += 2
    noor.sees("Mijn werkplek")


def accept_another_role(noor: Person, link: str) -> None:
    """A second invitation adds its role to the same person, who is signed in at the provider already."""
    noor.begin("role")
    noor.page.goto(link)
    noor.follow("Log in met uw werkaccount")
    noor.sees("Mijn werkplek")
    noor.waits_for("beheerder")


def leave_a_draft_and_register_it(noor: Person, office: Office, *, with_javascript: bool) -> None:
    noor.begin("register")
    page, begun, dates = noor.page, len(office.post.taken), list_steps()["hoe-lang"]
    noor.follow("Een sensor registreren, of verdergaan met een concept")
    noor.press("Begin")
    noor.sees("Wat")
    noor.choose("Wat voor sensor is het?", "optical_camera")
    noor.fill("Wat meet de sensor?", "Beelden van het plein")
    noor.fill("Uw eigen nummer", "CAM-1")
    noor.press("Verder")
    noor.sees("Waar")
    # She closes the page, and comes back by the start of her workplace.
    page.goto(f"{office.site}/mijn")
    noor.follow("Een sensor registreren, of verdergaan met een concept")
    noor.follow("CAM-1")
    expect(page.get_by_label("Wat meet de sensor?")).to_have_value("Beelden van het plein")
    noor.press("Verder")
    noor.check(page.get_by_label("Vast"))
    page.locator("#location").fill("121394 487383")
    for label, value in {"Kijkrichting": "225", "Kijkhoek": "70", "Bereik": "60"}.items():
        noor.fill(label, value)
    if not with_javascript:
        noor.press("Bewaar en toon op de kaart")
    noor.waits_for("In Amsterdam.")
    noor.press("Verder")
    noor.fill("Waarvoor", "Toezicht op het plein.")
    noor.check(page.get_by_label("Veiligheid").first)
    noor.press("Verder")
    noor.check(page.locator("input[name=personalData][value=none]"))
    noor.press("Verder")
    noor.fill("Vanaf welke dag", dates["placedFrom"])
    noor.fill("Tot wanneer", dates["activeUntil"])
    noor.press("Verder")
    noor.press("Registreer de sensor")
    noor.sees("Ontvangstbevestiging")
    code = page.locator("strong.code").first.inner_text()
    assert office.read_mail(begun, re.escape(code))
    assert office.post.receivers[begun] == "noor@amsterdam.example"


def write_list(path: Path, *, wrong: int) -> Path:
    """Her own list: the last rows stand on one square, and some latitudes are no number."""
    rows = make_own_list(LIST).decode()
    for number in range(LIST - SQUARE + 1, LIST + 1):
        rows = rows.replace(f"rij-{number};", f"plein-{number};")
    if wrong:
        rows = re.sub(r"52\.36\d*", "noord", rows, count=wrong)
    path.write_text(rows, encoding="utf-8")
    return path


def send_list(noor: Person, office: Office, path: Path) -> None:
    noor.page.goto(f"{office.site}/mijn/importeren")
    noor.page.set_input_files("#bestand", path)
    noor._count()
    noor.press("Stuur en controleer")


def import_own_list(noor: Person, office: Office, folder: Path) -> None:
    noor.begin("import")
    send_list(noor, office, write_list(folder / "lijst.csv", wrong=WRONG))
    noor.sees("Wat zijn uw kolommen?")
    explain_columns(noor)
    noor.sees("Wat betekenen uw woorden?")
    noor.choose("Dome", "sound")
    noor.press("Onthoud dit en controleer")
    noor.sees("Wat u moet verbeteren")
    expect(noor.page.locator("table td").nth(1)).to_have_text(str(WRONG))
    for name in ("verbeterd.csv", "nogmaals.csv"):
        send_list(noor, office, write_list(folder / name, wrong=0))
        button = noor.page.get_by_role("button", name=f"Pas alles toe ({LIST})")
        noor.waits_for(button)
        noor.press("Pas alles toe")
        noor.waits_for("De sensoren staan in het register.")
        if name == "verbeterd.csv":
            noor.press("Maak deze import ongedaan")
            noor.waits_for("Nieuwe sensoren zijn ingetrokken")


def explain_columns(noor: Person) -> None:
    table = noor.page.locator("table")
    for label, option in {"Soort": "Soort sensor", "NB": "Breedtegraad", "OL": "Lengtegraad"}.items():
        table.get_by_label(label, exact=True).select_option(label=option)
        noor._count()
    (row,) = make_rows(1)
    for name, value in row.items():
        box = noor.page.locator(f"[name='vast-{name}']")
        if box.count() and name != "sensorType":
            if box.evaluate("one => one.tagName") == "SELECT":
                box.select_option(str(value))
                noor._count()
            else:
                box.fill(str(value))
    noor.press("Onthoud dit en controleer")


def confirm_those_on_the_square(noor: Person, office: Office, *, with_javascript: bool) -> None:
    noor.begin("confirm")
    office.let_a_year_pass()
    page = noor.page
    page.goto(f"{office.site}/mijn/sensoren")
    noor.fill("Referentie, naam of nummer", "plein-")
    noor.press("Zoek")
    expect(page.locator("input[name=kies]")).to_have_count(SQUARE)
    if with_javascript:
        noor.check(page.get_by_label("Kies", exact=True))
    else:
        for box in page.locator("input[name=kies]").all():
            noor.check(box)
    noor.press("Bevestig")
    noor.sees("Deze sensoren bevestigen?")
    noor.press("Bevestig")
    noor.sees(f"{SQUARE} sensoren bevestigd")


def invite_a_colleague(noor: Person, office: Office) -> None:
    noor.begin("invite")
    begun = len(office.post.taken)
    noor.page.goto(f"{office.site}/mijn")
    noor.follow("Mensen en uitnodigingen")
    noor.follow("Nodig iemand uit")
    noor.fill("Naam", "Bram")
    noor.fill("E-mailadres van het werk", "bram@amsterdam.example")
    noor.check(noor.page.get_by_label("redacteur", exact=True))
    noor.press("Nodig uit")
    noor.waits_for("bram@amsterdam.example")
    assert office.read_mail(begun, r"^https://\S+/uitnodiging\?sleutel=\S+")


def sign_out_everywhere(noor: Person, office: Office) -> None:
    noor.begin("sign out")
    noor.page.goto(f"{office.site}/mijn")
    noor.follow("Waar u bent ingelogd")
    noor.press("Overal uitloggen")
    noor.sees("U bent uitgelogd")
    noor.page.goto(f"{office.site}/mijn")
    noor.sees("Inloggen")
