"""The symbols of the style, worked out for one feature: for a drawing that is no map."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from app.tiles.style import (
    CLUSTER_OPACITY,
    HOLLOW,
    HOLLOW_OPACITY,
    HOLLOW_RADII,
    INK,
    LETTERS,
    LETTERS_FROM_ZOOM,
    NOT_PERSONAL,
    PERSONAL,
    RADII,
    RADIUS_ZOOMS,
    RING_RADII,
    SENSOR_OPACITY,
    SHARES,
    SIZES,
    WHITE,
)

_SENSOR_LINE: Final = 1.0
_HOLLOW_LINE: Final = 2.0


@dataclass(frozen=True, slots=True)
class Symbol:
    """A circle with a line around it and a text in it, which may be empty; lengths are pixels.

    `ring` is the radius of a second line in the colour of `line`, 0 for none.
    """

    radius: float
    fill: str
    opacity: float
    line: str
    line_width: float
    text: str
    ink: str
    ring: float


def describe_symbol(properties: Mapping[str, Any], zoom: float) -> Symbol:
    """The symbol of a feature of a tile, as `style.write_style` has it drawn at a zoom."""
    if count := properties["count"]:
        radius = next(radius for _, last, radius in SIZES if last is None or count <= last)
        fill = next(colour for _, last, colour in SHARES if properties["personalDataShare"] <= last)
        return Symbol(radius, fill, CLUSTER_OPACITY, WHITE, _SENSOR_LINE, str(count), WHITE, 0)
    is_personal, is_hollow = properties["personalData"] != "none", properties["operationalStatus"] in HOLLOW
    colour = PERSONAL if is_personal else NOT_PERSONAL
    letter = LETTERS.get(properties["sensorType"], "") if zoom >= LETTERS_FROM_ZOOM else ""
    ring = _grow(RING_RADII, zoom) if is_personal else 0.0
    if is_hollow:
        return Symbol(
            _grow(HOLLOW_RADII, zoom), WHITE, HOLLOW_OPACITY, colour, _HOLLOW_LINE, letter, INK, ring
        )
    return Symbol(_grow(RADII, zoom), colour, SENSOR_OPACITY, WHITE, _SENSOR_LINE, letter, WHITE, ring)


def _grow(radii: tuple[int, int, int], zoom: float) -> float:
    return round(float(np.interp(zoom, RADIUS_ZOOMS, radii)), 1)
