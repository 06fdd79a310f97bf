"""Write the pictures of docs/process.md: `python -m tests.support.process_pictures http://127.0.0.1:8000`.

The register that is asked has the examples of `make run` and nothing else: the pictures decide and report in it.
"""

import sys
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Page

from app.bootstrap.paths import ROOT
from tests.support.browser import open_browser

FOLDER: Final = ROOT / "docs" / "pictures"
DESK: Final = {"width": 1000, "height": 760}
PHONE: Final = {"width": 360, "height": 700}


class Camera:
    """A person at a browser of one's own, of whom pictures are taken."""

    def __init__(self, browser: Browser, address: str, folder: Path, *, phone: bool = False) -> None:
        context = browser.new_context(viewport=PHONE if phone else DESK)  # type: ignore[arg-type]
        self.page: Page = context.new_page()
        self._address = address
        self._folder = folder

    def sign_in(self, name: str) -> None:
        self.go("/inloggen")
        self.page.get_by_role("button", name=name).click()

    def go(self, path: str) -> None:
        self.page.goto(self._address + path)

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).first.click()

    def take(self, name: str, *, at: str = "h1") -> None:
        """Write the picture, with this element near its top, in the font of the pages."""
        self.page.locator(at).first.evaluate(
            "one => window.scrollTo(0, one.getBoundingClientRect().top + scrollY - 60)"
        )
        self.page.evaluate("document.fonts.ready")
        self.page.screenshot(path=self._folder / f"process-{name}.png")


def review(reviewer: Camera) -> None:
    """Ask for a change of the first submission of Carla's company."""
    reviewer.sign_in("Bram")
    reviewer.go("/mijn/beoordelen")
    reviewer.take("queue", at="main table")
    reviewer.page.get_by_role("link", name="laadpaal").first.click()
    reviewer.page.get_by_text("Wijziging vragen").first.click()
    reviewer.page.locator("textarea[name^=reden-]").first.fill("Noem ook het nummer van de paal.")
    reviewer.take("submission", at="#fields")
    reviewer.press("Vraag om wijzigingen")


def answer(owner: Camera) -> None:
    """See what is asked, and the receipts."""
    owner.sign_in("Carla")
    owner.go("/mijn/taken")
    owner.take("tasks")
    owner.go("/mijn/ontvangst")
    owner.page.locator("main table a").first.click()
    owner.take("receipt")


def report(resident: Camera) -> None:
    """Begin a report about a place, on a phone."""
    resident.go("/melden?plek=4.89321,52.37310")
    resident.take("report")


def state_duty(resident: Camera) -> None:
    resident.go("/gemeente/amsterdam")
    resident.take("duty", at=".coverage")


def write_pictures(address: str, folder: Path) -> None:
    with open_browser() as browser:
        review(Camera(browser, address, folder))
        answer(Camera(browser, address, folder))
        report(Camera(browser, address, folder, phone=True))
        state_duty(Camera(browser, address, folder))


if __name__ == "__main__":
    write_pictures(sys.argv[1].rstrip("/"), FOLDER)
