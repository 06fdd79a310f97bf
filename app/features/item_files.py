"""Items in other formats than GeoJSON: a page of them, or a whole search as a stream.

What GeoJSON says in its own text is said in headers here: the links, how many there are and how many are sent.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Final

from fastapi import Request
from starlette.responses import Response

from app.core.app_state import get_app_state
from app.core.http.conditional import answer_unchanged, is_unchanged, make_etag
from app.core.http.streaming import StreamedAnswer, while_connected
from app.features.boundary_parameters import BoundaryQuery, format_boundary_cursor
from app.features.collections import JSON, MUNICIPALITIES, OBSERVED_AREAS, Collection
from app.features.item_formats import FORMAT_BY_MEDIA_TYPE
from app.features.item_parameters import MAX_ITEMS, ItemsQuery
from app.features.items import Paging, item_headers, items_etag, page_items
from app.features.layer_schema import describe_layer
from app.files.writers.schema import Format, Layer
from app.files.writers.spooled_file import spool_file
from app.files.writers.text_stream import write_text_pieces
from app.municipalities.boundary_pages import read_boundaries
from app.sensors.search.area_pages import read_area_page
from app.sensors.search.pages import ReadPool, read_latest_change, read_page
from app.sensors.search.sensor_search import SensorSearch
from app.sensors.search.streams import FeatureStream, stream_areas, stream_sensors

_SEPARATOR: Final = b",\n"

OpenStream = Callable[[ReadPool, SensorSearch], AbstractAsyncContextManager[FeatureStream]]


@dataclass(frozen=True, slots=True)
class Export:
    """What is answered, but for the features: in which format, under which tag, where it stands among the pages."""

    form: Format
    layer: Layer
    etag: str
    items: str
    paging: Paging
    stalled_after_seconds: float

    def write_headers(self, returned: int | None = None, matched: int | None = None) -> dict[str, str]:
        """Counts are left out where nobody counted that far."""
        paging, media_type = self.paging, self.form.media_type
        links = [("self", paging.write_address(self.items, f=paging.f), media_type)]
        links.append(("collection", self.items.removesuffix("/items"), JSON))
        if following := paging.write_following(self.items):
            links.append(("next", following, media_type))
        headers = item_headers(self.etag, self.layer.crs) | {
            "Link": ", ".join(f'<{address}>; rel="{rel}"; type="{kind}"' for rel, address, kind in links),
            "Content-Disposition": f'attachment; filename="{self.layer.name}.{self.form.suffix}"',
        }
        counts = {"OGC-NumberReturned": returned, "OGC-NumberMatched": matched}
        return headers | {name: str(count) for name, count in counts.items() if count is not None}


async def answer_sensors(request: Request, collection: Collection, root: str, query: ItemsQuery) -> Response:
    """Sensors or areas in the format of the query: up to `MAX_ITEMS` as a page, more as a stream."""
    state, search = get_app_state(request), query.search
    if (known := request.headers.get("if-none-match")) is not None:
        etag = items_etag(query, await read_latest_change(state.read_pool))
        if is_unchanged(known, etag):
            return answer_unchanged(etag, item_headers(etag, search.crs))
    areas = collection is OBSERVED_AREAS
    if search.limit > MAX_ITEMS:
        return await _answer_stream(
            request, collection, root, query, stream_areas if areas else stream_sensors
        )
    if areas:
        page = await read_area_page(state.read_pool, search)
    else:
        page = await read_page(state.read_pool, search, count=query.is_first)
    matched, paging = page_items(query, page)
    export = _describe_search(request, collection, root, query, page.change_number, paging)
    return await _answer_page(request, export, page.features, page.number_returned, matched)


async def answer_boundaries(request: Request, root: str, query: BoundaryQuery) -> Response:
    """Municipalities in the format of the query; there are a few hundred, so that they are always a page."""
    search = query.search
    page = await read_boundaries(get_app_state(request).read_pool, search)
    etag = make_etag(page.features, query.canonical, search.limit, search.after, query.media_type, query.f)
    if is_unchanged(request.headers.get("if-none-match"), etag):
        return answer_unchanged(etag, item_headers(etag, search.crs))
    following = format_boundary_cursor(page.after, query.canonical) if page.after else None
    export = _describe_export(
        request,
        query.media_type,
        describe_layer(MUNICIPALITIES.id, search),
        etag,
        root,
        Paging(query.canonical, search.limit, query.f, query.cursor, following),
    )
    return await _answer_page(request, export, page.features, page.number_returned, page.number_matched)


async def _answer_page(
    request: Request, export: Export, features: bytes, returned: int, matched: int | None
) -> Response:
    """A page that is at hand; `features` are joined by commas and line ends."""
    batches = _give_all(features.split(_SEPARATOR) if features else [])
    headers = export.write_headers(returned, matched)
    if export.form.spooled:
        async with _hold_place(request, export.form) as held:
            return await _answer_file(request, export, batches, lambda _: headers, held)
    body = b"".join([piece async for piece in write_text_pieces(export.form, export.layer, batches)])
    return Response(body, headers=headers, media_type=export.form.media_type)


async def _answer_stream(
    request: Request, collection: Collection, root: str, query: ItemsQuery, open_stream: OpenStream
) -> Response:
    search, form = query.search, FORMAT_BY_MEDIA_TYPE[query.media_type]
    # The place first: whoever waits for one should not keep a connection from others.
    async with _hold_place(request, form) as held, AsyncExitStack() as stack:
        opening = stack.enter_async_context(open_stream(get_app_state(request).stream_pool, search))
        stream = await while_connected(request.receive, opening)
        paging = Paging(query.canonical, search.limit, query.f, query.cursor, None)
        export = _describe_search(request, collection, root, query, stream.change_number, paging)
        matched = stream.number_matched if query.is_first else query.number_matched
        if export.form.spooled:

            def write_headers(features: int) -> dict[str, str]:
                whole = query.is_first and features < search.limit
                return export.write_headers(features, features if whole else matched)

            return await _answer_file(request, export, stream.read(), write_headers, held)
        return StreamedAnswer(
            write_text_pieces(export.form, export.layer, stream.read()),
            media_type=export.form.media_type,
            headers=export.write_headers(stream.number_returned, matched),
            close=stack.pop_all().aclose,
            stalled_after_seconds=export.stalled_after_seconds,
        )


@asynccontextmanager
async def _hold_place(request: Request, form: Format) -> AsyncIterator[AsyncExitStack]:
    """Of a file its place among those that lie on disk; what is taken out of it is held for longer.

    Raises: Unavailable where none comes free in time.
    """
    async with AsyncExitStack() as held:
        if form.spooled:
            await held.enter_async_context(get_app_state(request).file_limiter.acquire())
        yield held


async def _answer_file(
    request: Request,
    export: Export,
    batches: AsyncIterator[Sequence[bytes]],
    write_headers: Callable[[int], dict[str, str]],
    held: AsyncExitStack,
) -> Response:
    """A file; it and its place are held until its reader has it."""
    writing = spool_file(export.form, export.layer, batches)
    spooled = await while_connected(request.receive, writing)
    held.callback(spooled.close)
    return StreamedAnswer(
        spooled.read(),
        media_type=export.form.media_type,
        headers=write_headers(spooled.features),
        close=held.pop_all().aclose,
        stalled_after_seconds=export.stalled_after_seconds,
        size_bytes=spooled.size_bytes,
    )


def _describe_search(  # noqa: PLR0913, PLR0917 - where it stands, what was asked and what was found
    request: Request,
    collection: Collection,
    root: str,
    query: ItemsQuery,
    change_number: int,
    paging: Paging,
) -> Export:
    search = query.search
    near = search.near is not None and collection is not OBSERVED_AREAS
    return _describe_export(
        request,
        query.media_type,
        describe_layer(collection.id, search, near=near),
        items_etag(query, change_number),
        root,
        paging,
    )


def _describe_export(  # noqa: PLR0913, PLR0917 - all that an answer tells beside its features
    request: Request, media_type: str, layer: Layer, etag: str, root: str, paging: Paging
) -> Export:
    items = f"{root}/collections/{layer.name}/items"
    seconds = get_app_state(request).settings.stream_timeout_seconds
    return Export(FORMAT_BY_MEDIA_TYPE[media_type], layer, etag, items, paging, seconds)


async def _give_all(features: list[bytes]) -> AsyncIterator[Sequence[bytes]]:
    for first in range(0, len(features), _AT_A_TIME):
        yield features[first : first + _AT_A_TIME]


_AT_A_TIME: Final = 1000
