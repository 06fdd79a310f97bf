"""The name of a browser and its system, for the list of one's own sessions."""

from typing import Final

from app.core.i18n import LocalizedText

# Each also names those after it, for the sake of old sites.
_BROWSERS: Final = (("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
_SYSTEMS: Final = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def name_browser(user_agent: str) -> LocalizedText:
    """Browser and system of a User-Agent, as far as it names them."""
    browser = next((name for sign, name in _BROWSERS if sign in user_agent), None)
    system = next((name for sign, name in _SYSTEMS if sign in user_agent), None)
    if browser is None:
        return LocalizedText("Onbekende browser", "Unknown browser")
    return (
        LocalizedText(f"{browser} op {system}", f"{browser} on {system}")
        if system
        else LocalizedText(browser, browser)
    )
