"""Answers to questions about items: a page of finished features, a whole search, or one feature.

An answer holds no form: a renderer makes GeoJSON, a page for people or a file of it.
"""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from uuid import UUID

from app.core.clock import dutch_date
from app.core.errors import NotFound
from app.core.http.conditional import format_etag, is_unchanged, make_digest, make_etag
from app.core.i18n import LocalizedText
from app.features.boundary_parameters import BoundaryQuery, format_boundary_cursor
from app.features.collections import MUNICIPALITIES, OBSERVED_AREAS, Collection
from app.features.item_formats import FORMAT_BY_MEDIA_TYPE
from app.features.item_parameters import MAX_ITEMS, ItemsQuery
from app.features.paging import Paging
from app.features.single_item_parameters import ItemQuery
from app.municipalities.boundary_pages import BoundarySearch, read_boundaries
from app.sensors.search.area_pages import read_area_page
from app.sensors.search.cursor import Cursor, format_cursor
from app.sensors.search.operational_status import OPERATIONAL_STATUSES
from app.sensors.search.pages import ReadPool, read_latest_change, read_page, read_sensor
from app.sensors.search.sensor_search import SensorSearch
from app.sensors.search.streams import FeatureStream, stream_areas, stream_sensors

OpenStream = Callable[[ReadPool, SensorSearch], AbstractAsyncContextManager[FeatureStream]]


@dataclass(frozen=True, slots=True)
class FeaturePage:
    """A page of features, as JSON texts joined by commas and line ends."""

    collection: Collection
    search: SensorSearch | BoundarySearch
    media_type: str
    paging: Paging
    features: bytes
    number_returned: int
    number_matched: int | None
    state: str
    """A digest of everything that the answer depends on; an entity tag has it."""

    @property
    def etag(self) -> str:
        return format_etag(self.state)


@dataclass(frozen=True, slots=True)
class WholeSearch:
    """All features of a search, as a stream that its renderer opens when it can start to send."""

    collection: Collection
    query: ItemsQuery
    open_stream: OpenStream


@dataclass(frozen=True, slots=True)
class SingleFeature:
    """One feature as a JSON text."""

    collection: Collection
    query: ItemQuery
    id: str
    feature: bytes
    etag: str


async def find_known_etag(pool: ReadPool, query: ItemsQuery, if_none_match: str | None) -> str | None:
    """The entity tag of the answer when the client has it already, found without a search."""
    if if_none_match is None:
        return None
    etag = make_items_etag(query, await read_latest_change(pool))
    return etag if is_unchanged(if_none_match, etag) else None


async def answer_items(
    pool: ReadPool, collection: Collection, query: ItemsQuery
) -> FeaturePage | WholeSearch:
    """Sensors or areas: a page, or in a streamed format more than a page holds."""
    search, is_of_areas = query.search, collection is OBSERVED_AREAS
    if search.limit > MAX_ITEMS and query.media_type in FORMAT_BY_MEDIA_TYPE:
        return WholeSearch(collection, query, stream_areas if is_of_areas else stream_sensors)
    if is_of_areas:
        page = await read_area_page(pool, search)
    else:
        page = await read_page(pool, search, count=query.is_first)
    matched = page.number_matched if query.is_first else query.number_matched
    following = format_cursor(Cursor(page.after, matched), query.canonical) if page.after else None
    return FeaturePage(
        collection,
        search,
        query.media_type,
        Paging(query.canonical, search.limit, query.f, query.cursor, following, query.is_posted),
        page.features,
        page.number_returned,
        matched,
        digest_state(query, page.change_number),
    )


async def answer_boundaries(pool: ReadPool, query: BoundaryQuery) -> FeaturePage:
    """Municipalities. There are a few hundred, so they are always a page."""
    search = query.search
    page = await read_boundaries(pool, search)
    following = format_boundary_cursor(page.after, query.canonical) if page.after else None
    return FeaturePage(
        MUNICIPALITIES,
        search,
        query.media_type,
        Paging(query.canonical, search.limit, query.f, query.cursor, following, query.is_posted),
        page.features,
        page.number_returned,
        page.number_matched,
        make_digest(page.features, query.canonical, search.limit, search.after, query.media_type, query.f),
    )


async def answer_item(
    pool: ReadPool, collection: Collection, query: ItemQuery, feature_id: str
) -> SingleFeature:
    """One feature. Raises: NotFound."""
    feature = await _read_feature(pool, collection, query, feature_id)
    if not feature:
        raise NotFound(_NO_FEATURE)
    return SingleFeature(
        collection, query, feature_id, feature, make_etag(feature, query.canonical, query.media_type)
    )


_TEXT_REVISION = 3
"""Raise it when features are written in another way: they change then, and no change number says so."""


def make_items_etag(query: ItemsQuery, change_number: int) -> str:
    """An entity tag that differs for each change, day, query, page and format."""
    return format_etag(digest_state(query, change_number))


def digest_state(query: ItemsQuery, change_number: int) -> str:
    """A digest that differs for each change, day, query, page and format."""
    search = query.search
    return make_digest(
        _TEXT_REVISION,
        change_number,
        search.today,
        query.canonical,
        search.limit,
        search.after,
        query.media_type,
        query.f,
    )


_NO_FEATURE = LocalizedText("Dit is hier niet bekend.", "This is not known here.")


async def _read_feature(
    pool: ReadPool, collection: Collection, query: ItemQuery, feature_id: str
) -> bytes | None:
    if collection is MUNICIPALITIES:
        boundary = BoundarySearch(
            values={"code": (feature_id,)},
            crs=query.crs,
            properties=query.properties,
            skip_geometry=query.skip_geometry,
        )
        return (await read_boundaries(pool, boundary)).features
    try:
        identifier = UUID(feature_id)
    except ValueError:
        return None
    search = SensorSearch(
        dutch_date(query.as_of),
        ids=(identifier,),
        statuses=OPERATIONAL_STATUSES,
        as_of=query.as_of,
        limit=1,
        crs=query.crs,
        properties=query.properties,
        skip_geometry=query.skip_geometry,
    )
    if collection is OBSERVED_AREAS:
        return (await read_area_page(pool, search)).features
    return await read_sensor(pool, search)
