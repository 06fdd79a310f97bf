"""Every page in the states that readers choose: dark, enlarged, with their own colours, without movement."""

from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.support.website_pages import PAGES, in_language
from tests.website.test_routes_in_browser import NARROWEST, find_violations, visit

pytestmark = pytest.mark.slow

DOUBLE_LETTERS = "document.documentElement.style.fontSize = '200%'"
LIGHT, DARK, FORCED, CALM = "light", "dark", "forced colours", "calm"
STATES: dict[str, dict[str, Any]] = {
    # A desk of 1280 px at 200 %.
    LIGHT: {"locale": "nl", "viewport": {"width": 640, "height": 450}, "device_scale_factor": 2},
    DARK: {"locale": "en", "viewport": NARROWEST, "color_scheme": "dark"},
    FORCED: {"locale": "nl", "viewport": {"width": 1280, "height": 900}, "forced_colors": "active"},
    # And letters of twice the size.
    CALM: {"locale": "nl", "viewport": {"width": 640, "height": 900}, "reduced_motion": "reduce"},
}
MOVING = """() => Array.from(document.querySelectorAll("body *")).filter((one) => {
    const { transitionDuration, animationDuration } = getComputedStyle(one);
    return [transitionDuration, animationDuration].join().split(",").some((time) => parseFloat(time) > 0.001);
}).map((one) => one.outerHTML.slice(0, 80))"""
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
CUT_OFF = """() => Array.from(document.querySelectorAll("main a, main button, main h1, main h2, header a"))
    .filter((one) => one.offsetParent && !one.closest(".visually-hidden, [role=region], .map__canvas"))
    .filter((one) => {
        const { left, right } = one.getBoundingClientRect();
        return left < 0 || right > innerWidth + 1;
    })
    .map((one) => one.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize("state", STATES)
def test_pages_in_a_state_have_no_violations_and_fit(
    browser: Browser, address: str, codes: dict[str, str], state: str
) -> None:
    prefix = "/en" if STATES[state]["locale"] == "en" else ""
    found: dict[str, Any] = {}
    with visit(browser, **STATES[state]) as page:
        for name, path in PAGES.items():
            page.goto(address + in_language(path.format(**codes), prefix))
            page.evaluate("document.querySelectorAll('main details').forEach((one) => { one.open = true; })")
            if state == CALM:
                problems = [{"moves": one} for one in page.evaluate(MOVING)]
                page.evaluate(DOUBLE_LETTERS)
            else:
                problems = find_violations(page)
            if (too_wide := page.evaluate(TOO_WIDE)) > 0:
                problems.append({"too wide": too_wide})
            problems += [{"cut off": one} for one in page.evaluate(CUT_OFF)]
            if problems:
                found[name] = problems
    assert found == {}
