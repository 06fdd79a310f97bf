"""Helpers that decode tiles with an independent library."""

from dataclasses import dataclass
from typing import Any

import mapbox_vector_tile
from fastapi.testclient import TestClient


@dataclass(frozen=True, slots=True)
class Feature:
    """A drawn feature: units of the tile from its top left corner, and its properties."""

    across: int
    down: int
    properties: dict[str, Any]


def decode(content: bytes) -> list[Feature]:
    """The features of the only layer."""
    layers = mapbox_vector_tile.decode(content, default_options={"y_coord_down": True})
    assert list(layers) == ["sensors"]
    assert layers["sensors"]["extent"] == 4096
    features = []
    for feature in layers["sensors"]["features"]:
        across, down = feature["geometry"]["coordinates"]
        features.append(Feature(across, down, feature["properties"]))
    return features


def read_zoom(
    client: TestClient, zoom: int, query: str = "", matrix_set: str = "WebMercatorQuad"
) -> list[Feature]:
    """The features of all tiles of a zoom level."""
    tileset = client.get(f"/v1/tiles/{matrix_set}").json()
    limits = tileset["tileMatrixSetLimits"][zoom]
    features = []
    for row in range(limits["minTileRow"], limits["maxTileRow"] + 1):
        for col in range(limits["minTileCol"], limits["maxTileCol"] + 1):
            answer = client.get(f"/v1/tiles/{matrix_set}/{zoom}/{row}/{col}?{query}")
            assert answer.status_code in (200, 204), answer.text
            if answer.status_code == 200:
                features += decode(answer.content)
    return features


def count_sensors(features: list[Feature]) -> int:
    return sum(feature.properties.get("count", 1) for feature in features)
