"""A person who is signed in and imports by the pages, with a worker that runs on request."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from typing import Any

from fastapi.testclient import TestClient
from httpx2 import Response

from app.access.actions import admit_principal, grant_role
from app.access.demo import DEMO_DOMAIN
from app.core.database import transaction
from app.organisations.queries import choose_organisation
from tests.support.import_client import ImportClient, make_rows, open_import_client, write_csv

HEADERS = {"Sec-Fetch-Site": "same-origin", "Accept": "text/html"}

OWN_HEADINGS = {"reference": "Objectnr", "sensorType": "Soort", "latitude": "NB", "longitude": "OL"}
"""Headings of `make_own_list`; the other fields are values of its mapping."""


@dataclass(frozen=True, slots=True)
class ImportBrowser:
    """A browser without JavaScript, of an editor of Amsterdam."""

    client: TestClient
    imports: ImportClient

    def get(self, path: str) -> Response:
        return self.client.get(path, headers=HEADERS, follow_redirects=False)

    def post(self, path: str, form: Mapping[str, str] | None = None, **headers: str) -> Response:
        return self.client.post(path, headers=HEADERS | headers, data=form or {}, follow_redirects=False)

    def upload(self, content: bytes, name: str = "lijst.csv", **form: str) -> Response:
        files = {"bestand": (name, content, "application/octet-stream")}
        return self.client.post(
            "/mijn/importeren", headers=HEADERS, files=files, data=form, follow_redirects=False
        )

    def submit(self, content: bytes, name: str = "lijst.csv", **form: str) -> str:
        """The path of the import, after its check has ended."""
        answer = self.upload(content, name, **form)
        assert answer.status_code == 303, answer.text
        self.imports.run_jobs()
        return str(answer.headers["location"])

    def send(self, path: str, form: Mapping[str, str] | None = None) -> Response:
        """Send a form that leads to a page, and return that page after the jobs have run."""
        answer = self.post(path, form)
        assert answer.status_code == 303, answer.text
        self.imports.run_jobs()
        return self.get(answer.headers["location"])


@contextmanager
def open_import_browser(url: str, role: str = "editor", **settings: Any) -> Iterator[ImportBrowser]:
    with open_import_client(url, **settings) as imports:
        with transaction(imports.engine) as session:
            person = admit_principal(session, admitted_by=None, name="Eva", handle=f"eva{DEMO_DOMAIN}")
            amsterdam = choose_organisation(session, "GM0363")
            grant_role(
                session,
                granted_by=None,
                principal_id=person,
                role=role,  # type: ignore[arg-type]
                organisation_id=amsterdam,
            )
        browser = ImportBrowser(imports.register.client, imports)
        assert browser.post("/inloggen/demo", {"account": f"eva{DEMO_DOMAIN}"}).status_code == 303
        yield browser


def make_own_list(number: int, **cells: str) -> bytes:
    """A list below a title, with headings of its own and a column that no one maps."""
    rows = [
        {heading: row[name] for name, heading in OWN_HEADINGS.items()}
        | {"Soort": "Dome", "Wijk": "Centrum"}
        | cells
        for row in make_rows(number)
    ]
    return b"Lijst van beheer;;;;\n" + write_csv(rows)


def read_form(page: Response) -> dict[str, str]:
    """The last form of a page as it would be sent: texts, and the chosen options of selects."""
    main = page.text[: page.text.index("</main>")]
    html = main[main.rindex("<form") :]
    found = dict(re.findall(r'<input type="(?:hidden|text)"[^>]* name="([^"]+)" value="([^"]*)"', html))
    for name, options in re.findall(r'<select id="[^"]+" name="([^"]+)".*?>(.*?)</select>', html, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        found[name] = chosen[1] if chosen else ""
    return {name: unescape(value) for name, value in found.items()}


def fill_in_columns(page: Response) -> dict[str, str]:
    """The form on the page of the columns of `make_own_list`, filled in: each field is a column or one value."""
    (row,) = make_rows(1)
    values = {f"vast-{name}": str(value) for name, value in row.items() if name not in OWN_HEADINGS}
    columns = {"kolom-1": "sensorType", "kolom-2": "latitude", "kolom-3": "longitude"}
    return read_form(page) | columns | values | {"naam": "Camera's"}
