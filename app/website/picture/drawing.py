"""The contents of a picture: outlines and names of municipalities, and the symbols of the sensors of a search."""

import math
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from psycopg_pool import AsyncConnectionPool

from app.basemap.outline_paths import OutlinePaths, read_outline_paths
from app.basemap.style import list_shown_names
from app.sensors.search.sensor_search import SensorSearch
from app.tiles.queries import read_symbols
from app.tiles.symbols import Symbol, describe_symbol
from app.tiles.tile_matrix_sets import EXTENT, WEB_MERCATOR_QUAD, Tile
from app.website.picture.frame import Frame

_MAX_TILES: Final = 12
_LETTER_PIXELS, _LINE_PIXELS = 7.0, 15.0
"""Room of a letter of a name, and of its line."""
_SOURCE_LETTER_PIXELS: Final = 5.0


@dataclass(frozen=True, slots=True)
class Drawing:
    """Contents of a frame: places are pixels from its upper left."""

    frame: Frame
    outlines: OutlinePaths
    symbols: list[tuple[float, float, Symbol]]


async def read_drawing(pool: AsyncConnectionPool[Any], frame: Frame, search: SensorSearch | None) -> Drawing:
    """The drawing of a search, or of no sensors. Raises: Unavailable when counting takes too long."""
    outlines = await read_outline_paths(pool, frame.box, frame.pixel)
    shown = list_shown_names([name for name, _, _ in outlines.names], frame.zoom)
    places = {name: (x, y) for name, x, y in outlines.names}
    names = keep_apart([(name, *places[name]) for name in shown])
    symbols: list[tuple[float, float, Symbol]] = []
    if search is not None:
        for tile in _list_tiles(frame):
            rows = await read_symbols(pool, tile, search)
            symbols += [(*_place(tile, row, frame), describe_symbol(row, frame.zoom)) for row in rows]
    return Drawing(frame, OutlinePaths(outlines.path, names), symbols)


def keep_apart(names: Sequence[tuple[str, float, float]]) -> list[tuple[str, float, float]]:
    """The names, which have the most important first, without those that would cover one before them."""
    kept: list[tuple[str, float, float]] = []
    for name, x, y in names:
        if all(
            abs(x - other_x) > _LETTER_PIXELS * (len(name) + len(other)) / 2
            or abs(y - other_y) > _LINE_PIXELS
            for other, other_x, other_y in kept
        ):
            kept.append((name, x, y))
    return kept


def wrap_sources(attribution: str, frame: Frame) -> list[str]:
    """The lines of the sources, the last one first."""
    letters = int(frame.view_box[2] / _SOURCE_LETTER_PIXELS)
    return textwrap.wrap(attribution, max(letters, 20))[::-1]


def _list_tiles(frame: Frame) -> list[Tile]:
    """The tiles that a map of this frame has; of a smaller zoom where they are many."""
    zoom = max(0, min(math.floor(frame.zoom), WEB_MERCATOR_QUAD.deepest))
    while len(tiles := list(_find_tiles(frame, zoom))) > _MAX_TILES:
        zoom -= 1
    return tiles


def _find_tiles(frame: Frame, zoom: int) -> Iterator[Tile]:
    west, south, east, north = frame.box
    width = WEB_MERCATOR_QUAD.side / 2**zoom
    for row in _range((WEB_MERCATOR_QUAD.top - north) / width, (WEB_MERCATOR_QUAD.top - south) / width):
        for col in _range((west - WEB_MERCATOR_QUAD.left) / width, (east - WEB_MERCATOR_QUAD.left) / width):
            tile = Tile(WEB_MERCATOR_QUAD, zoom, row, col)
            if tile.is_within_limits:
                yield tile


def _range(first: float, last: float) -> range:
    return range(math.floor(first), math.floor(last) + 1)


def _place(tile: Tile, row: dict[str, Any], frame: Frame) -> tuple[float, float]:
    unit = tile.matrix_set.side / 2**tile.zoom / EXTENT
    x = tile.matrix_set.left + (tile.col * EXTENT + row["across"]) * unit
    y = tile.matrix_set.top - (tile.row * EXTENT + row["down"]) * unit
    return round((x - frame.box[0]) / frame.pixel, 1), round((frame.box[3] - y) / frame.pixel, 1)
