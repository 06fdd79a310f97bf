"""Every form of the workplace in a browser without JavaScript: nothing on it waits for a script, each can be sent."""

from collections.abc import Iterator, Mapping

import pytest
from playwright.sync_api import Browser, Page

from app.core.i18n import LANGUAGES
from app.core.templates import localise_path
from tests.support.browser import serve_site
from tests.support.workplace_pages import COOKIE, open_workplace_pages

pytestmark = pytest.mark.slow

FORMS = "main form"
SUBMIT = "button[type=submit]:not([aria-hidden])"
LEAVES_THE_WORKPLACE = ("/uitloggen", "/mijn/sessies")
"""Forms that end the session of the test; signing out has its own tests."""

FILES = ("import remarks",)
"""Pages that are a file for the browser."""

FIND_DEAD = """forms => forms.flatMap(form => {
  const shown = one => one.checkVisibility({ visibilityProperty: true });
  const fields = [...form.elements];
  const dead = fields.filter(one => one.type === 'button' && shown(one)).map(one => `button ${one.textContent.trim()}`);
  const unseen = fields
    .filter(one => one.required && one.type !== 'hidden' && !shown(one))
    .map(one => `unseen ${one.name}`);
  const submits = [...document.querySelectorAll('button, input')]
    .filter(one => one.form === form && ['submit', 'image'].includes(one.type) && shown(one));
  const words = submits.length ? [] : [`no button for ${form.action}`];
  return [...dead, ...unseen, ...words];
})"""
"""Mistakes of forms: a button that only a script gives a meaning, a needed field or a button that is not seen."""


@pytest.fixture(scope="module")
def workplace(module_database: str) -> tuple[str, Mapping[str, str]]:
    """The value of the cookie of a session, and the paths of the workplace by name."""
    with open_workplace_pages(module_database) as pages:
        return pages.token, pages.paths


@pytest.fixture(scope="module")
def pages(
    module_database: str, workplace: tuple[str, Mapping[str, str]], browser: Browser
) -> Iterator[tuple[Page, Mapping[str, str]]]:
    """A page without scripts, signed in, and the addresses of the workplace by name."""
    token, paths = workplace
    with serve_site(module_database) as address:
        context = browser.new_context(java_script_enabled=False)
        context.add_cookies([{"name": COOKIE, "value": token, "url": address}])
        yield (
            context.new_page(),
            {
                f"{name}.{language}": address + localise_path(path, language)
                for name, path in paths.items()
                if name not in FILES
                for language in LANGUAGES
            },
        )
        context.close()


def open_page(page: Page, address: str) -> None:
    """Show a page with all of its folded parts open."""
    page.goto(address)
    page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true; })")


def test_no_form_of_the_workplace_waits_for_a_script(pages: tuple[Page, Mapping[str, str]]) -> None:
    page, addresses = pages
    found: dict[str, list[str]] = {}
    for name, address in addresses.items():
        open_page(page, address)
        found[name] = page.locator("form").evaluate_all(FIND_DEAD)
    assert {name: dead for name, dead in found.items() if dead} == {}


def test_every_form_of_the_workplace_is_answered_without_a_script(
    pages: tuple[Page, Mapping[str, str]],
) -> None:
    page, addresses = pages
    sent = 0
    # The forms in English are sent to the same routes.
    for address in (one for name, one in addresses.items() if name.endswith(".nl")):
        open_page(page, address)
        for number in range(page.locator(FORMS).count()):
            open_page(page, address)
            form = page.locator(FORMS).nth(number)
            # A form that an earlier one ended is no longer there.
            if form.count() == 0 or (form.get_attribute("action") or "").endswith(LEAVES_THE_WORKPLACE):
                continue
            with page.expect_navigation() as answered:
                form.locator(SUBMIT).filter(visible=True).first.click()
            assert answered.value.status < 500, (address, number)
            assert page.locator("h1").count() == 1, (address, number)
            sent += 1
    assert sent > 0
