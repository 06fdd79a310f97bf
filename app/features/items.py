"""Items as GeoJSON: the finished text of each feature, with links and numbers around it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote

from app.core.http.conditional import make_etag
from app.features.collections import GEOJSON, HTML, JSON, Collection
from app.features.item_parameters import DEFAULT_LIMIT, ItemsQuery
from app.files.writers.schema import FORMATS
from app.sensors.search.cursor import Cursor, format_cursor
from app.sensors.search.pages import SensorPage
from app.spatial.crs import Crs

CACHE: Final = "public, max-age=60"


def write_items(collection: Collection, root: str, query: ItemsQuery, page: SensorPage) -> bytes:
    """The feature collection of one page of sensors or areas."""
    matched, paging = page_items(query, page)
    return write_collection(collection, root, page.features, page.number_returned, matched, paging)


@dataclass(frozen=True, slots=True)
class Paging:
    """The query that a page answers, how long the page may be, and where it stands among the pages.

    `f` is the format as asked; `cursor` is where this page begins, None for the first, and `following` the next one.
    """

    canonical: str
    limit: int
    f: str | None
    cursor: str | None
    following: str | None

    def write_address(self, items: str, *, f: str | None) -> str:
        """The address of this page in a format; `items` is that of the collection's items."""
        return self._write(items, f, self.cursor)

    def write_following(self, items: str) -> str | None:
        """The address of the next page, as this one was asked; None on the last."""
        return self._write(items, self.f, self.following) if self.following else None

    def _write(self, items: str, f: str | None, cursor: str | None) -> str:
        limit = f"limit={self.limit}" if self.limit != DEFAULT_LIMIT else ""
        # A cursor that was given may hold more than the letters of our own.
        parts = (self.canonical, f and f"f={f}", limit, cursor and f"cursor={quote(cursor, safe='')}")
        asked = "&".join(part for part in parts if part)
        return f"{items}?{asked}" if asked else items


def page_items(query: ItemsQuery, page: SensorPage) -> tuple[int | None, Paging]:
    """How many match, where that is known, and where the next page begins."""
    matched = page.number_matched if query.is_first else query.number_matched
    following = format_cursor(Cursor(page.after, matched), query.canonical) if page.after else None
    return matched, Paging(query.canonical, query.search.limit, query.f, query.cursor, following)


def write_collection(  # noqa: PLR0913, PLR0917 - what a feature collection consists of
    collection: Collection, root: str, features: bytes, returned: int, matched: int | None, paging: Paging
) -> bytes:
    """A feature collection of finished features, in bytes."""
    links = _write_links(f"{root}/collections/{collection.id}", paging)
    counted = "" if matched is None else f'"numberMatched":{matched},'
    about = (
        f'"numberReturned":{returned},{counted}'
        f'"timeStamp":"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}","links":[{links}]}}'
    )
    return b'{"type":"FeatureCollection","features":[%b],%b' % (features, about.encode())


_ALTERNATES: Final = (("html", HTML), *((one.name, one.media_type) for one in FORMATS))


def _write_links(here: str, paging: Paging) -> str:
    """The links as JSON. Nothing in them needs an escape: a canonical query and a cursor are percent-encoded."""
    items = f"{here}/items"
    plain = paging.write_address(items, f=None)
    other = f"{plain}{'&' if '?' in plain else '?'}f="
    links = [("self", f"{other}{paging.f}" if paging.f else plain, GEOJSON), ("collection", here, JSON)]
    links += [("alternate", other + name, media_type) for name, media_type in _ALTERNATES]
    if following := paging.write_following(items):
        links.append(("next", following, GEOJSON))
    return ",".join(f'{{"rel":"{rel}","href":"{href}","type":"{kind}"}}' for rel, href, kind in links)


def items_etag(query: ItemsQuery, change_number: int) -> str:
    """Another tag with every change, every day, every query, every page and every format."""
    search = query.search
    return make_etag(
        change_number, search.today, query.canonical, search.limit, search.after, query.media_type, query.f
    )


def item_headers(etag: str, crs: Crs) -> dict[str, str]:
    return {"ETag": etag, "Content-Crs": f"<{crs.uri}>", "Cache-Control": CACHE, "Vary": "Accept"}
