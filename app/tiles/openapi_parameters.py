"""Descriptions of the addresses of the tiles in the API document."""

from collections.abc import Mapping
from typing import Any, Final

from app.tiles.glyphs import GLYPHS as GLYPHS_MEDIA_TYPE
from app.tiles.style import FONT
from app.tiles.tile_matrix_sets import TILE_MATRIX_SETS
from app.tiles.tilesets import MVT

Answers = dict[int | str, dict[str, Any]]


def _in_path(name: str, text: str, **schema: Any) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "description": text, "schema": schema}


MATRIX_SET: Final = _in_path(
    "tileMatrixSetId", "The tile matrix set.", type="string", enum=list(TILE_MATRIX_SETS)
)
TILE: Final = (
    MATRIX_SET,
    _in_path("tileMatrix", "The zoom, from 0.", type="string", example="12"),
    _in_path("tileRow", "The row, from 0 at the top.", type="integer", minimum=0, example=1346),
    _in_path("tileCol", "The column, from 0 at the left.", type="integer", minimum=0, example=2103),
)

GLYPHS: Final = (
    _in_path("fontstack", "The font.", type="string", enum=[FONT]),
    _in_path("range", "The range of characters.", type="string", enum=["0-255.pbf"]),
)

_ETAG: Final = {
    "ETag": {"description": "Changes with the register and with the day.", "schema": {"type": "string"}}
}

TILE_ANSWERS: Final[Answers] = {
    200: {
        "description": "The tile.",
        "headers": _ETAG,
        "content": {MVT: {"schema": {"type": "string", "format": "binary"}}},
    },
    204: {"description": "The tile has no sensors.", "headers": _ETAG},
    304: {"description": "The client has this tile already."},
}

GLYPHS_ANSWERS: Final[Answers] = {
    200: {
        "description": "The glyphs.",
        "content": {GLYPHS_MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}},
    },
    304: {"description": "The client has these glyphs already."},
}

_FORMAT: Final = {
    "name": "f",
    "in": "query",
    "required": False,
    "description": "The format, where Accept cannot be set.",
    "schema": {"type": "string"},
}


def describe_search(parameters: Mapping[str, dict[str, Any]], *in_path: dict[str, Any]) -> dict[str, Any]:
    """The parameters of an operation: those of its path, the format, and those of a search."""
    return {"parameters": [*in_path, _FORMAT, *parameters.values()]}


def describe_document(text: str, *media_types: str) -> Answers:
    """The responses of a document in JSON."""
    content = {media_type: {"schema": {"type": "object"}} for media_type in media_types}
    return {200: {"description": text, "content": content}}
