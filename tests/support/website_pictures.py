"""Write the pictures of docs/website.md: `python -m tests.support.website_pictures http://127.0.0.1:8000`."""

import sys
from pathlib import Path
from typing import Final

from app.bootstrap.paths import ROOT
from tests.support.browser import open_browser
from tests.support.website_map import open_map

FOLDER: Final = ROOT / "docs" / "pictures"
SIZES: Final = {"phone": {"width": 360, "height": 700}, "desk": {"width": 1100, "height": 760}}

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
                page.goto(address + path)
                if page.locator("[data-map]").count():
                    open_map(page)
                if name != "map":
                    page.evaluate("window.scrollTo(0, 0)")
                page.screenshot(path=folder / f"website-{name}.png")


if __name__ == "__main__":
    write_pictures(sys.argv[1].rstrip("/"), FOLDER)
