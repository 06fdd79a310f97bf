"""OWSLib, the Python client of OGC's standards: collections, queryables, and items by box, property and filter."""

from typing import Any

import pytest
from owslib.ogcapi.features import Features

from tests.clients.conftest import CAMERAS, SENSORS, Site

pytestmark = pytest.mark.slow


@pytest.fixture
def features(site: Site) -> Features:
    return Features(f"{site.root}/")


def test_owslib_lists_the_collections(features: Features) -> None:
    assert features.feature_collections() == ["sensors", "observed-areas", "municipalities"]
    assert features.collection("sensors")["storageCrs"].endswith("/28992")
    assert features.api()["openapi"].startswith("3.0.")


def test_owslib_reads_queryables_and_schema(features: Features) -> None:
    queryables = features.collection_queryables("sensors")["properties"]
    assert {"sensorType", "personalData", "geometry"} <= set(queryables)
    schema: dict[str, Any] = features.collection_schema("sensors")
    assert schema["properties"]["heightM"]["type"] == "number"


def test_owslib_reads_all_and_selected_items(features: Features) -> None:
    everything = features.collection_items("sensors", limit=SENSORS + 1)
    assert everything["numberReturned"] == everything["numberMatched"] == SENSORS
    cameras = features.collection_items("sensors", sensorType="optical_camera")
    assert cameras["numberMatched"] == CAMERAS
    asked = "sensorType = 'sound' AND placedFrom > DATE('2020-01-01')"
    listening = features.collection_items("sensors", filter=asked)
    assert listening["numberMatched"] == SENSORS - CAMERAS
    assert all(one["properties"]["sensorType"] == "sound" for one in listening["features"])
    box = features.collection_items("sensors", bbox=[4.88, 52.36, 4.91, 52.39])
    assert 0 < box["numberMatched"] < SENSORS
    one = features.collection_item("sensors", everything["features"][0]["id"])
    assert one["geometry"] == everything["features"][0]["geometry"]
