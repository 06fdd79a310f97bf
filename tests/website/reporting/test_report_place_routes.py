"""The map on which the place of a report is chosen."""

import re

import pytest
from fastapi.testclient import TestClient

from app.spatial.netherlands import EAST, NORTH, SOUTH, WEST


def read_bounds(site: TestClient, query: str) -> list[float]:
    answer = site.get(f"/melden/kaart{query}")
    assert answer.status_code == 200
    found = re.search(r'data-bounds="\[([^\]]+)\]"', answer.text)
    assert found is not None
    return [float(one) for one in found[1].split(",")]


@pytest.mark.parametrize(
    "query", ["", "?rond=", "?rond=x", "?rond=13.4,52.5", "?rond=1e999,52", "?soort=street"]
)
def test_map_without_a_place_shows_the_country(site: TestClient, query: str) -> None:
    assert read_bounds(site, query) == [WEST, SOUTH, EAST, NORTH]
    assert "Neem het midden van de kaart</a>" not in site.get(f"/melden/kaart{query}").text


def test_map_is_around_what_was_found_and_wider_around_a_town(site: TestClient) -> None:
    heights = []
    for kind in ("street", "place", "municipality"):
        west, south, east, north = read_bounds(site, f"?rond=4.8929,52.3729&soort={kind}")
        assert west < 4.8929 < east
        assert south < 52.3729 < north
        heights.append(north - south)
    assert heights == sorted(heights)
    assert len(set(heights)) == len(heights)
    page = site.get("/melden/kaart?rond=4.8929,52.3729").text
    assert '<a href="/melden?plek=4.89290,52.37290">' in page


@pytest.mark.parametrize("typed", ["52.37290, 4.89290", "52,3729 4,8929", "4.8929,52.3729"])
def test_coordinates_are_taken_as_people_write_them(site: TestClient, typed: str) -> None:
    page = site.get("/melden", params={"plek": typed}).text
    assert "/melden?plek=4.8929,52.3729&amp;soort=missing" in page
