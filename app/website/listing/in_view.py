"""The sensors in view on a map: at most fifty as links, and the number of all of them."""

from dataclasses import dataclass, replace
from typing import Final

from app.core.app_state import AppState
from app.core.templates import page_path
from app.sensors.presentation import Labels
from app.sensors.search.pages import read_page
from app.website.list_row import ListRow, make_list_row
from app.website.listing.list_query import ListQuery
from app.website.queries import read_features

MAX_LISTED: Final = 50


@dataclass(frozen=True, slots=True)
class InView:
    """The first sensors in view; `total` is None when there are too many to count, `list_url` has all of them."""

    sensors: list[ListRow]
    total: int | None
    list_url: str


async def read_in_view(state: AppState, query: ListQuery, labels: Labels) -> InView:
    """The sensors of a query, whose box is the view."""
    pool = state.choose_read_pool(is_costly=query.search.is_costly)
    page = await read_page(pool, replace(query.search, limit=MAX_LISTED, after=None))
    rows = [make_list_row(feature["properties"], labels) for feature in read_features(page)]
    list_path = page_path("/sensoren", labels.language)
    return InView(
        rows, page.number_matched, f"{list_path}?{query.canonical}" if query.canonical else list_path
    )
