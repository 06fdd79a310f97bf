"""Responses of the tiles: a tile, a document that describes tiles, or the glyphs of its labels."""

from typing import Any, Final

from starlette.responses import JSONResponse, Response

from app.core.http.conditional import answer_unchanged, is_unchanged, make_etag
from app.tiles.glyphs import GLYPHS
from app.tiles.tile_answer import TileAnswer
from app.tiles.tilesets import MVT

TILE_HEADERS: Final = {"Cache-Control": "public, max-age=60"}
_GLYPHS_HEADERS: Final = {"Cache-Control": "public, max-age=86400"}
_DOCUMENT_HEADERS: Final = {"Cache-Control": "public, max-age=300", "Vary": "Accept, Accept-Language"}


def render_tile(tile: TileAnswer) -> Response:
    if tile.content is None:
        return answer_unchanged(tile.etag, TILE_HEADERS)
    headers = {**TILE_HEADERS, "ETag": tile.etag}
    if not tile.content:
        return Response(None, 204, headers)
    return Response(tile.content, headers=headers, media_type=MVT)


def render_glyphs(content: bytes, if_none_match: str | None) -> Response:
    etag = make_etag(content)
    if is_unchanged(if_none_match, etag):
        return answer_unchanged(etag, _GLYPHS_HEADERS)
    return Response(content, headers={**_GLYPHS_HEADERS, "ETag": etag}, media_type=GLYPHS)


def render_document(document: dict[str, Any], media_type: str, if_none_match: str | None) -> Response:
    etag = make_etag(media_type, document)
    if is_unchanged(if_none_match, etag):
        return answer_unchanged(etag, _DOCUMENT_HEADERS)
    return JSONResponse(document, headers={**_DOCUMENT_HEADERS, "ETag": etag}, media_type=media_type)
