"""Numbers on pages of figures: the same as those of the lists, the items and the statistics that they lead to."""

import csv
import io
import re

import pytest
from fastapi.testclient import TestClient

from app.core.clock import dutch_date
from app.website.figures.charts import list_months
from tests.support.counted_links import count_items, count_statistics, list_counted_links

PAGES = ("/cijfers", "/cijfers?kaart=provincie", "/gemeente/amsterdam", "/soort/sound", "/en/cijfers")


def read_pages(site: TestClient) -> dict[str, str]:
    pages = {path: site.get(path).text for path in PAGES}
    organisations = set(re.findall(r'href="(/organisatie/[^"]+)"', pages["/cijfers"]))
    assert organisations
    return pages | {path: site.get(path).text for path in organisations}


@pytest.mark.slow
def test_each_number_that_is_a_link_is_the_number_of_what_it_leads_to(site: TestClient) -> None:
    for path, page in read_pages(site).items():
        links = list_counted_links(page)
        assert any("operationalStatus=" in address for address, _ in links), path
        for address, number in links:
            criteria = address.partition("?")[2]
            listed = re.search(r"data-count>\s*([\d.,]+)", site.get(address).text)
            assert listed, address
            assert number == int(listed[1]) == count_items(site, criteria), (path, address)
            assert number == count_statistics(site, criteria), (path, address)


@pytest.mark.parametrize("path", PAGES)
def test_figures_say_that_the_status_counts_sensors_that_are_gone(site: TestClient, path: str) -> None:
    page = site.get(path).text

    said = "also counts the sensors that are gone" if path.startswith("/en") else "sensoren mee die weg zijn"
    assert said in page
    file = re.search(r'href="([^"]+by=operationalStatus[^"]*)"', page)
    assert file
    rows = site.get(file[1].replace("&amp;", "&")).text.splitlines()
    assert any(row.startswith('"removed"') for row in rows)


@pytest.mark.parametrize(("path", "language"), [("/cijfers", "nl"), ("/en/cijfers", "en")])
def test_files_have_the_language_of_the_page_whatever_the_browser_prefers(
    site: TestClient, path: str, language: str
) -> None:
    files = re.findall(r'href="([^"]+f=csv[^"]*)"', site.get(path).text)

    assert len(files) > 10
    for file in files:
        answer = site.get(
            file.replace("&amp;", "&"), headers={"Accept-Language": "nl" if language == "en" else "en"}
        )
        assert answer.headers["content-language"] == language, file


@pytest.mark.parametrize("by", ["placedMonth", "endedMonth"])
def test_trend_counts_sensors_that_are_gone_and_equals_its_file(site: TestClient, by: str) -> None:
    page = site.get("/cijfers").text
    file = re.search(rf'href="([^"]+by={by}[^"]*)"', page)
    assert file
    table = re.findall(r'<th scope="row">[a-z]+ \d{4}</th>\s*<td>(\d+)</td>\s*<td>(\d+)</td>', page)
    assert len(table) == 24

    rows = list(csv.DictReader(io.StringIO(site.get(file[1].replace("&amp;", "&")).text)))
    by_month = {row[by]: int(row["count"]) for row in rows}
    months = [f"{month:%Y-%m}" for month in reversed(list_months(dutch_date()))]
    drawn = [int(row[0 if by == "placedMonth" else 1]) for row in table]
    assert drawn == [by_month.get(month, 0) for month in months]
    # One was removed and one expired, and one expired long ago.
    assert by == "placedMonth" or sum(drawn) == 3
