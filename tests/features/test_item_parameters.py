"""Public addresses take the parameters that the API document lists, and no others."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from app.imports.template_routes import WORKBOOK
from app.sensors.search.sensor_search import SEARCHABLE
from app.spatial.crs import Crs
from tests.support.contrasting_sensors import (
    WITHOUT_VALUE,
    register_contrasting_sensors,
    search_for_each_value,
)
from tests.support.openapi import list_operations, write_required
from tests.support.register import Register, open_register
from tests.support.website import FULL

SENSORS, AREAS, MUNICIPALITIES = (
    f"/v1/collections/{name}/items" for name in ("sensors", "observed-areas", "municipalities")
)

Operation = dict[str, Any]


@pytest.fixture(scope="module")
def register(module_database: str) -> Iterator[Register]:
    with open_register(module_database) as register:
        register_contrasting_sensors(register, module_database)
        yield register


@pytest.fixture(scope="module")
def operations(register: Register) -> dict[str, Operation]:
    """Every GET of the document, by its path."""
    document = register.client.get("/v1/openapi.json").json()
    return {
        f"/v1{path}".rstrip("/"): operation
        for path, method, operation in list_operations(document)
        if method == "get"
    }


def queried(operation: Operation) -> dict[str, dict[str, Any]]:
    return {one["name"]: one["schema"] for one in operation.get("parameters", []) if one.get("in") == "query"}


EXAMPLES = {
    "f": "json", "limit": "10", "bbox": "4.8,52.3,5,52.4", "bbox-crs": Crs.CRS84.uri, "crs": Crs.RD.uri,
    "datetime": "2026-01-01/..", "municipality": "GM0363", "near": "4.8932,52.3731", "radius": "10",
    "covers": "4.8932,52.3735", "nearCrs": Crs.CRS84.uri, "coversCrs": Crs.CRS84.uri,
    "asOf": "2026-01-01", "operationalStatus": "active", "publicCode": "BSK4Y5M",
    "reference": "camera-001", "sensorType": "sound", "sensorSubtype": "anpr", "connectivity": "wifi",
    "owner": str(uuid4()), "operator": str(uuid4()), "mobility": "fixed", "locationAccuracy": "exact",
    "heightReference": "nap", "mounting": "facade", "bgtId": "G0363.0123456789abcdef0123456789abcdef",
    "themes": "environment_noise", "project": "Centrum", "personalData": "yes", "gdprBases": "consent",
    "dpiaStatus": "done", "retentionKind": "fixed", "dataTypes": "binary", "processing": "raw_data",
    "aiUse": "counting", "openData": "true", "visibility": "public", "smartCityTheme": "circularity",
    "municipalityCode": "GM0363", "municipalityCodes": "GM0363", "placedFrom": "2026-01-01",
    "activeUntil": "2026-01-01", "removedOn": "2026-01-01", "confirmBy": "2026-01-01", "q": "plein",
    "properties": "name",
    "filter": "sensorType='sound'", "filter-lang": "cql2-text", "filter-crs": Crs.CRS84.uri,
    "skipGeometry": "true", "sortby": "-name", "code": "GM0363", "name": "Amsterdam", "province": "Utrecht",
    "ownerName": "Gemeente Amsterdam", "municipalityName": "Amsterdam",
    "heightM": "4.5", "version": "1", "updatedAt": "2026-01-01T12:00:00Z",
}  # fmt: skip
"""A good value of every parameter."""


def example(path: str, name: str) -> str:
    if name == "sortby" and path != MUNICIPALITIES:
        return "-placedFrom,project"
    if name == "filter" and path == MUNICIPALITIES:
        return "name='Amsterdam'"
    return EXAMPLES[name]


@pytest.mark.parametrize("path", [SENSORS, AREAS, MUNICIPALITIES])
def test_documented_parameters_are_accepted(
    register: Register, operations: dict[str, Operation], path: str
) -> None:
    for name in queried(operations[path]).keys() - {"cursor"}:
        query = {name: example(path, name)} | ({"near": EXAMPLES["near"]} if name == "radius" else {})
        answer = register.client.get(path, params=query)
        assert answer.status_code == 200, (name, answer.text)
    together = {name: example(path, name) for name in queried(operations[path]).keys() - {"cursor"}}
    assert register.client.get(path, params=together).status_code == 200


@pytest.mark.parametrize("path", [SENSORS, AREAS, MUNICIPALITIES])
def test_accepted_parameters_are_documented(
    register: Register, operations: dict[str, Operation], path: str
) -> None:
    known = {
        *EXAMPLES,
        *SEARCHABLE,
        "cursor",
        "filter",
        "offset",
    }
    answer = register.client.get(path, params=dict.fromkeys(known, "!"))
    unknown = {one["location"] for one in answer.json()["errors"] if one["code"] == "unknown_parameter"}
    assert known - unknown == set(queried(operations[path]))


def test_searchable_properties_find_the_sensors_with_that_value(register: Register) -> None:
    names = set(SEARCHABLE)
    assert search_for_each_value(register, "sensors", names) == names - WITHOUT_VALUE


def test_item_parameters_have_explicit_schema_and_style(operations: dict[str, Operation]) -> None:
    for path in (SENSORS, AREAS, MUNICIPALITIES):
        described = queried(operations[path])
        assert described["limit"] == {"type": "integer", "minimum": 1, "maximum": 10_000, "default": 100}
        bbox = {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 6}
        assert described["bbox"] == bbox
        for one in operations[path]["parameters"]:
            if one.get("in") == "query":
                assert (one["style"], one["explode"], one["required"]) == ("form", False, False), one["name"]


def test_limit_above_maximum_is_reduced_and_invalid_limit_is_refused(register: Register) -> None:
    for path in (SENSORS, AREAS, MUNICIPALITIES):
        for much in ("999999", "1" + 18 * "0", 30 * "9", 6000 * "9"):
            answer = register.client.get(f"{path}?limit={much}")
            assert answer.status_code == 200, much
            (here,) = [link["href"] for link in answer.json()["links"] if link["rel"] == "self"]
            assert here.endswith("?limit=10000")
        assert register.client.get(f"{path}?limit={30 * '0'}1").json()["numberReturned"] == 1
        for wrong in ("0", 30 * "0", "-1", "1.5", "ten", "", "1e3", "٣", f"{30 * '9'}x"):
            assert register.client.get(path, params={"limit": wrong}).status_code == 400, wrong


@pytest.mark.parametrize(
    "query",
    [
        "bbox=4.9,52.3,4.8,52.4&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/28992",
        "bbox=4.8,52.4,4.9,52.3",
        "bbox=4.8,52.3,4.9",
        "bbox=4.8,52.3,nan,52.4",
        "bbox=4.8,52.3,inf,52.4",
        "bbox=4.8,52.3,4.9,92",
        "bbox=",
        "near=4.8932",
        "near=4.8932,52.3731,3",
        "near=nan,52",
        "near=181,52",
        "radius=50",
        "near=4.8932,52.3731&radius=0",
        "near=4.8932,52.3731&radius=50001",
        "near=4.8932,52.3731&radius=inf",
        "covers=52.3731,4.8932",
        "datetime=2026-02-02/2026-02-01",
        "datetime=../..",
        "datetime=2026-01-01/2026-02-02/2026-03-03",
        "datetime=",
        "datetime=0000-foo/2021-01-01",
        "datetime=0000-/2021-01-01",
        "datetime=0000-02-30/2021-01-01",
        "datetime=0000-01-01",
        "datetime=2020-01-01/0000-01-01",
        "datetime=0000-01-01/..",
        "municipality=",
        "municipality=GM9999",
        "owner=Amsterdam",
        "sensorType=",
        "sensorType=sound,",
        "openData=yes",
        "openData=2",
        "openData=",
        "version=99999999999999999999",
        "placedFrom=2026",
        "reference=%0a",
        f"reference={'x' * 501}",
        "f=xml",
        "crs=http://www.opengis.net/def/crs/EPSG/0/2154",
        "crs=EPSG:28992",
        "bbox-crs=http://www.opengis.net/def/crs/EPSG/0/2154",
        "properties=",
        "properties=name,colour",
        "properties=id",
        "sortby=",
        "sortby=themes",
        "sortby=--placedFrom",
        "sortby=placedFrom,-placedFrom",
        "sortby=placedFrom,activeUntil,removedOn,confirmBy,project,reference",
        "skipGeometry=yes",
        "q=",
        "q=!",
        "limit=1&limit=2",
        "Limit=1",
        "sensortype=sound",
        "cursor=AAAA",
        "cursor=",
        "skipGeometry=1",
        "operationalStatus=Active",
    ],
)
def test_invalid_value_is_reported_at_its_parameter(register: Register, query: str) -> None:
    answer = register.client.get(f"{SENSORS}?{query}", headers={"Accept-Language": "en"})
    assert answer.status_code == 400, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    named = {part.partition("=")[0] for part in query.split("&")}
    assert answer.json()["errors"]
    assert {problem["location"] for problem in answer.json()["errors"]} <= named
    for problem in answer.json()["errors"]:
        assert problem["in"] == "query"
        assert problem["detail"]


@pytest.mark.parametrize("path", [SENSORS, AREAS, MUNICIPALITIES])
def test_invalid_cursor_is_reported_with_other_problems(register: Register, path: str) -> None:
    answer = register.client.get(f"{path}?limit=0&cursor=x&sortby=colour")
    assert {problem["location"] for problem in answer.json()["errors"]} == {"limit", "cursor", "sortby"}


def test_valid_cursor_with_invalid_limit_is_not_reported(register: Register) -> None:
    links = {link["rel"]: link["href"] for link in register.find("limit=1", "municipalities")["links"]}
    answer = register.client.get(links["next"].replace("limit=1", "limit=0"))
    assert [problem["location"] for problem in answer.json()["errors"]] == ["limit"]


def test_municipalities_at_any_valid_datetime_are_the_same(register: Register) -> None:
    every = register.find("", "municipalities")["features"]
    for when in (
        "2026-01-01",
        "1900-01-01T12:00:00Z",
        "2026-01-01/..",
        "../1900-01-01",
        "0000-01-01/2026-01-01",
    ):
        assert register.find(f"datetime={when}", "municipalities")["features"] == every, when
    for wrong in ("2026-02-30", "../..", "2026-02-02/2026-02-01", "now", ""):
        answer = register.client.get(f"{MUNICIPALITIES}?datetime={wrong}")
        assert answer.status_code == 400, wrong
        assert [problem["location"] for problem in answer.json()["errors"]] == ["datetime"]


def test_boolean_parameter_accepts_words_and_digits(register: Register) -> None:
    for true, false in (("true", "false"), ("1", "0")):
        assert register.references(f"openData={true}") == [FULL["reference"]]
        assert register.references(f"openData={false}") == ["mobile"]


def test_head_of_public_addresses_has_headers_of_get_and_no_body(
    register: Register, operations: dict[str, Operation]
) -> None:
    identifier = register.find("mobility=fixed&visibility=public")["features"][0]["id"]
    checked = set()
    for path, operation in operations.items():
        if operation.get("security") or re.search("{(?!featureId|collectionId)", path):
            continue
        municipality = path.startswith(MUNICIPALITIES)
        address = path.replace("{collectionId}", "sensors")
        address = address.replace("{featureId}", "GM0363" if municipality else identifier) + write_required(
            operation
        )
        got, head = register.client.get(address), register.client.head(address)
        assert (head.status_code, head.content) == (200, b""), address
        changing = {"x-request-id", "date"}
        if got.headers["content-type"] == WORKBOOK:
            # It says the second in which it was made, and compressed one is longer than another.
            changing.add("content-length")
        assert {name: value for name, value in head.headers.items() if name not in changing} == {
            name: value for name, value in got.headers.items() if name not in changing
        }, address
        if "etag" in got.headers:
            tagged = register.client.get(address, headers={"If-None-Match": got.headers["etag"]})
            assert (tagged.status_code, tagged.content) == (304, b""), address
        checked.add(address)
    assert {SENSORS, AREAS, MUNICIPALITIES, f"{SENSORS}/{identifier}"} <= checked


def test_item_has_same_feature_as_page(register: Register) -> None:
    (feature,) = register.find("mobility=fixed&visibility=public")["features"]
    answer = register.client.get(f"{SENSORS}/{feature['id']}")
    item = answer.json()
    assert answer.headers["content-type"] == "application/geo+json"
    links = {link["rel"]: link["href"] for link in item.pop("links")}
    assert item == feature
    assert links["self"].endswith(f"{SENSORS}/{feature['id']}")
    assert links["collection"].endswith("/v1/collections/sensors")
    (area,) = register.find("mobility=fixed", "observed-areas")["features"]
    item = register.client.get(f"{AREAS}/{feature['id']}").json()
    item.pop("links")
    assert item == area


@pytest.mark.parametrize(
    "identifier",
    ["01a1ff8c-aaa6-745f-aa93-5e079470ab1b", "x", "1", "GM0363", "00000000-0000-0000-0000-000000000000"],
)
def test_unknown_feature_is_not_found(register: Register, identifier: str) -> None:
    for path in (SENSORS, AREAS):
        answer = register.client.get(f"{path}/{identifier}")
        assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert register.client.get(f"{MUNICIPALITIES}/GM9999").status_code == 404
    assert register.client.get("/v1/collections/nothing").status_code == 404
    assert register.client.get("/v1/collections/nothing/items").status_code == 404


def test_next_links_of_municipalities_lead_to_the_rest(register: Register) -> None:
    links = {link["rel"]: link["href"] for link in register.find("limit=2", "municipalities")["links"]}
    codes = []
    while "next" in links:
        page = register.client.get(links["next"]).json()
        codes += [feature["id"] for feature in page["features"]]
        links = {link["rel"]: link["href"] for link in page["links"]}
    assert codes == ["GM0518", "GM0599", "GM0772"]
