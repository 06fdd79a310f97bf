"""Signing in by a link in a real browser, with a real mail server in between; with and without JavaScript."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine, create_engine, text

from app.access.invitations import invite_person
from app.core.database import sqlalchemy_url, transaction
from app.mail.sending import sending_mail
from tests.support.browser import serve_site
from tests.support.mail_server import Post, serving_mail
from tests.support.organisations import make_organisation
from tests.support.waiting import wait_until
from tests.website.test_routes_in_browser import NARROWEST, find_violations, visit

pytestmark = pytest.mark.slow

ADDRESS = "jörg.de.vries@leiden.nl"


@pytest.fixture(scope="module")
def engine(module_database: str) -> Iterator[Engine]:
    engine = create_engine(sqlalchemy_url(module_database))
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def post() -> Post:
    return Post()


@pytest.fixture(scope="module")
def address(module_database: str, engine: Engine, post: Post) -> Iterator[str]:
    """The site with a mail server, and a worker that sends."""
    with (
        serving_mail(post) as server,
        sending_mail(engine, server),
        serve_site(
            module_database,
            mail_host=server.host,
            mail_port=server.port,
            mail_security="none",
            mail_from=server.sender,
        ) as address,
    ):
        yield address


@pytest.fixture(scope="module")
def invitation(engine: Engine) -> str:
    with transaction(engine) as session:
        return invite_person(
            session,
            invited_by=None,
            name="Jörg de Vries",
            email=ADDRESS,
            role="editor",
            organisation_id=make_organisation(session, name="Gemeente Leiden"),
            now=datetime.now(UTC),
        )


def read_link(post: Post, number: int) -> str:
    """The link in the mail of this number, once it is there."""
    wait_until(lambda: len(post.taken) > number, 60)
    body = post.taken[number].get_body(("plain",))
    assert body is not None
    found = re.search(r"^http\S+", body.get_content(), re.MULTILINE)
    assert found is not None
    return found[0]


def check(page: Page) -> None:
    assert find_violations(page) == [], page.url
    root = "document.documentElement"
    assert page.evaluate(f"{root}.scrollWidth - {root}.clientWidth") <= 0, page.url


@pytest.mark.parametrize("with_javascript", [True, False])
def test_invited_person_signs_in_by_a_link_and_later_again(
    browser: Browser, address: str, engine: Engine, post: Post, *, with_javascript: bool
) -> None:
    secret = invite_again(engine)
    begun = len(post.taken)
    with visit(browser, java_script_enabled=with_javascript, viewport=NARROWEST) as page:
        page.goto(f"{address}/uitnodiging?sleutel={secret}")
        page.get_by_role("button", name="Stuur mij een link").click()
        expect(page.get_by_role("heading", name="Kijk in uw mail")).to_be_visible()
        page.goto(read_link(post, begun))
        page.get_by_role("button", name="Log in").click()
        expect(page.get_by_text("Jörg de Vries")).to_be_visible()
        page.get_by_role("button", name="Uitloggen").click()
        page.goto(f"{address}/en/mijn")
        page.get_by_label("Your e-mail address").fill(ADDRESS)
        page.get_by_role("button", name="Send me a link").click()
        page.goto(read_link(post, begun + 1))
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", name="My workplace")).to_be_visible()
    assert set(post.receivers) == {ADDRESS}


def invite_again(engine: Engine) -> str:
    """An invitation of a person who was forgotten, with the limits of the address."""
    with transaction(engine) as session:
        session.execute(text("DELETE FROM register.rate_limit"))
        return invite_person(
            session,
            invited_by=None,
            name="Jörg de Vries",
            email=ADDRESS,
            role="administrator",
            organisation_id=None,
            now=datetime.now(UTC),
        )


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_of_links_have_no_accessibility_violations(
    browser: Browser, address: str, invitation: str, scheme: str, prefix: str
) -> None:
    with visit(browser, viewport=NARROWEST, color_scheme=scheme) as page:
        for path in ("/inloggen", f"/uitnodiging?sleutel={invitation}", "/inloggen/gevraagd"):
            page.goto(address + prefix + path)
            check(page)
        page.goto(f"{address}{prefix}/inloggen")
        page.locator("#adres").fill("jörg")
        page.get_by_role("button", name=re.compile("Stuur mij|Send me")).click()
        expect(page.locator("#adres")).to_be_focused()
        expect(page.locator("#adres")).to_have_value("jörg")
        check(page)


def test_page_of_a_link_has_no_accessibility_violations(
    browser: Browser, address: str, engine: Engine, post: Post
) -> None:
    secret, begun = invite_again(engine), len(post.taken)
    with visit(browser, viewport=NARROWEST) as page:
        page.goto(f"{address}/uitnodiging?sleutel={secret}")
        page.get_by_role("button", name="Stuur mij een link").click()
        expect(page.get_by_role("heading", name="Kijk in uw mail")).to_be_visible()
        page.goto(read_link(post, begun))
        check(page)
