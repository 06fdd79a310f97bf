"""Searches with mistakes: the form stays with what was right, each mistake is said, and a link corrects it."""

import html
import re
from urllib.parse import parse_qsl, urlsplit

import pytest
from fastapi.testclient import TestClient

from tests.support.website import read_text

PAGE = {"Accept": "text/html"}


def read_mistakes(site: TestClient, address: str) -> tuple[str, list[dict[str, str]]]:
    """The page, and the parameters of the addresses that correct it."""
    answer = site.get(address, headers=PAGE)
    assert answer.status_code == 400
    alert = re.search(r'role="alert">(.*?)</ul>', answer.text, re.DOTALL)
    assert alert, answer.text
    links = [html.unescape(link) for link in re.findall(r'href="([^"]+)"', alert[1])]
    assert all(site.get(link, headers=PAGE).status_code in {200, 400} for link in links)
    return answer.text, [dict(parse_qsl(urlsplit(link).query)) for link in links]


@pytest.mark.parametrize(
    ("wrong", "nearest"),
    [
        ("municipality=Utrech", {"municipality": "GM0344"}),
        ("operationalStatus=activ", {"operationalStatus": "active"}),
        ("owner=gemeente", None),
        ("province=Atlantis", None),
        ("asOf=gisteren", None),
        ("datetime=ooit", None),
        ("bbox=1,2", None),
        ("beeld=1,2", None),
        ("near=ergens", None),
        ("sortby=kleur", None),
        ("weergave=taart", None),
        ("filter=kleur='rood'", None),
        ("publicCode=abc", None),
        ("bbox=4,52,5,53&bbox-crs=maan", None),
    ],
)
def test_mistake_keeps_the_rest_and_offers_corrections(
    site: TestClient, wrong: str, nearest: dict[str, str] | None
) -> None:
    page, links = read_mistakes(site, f"/sensoren?sensorType=sound&{wrong}")

    assert re.search(r'name="sensorType" value="sound"[^>]* checked', page)
    assert "data-filters open" in page
    assert 'name="municipality"' in page
    name = wrong.rpartition("&")[2].partition("=")[0]
    assert any(name not in link and link["sensorType"] == "sound" for link in links)
    if nearest:
        assert {"sensorType": "sound"} | nearest in links


def test_wrong_word_of_several_is_replaced_alone(site: TestClient) -> None:
    page, links = read_mistakes(site, "/sensoren?sensorType=sound,optical_camra&q=dam")

    assert {"sensorType": "sound,optical_camera", "q": "dam"} in links
    assert {"sensorType": "sound", "q": "dam"} in links
    assert re.search(r'name="sensorType" value="sound"[^>]* checked', page)
    assert 'value="dam"' in page


def test_several_mistakes_are_said_at_once(site: TestClient) -> None:
    page, _ = read_mistakes(site, "/kaart?municipality=Utrech&asOf=gisteren&bbox=1,2&personalData=none&foo=1")

    text = read_text(page)
    for label in (
        "Gemeente “Utrech”",
        "Zoals op “gisteren”",
        "Gebied op de kaart “1,2”",
        "“foo” kennen wij niet",
    ):
        assert label in text
    assert re.search(r'name="personalData" value="none"[^>]* checked', page)
    assert re.search(r'name="municipality"[^>]* value="Utrech"[^>]* aria-invalid="true"', page)


def test_repeated_parameter_is_said(site: TestClient) -> None:
    page, _ = read_mistakes(site, "/sensoren?municipality=Utrecht&municipality=Amsterdam&sensorType=sound")

    assert re.search(r'name="sensorType" value="sound"[^>]* checked', page)


def test_script_of_another_in_a_value_is_text(site: TestClient) -> None:
    page, _ = read_mistakes(site, "/sensoren?municipality=<script>alert(1)</script>")

    assert "<script>alert" not in page


@pytest.mark.parametrize(
    ("address", "example"),
    [
        ("/sensoren?asOf=gisteren", "Schrijf 1 maart 2026 als 2026-03-01"),
        ("/sensoren?datetime=ooit", "Schrijf 1 maart 2026 als 2026-03-01"),
        ("/en/sensoren?asOf=gisteren", "Write 1 March 2026 as 2026-03-01"),
    ],
)
def test_example_of_a_date_in_a_mistake_is_in_words(site: TestClient, address: str, example: str) -> None:
    assert example in read_text(site.get(address, headers=PAGE).text)
