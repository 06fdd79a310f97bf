"""Helpers that decode tiles with an independent library."""

from dataclasses import dataclass
from typing import Any

import mapbox_vector_tile
from fastapi.testclient import TestClient


@dataclass(frozen=True, slots=True)
class Feature:
    """A drawn feature: units of the tile from its top left corner, its properties and its id, 0 for none."""

    across: int
    down: int
    properties: dict[str, Any]
    id: int

    @property
    def is_inside(self) -> bool:
        """Whether it belongs to the tile; any other is in its buffer, and belongs to a neighbour."""
        return 0 <= self.across < 4096 and 0 <= self.down < 4096


def decode(content: bytes) -> list[Feature]:
    """The features of the only layer."""
    layers = mapbox_vector_tile.decode(content, default_options={"y_coord_down": True})
    assert list(layers) == ["sensors"]
    assert layers["sensors"]["extent"] == 4096
    features = []
    for feature in layers["sensors"]["features"]:
        across, down = feature["geometry"]["coordinates"]
        features.append(Feature(across, down, feature["properties"], feature.get("id", 0)))
    return features


def read_zoom(
    client: TestClient, zoom: int, query: str = "", matrix_set: str = "WebMercatorQuad"
) -> list[Feature]:
    """The features of all tiles of a zoom level, without those in the buffers."""
    tileset = client.get(f"/v1/tiles/{matrix_set}").json()
    limits = tileset["tileMatrixSetLimits"][zoom]
    features = []
    for row in range(limits["minTileRow"], limits["maxTileRow"] + 1):
        for col in range(limits["minTileCol"], limits["maxTileCol"] + 1):
            answer = client.get(f"/v1/tiles/{matrix_set}/{zoom}/{row}/{col}?{query}")
            assert answer.status_code in (200, 204), answer.text
            if answer.status_code == 200:
                features += [feature for feature in decode(answer.content) if feature.is_inside]
    return features


def count_sensors(features: list[Feature]) -> int:
    """The sensors of tiles, without those in the buffers."""
    return sum(feature.properties.get("count", 1) for feature in features if feature.is_inside)
