"""Items in every format, as a caller gets them: the same features as in GeoJSON, and as much about them."""

from typing import Any

import pytest
from httpx2 import Response

from app.core.clock import dutch_date
from app.features.layer_schema import describe_layer
from app.files.writers.schema import CSV, EXCEL, FLATGEOBUF, FORMATS, GEOPACKAGE, SEQUENCE, Format, Layer
from app.municipalities.boundary_pages import BoundarySearch
from app.sensors.search.sensor_search import SensorSearch
from app.spatial.crs import Crs
from tests.support.format_readers import describe_features, list_columns, read_features, split_records
from tests.support.register import SENSORS, Register

COLLECTIONS = ("sensors", "observed-areas", "municipalities")
WHOLE = 1_000_000
"""More than a page: such a search is streamed."""

PLACE_COLUMNS = {"longitude", "latitude", "geometry", "wkb_geometry"}

every_format = pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)


def get(register: Register, query: str, collection: str = "sensors", **headers: str) -> Response:
    return register.client.get(f"/v1/collections/{collection}/items?{query}", headers=headers)


def layer_of(collection: str, crs: Crs = Crs.CRS84, *, near: bool = False, **choice: Any) -> Layer:
    if collection == "municipalities":
        return describe_layer(collection, BoundarySearch(crs=crs, **choice))
    return describe_layer(collection, SensorSearch(dutch_date(), crs=crs, **choice), near=near)


def read_links(answer: Response) -> dict[str, str]:
    links = (part.partition(">; rel=") for part in answer.headers["link"].split(", <"))
    return {rel.split('"')[1]: address.lstrip("<") for address, _, rel in links}


@every_format
@pytest.mark.parametrize("limit", [10_000, WHOLE])
@pytest.mark.parametrize("collection", COLLECTIONS)
def test_features_of_each_format_equal_geojson(
    filled: Register, form: Format, collection: str, limit: int
) -> None:
    for crs in Crs:
        answer = get(filled, f"f={form.name}&limit={limit}&crs={crs.uri}", collection)
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == form.media_type
        assert answer.headers["content-crs"] == f"<{crs.uri}>"
        layer = layer_of(collection, crs)
        found = read_features(form, answer.content, layer)
        expected = describe_features(filled.find(f"limit=10000&crs={crs.uri}", collection)["features"], layer)
        assert len(found) > 0
        assert found == expected


@every_format
@pytest.mark.parametrize("limit", [10_000, WHOLE])
@pytest.mark.parametrize(
    "query",
    [
        "near=4.8932,52.3731&radius=900",
        "bbox=4.88,52.36,4.90,52.38",
        "municipality=GM0363",
        "sensorType=optical_camera",
        "operationalStatus=planned",
        "asOf=2100-01-01",
        "sortby=-reference",
    ],
)
def test_search_in_each_format_finds_the_features_of_geojson(
    filled: Register, form: Format, query: str, limit: int
) -> None:
    if query.startswith("asOf"):
        query = f"asOf={dutch_date()}"
    answer = get(filled, f"{query}&f={form.name}&limit={limit}")
    assert answer.status_code == 200, answer.text
    layer = layer_of("sensors", near=query.startswith("near"))
    expected = describe_features(filled.find(f"{query}&limit=10000")["features"], layer)
    # No sensor is planned: such a file is empty.
    assert bool(expected) == (query != "operationalStatus=planned")
    assert read_features(form, answer.content, layer) == expected


@pytest.mark.parametrize("limit", [10_000, WHOLE])
@pytest.mark.parametrize("query", ["", "near=4.8932,52.3731&radius=9000", "sortby=-reference"])
def test_text_formats_have_the_order_of_geojson(filled: Register, query: str, limit: int) -> None:
    layer = layer_of("sensors")
    expected = [feature["id"] for feature in filled.find(query)["features"]]
    assert len(expected) == SENSORS
    for form in (SEQUENCE, CSV):
        answer = get(filled, f"{query}&f={form.name}&limit={limit}")
        assert list(read_features(form, answer.content, layer)) == expected


@every_format
def test_chosen_properties_are_the_columns(filled: Register, form: Format) -> None:
    query = "properties=name,heightM&skipGeometry=true"
    answer = get(filled, f"{query}&f={form.name}")
    layer = layer_of("sensors", properties=("name", "heightM"), skip_geometry=True)
    expected = describe_features(filled.find(query)["features"], layer)
    assert read_features(form, answer.content, layer) == expected
    if form is not SEQUENCE:
        columns = list_columns(form, answer.content, layer)
        assert [name for name in columns if name not in PLACE_COLUMNS] == ["id", "name", "heightM"]


@every_format
def test_accept_header_chooses_the_format(filled: Register, form: Format) -> None:
    accept = f"text/turtle, {form.media_type.partition(';')[0]};q=0.9"
    answer = get(filled, "limit=3", Accept=accept)
    assert answer.headers["content-type"] == form.media_type
    assert "Accept" in answer.headers["vary"]


def test_format_not_offered_is_refused_with_list_of_formats(filled: Register) -> None:
    assert get(filled, "", Accept="application/x-shapefile").status_code == 406
    answer = get(filled, "f=shapefile&limit=none")
    assert answer.status_code == 400
    assert {problem["location"] for problem in answer.json()["errors"]} == {"f", "limit"}
    for form in FORMATS:
        assert form.name in answer.json()["errors"][0]["detail"]


@every_format
def test_pages_follow_each_other_by_link(filled: Register, form: Format) -> None:
    found: dict[str, Any] = {}
    path = f"/v1/collections/sensors/items?f={form.name}&limit=5"
    sizes = []
    while path:
        answer = filled.client.get(path)
        assert answer.headers["ogc-numbermatched"] == str(SENSORS)
        sizes.append(int(answer.headers["ogc-numberreturned"]))
        found |= read_features(form, answer.content, layer_of("sensors"))
        links = read_links(answer)
        assert links["self"].startswith("http://127.0.0.1:8000/v1/collections/sensors/items?")
        path = links.get("next", "").removeprefix("http://127.0.0.1:8000")
    assert sizes == [5, 5, 2]
    assert len(found) == SENSORS


def test_municipalities_as_text_sequence_have_next_link(filled: Register) -> None:
    first = get(filled, "f=json-seq&limit=3", "municipalities")
    following = filled.client.get(read_links(first)["next"].removeprefix("http://127.0.0.1:8000"))
    assert len(split_records(first.content)) == 3
    assert len(split_records(following.content)) == 2
    assert "next" not in read_links(following)


def test_geojson_page_links_to_other_formats(filled: Register) -> None:
    links = filled.find("sensorType=sound&limit=2")["links"]
    alternates = {link["type"]: link["href"] for link in links if link["rel"] == "alternate"}
    for form in FORMATS:
        address = alternates[form.media_type].removeprefix("http://127.0.0.1:8000")
        answer = filled.client.get(address)
        assert len(read_features(form, answer.content, layer_of("sensors"))) == 2


def test_cursor_of_geojson_is_accepted_for_csv(filled: Register) -> None:
    links = {link["rel"]: link["href"] for link in filled.find("limit=5")["links"] if link["rel"] == "next"}
    cursor = links["next"].partition("cursor=")[2]
    answer = get(filled, f"f=csv&limit=5&cursor={cursor}")
    assert answer.status_code == 200
    assert answer.headers["ogc-numberreturned"] == "5"


@every_format
@pytest.mark.parametrize("limit", [100, WHOLE])
@pytest.mark.parametrize("collection", COLLECTIONS)
def test_unchanged_file_is_not_sent_again(
    filled: Register, form: Format, collection: str, limit: int
) -> None:
    query = f"f={form.name}&limit={limit}"
    etag = get(filled, query, collection).headers["etag"]
    answer = get(filled, query, collection, **{"If-None-Match": etag})
    assert answer.status_code == 304
    assert answer.content == b""
    assert answer.headers["etag"] == etag


def test_each_format_has_a_tag_of_its_own(filled: Register) -> None:
    tags = {get(filled, "", Accept=form.media_type).headers["etag"] for form in FORMATS}
    tags.add(get(filled, "").headers["etag"])
    assert len(tags) == len(FORMATS) + 1


@pytest.mark.parametrize("form", [SEQUENCE, FLATGEOBUF, GEOPACKAGE], ids=lambda form: form.name)
def test_streamed_search_has_number_matched_and_returned(filled: Register, form: Format) -> None:
    for query in ("", "sensorType=sound,optical_camera", "municipality=GM0363"):
        headers = get(filled, f"{query}&f={form.name}&limit={WHOLE}").headers
        assert headers["ogc-numberreturned"] == headers["ogc-numbermatched"] == str(SENSORS)


@every_format
@pytest.mark.parametrize("limit", [5, WHOLE])
def test_head_of_file_has_headers_of_get_and_no_body(filled: Register, form: Format, limit: int) -> None:
    query = f"f={form.name}&limit={limit}"
    # A file that names the moment at which it was made differs in length, compressed.
    changing = {"x-request-id", "date"} | ({"content-length"} if form is EXCEL else set())
    got = get(filled, query)
    head = filled.client.head(f"/v1/collections/sensors/items?{query}")
    assert (head.status_code, head.content) == (200, b"")
    assert {"link", "content-disposition", "content-crs", "etag"} <= head.headers.keys()
    assert {name: value for name, value in head.headers.items() if name not in changing} == {
        name: value for name, value in got.headers.items() if name not in changing
    }


def test_file_name_has_collection_and_suffix(filled: Register) -> None:
    for form in FORMATS:
        answer = get(filled, f"f={form.name}", "observed-areas")
        assert answer.headers["content-disposition"] == f'attachment; filename="observed-areas.{form.suffix}"'


def test_accept_header_of_any_or_json_returns_geojson(filled: Register) -> None:
    for accept in ("*/*", "application/json", "application/geo+json"):
        answer = get(filled, "limit=2", Accept=accept)
        assert answer.headers["content-type"] == "application/geo+json"
        assert len(answer.json()["features"]) == 2
