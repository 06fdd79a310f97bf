"""Write the pictures of docs/website.md and the README: `python -m tests.support.website_pictures http://127.0.0.1:8000`."""

import sys
from base64 import b64encode
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser

from app.bootstrap.paths import ROOT
from tests.support.browser import open_browser
from tests.support.website_map import open_map

FOLDER: Final = ROOT / "docs" / "pictures"
SIZES: Final = {"phone": {"width": 360, "height": 700}, "desk": {"width": 1100, "height": 760}}
TOGETHER: Final = {"width": 1200, "height": 610}
TOGETHER_STYLE: Final = """
body { background: #dfe7e6; display: flex; gap: 8px; height: 594px; margin: 8px; overflow: hidden }
img { height: max-content }
img:first-child { width: 860px }
img:last-child { width: 316px }
"""

PAGES: Final = {
    "start": ("/", "desk"),
    "spot": ("/hier?plek=4.89287,52.37307", "phone"),
    "map": ("/kaart?municipality=Utrecht", "desk"),
    "list": ("/sensoren?municipality=Utrecht", "phone"),
    "sensor": ("/s/XKV6XXC", "phone"),
    "municipality": ("/gemeente/utrecht", "desk"),
    "comparison": ("/cijfers/vergelijk?gemeente=Utrecht&gemeente=Amsterdam&gemeente=Rotterdam", "desk"),
    "label": ("/s/XKV6XXC/sticker", "desk"),
    "sign-in": ("/inloggen", "desk"),
}
"""Path and size of each picture; registration numbers are those of the examples."""


def write_pictures(address: str, folder: Path) -> None:
    """Write each picture of what is first in view, when a map in it has been drawn."""
    with open_browser() as browser:
        for name, (path, size) in PAGES.items():
            with browser.new_context(viewport=SIZES[size]) as context:  # type: ignore[arg-type]
                page = context.new_page()
                # The font is not waited for at a first visit.
                page.goto(address + path)
                page.goto(address + path)
                if page.locator("[data-map]").count():
                    open_map(page)
                if name != "map":
                    page.evaluate("window.scrollTo(0, 0)")
                page.screenshot(path=folder / f"website-{name}.png")
        _write_together(browser, folder)


def _write_together(browser: Browser, folder: Path) -> None:
    """Write the picture of the README: the start page with the page of a sensor on a phone beside it."""
    sources = [
        b64encode((folder / f"website-{name}.png").read_bytes()).decode() for name in ("start", "sensor")
    ]
    pictures = "".join(f'<img src="data:image/png;base64,{source}">' for source in sources)
    with browser.new_context(viewport=TOGETHER) as context:  # type: ignore[arg-type]
        page = context.new_page()
        page.set_content(f"<style>{TOGETHER_STYLE}</style>{pictures}")
        page.screenshot(path=folder / "site.png")


if __name__ == "__main__":
    write_pictures(sys.argv[1].rstrip("/"), FOLDER)
