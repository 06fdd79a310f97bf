"""Reading one area from a TopoJSON topology, whose borders are arcs that neighbours share.

Source: the TopoJSON format specification, https://github.com/topojson/topojson-specification.
"""

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import MultiPolygon, Polygon


def read_topojson_area(topology: dict[str, Any], collection: str, area_id: str) -> MultiPolygon:
    """The area with this id, in the topology's longitude and latitude.

    Raises: KeyError when the collection has no such area.
    """
    for area in topology["objects"][collection]["geometries"]:
        if area.get("id") == area_id:
            outlines = area["arcs"] if area["type"] == "MultiPolygon" else [area["arcs"]]
            rings = [[_join_arcs(topology, arcs) for arcs in outline] for outline in outlines]
            polygons = [Polygon(outer, holes) for outer, *holes in rings]
            return MultiPolygon(
                [part for polygon in polygons for part in shapely.get_parts(polygon.buffer(0))]
            )
    raise KeyError(f"no area {area_id} in {collection}")


def _join_arcs(topology: dict[str, Any], arcs: list[int]) -> NDArray[np.float64]:
    """A ring of consecutive arcs; a negative number is a reversed arc."""
    pieces = [_read_arc(topology, ~arc)[::-1] if arc < 0 else _read_arc(topology, arc) for arc in arcs]
    # Each arc starts at the end of the one before it.
    return np.concatenate([pieces[0], *(piece[1:] for piece in pieces[1:])])


def _read_arc(topology: dict[str, Any], arc: int) -> NDArray[np.float64]:
    steps = np.array(topology["arcs"][arc], dtype=float)
    # Delta-encoded integers on the grid of the topology.
    transform = topology["transform"]
    places: NDArray[np.float64] = np.cumsum(steps, axis=0) * transform["scale"] + transform["translate"]
    return places
