"""A comma in a parameter: between several codes or ids, a part of a free text, or a mistake in a number."""

from collections.abc import Iterator
from urllib.parse import urlencode

import pytest

from tests.support.register import Register, make_today_record, open_register
from tests.support.sensors import make_camera

SENSORS, AREAS = (f"/v1/collections/{name}/items" for name in ("sensors", "observed-areas"))
PROJECTS = ("Zorg", "welzijn", "Zorg, welzijn")


@pytest.fixture(scope="module")
def register(module_database: str) -> Iterator[Register]:
    dates = {name: make_today_record()[name] for name in ("placedFrom", "activeUntil")}
    with open_register(module_database) as register:
        for project in PROJECTS:
            camera = make_camera(reference=f"{project}, camera", project=project, **dates)
            assert register.post(camera).status_code == 201
        yield register


@pytest.mark.parametrize("collection", ["sensors", "observed-areas"])
def test_comma_in_free_text_is_part_of_the_value(register: Register, collection: str) -> None:
    for name, value in (("project", "Zorg, welzijn"), ("reference", "Zorg, welzijn, camera")):
        query = urlencode({name: value})
        (found,) = register.find(query, collection)["features"]
        assert found["properties"][name] == value
    ids = ",".join(feature["properties"]["publicCode"] for feature in register.find("limit=2")["features"])
    assert register.find(f"publicCode={ids}")["numberMatched"] == 2


def test_comma_in_the_name_of_a_municipality_is_part_of_it(register: Register) -> None:
    answer = register.client.get("/v1/collections/municipalities/items?name=Amsterdam,Utrecht")
    assert [error["value"] for error in answer.json()["errors"]] == ["Amsterdam,Utrecht"]
    assert len(register.find("code=GM0363,GM0344", "municipalities")["features"]) == 2


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ("heightM=4,5", "4.5"),
        ("near=4.8932,52.3731&radius=0,5", "0.5"),
        ("near=4,8932,52,3731", "4.8932,52.3731"),
        ("covers=4,8932,52,3731", "4.8932,52.3731"),
        ("bbox=4,88,52,36,4,90,52,38", "4.88,52.36,4.90,52.38"),
    ],
)
def test_decimal_comma_in_a_number_is_explained(register: Register, query: str, meant: str) -> None:
    for path in (SENSORS, AREAS):
        answer = register.client.get(f"{path}?{query}", headers={"Accept-Language": "nl"})
        assert answer.status_code == 400
        (problem,) = answer.json()["errors"]
        assert f"Bedoelt u {meant}?" in problem["detail"]


@pytest.mark.parametrize("query", ["placedFrom=2026-01-01,2026-02-01", "version=1,2", "openData=true,false"])
def test_several_values_of_a_property_that_is_no_list_are_refused(register: Register, query: str) -> None:
    assert register.client.get(f"{SENSORS}?{query}").status_code == 400
