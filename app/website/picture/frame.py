"""The frame of a picture: the part of the world of the map that takes its place, whatever its size on the page."""

import math
from dataclasses import dataclass
from typing import Final

from app.spatial.bbox import Rectangle
from app.spatial.crs import mercator_from_lonlat

MARGIN_ACROSS, MARGIN_DOWN = 0.06, 0.11
"""Shares of the width and height that stay free on each side; app/static/js/map/margins.js has the same."""

_BEYOND: Final = 0.1
"""Share that is drawn beyond each side, for a page that gives the picture another shape than expected."""
_WORLD_METRES: Final = 2 * math.pi * 6_378_137.0
_TILE_PIXELS: Final = 512
"""Pixels of a tile on a map, which has twice the resolution of the tile matrix set."""


@dataclass(frozen=True, slots=True)
class Frame:
    """The part of the world that is drawn, west, south, east and north, and its pixel, in metres of EPSG:3857.

    `view_box` are the left, top, width and height in pixels of the part that is always seen.
    """

    box: Rectangle
    pixel: float
    view_box: tuple[float, float, float, float]

    @property
    def zoom(self) -> float:
        """The zoom of a map of this scale."""
        return math.log2(_WORLD_METRES / _TILE_PIXELS / self.pixel)

    def place(self, lon: float, lat: float) -> tuple[float, float]:
        """Pixels from the left and the top of what is drawn."""
        x, y = mercator_from_lonlat(lon, lat)
        return round((float(x) - self.box[0]) / self.pixel, 1), round(
            (self.box[3] - float(y)) / self.pixel, 1
        )


def fit_frame(bounds: Rectangle, width: int, height: int, *, has_margins: bool = True) -> Frame:
    """The frame of a picture with these bounds in degrees, drawn for a size in pixels."""
    margin_across, margin_down = (MARGIN_ACROSS, MARGIN_DOWN) if has_margins else (0, 0)
    west, south = (float(one) for one in mercator_from_lonlat(*bounds[:2]))
    east, north = (float(one) for one in mercator_from_lonlat(*bounds[2:]))
    across = (east - west) / (1 - 2 * margin_across)
    down = (north - south) / (1 - 2 * margin_down)
    pixel = max(across / width, down / height)
    middle = (west + east) / 2, (south + north) / 2
    half = [(0.5 + _BEYOND) * pixel * one for one in (width, height)]
    box = middle[0] - half[0], middle[1] - half[1], middle[0] + half[0], middle[1] + half[1]
    seen = across / pixel, down / pixel
    corner = [(0.5 + _BEYOND) * whole - part / 2 for whole, part in zip((width, height), seen, strict=True)]
    return Frame(box, pixel, tuple(round(one, 1) for one in (*corner, *seen)))  # type: ignore[arg-type]
