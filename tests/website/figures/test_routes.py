"""Pages of figures as a browser gets them."""

import csv
import io
import re

import pytest
from fastapi.testclient import TestClient

from tests.support.website import read_text

PAGES = (
    "/cijfers", "/gemeente/amsterdam", "/provincie/utrecht", "/soort/sound", "/overzicht-nodig",
    "/cijfers/vergelijk", "/cijfers/vergelijk?gemeente=Amsterdam&gemeente=GM0344",
)  # fmt: skip


def count_items(site: TestClient, criteria: str) -> int:
    answer = site.get(f"/v1/collections/sensors/items?limit=1&{criteria}")
    number: int = answer.json()["numberMatched"]
    return number


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("path", PAGES)
def test_page_answers_in_both_languages_and_is_cacheable(site: TestClient, prefix: str, path: str) -> None:
    answer = site.get(prefix + path, follow_redirects=True)

    assert answer.status_code == 200, answer.text
    assert answer.headers["content-language"] == ("en" if prefix else "nl")
    assert answer.headers["cache-control"] == "public, max-age=60"


@pytest.mark.parametrize(
    ("path", "criteria"),
    [
        ("/cijfers", ""),
        ("/gemeente/amsterdam", "municipality=GM0363"),
        ("/provincie/noord-holland", "province=PV27"),
    ],
)
def test_page_counts_what_items_count(site: TestClient, path: str, criteria: str) -> None:
    total = count_items(site, criteria)

    text = read_text(site.get(path).text)

    assert (f"{total} sensoren" if total else "nog geen sensoren geregistreerd") in text


def test_every_link_of_the_figures_leads_somewhere(site: TestClient) -> None:
    page = site.get("/cijfers").text
    links = {link.replace("&amp;", "&") for link in re.findall(r'href="(/[^"]*)"', page)}
    figures = {
        link
        for link in links
        if link.startswith(("/gemeente", "/provincie", "/organisatie", "/soort", "/v1/s"))
    }

    assert {link.split("/")[1] for link in figures} >= {"gemeente", "organisatie", "soort", "v1"}
    for link in figures:
        assert site.get(link).status_code == 200, link


@pytest.mark.parametrize(
    ("path", "canonical"),
    [("/gemeente/Amsterdam", "/gemeente/amsterdam"), ("/gemeente/GM0363", "/gemeente/amsterdam"),
     ("/en/gemeente/gm0363", "/en/gemeente/amsterdam"), ("/provincie/PV27", "/provincie/noord-holland"),
     ("/soort/sound", "/soort/{sound}")],
)  # fmt: skip
def test_code_and_other_spelling_lead_to_the_page_of_the_name(
    site: TestClient, path: str, canonical: str
) -> None:
    answer = site.get(path, follow_redirects=False)

    assert answer.status_code == 302
    location = answer.headers["location"]
    assert location == canonical if "{" not in canonical else location.startswith("/soort/")
    assert site.get(location, follow_redirects=False).status_code == 200


@pytest.mark.parametrize(
    "path", ["/gemeente/amsterdm", "/provincie/atlantis", "/organisatie/geen", "/soort/geen"]
)
def test_unknown_name_is_not_found(site: TestClient, path: str) -> None:
    assert site.get(path).status_code == 404


def test_unknown_municipality_names_the_nearest(site: TestClient) -> None:
    assert "Amsterdam" in read_text(site.get("/gemeente/amsterdm").text)


def test_comparison_has_a_column_for_each_municipality_and_says_what_it_left_out(site: TestClient) -> None:
    asked = "gemeente=Amsterdam&gemeente=Utrecht&gemeente=Amsterdm&gemeente=amsterdam"

    text = read_text(site.get(f"/cijfers/vergelijk?{asked}").text)
    file = site.get(f"/cijfers/vergelijk.csv?{asked}").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(file), delimiter=";"))

    assert "Amsterdm is geen gemeente die wij kennen" in text
    assert rows[0] == ["Onderwerp", "Waarde", "Code", "Amsterdam", "Utrecht"]
    sensors = next(row for row in rows if row[1] == "Sensoren")
    assert sensors[3:] == [
        str(count_items(site, f"municipality={name}")) for name in ("Amsterdam", "Utrecht")
    ]


def test_organisation_page_has_its_contact(site: TestClient) -> None:
    page = site.get("/cijfers").text
    link = re.search(r'href="(/organisatie/[^"]+)"', page)
    assert link

    answer = site.get(link[1])

    assert answer.status_code == 200
    assert "Vragen aan deze organisatie" in answer.text


def test_subtype_leads_to_the_page_of_its_kind(site: TestClient) -> None:
    subtype, kind = (site.get(f"/soort/{code}") for code in ("people_counting", "optical_camera"))

    assert (subtype.status_code, subtype.url.path) == (200, kind.url.path)


def test_word_of_a_kind_leads_to_its_page_or_to_a_choice(site: TestClient) -> None:
    camera, sensor = site.get("/soort/camera"), site.get("/soort/sensor")

    assert camera.url.path == "/soort/camera-of-andere-optische-sensor"
    assert (camera.status_code, sensor.status_code) == (200, 300)
    links = re.findall(r'<li><a href="(/soort/[^"]+)"', sensor.text)
    assert len(links) > 5
    assert site.get(links[0]).status_code == 200


@pytest.mark.parametrize("path", ["/provincie/zeeland", "/soort/radar-of-lidar", "/gemeente/eindhoven"])
def test_page_without_sensors_says_how_complete_the_register_is_and_whom_to_ask(
    site: TestClient, path: str
) -> None:
    text = read_text(site.get(path).text)

    assert "nog geen sensoren geregistreerd" in text
    assert "Niet elke eigenaar heeft zijn sensoren gemeld" in text
    assert "Vraag" in text


def test_municipality_has_a_map_and_organisation_has_one_by_municipality(site: TestClient) -> None:
    municipality = site.get("/gemeente/amsterdam").text
    link = re.search(r'href="(/organisatie/[^"]+)"', municipality)
    assert link

    assert "data-map-canvas" in municipality
    assert 'data-query="municipality=GM0363"' in municipality
    assert 'class="density"' in site.get(link[1]).text


def test_long_chart_shows_its_first_rows_and_folds_the_others(site: TestClient) -> None:
    page = site.get("/cijfers").text
    fields = page[page.index('id="completeness"') :]

    assert fields.index("<details>") < fields.index("Bewaar")


@pytest.mark.parametrize("path", ["/cijfers", "/gemeente/amsterdam", "/en/cijfers"])
def test_contents_lead_to_every_figure_and_most_are_folded(site: TestClient, path: str) -> None:
    page = site.get(path).text
    contents = page.partition('<nav class="contents')[2].partition("</nav>")[0]
    charts = page.partition('<div class="charts">')[2]

    assert re.findall(r'href="#([^"]+)"', contents) == re.findall(r'<h3 id="([^"]+)"', charts)
    open_ones = re.findall(r'<section class="chart[^>]*>\s*<h3', charts)
    assert 2 <= len(open_ones) <= 3
    assert charts.count('<details class="fold">') >= 6


@pytest.mark.parametrize(("path", "word"), [("/cijfers", "geen sensoren"), ("/en/cijfers", "no sensors")])
def test_legend_of_the_map_says_no_sensors(site: TestClient, path: str, word: str) -> None:
    legend = re.search(r'density__legend">(.*?)</ul>', site.get(path).text, re.DOTALL)

    assert legend
    assert word in read_text(legend[1])
