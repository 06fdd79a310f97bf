"""Queryables, sortables and schema: what they say of the features is so."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from app.municipalities.boundary_pages import FILTERED
from app.sensors.search.conditions import list_filterable
from app.sensors.tables.publication import published_sensor
from tests.support.contrasting_sensors import (
    WITHOUT_VALUE,
    register_contrasting_sensors,
    search_for_each_value,
)
from tests.support.register import Register, open_register

COLLECTIONS = ("sensors", "observed-areas", "municipalities")
TYPES: dict[str, Any] = {
    "string": str,
    "number": (int, float),
    "integer": int,
    "boolean": bool,
    "array": list,
}
FORMATS = {
    "date": r"\d{4}-\d\d-\d\d",
    "date-time": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ",
    "uuid": r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    "uri": r"https?://.+",
    "duration": r"P.+",
}


@pytest.fixture(scope="module")
def register(module_database: str) -> Iterator[Register]:
    with open_register(module_database) as register:
        register_contrasting_sensors(register, module_database)
        yield register


def describe(register: Register, collection: str, kind: str, language: str = "nl") -> dict[str, Any]:
    answer = register.client.get(
        f"/v1/collections/{collection}/{kind}",
        headers={"Accept": "application/schema+json", "Accept-Language": language},
    )
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/schema+json"
    document: dict[str, Any] = answer.json()
    assert document["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert document["$id"].endswith(f"/v1/collections/{collection}/{kind}")
    assert document["type"] == "object"
    return document


def check_value(described: dict[str, Any], value: Any) -> None:
    """Whether a value is of the type, format, pattern and list of codes that are described."""
    assert isinstance(value, TYPES[described["type"]])
    if described["type"] == "array":
        for each in value:
            check_value(described["items"], each)
        return
    if "enum" in described:
        assert value in described["enum"]
        assert described["enum"] == [one["const"] for one in described["oneOf"]]
    if "format" in described:
        assert re.fullmatch(FORMATS[described["format"]], value)
    if "pattern" in described:
        assert re.search(described["pattern"], value)


@pytest.mark.conforms("http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/schemas")
@pytest.mark.conforms("http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/returnables-and-receivables")
@pytest.mark.parametrize("collection", COLLECTIONS)
def test_feature_values_are_valid_by_schema(register: Register, collection: str) -> None:
    described = describe(register, collection, "schema")["properties"]
    near = "?near=4.8932,52.3731" if collection == "sensors" else ""
    features = register.client.get(f"/v1/collections/{collection}/items{near}").json()["features"]
    assert features
    seen = set()
    for feature in features:
        for name, value in feature["properties"].items():
            if value is not None:
                check_value(described[name], value)
                seen.add(name)
        assert described["geometry"]["format"] == f"geometry-{feature['geometry']['type'].lower()}"
    if collection == "sensors":
        # A camera with everything filled in has all but what excludes something else.
        assert len(seen) > len(described) - 15


@pytest.mark.conforms("http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/core-roles-features")
@pytest.mark.parametrize("collection", COLLECTIONS)
def test_schema_has_roles_and_property_sequence(register: Register, collection: str) -> None:
    described = describe(register, collection, "schema")["properties"]
    roles = {one["x-ogc-role"]: name for name, one in described.items() if "x-ogc-role" in one}
    period = {"primary-interval-start": "placedFrom", "primary-interval-end": "activeUntil"}
    placed = {"id": "id", "primary-geometry": "geometry"}
    assert roles == (placed if collection == "municipalities" else placed | period)
    assert [one["x-ogc-propertySeq"] for one in described.values()] == list(range(1, len(described) + 1))


def test_schema_has_units_and_codes_of_vocabulary(register: Register) -> None:
    described = describe(register, "sensors", "schema")["properties"]
    assert described["heightM"]["x-ogc-unit"] == "m"
    assert described["viewAngleDeg"]["x-ogc-unit"] == "deg"
    themes = described["themes"]["items"]
    path = themes["x-ogc-codelistUri"].removeprefix("http://127.0.0.1:8000")
    listed = register.client.get(path).json()
    assert [term["code"] for term in listed["terms"]] == themes["enum"]
    assert [term["label"]["nl"] for term in listed["terms"]] == [one["title"] for one in themes["oneOf"]]


@pytest.mark.parametrize("kind", ["schema", "queryables", "sortables"])
def test_titles_are_in_the_language_of_the_reader(register: Register, kind: str) -> None:
    dutch = describe(register, "sensors", kind)
    english = describe(register, "sensors", kind, "en")
    assert dutch["properties"]["sensorType"]["title"] == "Soort sensor"
    assert english["properties"]["sensorType"]["title"] == "Type of sensor"
    named = {one["const"]: one["title"] for one in english["properties"]["personalData"]["oneOf"]}
    assert named["none"] != dutch["properties"]["personalData"]["oneOf"][0]["title"]
    for document in (dutch, english):
        assert all(one["title"] for one in document["properties"].values())


@pytest.mark.conforms("http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables")
@pytest.mark.conforms("http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables-query-parameters")
@pytest.mark.conforms("http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/queryables")
@pytest.mark.parametrize("collection", COLLECTIONS)
def test_queryables_find_the_features_with_that_value(register: Register, collection: str) -> None:
    described = describe(register, collection, "queryables")
    assert described["additionalProperties"] is False
    assert described["properties"]["geometry"]["x-ogc-role"] == "primary-geometry"
    names = described["properties"].keys() - {"geometry"}
    distinguished = search_for_each_value(register, collection, names)
    # A generalised sensor has no area.
    shared = {"visibility"} if collection == "observed-areas" else set()
    assert distinguished == names - WITHOUT_VALUE - shared


def test_queryables_are_the_filterable_properties(register: Register) -> None:
    filterable = {
        "sensors": list_filterable(published_sensor).keys(),
        "municipalities": {*FILTERED, "geometry"},
    }
    filterable["observed-areas"] = filterable["sensors"]
    for collection in COLLECTIONS:
        described = describe(register, collection, "queryables")["properties"]
        assert described.keys() == filterable[collection]
        for name, one in described.items():
            if one.get("type") == "string" and "enum" not in one and "format" not in one:
                found = register.client.get(
                    f"/v1/collections/{collection}/items", params={"filter": f"{name} IS NULL"}
                )
                assert found.status_code == 200, found.text


@pytest.mark.conforms("http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/sortables")
@pytest.mark.parametrize("collection", COLLECTIONS)
def test_sortables_order_features_in_both_directions(register: Register, collection: str) -> None:
    ordered = set()
    names = describe(register, collection, "sortables")["properties"].keys()
    for name in names:
        for sign in ("", "-"):
            features = register.find(f"sortby={sign}{name}", collection)["features"]
            values = [feature["properties"].get(name) for feature in features]
            given = [value for value in values if value is not None]
            missing = [None] * (len(values) - len(given))
            assert values == sorted(given, reverse=sign == "-") + missing, (name, sign)
            if len(set(values)) > 1:
                ordered.add(name)
    shared = {"visibility"} if collection == "observed-areas" else set()
    assert ordered == names - WITHOUT_VALUE - shared


def test_collections_link_to_their_descriptions(register: Register) -> None:
    for collection in register.client.get("/v1/collections").json()["collections"]:
        links = {link["rel"]: link for link in collection["links"]}
        for kind in ("queryables", "sortables", "schema"):
            link = links[f"http://www.opengis.net/def/rel/ogc/1.0/{kind}"]
            assert link["type"] == "application/schema+json"
            path = link["href"].removeprefix("http://127.0.0.1:8000")
            assert register.client.get(path).headers["content-type"] == "application/schema+json"


@pytest.mark.parametrize("collection", ["sensors", "observed-areas", "municipalities"])
def test_geojson_schema_has_properties_of_schema_and_is_linked(register: Register, collection: str) -> None:
    feature = describe(register, collection, "geojson-schema")["properties"]
    assert {"type", "id", "geometry", "properties"} == set(feature)
    content = describe(register, collection, "schema")["properties"]
    assert list(feature["properties"]["properties"]) == [
        name for name in content if name not in ("id", "geometry")
    ]
    links = register.client.get(f"/v1/collections/{collection}").json()["links"]
    assert [link["href"].rpartition("/")[2] for link in links if link["rel"] == "describedby"] == [
        "geojson-schema"
    ]


@pytest.mark.parametrize("kind", ["schema", "queryables", "sortables", "geojson-schema"])
def test_schema_documents_refuse_unknown_collections_and_parameters(register: Register, kind: str) -> None:
    assert register.client.get(f"/v1/collections/nothing/{kind}").status_code == 404
    path = f"/v1/collections/sensors/{kind}"
    assert register.client.get(f"{path}?f=xml").status_code == 400
    assert register.client.get(f"{path}?limit=1").status_code == 400
    assert register.client.get(path, headers={"Accept": "image/png"}).status_code == 406
    answer = register.client.get(path, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["type"]) == (200, "object")
    again = register.client.get(path, headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
