"""Reading an area from a topology."""

import pytest

from app.municipalities.topojson import read_topojson_area

# Two squares that share the arc from (0, 0) to (0, 10); the left one walks it backwards.
TOPOLOGY = {
    "type": "Topology",
    "transform": {"scale": [1, 10], "translate": [100, 0]},
    "arcs": [
        [[0, 0], [0, 1]],
        [[0, 1], [10, 0], [0, -1], [-10, 0]],
        [[0, 0], [-10, 0], [0, 1], [10, 0]],
    ],
    "objects": {
        "countries": {
            "type": "GeometryCollection",
            "geometries": [
                {"type": "Polygon", "id": "right", "arcs": [[0, 1]]},
                {"type": "MultiPolygon", "id": "left", "arcs": [[[2, ~0]]]},
            ],
        }
    },
}


@pytest.mark.parametrize(("name", "bounds"), [("right", (100, 0, 110, 10)), ("left", (90, 0, 100, 10))])
def test_arcs_are_joined_in_both_directions(name: str, bounds: tuple[float, ...]) -> None:
    area = read_topojson_area(TOPOLOGY, "countries", name)
    assert area.is_valid
    assert area.bounds == bounds
    assert area.area == 100


def test_unknown_area_is_an_error() -> None:
    with pytest.raises(KeyError, match="no area 528"):
        read_topojson_area(TOPOLOGY, "countries", "528")
