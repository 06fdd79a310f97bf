"""The glyphs of the labels of the style, made by `app/static/glyphs.mjs`."""

from typing import Final

from app.core.assets import read_asset
from app.core.errors import NotFound
from app.core.i18n import LocalizedText
from app.tiles.style import FONT

GLYPHS: Final = "application/x-protobuf"
_GLYPHS_FILE: Final = "noto-sans-bold.pbf"
_RANGE: Final = "0-255.pbf"

_NO_GLYPHS: Final = LocalizedText(
    f"Hier zijn alleen de cijfers en hoofdletters van {FONT}, op {FONT}/{_RANGE}. "
    "Gebruik voor andere teksten een eigen adres bij `glyphs`.",
    f"Only the digits and capitals of {FONT} are here, at {FONT}/{_RANGE}. "
    "Use a `glyphs` address of your own for other texts.",
)


def find_glyphs(fontstack: str, range: str) -> bytes:  # noqa: A002 - the name in the addresses of glyphs
    """The message of glyphs of a range of characters. Raises: NotFound."""
    content = read_asset(_GLYPHS_FILE) if (fontstack, range) == (FONT, _RANGE) else None
    if content is None:
        raise NotFound(_NO_GLYPHS)
    return content
