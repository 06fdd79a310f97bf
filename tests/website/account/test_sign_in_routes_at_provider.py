"""Signing in at a certified provider, on its own pages and over https, in a browser; signing out here and there."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from joserfc.jwk import ECKey
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import serve_secure_site
from tests.support.certificates import make_certificate
from tests.support.certified_provider import (
    identify,
    name_issuer,
    refuse_fonts,
    serve_certified_provider,
)
from tests.support.oidc_provider import CLIENT_ID, SECRET
from tests.support.processes import find_free_port, run_command
from tests.website.test_routes_in_browser import visit

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", params=["secret", "private key"])
def site(
    request: pytest.FixtureRequest, module_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The site on https and its provider, to which it proves itself by a secret or by a key; gives its address."""
    folder = tmp_path_factory.mktemp("provider")
    certificate, port = make_certificate(folder), find_free_port()
    settings: dict[str, Any] = {"oidc_client_secret": SECRET}
    client: dict[str, Any] = {"client_secret": SECRET, "id_token_signed_response_alg": "RS256"}
    if request.param == "private key":
        key, file = ECKey.generate_key("P-256"), folder / "client.pem"
        # The register names its key by its thumbprint (RFC 7638).
        key.ensure_kid()
        file.write_bytes(key.as_pem(private=True))
        settings = {"oidc_private_key_file": file}
        client = {
            "token_endpoint_auth_method": "private_key_jwt",
            "jwks": {"keys": [key.as_dict(private=False)]},
            "id_token_signed_response_alg": "ES256",
        }
    with (
        serve_secure_site(
            module_database,
            certificate,
            oidc_issuer=name_issuer(port),
            oidc_client_id=CLIENT_ID,
            oidc_allow_private=True,
            **settings,
        ) as address,
        serve_certified_provider(port, address, certificate[0], **client),
    ):
        yield address


@pytest.fixture
def login(request: pytest.FixtureRequest) -> str:
    """An account at the provider that no other test signs in with."""
    return re.sub(r"\W", "-", request.node.name)


def invite_administrator(url: str, site: str) -> str:
    """The link that an administrator of the machine makes on the command line."""
    words = ("people", "invite", "Noor de Vries", "noor@leiden.example", "administrator")
    printed = run_command(*words, REGISTER_DATABASE_URL=url, REGISTER_PUBLIC_URL=site)
    return printed.strip()


def accept(page: Page, link: str, login: str) -> None:
    """Accept an invitation by signing in at the provider for the first time."""
    refuse_fonts(page)
    page.goto(link)
    page.get_by_role("link", name="Log in met uw werkaccount").click()
    identify(page, login)
    expect(page.get_by_role("heading", name="Mijn werkplek")).to_be_visible()


def sign_out_at_provider(page: Page) -> None:
    page.get_by_role("button", name="Yes, sign me out").click()


@pytest.mark.parametrize("with_javascript", [True, False])
def test_first_administrator_signs_in_and_signs_out_everywhere_and_at_the_provider(
    browser: Browser, site: str, module_database: str, login: str, *, with_javascript: bool
) -> None:
    link = invite_administrator(module_database, site)
    options = {"ignore_https_errors": True, "java_script_enabled": with_javascript}
    with visit(browser, **options) as page:
        accept(page, link, login)
        expect(page.get_by_text("Noor de Vries")).to_be_visible()
        cookies = {cookie["name"]: cookie for cookie in page.context.cookies(site)}
        assert cookies["__Host-session"]["secure"]
        assert cookies["__Host-session"]["httpOnly"]
        page.goto(f"{site}/mijn/sessies")
        page.get_by_role("button", name="Overal uitloggen").click()
        page.get_by_role("link", name="Log ook uit bij uw organisatie").click()
        sign_out_at_provider(page)
        expect(page).to_have_url(f"{site}/")
        # The provider has forgotten the person too: its page asks who it is.
        page.goto(f"{site}/mijn/sessies")
        page.get_by_role("link", name="Log in met uw werkaccount").click()
        identify(page, login)
        expect(page.get_by_role("heading", name="Waar u bent ingelogd")).to_be_visible()


def test_sign_out_at_the_provider_ends_that_session_and_no_other(
    browser: Browser, site: str, module_database: str, login: str
) -> None:
    link = invite_administrator(module_database, site)
    with (
        visit(browser, ignore_https_errors=True) as page,
        visit(browser, ignore_https_errors=True) as elsewhere,
    ):
        accept(page, link, login)
        refuse_fonts(elsewhere)
        elsewhere.goto(f"{site}/mijn")
        elsewhere.get_by_role("link", name="Log in met uw werkaccount").click()
        identify(elsewhere, login)
        expect(elsewhere.get_by_role("heading", name="Mijn werkplek")).to_be_visible()
        page.goto(f"{find_provider(page)}/session/end")
        sign_out_at_provider(page)
        expect(page.get_by_text("Sign-out Success")).to_be_visible()
        page.goto(f"{site}/mijn")
        expect(page.get_by_role("heading", name="Inloggen")).to_be_visible()
        elsewhere.reload()
        expect(elsewhere.get_by_role("heading", name="Mijn werkplek")).to_be_visible()


def find_provider(page: Page) -> str:
    """The address of the provider, by the link of the page of who has signed out."""
    answer = page.request.get(re.sub(r"/mijn.*", "/uitgelogd", page.url))
    found = re.search(r'href="(http://localhost:\d+)/', answer.text())
    assert found is not None
    return found[1]


def test_who_cancels_at_the_provider_is_told_so_and_can_start_again(
    browser: Browser, site: str, module_database: str, login: str
) -> None:
    link = invite_administrator(module_database, site)
    with visit(browser, ignore_https_errors=True) as page:
        refuse_fonts(page)
        page.goto(link)
        page.get_by_role("link", name="Log in met uw werkaccount").click()
        page.get_by_role("link", name="Cancel").click()
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert page.url.startswith(f"{site}/inloggen/terug?")
        accept(page, link, login)
