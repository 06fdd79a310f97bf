"""A certified OpenID Connect provider as a process of its own, and the pages on which a person clicks there."""

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from app.bootstrap.paths import ROOT, VENV
from app.website.account.provider import CALLBACK
from tests.support.oidc_provider import CLIENT_ID
from tests.support.processes import read_until

_SCRIPT = ROOT / "tests" / "support" / "certified_provider.mjs"
_FONTS = "https://fonts.googleapis.com/**"


def name_issuer(port: int) -> str:
    """The issuer of the provider on this port, by a name that is another site than the register's 127.0.0.1."""
    return f"http://localhost:{port}"


@contextmanager
def serve_certified_provider(port: int, site: str, certificate: Path, **client: Any) -> Iterator[str]:
    """The provider of a site, whose certificate it trusts; gives its issuer.

    `client` is more metadata of the client, such as how it proves who it is.
    """
    metadata = {
        "client_id": CLIENT_ID,
        "redirect_uris": [site + CALLBACK],
        "post_logout_redirect_uris": [f"{site}/"],
        "backchannel_logout_uri": f"{site}/uitloggen/melding",
        **client,
    }
    process = subprocess.Popen(
        [VENV / "bin" / "node", _SCRIPT, str(port), json.dumps(metadata)],
        env={**os.environ, "NODE_EXTRA_CA_CERTS": str(certificate), "NODE_NO_WARNINGS": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        read_until(process, name_issuer(port))
        yield name_issuer(port)
    finally:
        # The program of the Python package is a script that starts Node, which would outlive it.
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def identify(page: Page, login: str) -> None:
    """Sign in on the provider's page and consent on the next, as a person does the first time."""
    page.get_by_placeholder("Enter any login").fill(login)
    page.get_by_placeholder("and password").fill("geheim")
    page.get_by_role("button", name="Sign-in").click()
    page.get_by_role("button", name="Continue").click()


def refuse_fonts(page: Page) -> None:
    """Answer the request of the provider's pages for a font of the internet with nothing."""
    page.route(_FONTS, lambda route: route.fulfill(content_type="text/css", body=""))
