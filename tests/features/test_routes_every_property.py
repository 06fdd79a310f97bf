"""Items carry every property, `null` where it is empty, and numbers of a decimal column with a decimal point."""

import json
import re
from typing import Any

import pytest

from app.core.clock import dutch_date
from app.features.collection_properties import PROPERTIES_OF
from app.sensors.properties import PROPERTY_NAMES
from tests.support.register import Register, make_today_record
from tests.support.sensors import make_camera

QUERYABLES = "http://www.opengis.net/def/rel/ogc/1.0/queryables"


def register_sparse(register: Register) -> str:
    identifier: str = register.register(heightM=12, heightReference="ground")["id"]
    return identifier


def register_camera(register: Register, **fields: Any) -> str:
    dates = {name: make_today_record()[name] for name in ("placedFrom", "activeUntil")}
    answer = register.post(make_camera(**dates, **fields))
    assert answer.status_code == 201, answer.text
    identifier: str = answer.json()["id"]
    return identifier


def test_sparse_sensor_has_every_property_and_null_for_each_empty_one(register: Register) -> None:
    identifier = register_sparse(register)
    today = dutch_date().isoformat()
    for path in ("items", "items?near=4.8932,52.3731", f"items/{identifier}", f"items?asOf={today}"):
        document = register.client.get(f"/v1/collections/sensors/{path}").json()
        properties = document.get("features", [document])[0]["properties"]
        added = {"distanceM"} if "near" in path else set()
        assert set(properties) == {*PROPERTY_NAMES} | added, path
        assert [name for name in properties if name not in added] == list(PROPERTY_NAMES), path
        empty = {name for name, value in properties.items() if value is None}
        assert {"viewDirectionDeg", "dpiaDate", "gdprBases", "dataTypes", "openData", "removedOn"} <= empty
        assert not empty & {"sensorType", "heightM", "placedFrom", "themes", "version"}


def test_area_has_every_property(register: Register) -> None:
    register_camera(register)
    (area,) = register.find(collection="observed-areas")["features"]
    assert set(area["properties"]) == set(PROPERTIES_OF["observed-areas"].by_name)


def test_decimal_number_has_a_decimal_point_and_an_integer_has_none(register: Register) -> None:
    register_sparse(register)
    register_camera(
        register,
        viewDirectionDeg=45.25,
        viewAngleDeg=33.3,
        viewRangeM=80,
        heightM=0.00002,
        heightReference="ground",
    )
    text = register.client.get("/v1/collections/sensors/items?sortby=-heightM").text
    sparse, camera = re.findall(r'\{"type":"Feature".*', text)
    assert '"heightM":12.0,' in sparse
    assert '"heightM":2e-05,' in camera
    assert '"viewDirectionDeg":45.25,"viewAngleDeg":33.3,"viewRangeM":80.0,' in camera
    assert '"version":1,' in camera
    area = register.client.get("/v1/collections/observed-areas/items").text
    assert '"viewRangeM":80.0,' in area


@pytest.mark.parametrize("more", ["", "&skipGeometry=true", "&near=4.8932,52.3731"])
def test_chosen_properties_are_null_where_empty_and_keep_their_decimal_point(
    register: Register, more: str
) -> None:
    register_sparse(register)
    text = register.client.get(
        f"/v1/collections/sensors/items?properties=heightM,viewRangeM,gdprBases,dpiaDate{more}"
    ).text
    assert '"properties":{"heightM":12.0,"viewRangeM":null,"gdprBases":null,"dpiaDate":null}' in text


def test_list_without_values_is_null(register: Register) -> None:
    # GDAL takes a column with an empty list for text.
    register.register(dataTypes=[], processing=[])
    (feature,) = register.find()["features"]
    assert [] not in feature["properties"].values()


@pytest.mark.parametrize("collection", ["sensors", "observed-areas", "municipalities"])
@pytest.mark.parametrize("form", ["json", "html", "csv", "flatgeobuf"])
def test_items_link_to_the_queryables_in_the_header_and_geojson_in_the_body_too(
    register: Register, collection: str, form: str
) -> None:
    register_camera(register)
    answer = register.client.get(f"/v1/collections/{collection}/items?f={form}&limit=1")
    assert answer.status_code == 200, answer.text
    links = re.findall(r'<([^>]*)>; rel="([^"]*)"; type="([^"]*)"', answer.headers["link"])
    (header,) = [link for link in links if link[1] == QUERYABLES]
    assert header[0].endswith(f"/v1/collections/{collection}/queryables")
    assert header[2] == "application/schema+json"
    assert register.client.get(header[0]).status_code == 200
    if form == "json":
        links = json.loads(answer.text)["links"]
        (link,) = [one for one in links if one["rel"] == QUERYABLES]
        assert (link["href"], link["type"]) == (header[0], header[2])
