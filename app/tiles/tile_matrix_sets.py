"""The two ways of cutting the map into tiles: that of web maps, and that of the Netherlands in RD.

Source: OGC 17-083r4, annex D (WebMercatorQuad); Nederlandse richtlijn tiling 2.0 (NetherlandsRDNewQuad).
"""

import math
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from app.spatial.bbox import Bbox, Rectangle
from app.spatial.crs import Crs, lonlat_from_mercator
from app.spatial.netherlands import EAST, NORTH, SOUTH, WEST
from app.spatial.sort_key_ranges import SortKeyRanges, envelope_in_rd, sort_key_ranges_of_bbox

TILE_PIXELS: Final = 256
PIXEL_METRES: Final = 0.000_28
"""The pixel of scale denominators. Source: OGC 17-083r4, 6.1.1."""

COARSEST_WINDOWED: Final = 13
"""From cells of this level down a tile reads its own; of coarser ones there are so few that all are read."""

_SLACK_METRES: Final = 1.0
"""The middle of sensors at the very edge of a cell may come out a millimetre beside it."""


@dataclass(frozen=True, slots=True)
class TileMatrixSet:
    """A square cut into four, and each quarter again; `left`, `top` and `side` in metres of its system.

    `coarsest_level` is the level of the cells, along the Hilbert curve, of the clusters at zoom 0: a tile is twelve
    to sixteen cells wide. `deepest` is the last zoom of its tiles, `defined_to` the last of the definition.
    """

    id: str
    title: str
    crs: Crs
    left: float
    top: float
    side: float
    coarsest_level: int
    deepest: int
    defined_to: int
    uri: str | None = None
    scale_set: str | None = None

    @cache  # noqa: B019 - there are two of these, for ever
    def list_limits(self, zoom: int) -> tuple[int, int, int, int]:
        """The first and last row, then the first and last column, of the tiles that hold the Netherlands."""
        west, south, east, north = self._find_surroundings()
        width = self.side / 2**zoom
        return (
            math.floor((self.top - north) / width),
            math.floor((self.top - south) / width),
            math.floor((west - self.left) / width),
            math.floor((east - self.left) / width),
        )

    def _find_surroundings(self) -> Rectangle:
        if self.crs is Crs.RD:
            envelope = envelope_in_rd((WEST, SOUTH, EAST, NORTH))
            if envelope is None:
                raise RuntimeError("the Netherlands lie outside RD")
            return envelope
        west, south = self.crs.from_lonlat(WEST, SOUTH)
        east, north = self.crs.from_lonlat(EAST, NORTH)
        return float(west), float(south), float(east), float(north)

    def define(self) -> dict[str, Any]:
        """The definition, as OGC writes it in JSON."""
        named = {"uri": self.uri} if self.uri else {}
        scaled = {"wellKnownScaleSet": self.scale_set} if self.scale_set else {}
        return {
            "id": self.id,
            "title": self.title,
            **named,
            "crs": self.crs.uri,
            "orderedAxes": ["X", "Y"],
            **scaled,
            "tileMatrices": [self._define_matrix(zoom) for zoom in range(self.defined_to + 1)],
        }

    def _define_matrix(self, zoom: int) -> dict[str, Any]:
        cell_size = self.side / TILE_PIXELS / 2**zoom
        return {
            "id": str(zoom),
            "scaleDenominator": float(f"{cell_size / PIXEL_METRES:.15g}"),
            "cellSize": float(f"{cell_size:.15g}"),
            "cornerOfOrigin": "topLeft",
            "pointOfOrigin": [self.left, self.top],
            "tileWidth": TILE_PIXELS,
            "tileHeight": TILE_PIXELS,
            "matrixWidth": 2**zoom,
            "matrixHeight": 2**zoom,
        }


_HALF_WORLD: Final = math.pi * 6_378_137.0

WEB_MERCATOR_QUAD: Final = TileMatrixSet(
    id="WebMercatorQuad",
    title="Google Maps Compatible for the World",
    crs=Crs.WEB_MERCATOR,
    left=-_HALF_WORLD,
    top=_HALF_WORLD,
    side=2 * _HALF_WORLD,
    coarsest_level=20,
    deepest=19,
    defined_to=24,
    uri="http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad",
    scale_set="http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible",
)
NETHERLANDS_RD_NEW_QUAD: Final = TileMatrixSet(
    id="NetherlandsRDNewQuad",
    title="Amersfoort / RD New scheme for the Netherlands",
    crs=Crs.RD,
    left=-285_401.92,
    top=903_401.92,
    side=3_440.64 * TILE_PIXELS,
    coarsest_level=15,
    deepest=14,
    defined_to=16,
    scale_set="urn:ogc:def:wkss:OGC:1.0:NLDEPSG28992Scale",
)
TILE_MATRIX_SETS: Final = {one.id: one for one in (WEB_MERCATOR_QUAD, NETHERLANDS_RD_NEW_QUAD)}


@dataclass(frozen=True, slots=True)
class Tile:
    """One tile of a set, by its zoom, row from the top and column from the left."""

    matrix_set: TileMatrixSet
    zoom: int
    row: int
    col: int

    @property
    def level(self) -> int:
        """The level of the cells whose sensors may be one cluster; 18 is all of the curve."""
        return min(self.matrix_set.coarsest_level - self.zoom, 18)

    @property
    def is_within_limits(self) -> bool:
        """Whether the tileset has it: it holds a piece of the Netherlands or what is near."""
        if not 0 <= self.zoom <= self.matrix_set.deepest:
            return False
        top, bottom, left, right = self.matrix_set.list_limits(self.zoom)
        return top <= self.row <= bottom and left <= self.col <= right

    def find_window(self) -> SortKeyRanges | None:
        """The stretches of the sort key that hold every cell which touches it; None for the whole curve."""
        return None if self.level > COARSEST_WINDOWED else sort_key_ranges_of_bbox(self._bbox())

    def _bbox(self) -> Bbox:
        width = self.matrix_set.side / 2**self.zoom
        west = self.matrix_set.left + self.col * width - _SLACK_METRES
        north = self.matrix_set.top - self.row * width + _SLACK_METRES
        east, south = west + width + 2 * _SLACK_METRES, north - width - 2 * _SLACK_METRES
        if self.matrix_set.crs is Crs.RD:
            return Bbox(west, south, east, north, Crs.RD)
        left, bottom = lonlat_from_mercator(west, south)
        right, top = lonlat_from_mercator(east, north)
        return Bbox(float(left), float(bottom), float(right), float(top))
