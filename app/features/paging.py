"""Pages of items: their place in the answer to a query, and their addresses."""

from dataclasses import dataclass
from urllib.parse import quote

from app.sensors.search.sensor_search import DEFAULT_LIMIT


@dataclass(frozen=True, slots=True)
class Paging:
    """The query of a page, its maximum length, and its place among the pages.

    `f` is the format as given; `cursor` is the start of this page, None for the first, and `following` of the next one.
    The query of a posted search is in its body, which is sent again to the address of another page.
    """

    canonical: str
    limit: int
    f: str | None
    cursor: str | None
    following: str | None
    is_posted: bool = False

    def format_address(self, items: str, *, f: str | None) -> str:
        """The address of this page in a format; `items` is that of the collection's items."""
        return self._format(items, f, self.cursor)

    def format_following(self, items: str) -> str | None:
        """The address of the next page in the same format; None on the last."""
        return self._format(items, self.f, self.following) if self.following else None

    def _format(self, items: str, f: str | None, cursor: str | None) -> str:
        if self.is_posted:
            search = f"{items.removesuffix('/items')}/search"
            return f"{search}?cursor={quote(cursor, safe='')}" if cursor else search
        limit = f"limit={self.limit}" if self.limit != DEFAULT_LIMIT else ""
        # A given cursor may hold other characters than those that the register writes.
        parts = (self.canonical, f and f"f={f}", limit, cursor and f"cursor={quote(cursor, safe='')}")
        query = "&".join(part for part in parts if part)
        return f"{items}?{query}" if query else items
