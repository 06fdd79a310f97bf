"""The two tile matrix sets: that of web maps, and that of the Netherlands in RD.

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
EXTENT: Final = 4096
"""Units along the side of a tile."""
BUFFER: Final = 256
"""Units beyond each side whose features are in the tile too, so that programs that cut a tile off at its edge draw
whole symbols: wider than the largest symbol of the style on a tile of 512 pixels."""
PIXEL_METRES: Final = 0.000_28
"""Pixel size that scale denominators assume. Source: OGC 17-083r4, 6.1.1."""

COARSEST_RANGED_LEVEL: Final = 13
"""Up to this level a tile reads only its own cells. Larger cells are so few that a tile reads all of them."""

_SLACK_METRES: Final = 1.0
"""Margin for rounding: the centre of sensors at the edge of a cell may lie a millimetre outside it."""


@dataclass(frozen=True, slots=True)
class TileMatrixSet:
    """A square that is divided into four at each zoom level; `left`, `top` and `side` are metres in its CRS.

    `coarsest_level` is the level, along the Hilbert curve, of the cells of clusters at zoom 0: a tile is twelve to
    sixteen cells wide. `deepest` is the last zoom level with tiles, `defined_to` the last one of the definition.
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

    @cache  # noqa: B019 - there are two instances, for the life of the process
    def list_limits(self, zoom: int) -> tuple[int, int, int, int]:
        """The first and last row, then the first and last column, of the tiles that cover the Netherlands."""
        west, south, east, north = self._find_extent()
        width = self.side / 2**zoom
        return (
            math.floor((self.top - north) / width),
            math.floor((self.top - south) / width),
            math.floor((west - self.left) / width),
            math.floor((east - self.left) / width),
        )

    def _find_extent(self) -> Rectangle:
        if self.crs is Crs.RD:
            envelope = envelope_in_rd((WEST, SOUTH, EAST, NORTH))
            if envelope is None:
                raise RuntimeError("the Netherlands lie outside RD")
            return envelope
        west, south = self.crs.from_lonlat(WEST, SOUTH)
        east, north = self.crs.from_lonlat(EAST, NORTH)
        return float(west), float(south), float(east), float(north)

    def address(self, root: str) -> str:
        """The address of the definition below the landing page."""
        return f"{root}/tileMatrixSets/{self.id}"

    def identifier(self, root: str) -> str:
        """The URI in OGC's register; where that has none, the address of the definition."""
        return self.uri or self.address(root)

    def define(self, root: str) -> dict[str, Any]:
        """The definition in the JSON encoding of OGC 17-083r4."""
        scale_set = {"wellKnownScaleSet": self.scale_set} if self.scale_set else {}
        return {
            "id": self.id,
            "title": self.title,
            "uri": self.identifier(root),
            "crs": self.crs.uri,
            "orderedAxes": ["X", "Y"],
            **scale_set,
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
    """One tile of a tile matrix set; rows count from the top, columns from the left."""

    matrix_set: TileMatrixSet
    zoom: int
    row: int
    col: int

    @property
    def level(self) -> int:
        """The level of the cells whose sensors form one cluster; 18 is the whole curve."""
        return min(self.matrix_set.coarsest_level - self.zoom, 18)

    @property
    def is_within_limits(self) -> bool:
        """Whether the tileset has this tile: it covers a part of the Netherlands or its surroundings."""
        if not 0 <= self.zoom <= self.matrix_set.deepest:
            return False
        top, bottom, left, right = self.matrix_set.list_limits(self.zoom)
        return top <= self.row <= bottom and left <= self.col <= right

    def find_sort_key_ranges(self) -> SortKeyRanges | None:
        """The ranges of the sort key with every cell that touches the tile or its buffer; None for the whole curve."""
        return None if self.level > COARSEST_RANGED_LEVEL else sort_key_ranges_of_bbox(self._bbox())

    def _bbox(self) -> Bbox:
        width = self.matrix_set.side / 2**self.zoom
        margin = width * BUFFER / EXTENT + _SLACK_METRES
        west = self.matrix_set.left + self.col * width - margin
        north = self.matrix_set.top - self.row * width + margin
        east, south = west + width + 2 * margin, north - width - 2 * margin
        if self.matrix_set.crs is Crs.RD:
            return Bbox(west, south, east, north, Crs.RD)
        left, bottom = lonlat_from_mercator(west, south)
        right, top = lonlat_from_mercator(east, north)
        return Bbox(float(left), float(bottom), float(right), float(top))
