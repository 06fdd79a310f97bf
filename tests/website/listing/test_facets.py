"""Numbers beside the values of a filter: what one gets by choosing the value."""

import pytest
from fastapi.testclient import TestClient
from psycopg.errors import QueryCanceled

from app.statistics import queries
from app.website.listing import facets
from tests.support.counted_links import count_items, list_counted_options, replace_parameter

SEARCHES = (
    "", "sensorType=sound", "operationalStatus=expired", "operationalStatus=removed,active", "mobility=fixed",
    "municipality=Amsterdam&personalData=none", "q=geluid", "datetime=2026-01-01/..", "gdprBases=public_task",
    "filter=operationalStatus%3D%27removed%27", "bbox=4,52,5,53", "province=PV26",
)  # fmt: skip


@pytest.mark.parametrize("criteria", SEARCHES)
def test_number_beside_a_value_is_the_number_of_results_with_it(site: TestClient, criteria: str) -> None:
    options = list_counted_options(site.get(f"/sensoren?{criteria}").text)

    assert options
    for name, value, number in options:
        assert number == count_items(site, replace_parameter(criteria, name, value)), (name, value)


def test_filter_says_that_its_numbers_have_sensors_that_are_not_shown_without_a_choice(
    site: TestClient,
) -> None:
    assert "Kiest u niets, dan ziet u geen sensoren die weg zijn" in site.get("/sensoren").text


def test_words_in_more_sensors_than_are_counted_list_sensors_without_numbers(
    site: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = count_items(site, "q=geluid")
    assert found > 1
    monkeypatch.setattr(facets, "COUNT_CAP", found)
    assert list_counted_options(site.get("/sensoren?q=geluid").text)

    monkeypatch.setattr(facets, "COUNT_CAP", found - 1)
    page = site.get("/sensoren?q=geluid&sensorType=sound").text

    assert "Tellen duurt voor deze vraag te lang" in page
    assert not list_counted_options(page)
    assert "/s/" in page


def test_search_that_took_too_long_to_count_is_not_counted_again_at_once(
    site: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = []

    async def take_too_long(*search: object) -> None:
        counted.append(search)
        raise QueryCanceled

    monkeypatch.setattr(queries, "_count", take_too_long)
    pages = [site.get("/sensoren?project=Drukte").text for _ in range(2)]

    assert all("Tellen duurt voor deze vraag te lang" in page for page in pages)
    assert len({repr(search[1:]) for search in counted}) == len(counted) > 0
