"""A reader of a page who turns to its map."""

from playwright.sync_api import Page

DRAWN = "[data-map-drawn]"


def open_map(page: Page) -> None:
    """Point at the picture of the map, and wait for the map in its place."""
    page.locator("[data-map-canvas]").scroll_into_view_if_needed()
    page.locator("[data-map-canvas]").hover()
    page.wait_for_selector(DRAWN, timeout=60_000)
