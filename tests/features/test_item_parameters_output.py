"""Contents of an answer: chosen properties, with or without geometry, on pages and single features."""

from collections.abc import Iterator

import pytest

from app.core.clock import dutch_date
from app.features.collection_properties import PROPERTIES_OF
from app.spatial.crs import Crs
from tests.support.register import Register, make_today_record, open_register
from tests.support.sensors import make_camera

COLLECTIONS = ("sensors", "observed-areas", "municipalities")


@pytest.fixture(scope="module")
def register(module_database: str) -> Iterator[Register]:
    dates = {name: make_today_record()[name] for name in ("placedFrom", "activeUntil")}
    with open_register(module_database) as register:
        register.register(**make_camera(name='"Kijk" op \\ de Dam\n', summary="a,b}") | dates)
        yield register


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_properties_with_one_name_returns_only_that_property(register: Register, collection: str) -> None:
    whole = register.find("limit=1", collection)["features"][0]
    for name in PROPERTIES_OF[collection].by_name:
        (part,) = register.find(f"limit=1&properties={name}", collection)["features"]
        assert part["properties"] == {
            key: value for key, value in whole["properties"].items() if key == name
        }, name
        assert (part["id"], part["geometry"]) == (whole["id"], whole["geometry"])


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_properties_with_all_names_returns_whole_feature_in_fixed_order(
    register: Register, collection: str
) -> None:
    whole = register.find("limit=1", collection)["features"][0]
    names = ",".join(reversed(PROPERTIES_OF[collection].by_name))
    (feature,) = register.find(f"limit=1&properties={names}", collection)["features"]
    assert feature == whole
    assert list(feature["properties"]) == list(whole["properties"])
    assert set(whole["properties"]) <= set(PROPERTIES_OF[collection].by_name)


@pytest.mark.parametrize("crs", list(Crs))
@pytest.mark.parametrize("collection", COLLECTIONS)
def test_skip_geometry_returns_null_geometry(register: Register, collection: str, crs: Crs) -> None:
    whole = register.find(f"limit=1&crs={crs.uri}", collection)["features"][0]
    (feature,) = register.find(f"limit=1&skipGeometry=true&crs={crs.uri}", collection)["features"]
    assert feature == whole | {"geometry": None}
    assert register.find(f"limit=1&skipGeometry=false&crs={crs.uri}", collection)["features"] == [whole]


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_item_accepts_properties_and_skip_geometry_only(register: Register, collection: str) -> None:
    name = "name"
    whole = register.find("limit=1", collection)["features"][0]
    path = f"/v1/collections/{collection}/items/{whole['id']}"
    item = register.client.get(f"{path}?properties={name}&skipGeometry=true").json()
    assert item["geometry"] is None
    assert item["properties"] == {name: whole["properties"][name]}
    for wrong in ("properties=colour", "skipGeometry=1", "sortby=name", "crs=x", "limit=1", "f=csv"):
        assert register.client.get(f"{path}?{wrong}").status_code == 400, wrong


def test_properties_with_distance_returns_distance_of_near_search(register: Register) -> None:
    near = "near=4.8932,52.3740&properties=distanceM,reference"
    (feature,) = register.find(near)["features"]
    assert feature["properties"].keys() == {"distanceM", "reference"}
    assert feature["properties"]["distanceM"] == pytest.approx(100.1, abs=0.2)
    assert register.find("properties=distanceM")["features"][0]["properties"] == {}


def test_unknown_property_and_sort_names_are_all_reported(register: Register) -> None:
    answer = register.client.get(
        "/v1/collections/sensors/items?properties=name,colour,naam&sortby=colour,-size",
        headers={"Accept-Language": "en"},
    )
    problems = {problem["location"]: problem for problem in answer.json()["errors"]}
    assert set(problems) == {"properties", "sortby"}
    assert all(f"`{name}`" in problems["properties"]["detail"] for name in ("colour", "naam"))
    assert all(f"`{name}`" in problems["sortby"]["detail"] for name in ("colour", "size"))
    assert "`name`" not in problems["properties"]["detail"]


def test_nearest_name_of_unknown_property_is_suggested(register: Register) -> None:
    answer = register.client.get(
        "/v1/collections/sensors/items?properties=nam", headers={"Accept-Language": "en"}
    )
    (problem,) = answer.json()["errors"]
    assert problem["detail"].endswith("Did you mean name?")
    assert problem["suggestion"] == "name"


def test_item_as_of_is_not_found_before_registration_and_found_today(register: Register) -> None:
    whole = register.find("limit=1")["features"][0]
    path = f"/v1/collections/sensors/items/{whole['id']}"
    assert register.client.get(f"{path}?asOf=2020-01-01").status_code == 404
    now = register.client.get(f"{path}?asOf={dutch_date()}").json()
    assert now["properties"] == whole["properties"]
    (itself,) = [link["href"] for link in now["links"] if link["rel"] == "self"]
    assert register.client.get(itself).json() == now
