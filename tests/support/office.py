"""The register of a municipality with real parts: site on https, provider, mail server and job worker."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text

from app.reports.address_cipher import make_key
from tests.support.browser import serve_secure_site
from tests.support.certificates import make_certificate
from tests.support.certified_provider import name_issuer, serve_certified_provider
from tests.support.mail_server import Post, serving_mail
from tests.support.oidc_provider import CLIENT_ID, SECRET
from tests.support.organisations import make_municipality
from tests.support.processes import find_free_port, run_command, running
from tests.support.sensors import load_cities
from tests.support.waiting import wait_until
from tests.support.workplace import open_session


@dataclass(slots=True)
class Office:
    """The register of a municipality: site on https, provider, mail server and job worker."""

    site: str
    settings: dict[str, str]
    post: Post

    def invite(self, name: str, email: str, *role: str) -> str:
        """The link in the mail of an invitation by the administrator of the machine."""
        begun = len(self.post.taken)
        run_command("people", "invite", name, email, *role, **self.settings)
        return self.read_mail(begun, r"^https://\S+")

    def let_a_year_pass(self) -> None:
        """Date the confirmation of every sensor back: on one day a sensor is confirmed once."""
        with open_session(self.settings["REGISTER_DATABASE_URL"]) as session:
            session.execute(text("UPDATE register.sensor_version SET last_confirmed_on = '2025-01-01'"))

    def read_mail(self, number: int, pattern: str) -> str:
        """The first match in the mail of this number, once it is there."""
        wait_until(lambda: len(self.post.taken) > number)
        body = self.post.taken[number].get_body(("plain",))
        assert body is not None
        found = re.search(pattern, body.get_content(), re.MULTILINE)
        assert found is not None, body.get_content()
        return found[0]


@contextmanager
def open_office(database_url: str, folder: Path) -> Iterator[Office]:
    """An office on a migrated database, with the municipality of Amsterdam; the certificate goes into the folder."""
    certificate, port, post, key = make_certificate(folder), find_free_port(), Post(), make_key()
    with open_session(database_url) as session:
        load_cities(session)
        make_municipality(session)
    with (
        serving_mail(post) as server,
        serve_secure_site(
            database_url,
            certificate,
            oidc_issuer=name_issuer(port),
            oidc_client_id=CLIENT_ID,
            oidc_client_secret=SECRET,
            oidc_allow_private=True,
            mail_host=server.host,
            mail_from=server.sender,
            report_key=key,
        ) as site,
        serve_certified_provider(port, site, certificate[0], client_secret=SECRET),
    ):
        settings = {
            "REGISTER_DATABASE_URL": database_url,
            "REGISTER_PUBLIC_URL": site,
            "REGISTER_MAIL_HOST": server.host,
            "REGISTER_MAIL_PORT": str(server.port),
            "REGISTER_MAIL_SECURITY": "none",
            "REGISTER_MAIL_FROM": server.sender,
            "REGISTER_REPORT_KEY": key,
        }
        with running("work", **settings):
            yield Office(site, settings, post)
