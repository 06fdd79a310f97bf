"""The geospatial module 1.0.4 of the Dutch REST API Design Rules, one test a rule.

Two rules ask for what the register has not, see docs/standards.md: features are not created in the collections
(`/geo/geojson-request`), and there is no search over several kinds of things (`/geo/geometric-context`).
Source: https://logius-standaarden.github.io/API-mod-geospatial/
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from shapely.geometry import box, shape

from app.spatial.crs import Crs, rd_from_lonlat
from tests.support.register import Register, make_today_record, open_register
from tests.support.sensors import DAM, make_camera

RULES = {
    "/geo/crs-list", "/geo/storage-crs", "/geo/default-crs", "/geo/preferred-crs", "/geo/ensemble-member-crs",
    "/geo/bbox-crs-query-parameter", "/geo/filter-crs-query-parameter", "/geo/content-crs-request-header",
    "/geo/crs-query-parameter", "/geo/content-crs-response-header", "/geo/bbox-query-parameter",
    "/geo/geojson-response", "/geo/embed-geojson-geometry-request", "/geo/embed-geojson-geometry-response",
}  # fmt: skip
COLLECTIONS = ("sensors", "observed-areas", "municipalities")
UNKNOWN = "http://www.opengis.net/def/crs/EPSG/0/31370"


@pytest.fixture(scope="module")
def register(module_database: str) -> Iterator[Register]:
    dates = {name: make_today_record()[name] for name in ("placedFrom", "activeUntil")}
    with open_register(module_database) as register:
        register.register(**make_camera() | dates)
        register.register(location={"type": "Point", "coordinates": [4.91, 52.36]}, reference="elsewhere")
        yield register


def place_dam() -> tuple[float, float]:
    """Dam square in RD; asked when the register runs, which has found the grid."""
    return rd_from_lonlat(*DAM)


def get(register: Register, address: str, accept: str = "*/*", **headers: str) -> Any:
    answer = register.client.get(address, headers={"Accept": accept, **headers})
    assert answer.status_code == 200, answer.text
    return answer


def list_collections(register: Register) -> dict[str, Any]:
    document: dict[str, Any] = get(register, "/v1/collections").json()
    return document


def test_rules_each_have_a_test() -> None:
    tests = {name for name in globals() if name.startswith("test_geo_")}
    assert tests == {"test" + re.sub(r"[/-]", "_", rule) for rule in RULES}


def test_geo_crs_list(register: Register) -> None:
    systems = [crs.uri for crs in Crs]
    assert list_collections(register)["crs"] == systems
    assert get(register, "/v1/crss").json()["crs"] == systems
    assert all(re.fullmatch(r"http://www\.opengis\.net/def/crs/\w+/[\d.]+/\w+", uri) for uri in systems)


def test_geo_storage_crs(register: Register) -> None:
    document = list_collections(register)
    for collection in document["collections"]:
        assert collection["storageCrs"] in collection["crs"]
        assert collection["storageCrs"] in document["crs"]
        alone = get(register, f"/v1/collections/{collection['id']}").json()
        assert alone["storageCrs"] == collection["storageCrs"]


def test_geo_default_crs(register: Register) -> None:
    for collection in COLLECTIONS:
        answer = get(register, f"/v1/collections/{collection}/items")
        assert answer.headers["content-crs"] == f"<{Crs.CRS84.uri}>"
        for feature in answer.json()["features"]:
            assert box(3, 50, 8, 54).contains(shape(feature["geometry"]))
    registered = register.register(reference="default", location={"type": "Point", "coordinates": list(DAM)})
    assert registered["location"]["coordinates"] == pytest.approx(DAM)


def test_geo_preferred_crs(register: Register) -> None:
    for crs in (Crs.RD, Crs.ETRS89):
        answer = get(register, f"/v1/collections/sensors/items?crs={crs.uri}&reference=camera-001")
        assert answer.headers["content-crs"] == f"<{crs.uri}>"
        (feature,) = answer.json()["features"]
        expected = place_dam() if crs is Crs.RD else DAM[::-1]
        assert feature["geometry"]["coordinates"] == pytest.approx(expected, abs=1e-3)


def test_geo_ensemble_member_crs(register: Register) -> None:
    document = list_collections(register)
    for one in (document, *document["collections"]):
        assert one["crs"][0] == Crs.CRS84.uri
        assert {Crs.ETRS89.uri, Crs.ETRF2000.uri, Crs.RD.uri} <= set(one["crs"])


def test_geo_bbox_query_parameter(register: Register) -> None:
    for collection in COLLECTIONS:
        window = (4.89, 52.37, 4.90, 52.38)
        answer = get(register, f"/v1/collections/{collection}/items?bbox={','.join(map(str, window))}")
        features = answer.json()["features"]
        assert features, collection
        assert all(box(*window).intersects(shape(feature["geometry"])) for feature in features)
    assert register.references("bbox=4.909,52.359,4.911,52.361") == ["elsewhere"]
    for outside in ("200,0,201,1", "4,52,5", "5,53,4,52", "a,b,c,d"):
        answer = register.client.get(f"/v1/collections/sensors/items?bbox={outside}")
        assert (answer.status_code, answer.json()["errors"][0]["location"]) == (400, "bbox")


def test_geo_bbox_crs_query_parameter(register: Register) -> None:
    x, y = place_dam()
    query = f"bbox={x - 10},{y - 10},{x + 10},{y + 10}&bbox-crs={Crs.RD.uri}&sensorType=optical_camera"
    for crs in (Crs.CRS84, Crs.RD):
        answer = get(register, f"/v1/collections/sensors/items?{query}&crs={crs.uri}")
        assert answer.headers["content-crs"] == f"<{crs.uri}>"
        assert answer.json()["numberMatched"] == 1
    assert_refused(register, "bbox=4,52,5,53&bbox-crs=" + UNKNOWN, "bbox-crs")


def test_geo_filter_crs_query_parameter(register: Register) -> None:
    x, y = place_dam()
    square = f"POLYGON(({x - 9} {y - 9},{x + 9} {y - 9},{x + 9} {y + 9},{x - 9} {y + 9},{x - 9} {y - 9}))"
    asked = {"filter": f"S_INTERSECTS(geometry,{square})", "filter-crs": Crs.RD.uri, "crs": Crs.RD.uri}
    answer = register.client.get("/v1/collections/sensors/items", params=asked)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-crs"] == f"<{Crs.RD.uri}>"
    assert "camera-001" in [one["properties"]["reference"] for one in answer.json()["features"]]
    by_default = {"filter": f"S_INTERSECTS(geometry,POINT({DAM[0]} {DAM[1]}))"}
    assert register.client.get("/v1/collections/sensors/items", params=by_default).json()["features"]
    assert_refused(register, "filter=sensorType='sound'&filter-crs=" + UNKNOWN, "filter-crs")


def assert_refused(register: Register, query: str, location: str) -> None:
    for collection in COLLECTIONS[:2]:
        answer = register.client.get(f"/v1/collections/{collection}/items?{query}")
        assert answer.status_code == 400
        assert [one["location"] for one in answer.json()["errors"]] == [location]


def test_geo_content_crs_request_header(register: Register) -> None:
    x, y = place_dam()
    place = {"type": "Point", "coordinates": [x, y]}
    record = make_today_record(reference="in-rd", location=place)
    answer = register.post(record, **{"Content-Crs": f"<{Crs.RD.uri}>"})
    assert answer.status_code == 201, answer.text
    address, etag = answer.headers["location"].partition("/v1")[2], answer.headers["etag"]
    moved = {"location": {"type": "Point", "coordinates": [x + 100, y]}}
    headers = register.officer | {"Content-Crs": f"<{Crs.RD.uri}>", "If-Match": etag}
    answer = register.client.patch(f"/v1{address}", json=moved, headers=headers)
    assert answer.status_code == 200, answer.text
    (feature,) = register.find(f"reference=in-rd&crs={Crs.RD.uri}")["features"]
    assert feature["geometry"]["coordinates"] == pytest.approx([x + 100, y], abs=1e-3)
    assert register.post(record, **{"Content-Crs": UNKNOWN}).status_code == 400


def test_geo_crs_query_parameter(register: Register) -> None:
    for collection in COLLECTIONS:
        for crs in Crs:
            items = f"/v1/collections/{collection}/items"
            answer = get(register, f"{items}?crs={crs.uri}")
            assert answer.headers["content-crs"] == f"<{crs.uri}>"
            single = get(register, f"{items}/{answer.json()['features'][0]['id']}?crs={crs.uri}")
            assert single.headers["content-crs"] == f"<{crs.uri}>"
    assert_refused(register, "crs=" + UNKNOWN, "crs")


def test_geo_content_crs_response_header(register: Register) -> None:
    """Operations that owners read are included."""
    sensors = get(register, "/v1/sensors", **register.officer)
    identifier = sensors.json()["sensors"][0]["id"]
    for address in ("/v1/sensors", f"/v1/sensors/{identifier}", f"/v1/sensors/{identifier}/versions"):
        assert get(register, address, **register.officer).headers["content-crs"] == f"<{Crs.CRS84.uri}>"
        answer = get(register, f"{address}?crs={Crs.RD.uri}", **register.officer)
        assert answer.headers["content-crs"] == f"<{Crs.RD.uri}>"
        assert "[1" in answer.text.replace(" ", "")
        refused = register.client.get(f"{address}?crs={UNKNOWN}", headers=register.officer)
        assert (refused.status_code, refused.json()["errors"][0]["location"]) == (400, "crs")


def test_geo_geojson_response(register: Register) -> None:
    for collection in COLLECTIONS:
        items = f"/v1/collections/{collection}/items"
        page = get(register, items, "application/geo+json")
        assert page.headers["content-type"] == "application/geo+json"
        assert page.json()["type"] == "FeatureCollection"
        feature = get(register, f"{items}/{page.json()['features'][0]['id']}", "application/geo+json")
        assert feature.headers["content-type"] == "application/geo+json"
        assert feature.json()["type"] == "Feature"
        assert shape(feature.json()["geometry"]).is_valid
    for plain in ("/v1/vocabularies", "/v1/vocabularies/visibility", "/v1/organisations"):
        assert get(register, plain, "application/json").headers["content-type"] == "application/json"


def test_geo_embed_geojson_geometry_request(register: Register) -> None:
    answer = register.post(make_today_record(reference="embedded"), **{"Content-Type": "application/json"})
    assert answer.status_code == 201
    assert answer.headers["location"].endswith(f"/v1/sensors/{answer.json()['id']}")
    answer = register.post(make_today_record(), **{"Content-Type": "application/geo+json"})
    assert answer.status_code == 415


def test_geo_embed_geojson_geometry_response(register: Register) -> None:
    page = get(register, "/v1/sensors?reference=camera-001", "application/json", **register.officer)
    assert page.headers["content-type"] == "application/json"
    (sensor,) = page.json()["sensors"]
    single = get(register, f"/v1/sensors/{sensor['id']}", "application/json", **register.officer)
    for one in (sensor, single.json()):
        assert one["location"]["type"] == "Point"
        assert one["location"]["coordinates"] == pytest.approx(DAM)
