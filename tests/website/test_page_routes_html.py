"""The HTML of every page, checked by html-validate."""

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tests.support.html_validation import find_html_mistakes
from tests.support.website_pages import PAGES, in_language

pytestmark = pytest.mark.slow


def test_html_of_every_page_is_valid(site: TestClient, codes: dict[str, str], tmp_path: Path) -> None:
    pages = {}
    for name, path in PAGES.items():
        for prefix, language in (("", "nl"), ("/en", "en")):
            accept = {"Accept": "text/html", "Accept-Language": language}
            page = site.get(in_language(path.format(**codes), prefix), headers=accept)
            pages[f"{name}.{language}"] = page.text

    found = find_html_mistakes(pages, tmp_path)
    # A comparison has a field of the same name for each municipality: its address repeats the parameter.
    repeated = ("form-dup-name", 'Duplicate form control name "gemeente"')
    assert [one for one in found if one[:2] != repeated] == []
