"""The site map: every page that has an address of its own, and every sensor once."""

import xml.etree.ElementTree as ET

import pytest
from fastapi.testclient import TestClient

from app.sensors.public_codes import FIGURES
from app.website.texts.site_map import MAX_SENSORS, list_prefixes
from tests.support.website import NOT_SHOWN

SPACE = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
HOST = "http://127.0.0.1:8000"


def list_locations(document: bytes) -> list[str]:
    return [one.text or "" for one in ET.fromstring(document).findall(".//s:loc", SPACE)]


def test_index_names_files_that_exist(site: TestClient) -> None:
    answer = site.get("/sitemap.xml")

    assert answer.headers["content-type"] == "application/xml"
    assert "max-age=86400" in answer.headers["cache-control"]
    files = list_locations(answer.content)
    assert files == [f"{HOST}/sitemap/pages.xml", f"{HOST}/sitemap/sensors.xml"]
    for file in files:
        assert site.get(file.removeprefix(HOST)).status_code == 200


def test_every_page_of_the_map_exists(site: TestClient) -> None:
    pages = [one.removeprefix(HOST) for one in list_locations(site.get("/sitemap/pages.xml").content)]

    assert {"/", "/en", "/sensoren", "/uitleg/rechten", "/en/over"} <= set(pages)
    assert len(pages) == len(set(pages))
    for page in pages:
        assert site.get(page).status_code == 200, page


def test_sensors_of_the_map_are_those_that_are_shown(site: TestClient, codes: dict[str, str]) -> None:
    document = site.get("/sitemap/sensors.xml").content

    shown = {code for kind, code in codes.items() if kind not in NOT_SHOWN}
    assert sorted(list_locations(document)) == sorted(
        f"{HOST}{start}/s/{code}" for start in ("", "/en") for code in shown
    )
    alternates = ET.fromstring(document).findall(".//x:link", SPACE)
    assert {one.get("hreflang") for one in alternates} == {"nl", "en"}


def test_files_by_prefix_hold_each_sensor_once(site: TestClient, codes: dict[str, str]) -> None:
    whole = list_locations(site.get("/sitemap/sensors.xml").content)

    parts = [
        address
        for prefix in list_prefixes(MAX_SENSORS)
        for address in list_locations(site.get(f"/sitemap/sensors-{prefix}.xml").content)
    ]
    assert sorted(parts) == sorted(whole)


@pytest.mark.parametrize(
    ("count", "files"), [(0, 1), (12_500, 1), (12_501, 29), (362_500, 29), (1_000_000, 841)]
)
def test_number_of_files_follows_the_number_of_sensors(count: int, files: int) -> None:
    prefixes = list_prefixes(count)

    assert len(prefixes) == len(set(prefixes)) == files
    assert count / files <= MAX_SENSORS / 2
    assert set("".join(prefixes)) <= set(FIGURES)


@pytest.mark.parametrize("name", ["x", "sensors-", "sensors-A", "sensors-%27", "pages-2"])
def test_file_of_another_name_is_not_found(site: TestClient, name: str) -> None:
    assert site.get(f"/sitemap/{name}.xml").status_code == 404


def test_robots_are_told_where_the_map_is(site: TestClient) -> None:
    assert f"Sitemap: {HOST}/sitemap.xml" in site.get("/robots.txt").text
