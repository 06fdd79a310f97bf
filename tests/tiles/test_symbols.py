"""A symbol has the look that the style gives the same feature."""

from typing import Any

import pytest

from app.tiles.symbols import Symbol, describe_symbol

SENSOR = {"count": None, "personalData": "none", "operationalStatus": "active", "sensorType": "sound"}
BLUE, RED, WHITE = "#154273", "#a4262c", "#ffffff"


@pytest.mark.parametrize(
    ("count", "share", "radius", "fill"),
    [(1, 0, 8, BLUE), (9, 100, 8, RED), (10, 1, 11, "#453b5d"), (1_000, 99, 22, "#743145")],
)
def test_cluster_has_its_number_and_grows_with_it(count: int, share: int, radius: int, fill: str) -> None:
    symbol = describe_symbol({"count": count, "personalDataShare": share}, 9)

    assert symbol == Symbol(radius, fill, 0.85, WHITE, 1, str(count), WHITE, 0)


@pytest.mark.parametrize(
    ("changes", "zoom", "expected"),
    [
        ({}, 14, Symbol(9, BLUE, 0.95, WHITE, 1, "G", WHITE, 0)),
        ({}, 9, Symbol(3, BLUE, 0.95, WHITE, 1, "", WHITE, 0)),
        ({"personalData": "direct"}, 18, Symbol(11, RED, 0.95, WHITE, 1, "G", WHITE, 14)),
        ({"operationalStatus": "planned"}, 14, Symbol(8, WHITE, 0.9, BLUE, 2, "G", "#131b1a", 0)),
        ({"sensorType": "unheard"}, 16, Symbol(10, BLUE, 0.95, WHITE, 1, "", WHITE, 0)),
    ],
)
def test_sensor_has_its_letter_ring_and_hollow(
    changes: dict[str, Any], zoom: float, expected: Symbol
) -> None:
    assert describe_symbol(SENSOR | changes, zoom) == expected
