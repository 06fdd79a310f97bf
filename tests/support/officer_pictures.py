"""Write the pictures of docs/officer.md: `python -m tests.support.officer_pictures http://127.0.0.1:8000`.

The register that is asked has the examples of `make run` and nothing else: the pictures register sensors in it.
"""

import sys
from pathlib import Path
from typing import Final

from playwright.sync_api import Page

from app.bootstrap.paths import ROOT
from app.core.clock import dutch_date
from tests.support.browser import open_browser
from tests.support.import_browser import make_own_list
from tests.support.import_client import make_rows
from tests.support.waiting import PATIENCE_SECONDS

FOLDER: Final = ROOT / "docs" / "pictures"
DESK: Final = {"width": 1000, "height": 760}
PHONE: Final = {"width": 360, "height": 700}
LIST: Final = 400
WRONG: Final = 9
LONG_MS: Final = PATIENCE_SECONDS * 1000


class Officer:
    """An editor of the demo at a browser, who takes a picture of what is in view."""

    def __init__(self, page: Page, address: str, folder: Path) -> None:
        self._page = page
        self._address = address
        self._folder = folder

    def go(self, path: str) -> None:
        self._page.goto(self._address + path)

    def take(self, name: str, *, at: str = "h1") -> None:
        """Write the picture, with this element near its top."""
        self._page.locator(at).first.evaluate(
            "one => window.scrollTo(0, one.getBoundingClientRect().top + scrollY - 60)"
        )
        self._page.screenshot(path=self._folder / f"officer-{name}.png")

    def sign_in(self) -> None:
        self.go("/mijn")
        self._page.get_by_role("button", name="Eva").click()
        self.take("workplace")

    def register(self) -> None:
        """Register a camera in steps."""
        page, year = self._page, dutch_date().year
        self.go("/mijn/registreren")
        page.get_by_role("button", name="Begin", exact=True).click()
        page.get_by_label("Wat voor sensor is het?").select_option("optical_camera")
        page.get_by_label("Wat meet de sensor?").fill("Beelden van het plein")
        page.get_by_label("Uw eigen nummer").fill("CAM-0401")
        page.get_by_label("Naam voor de lezer").fill("Camera aan de gevel")
        self.take("what")
        self._go_on()
        page.get_by_label("Vast").check()
        page.locator("#location").fill("121394 487383")
        page.get_by_label("Kijkrichting").fill("225")
        page.get_by_label("Kijkhoek").fill("70")
        page.get_by_label("Bereik").fill("60")
        page.get_by_text("In Amsterdam.").wait_for()
        page.get_by_role("button", name="Kaart bewegen").click()
        page.locator("[data-map-drawn]").wait_for(state="attached", timeout=LONG_MS)
        self.take("where", at=".map")
        self._go_on()
        page.get_by_label("Waarvoor").fill("Toezicht op het plein.")
        page.get_by_label("Veiligheid").first.check()
        self._go_on()
        page.locator("input[name=personalData][value=none]").check()
        self._go_on()
        page.get_by_label("Vanaf welke dag").fill(f"{year + 1}-01-01")
        page.get_by_label("Tot wanneer").fill(f"{year + 3}-01-01")
        self._go_on()
        self.take("check")
        page.get_by_role("button", name="Registreer de sensor").click()
        page.get_by_role("heading", name="Ontvangstbevestiging").wait_for()
        self.take("receipt")

    def import_list(self) -> None:
        """Import a list with own headings, of which nine rows have no place."""
        page = self._page
        self._send("camera's.csv", make_own_list(LIST).replace(b"52.36", b"noord", WRONG))
        self.take("columns")
        for label, option in {"Soort": "Soort sensor", "NB": "Breedtegraad", "OL": "Lengtegraad"}.items():
            page.locator("table").get_by_label(label, exact=True).select_option(label=option)
        (row,) = make_rows(1)
        for name, value in row.items():
            field = page.locator(f"[name='vast-{name}']")
            if field.count() and name != "sensorType":
                fill = field.select_option if field.evaluate("one => one.tagName") == "SELECT" else field.fill
                fill(str(value))
        page.get_by_role("button", name="Onthoud dit en controleer").click()
        page.get_by_label("Dome").select_option("sound")
        self.take("words")
        page.get_by_role("button", name="Onthoud dit en controleer").click()
        page.get_by_role("heading", name="Wat u moet verbeteren").wait_for(timeout=LONG_MS)
        self.take("problems", at="h2:has-text('Wat u moet verbeteren')")
        self._send("camera's verbeterd.csv", make_own_list(LIST))
        page.get_by_role("button", name=f"Pas alles toe ({LIST})").wait_for(timeout=LONG_MS)
        self.take("ready", at="h2:has-text('Uitkomst')")
        page.get_by_role("button", name=f"Pas alles toe ({LIST})").click()
        page.get_by_text("De sensoren staan in het register.").wait_for(timeout=LONG_MS)

    def see_others(self) -> None:
        """See the sensors, the tasks and the people of the organisation."""
        for name, path in {
            "sensors": "/mijn/sensoren",
            "tasks": "/mijn/taken",
            "quality": "/mijn/kwaliteit",
            "team": "/mijn/team",
        }.items():
            self.go(path)
            self.take(name)

    def _send(self, name: str, content: bytes) -> None:
        self.go("/mijn/importeren")
        file = {"name": name, "mimeType": "text/csv", "buffer": content}
        self._page.set_input_files("#bestand", [file])  # type: ignore[arg-type]
        self._page.get_by_role("button", name="Stuur en controleer").click()
        self._page.locator("[data-running]").wait_for(state="detached", timeout=LONG_MS)

    def _go_on(self) -> None:
        self._page.get_by_role("button", name="Verder").last.click()


def write_pictures(address: str, folder: Path) -> None:
    """Write each picture of the path of an officer, at a desk; and of the sensors on a phone."""
    with open_browser() as browser, browser.new_context(viewport=DESK) as context:  # type: ignore[arg-type]
        page = context.new_page()
        officer = Officer(page, address, folder)
        officer.sign_in()
        officer.register()
        officer.import_list()
        officer.see_others()
        page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        officer.go("/mijn/taken")
        officer.take("phone")


if __name__ == "__main__":
    write_pictures(sys.argv[1].rstrip("/"), FOLDER)
