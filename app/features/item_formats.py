"""Which format an answer of items has, by `f` and Accept."""

from collections.abc import Mapping
from typing import Final

from app.core.errors import InvalidRequest
from app.core.http.negotiation import choose_media_type
from app.core.problems import Problem
from app.features.collections import GEOJSON, HTML, JSON
from app.files.writers.schema import FORMATS, Format

ONE_ITEM: Final = {"json": GEOJSON, "geojson": GEOJSON, "html": HTML}
"""The media types of a single feature by their names in `f`, in order of preference."""

ITEM_MEDIA_TYPES: Final = {
    **ONE_ITEM,
    **{one.name: one.media_type for one in FORMATS},
}
"""The media types of items by their names in `f`, in order of preference."""

POSTED_MEDIA_TYPES: Final = {name: one for name, one in ITEM_MEDIA_TYPES.items() if one != HTML}
"""Those of a search by POST: a page for people is a form, whose address is its query."""

FORMAT_BY_MEDIA_TYPE: Final[dict[str, Format]] = {one.media_type: one for one in FORMATS}
"""The formats that `app/files/writers` writes; GeoJSON is not among them."""

# Programs that read GeoJSON often ask for plain JSON.
_ALSO: Final = {"application/json": JSON}


def choose_item_format(
    f: str | None,
    accept: str | None,
    problems: list[Problem],
    offered: Mapping[str, str] = ITEM_MEDIA_TYPES,
) -> str:
    """The media type to answer with; an unknown `f` is a problem more, and is taken to be GeoJSON.

    Raises: NotAcceptable when Accept leaves nothing.
    """
    try:
        if f is not None:
            return choose_media_type(offered, f=f, accept=accept)
        if accept is None or accept == "*/*":
            return GEOJSON
        chosen = choose_media_type({**offered, **_ALSO}, f=None, accept=accept)
    except InvalidRequest as unknown:
        problems += unknown.problems
        return GEOJSON
    return GEOJSON if chosen == JSON else chosen
