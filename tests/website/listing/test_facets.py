"""Numbers beside the values of a filter: what one gets by choosing the value."""

import pytest
from fastapi.testclient import TestClient

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
