"""The moment of a page of figures."""

import re
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from app.core.clock import dutch_date
from tests.support.counted_links import count_items, count_statistics, list_counted_links
from tests.support.website import read_text

PAGES = ("/cijfers", "/gemeente/amsterdam", "/provincie/noord-holland", "/soort/geluidsensor")


@pytest.mark.parametrize("path", PAGES)
def test_figures_before_the_register_began_lead_to_its_first_day(site: TestClient, path: str) -> None:
    answer = site.get(path, params={"asOf": "2001-01-01"})

    assert "Het register begint op" in read_text(answer.text)
    link = re.search(r'href="([^"]*)">Bekijk de eerste dag', answer.text)
    assert link
    assert link[1].endswith(f"asOf={dutch_date().isoformat()}")
    assert site.get(link[1]).status_code == 200


def test_numbers_as_of_a_day_are_those_of_what_they_lead_to(site: TestClient) -> None:
    links = list_counted_links(site.get(f"/cijfers?asOf={dutch_date().isoformat()}").text)

    assert len(links) > 5
    for address, number in links:
        criteria = address.partition("?")[2]
        assert "asOf=" in criteria
        assert number == count_items(site, criteria) == count_statistics(site, criteria), address


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"asOf": (dutch_date() + timedelta(days=400)).isoformat()}, "is vandaag"),
        ({"asOf": "gisteren"}, "Schrijf"),
        ({"sensortype": "sound"}, "“sensortype” kennen wij niet"),
    ],
)
def test_figures_say_what_in_the_address_they_did_not_use(
    site: TestClient, parameters: dict[str, str], said: str
) -> None:
    answer = site.get("/cijfers", params=parameters)

    assert answer.status_code == 200
    assert said in read_text(answer.text)


def test_redirect_to_the_page_of_a_name_keeps_the_day(site: TestClient) -> None:
    answer = site.get("/gemeente/GM0363?asOf=2001-01-01", follow_redirects=False)

    assert answer.headers["location"] == "/gemeente/amsterdam?asOf=2001-01-01"
