"""Items as GeoJSON: the finished text of each feature, with links and numbers around it."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from app.core.http.conditional import make_etag
from app.features.collections import GEOJSON, JSON, Collection, link
from app.features.cursors import Cursor, write_cursor
from app.features.parameters import DEFAULT_LIMIT, ItemsQuery
from app.sensors.pages import SensorPage
from app.spatial.crs import Crs

CACHE: Final = "public, max-age=60"


def write_items(collection: Collection, root: str, query: ItemsQuery, page: SensorPage) -> bytes:
    """The feature collection of one page of sensors or areas."""
    matched = page.number_matched if query.is_first else query.number_matched
    after = write_cursor(Cursor(page.after, matched), query.canonical) if page.after else None
    paging = Paging(query.canonical, query.search.limit, after)
    return write_collection(collection, root, page.features, page.number_returned, matched, paging)


@dataclass(frozen=True, slots=True)
class Paging:
    """The query that a page answers, how long the page may be, and the cursor of the next one."""

    canonical: str
    limit: int
    cursor: str | None


def write_collection(  # noqa: PLR0913, PLR0917 - what a feature collection consists of
    collection: Collection, root: str, features: bytes, returned: int, matched: int | None, paging: Paging
) -> bytes:
    """A feature collection of finished features, in bytes."""
    about: dict[str, Any] = {
        "numberReturned": returned,
        **({"numberMatched": matched} if matched is not None else {}),
        "timeStamp": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "links": _links(f"{root}/collections/{collection.id}", paging),
    }
    return b'{"type":"FeatureCollection","features":[%b],%b' % (features, json.dumps(about)[1:].encode())


def _links(here: str, paging: Paging) -> list[dict[str, str]]:
    parts = [paging.canonical, f"limit={paging.limit}" if paging.limit != DEFAULT_LIMIT else ""]
    asked = "&".join(part for part in parts if part)
    items = f"{here}/items"
    links = [link("self", f"{items}?{asked}" if asked else items, GEOJSON), link("collection", here, JSON)]
    if paging.cursor:
        links.append(link("next", f"{items}?{asked}{'&' if asked else ''}cursor={paging.cursor}", GEOJSON))
    return links


def items_etag(query: ItemsQuery, change_number: int) -> str:
    """Another tag with every change, every day, every query and every page."""
    search = query.search
    return make_etag(change_number, search.today, query.canonical, search.limit, search.after, GEOJSON)


def item_headers(etag: str, crs: Crs) -> dict[str, str]:
    return {"ETag": etag, "Content-Crs": f"<{crs.uri}>", "Cache-Control": CACHE}
