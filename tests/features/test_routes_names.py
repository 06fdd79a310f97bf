"""Names of sensors, owners and municipalities: published, searched and sorted by."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.register import Register, admit_municipality, open_register

UTRECHT = {"type": "Point", "coordinates": [5.1214, 52.0907]}


@pytest.fixture(scope="module")
def register(module_database: str) -> Iterator[Register]:
    with open_register(module_database) as register:
        register.register(reference="a", name="Zuil, Dam")
        register.register(reference="b", name="Brug")
        utrecht = admit_municipality(module_database, "GM0344", "Gemeente Utrecht")
        Register(register.client, utrecht, {}).register(reference="c", name="Mast", location=UTRECHT)
        register.register(reference="d", name="Cel", visibility="generalised", visibilityReason="Veiligheid")
        yield register


def list_names(register: Register, query: str, collection: str = "sensors") -> list[Any]:
    return [feature["properties"]["name"] for feature in register.find(query, collection)["features"]]


def test_items_have_the_name_of_the_municipality_beside_its_code(register: Register) -> None:
    named = {
        feature["properties"]["name"]: (
            feature["properties"]["municipalityCode"],
            feature["properties"]["municipalityName"],
        )
        for feature in register.find()["features"]
    }
    assert named == {
        "Zuil, Dam": ("GM0363", "Amsterdam"),
        "Brug": ("GM0363", "Amsterdam"),
        "Mast": ("GM0344", "Utrecht"),
        "Cel": ("GM0363", "Amsterdam"),
    }


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("name=Zuil, Dam", ["Zuil, Dam"]),
        ("name=Zuil", []),
        ("municipalityName=Utrecht", ["Mast"]),
        ("municipalityName=Amsterdam&sortby=name", ["Brug", "Cel", "Zuil, Dam"]),
        ("ownerName=Gemeente Amsterdam&sortby=-name", ["Zuil, Dam", "Cel", "Brug"]),
        ("sortby=municipalityName,-name", ["Zuil, Dam", "Cel", "Brug", "Mast"]),
        ("sortby=-municipalityName,ownerName,name", ["Mast", "Brug", "Cel", "Zuil, Dam"]),
        ("filter=name LIKE 'Z%25'", ["Zuil, Dam"]),
        ("filter=municipalityName='Utrecht' AND ownerName LIKE 'Gemeente%25'", ["Mast"]),
    ],
)
def test_names_select_and_order_sensors(register: Register, query: str, expected: list[str]) -> None:
    assert list_names(register, query) == expected


def test_pages_in_order_of_names_return_each_sensor_once(register: Register) -> None:
    names: list[str] = []
    path = "/v1/collections/sensors/items?sortby=municipalityName,-name&limit=1"
    while path:
        page = register.client.get(path).json()
        names += [feature["properties"]["name"] for feature in page["features"]]
        path = next((link["href"] for link in page["links"] if link["rel"] == "next"), "")
    assert names == ["Zuil, Dam", "Cel", "Brug", "Mast"]


@pytest.mark.parametrize("document", ["queryables", "sortables", "schema"])
@pytest.mark.parametrize("collection", ["sensors", "observed-areas"])
def test_documents_list_the_names(register: Register, collection: str, document: str) -> None:
    answer = register.client.get(
        f"/v1/collections/{collection}/{document}", headers={"Accept": "application/schema+json"}
    )
    assert {"name", "ownerName", "municipalityName"} <= answer.json()["properties"].keys()
