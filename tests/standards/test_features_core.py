"""OGC API Features part 1, walked through as a client does that knows nothing but the landing page.

The steps are those of the abstract test suite in annex A of 17-069r4.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV30SpecValidator

from app.features.conformance import CONFORMANCE_CLASSES
from tests.support.register import Register, make_today_record, open_register
from tests.support.sensors import make_camera

ROOT = "http://127.0.0.1:8000"
JSON = {"Accept": "application/json"}
SENSORS = 7


@pytest.fixture(scope="module")
def register(module_database: str) -> Iterator[Register]:
    dates = {name: make_today_record()[name] for name in ("placedFrom", "activeUntil")}
    with open_register(module_database) as register:
        for number in range(SENSORS):
            place = {"type": "Point", "coordinates": [4.88 + number / 1000, 52.37]}
            register.register(**make_camera(reference=str(number), location=place) | dates)
        yield register


def get(register: Register, href: str) -> dict[str, Any]:
    answer = register.client.get(href.removeprefix(ROOT), headers=JSON)
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    return document


def follow(document: dict[str, Any], rel: str, media_type: str | None = None) -> str:
    """The address of the first link of this relation, and of this type if one is given."""
    return next(
        str(link["href"])
        for link in document["links"]
        if link["rel"] == rel and media_type in (None, link["type"])
    )


@pytest.fixture(scope="module")
def collections(register: Register) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = get(register, follow(get(register, "/v1"), "data"))["collections"]
    return listed


@pytest.mark.conforms("http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core")
def test_landing_page_links_to_api_document_conformance_and_data(register: Register) -> None:
    landing = get(register, "/v1/")
    assert {"title", "description", "links"} <= landing.keys()
    for rel in ("service-desc", "service-doc", "conformance", "data"):
        assert register.client.get(follow(landing, rel).removeprefix(ROOT)).status_code == 200
    declared = get(register, follow(landing, "conformance"))["conformsTo"]
    assert declared == list(CONFORMANCE_CLASSES)


@pytest.mark.conforms("http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core")
def test_collections_have_extent_and_items(register: Register, collections: list[dict[str, Any]]) -> None:
    for collection in collections:
        assert collection == get(register, follow(collection, "self"))
        ((west, south, east, north),) = collection["extent"]["spatial"]["bbox"]
        assert (west < east, south < north) == (True, True)
        page = get(register, follow(collection, "items", "application/geo+json"))
        assert page["features"]


@pytest.mark.conforms("http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core")
@pytest.mark.conforms("http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson")
@pytest.mark.parametrize("limit", [pytest.param(1, marks=pytest.mark.slow), 3, 5, 100])
def test_pages_have_counts_links_and_each_feature_once(
    register: Register, collections: list[dict[str, Any]], limit: int
) -> None:
    for collection in collections:
        path = f"{follow(collection, 'items').removeprefix(ROOT)}?limit={limit}"
        identifiers: list[str] = []
        matched = set()
        while path:
            answer = register.client.get(path, headers=JSON)
            assert answer.headers["content-type"] == "application/geo+json"
            page = answer.json()
            assert page["type"] == "FeatureCollection"
            assert page["numberReturned"] == len(page["features"]) <= limit
            assert datetime.fromisoformat(page["timeStamp"]).tzinfo
            itself = get(register, follow(page, "self", "application/geo+json"))
            assert itself["features"] == page["features"]
            assert itself["links"] == page["links"]
            pages = {
                link["type"]: register.client.get(link["href"].removeprefix(ROOT))
                for link in page["links"]
                if link["rel"] == "alternate"
            }
            sequence = pages["application/geo+json-seq"]
            again, _, relation = sequence.headers["link"].partition(">; ")
            assert relation.startswith('rel="self"')
            assert register.client.get(again.removeprefix(f"<{ROOT}")).content == sequence.content
            listed = [json.loads(line.strip("\x1e"))["id"] for line in sequence.text.split("\n")[:-1]]
            assert listed == [feature["id"] for feature in page["features"]]
            assert pages["text/html"].text.count('<th scope="row">') == len(listed)
            matched.add(page["numberMatched"])
            identifiers += [feature["id"] for feature in page["features"]]
            following = [link["href"] for link in page["links"] if link["rel"] == "next"]
            path = following[0].removeprefix(ROOT) if following else ""
        assert matched == {len(identifiers)} == {len(set(identifiers))}


@pytest.mark.conforms("http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core")
@pytest.mark.conforms("http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson")
def test_features_are_found_at_their_own_address(
    register: Register, collections: list[dict[str, Any]]
) -> None:
    for collection in collections:
        page = get(register, follow(collection, "items"))
        for feature in page["features"]:
            item = get(register, f"/v1/collections/{collection['id']}/items/{feature['id']}")
            assert follow(item, "collection") == follow(collection, "self")
            assert get(register, follow(item, "self"))["id"] == feature["id"]
            assert {key: item[key] for key in feature} == feature


@pytest.mark.conforms("http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core")
def test_datetime_and_bbox_select_features(register: Register) -> None:
    today = register.find()["features"][0]["properties"]["placedFrom"]
    for query, count in {
        f"datetime={today}": SENSORS,
        f"datetime={today}T12:00:00Z": SENSORS,
        f"datetime={today}/..": SENSORS,
        f"datetime=../{today}": SENSORS,
        f"datetime=/{today}": SENSORS,
        f"datetime={today}T00:00:00%2B01:00/{today}T12:00:00Z": SENSORS,
        "datetime=1999-12-31": 0,
        "datetime=../1999-12-31": 0,
        "bbox=4.8795,52.36,4.8825,52.38": 3,
        "bbox=4.8795,52.36,0,4.8825,52.38,100": 3,
        "bbox=4.8795,52.36,4.8825,52.38&datetime=1999-12-31": 0,
    }.items():
        assert register.find(query)["numberMatched"] == count, query


@pytest.mark.conforms("http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core")
def test_impossible_value_is_refused(register: Register, collections: list[dict[str, Any]]) -> None:
    for collection in collections:
        items = follow(collection, "items").removeprefix(ROOT)
        for query in ("limit=0", "limit=x", "bbox=1,2,3", "unknown=1", "bbox=200,0,201,1"):
            assert register.client.get(f"{items}?{query}").status_code == 400, query
        assert register.client.get(f"{items}/none").status_code == 404


@pytest.mark.conforms("http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30")
def test_api_document_is_openapi_3_0(register: Register) -> None:
    landing = get(register, "/v1")
    media_type = "application/vnd.oai.openapi+json;version=3.0"
    answer = register.client.get(
        follow(landing, "service-desc", media_type).removeprefix(ROOT), headers={"Accept": media_type}
    )
    assert answer.headers["content-type"] == media_type
    document = answer.json()
    assert document["openapi"].startswith("3.0.")
    OpenAPIV30SpecValidator(document).validate()
    for collection in ("sensors", "observed-areas", "municipalities"):
        for path in (f"/collections/{collection}/items", f"/collections/{collection}/items/{{featureId}}"):
            content = document["paths"][path]["get"]["responses"]["200"]["content"]
            assert {"application/geo+json", "text/html"} <= content.keys()
