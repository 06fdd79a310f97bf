"""The HTML of every page of the workplace, checked by html-validate."""

import re
from pathlib import Path

import pytest
from fastapi.routing import iter_route_contexts

from app.website.account.visits import ACCOUNT_PATHS
from tests.support.html_validation import find_html_mistakes
from tests.support.workplace_pages import open_workplace_pages

pytestmark = pytest.mark.slow

OTHERS = {
    "/mijn/importeren/{import_id}/problemen.csv": "a file",
    "/mijn/importeren/{import_id}/plekken.geojson": "a file",
    "/mijn/kwaliteit.csv": "a file",
    "/mijn/logboek/download": "a file",
    "/mijn/mijn-gegevens.json": "a file",
    "/mijn/ontvangst/download": "a file",
    "/mijn/ontvangst/{nummer}.pdf": "a file",
    "/mijn/registreren/plek": "what the map asks",
    "/mijn/sensoren/download": "a file",
    "/mijn/team/persoon/einde": "leads to the team",
}
"""Addresses that are no page."""


def test_html_of_every_page_of_the_workplace_is_valid(fresh_database: str, tmp_path: Path) -> None:
    with open_workplace_pages(fresh_database) as pages:
        assert find_html_mistakes(pages.html, tmp_path) == []
        paths = {
            route.path_format
            for route in iter_route_contexts(pages.browser.app.routes)  # type: ignore[attr-defined]
            if route.path_format in ACCOUNT_PATHS and "GET" in (route.methods or ())
        }
    seen = [path.partition("?")[0] for path in pages.paths.values()]
    unseen = {
        path
        for path in paths
        if path.startswith(("/mijn", "/aanmelden"))
        and not any(re.fullmatch(re.sub(r"{\w+}", r"[^/]+", path), one) for one in seen)
    }
    assert unseen == OTHERS.keys()
