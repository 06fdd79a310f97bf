"""Search for a resident who reports something, without JavaScript."""

import re

import pytest
from fastapi.testclient import TestClient

from tests.support.website import read_text

SEARCH = "/zoeken?doel=melden&zoek="


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_search_of_a_report_leads_on_with_the_report(
    site: TestClient, codes: dict[str, str], prefix: str
) -> None:
    """Each text that means one place or sensor, and where it leads."""
    begin = site.get(f"{prefix}/melden").text
    assert '<input type="hidden" name="doel" value="melden">' in begin
    for text, address in (
        ("52.3729, 4.8929", "/melden?plek=4.89290,52.37290"),
        (codes["full"], f"/melden?sensor={codes['full']}"),
        ("2222223", "/melden?sensor=2222223"),
        ("den haag", "/melden/kaart?rond="),
    ):
        answer = site.get(f"{prefix}{SEARCH}{text}", follow_redirects=False)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith(f"{prefix}{address}")


def test_results_of_a_report_lead_nowhere_else(site: TestClient) -> None:
    page = site.get(f"{SEARCH}camera in utrecht").text
    main = page[page.index("<main") : page.index("</main")]
    links = set(re.findall(r'<a href="(/[^"?]*)', main))
    assert {"/melden", "/melden/kaart"} <= links <= {"/melden", "/melden/kaart", "/sensoren"}
    assert 'name="doel" value="melden"' in main


@pytest.mark.parametrize("text", ["camera", "xyzzy", "Uitleg"])
def test_text_that_names_no_place_offers_the_map(site: TestClient, text: str) -> None:
    answer = site.get(f"{SEARCH}{text}", follow_redirects=False)
    assert answer.status_code == 200
    assert "Kies de plek op de kaart" in read_text(answer.text)
