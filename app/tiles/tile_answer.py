"""The answer to a request for a tile: its content, from the cache or from the database, and its entity tag."""

from dataclasses import dataclass
from typing import Any

from psycopg_pool import AsyncConnectionPool

from app.core.byte_cache import ByteCache
from app.core.http.conditional import is_unchanged, make_etag
from app.sensors.search.pages import read_latest_change
from app.tiles.map_parameters import MapQuery
from app.tiles.queries import read_tile
from app.tiles.tile_matrix_sets import Tile


@dataclass(frozen=True, slots=True)
class TileAnswer:
    """A tile; `content` is empty for a tile without sensors, and None when the client has this tile already."""

    etag: str
    content: bytes | None


async def answer_tile(
    pool: AsyncConnectionPool[Any], cache: ByteCache, tile: Tile, query: MapQuery, if_none_match: str | None
) -> TileAnswer:
    """Raises: Unavailable when counting takes too long; other psycopg errors, translated at the edge."""
    etag = _make_etag(tile, query, await read_latest_change(pool))
    if is_unchanged(if_none_match, etag):
        return TileAnswer(etag, None)
    content = cache.find(etag)
    if content is None:
        content, change_number = await read_tile(pool, tile, query.search)
        etag = _make_etag(tile, query, change_number)
        cache.store(etag, content)
    return TileAnswer(etag, content)


def _make_etag(tile: Tile, query: MapQuery, change_number: int) -> str:
    """An entity tag that differs for each change, day, search and tile."""
    place = (tile.matrix_set.id, tile.zoom, tile.row, tile.col)
    return make_etag("tile", change_number, query.search.today, *place, query.canonical)
