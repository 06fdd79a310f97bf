"""The comparison of municipalities: what it leaves out, its numbers, trends and file."""

import csv
import html
import io
import re

from fastapi.testclient import TestClient

from app.core.clock import dutch_date
from app.website.figures.charts import CHART_HEIGHT
from tests.support.counted_links import count_items, count_statistics, list_counted_links
from tests.support.website import read_text

COMPARED = "/cijfers/vergelijk?gemeente=Amsterdam&gemeente=Utrecht"


def test_comparison_says_what_it_left_out_and_keeps_it_in_the_form(site: TestClient) -> None:
    asked = "&gemeente=amsterdam&gemeente=Amsterdm"
    page = site.get(COMPARED + asked).text
    text = read_text(page)

    assert "Amsterdam is één keer meegenomen: “amsterdam” is dezelfde gemeente." in text
    assert "Amsterdm is geen gemeente die wij kennen. Bedoelt u Amsterdam (GM0363)?" in text
    fields = re.findall(r'name="gemeente" value="([^"]*)"', page)
    assert fields == ["Amsterdam", "Utrecht", "Amsterdm", "", ""]
    assert page.count('aria-invalid="true"') == 1


def test_municipality_beyond_the_fifth_is_named(site: TestClient) -> None:
    names = ("Amsterdam", "Utrecht", "Rotterdam", "Eindhoven", "Leiden", "Groningen")
    known = [name for name in names if site.get(f"/gemeente/{name.lower()}").status_code == 200]
    page = site.get("/cijfers/vergelijk", params={"gemeente": [*known, *known]}).text

    assert page.count("is één keer meegenomen") == len(known[:5])
    assert ("Niet meegenomen" in page) == (len(known) > 5)


def test_each_number_that_is_a_link_is_the_number_of_what_it_leads_to(site: TestClient) -> None:
    links = list_counted_links(site.get(COMPARED).text)

    assert len(links) > 5
    for address, number in links:
        criteria = address.partition("?")[2]
        assert number == count_items(site, criteria) == count_statistics(site, criteria), address


def test_trends_have_one_scale_and_one_without_data_is_a_sentence(site: TestClient) -> None:
    page = site.get(COMPARED).text
    heights = [float(height) for height in re.findall(r'chart__placed" x=[^>]* height="([\d.]+)"/>', page)]

    assert len(heights) == 24
    assert max(heights) == CHART_HEIGHT
    assert len(re.findall(r"Hoogste aantal in een maand: (\d+)", page)) == 1
    assert page.count("In de laatste 24 maanden zijn hier geen sensoren geplaatst of geëindigd.") == 1


def test_comparison_without_any_trend_has_no_legend(site: TestClient) -> None:
    page = site.get("/cijfers/vergelijk?gemeente=Utrecht").text

    assert "In de laatste 24 maanden zijn hier geen sensoren" in page
    assert "chart__legend" not in page


def test_file_holds_the_whole_comparison_and_its_name_says_so(site: TestClient) -> None:
    answer = site.get(COMPARED.replace("vergelijk?", "vergelijk.csv?"))

    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    page = html.unescape(site.get(COMPARED).text)
    titles = re.findall(r"<h[23] id=\"(?:totals|by-\w+|placed|ended)\">([^<]+)</h", page)
    assert len(titles) > 4
    assert {row[0] for row in rows[1:]} == set(titles)
    assert sum(row[0] == "Geplaatst, per maand" for row in rows) == 24
    assert (
        f"vergelijking-amsterdam-utrecht-{dutch_date().isoformat()}.csv"
        in answer.headers["content-disposition"]
    )
    assert answer.content.startswith(b"\xef\xbb\xbf")
