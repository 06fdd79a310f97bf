"""Answers as files and text streams: CSV, GeoJSON text sequences, FlatGeobuf, GeoPackage, GeoParquet and Excel.

These formats have no place for links and counts; headers hold them.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from app.core.app_state import AppState
from app.core.http.conditional import answer_unchanged, is_unchanged
from app.core.http.streaming import StreamedAnswer, while_connected
from app.features.answers import FeaturePage, WholeSearch, make_items_etag
from app.features.collections import JSON, QUERYABLES, SCHEMA, SENSORS
from app.features.geojson_renderer import make_item_headers
from app.features.item_formats import FORMAT_BY_MEDIA_TYPE
from app.features.layer_schema import describe_layer
from app.features.paging import Paging
from app.features.request_context import RequestContext
from app.files.writers.schema import Format, Layer
from app.files.writers.spooled_file import SpooledFile, spool_file
from app.files.writers.text_stream import write_text_pieces
from app.sensors.search.sensor_search import SensorSearch

_SEPARATOR: Final = b",\n"
_FEATURES_PER_BATCH: Final = 1000


@dataclass(frozen=True, slots=True)
class FileForm:
    """Everything of a file but its features: format, columns, entity tag and place among the pages."""

    format: Format
    layer: Layer
    etag: str
    items: str
    """The address of the collection's items."""
    paging: Paging

    def make_headers(self, returned: int | None = None, matched: int | None = None) -> dict[str, str]:
        """The headers; a count that is not known is left out."""
        media_type, here = self.format.media_type, self.items.removesuffix("/items")
        links = [
            ("self", self.paging.format_address(self.items, f=self.paging.f), media_type),
            ("collection", here, JSON),
            (QUERYABLES, f"{here}/queryables", SCHEMA),
        ]
        if following := self.paging.format_following(self.items):
            links.append(("next", following, media_type))
        headers = make_item_headers(self.etag, self.layer.crs) | {
            "Link": ", ".join(f'<{address}>; rel="{rel}"; type="{kind}"' for rel, address, kind in links),
            "Content-Disposition": f'attachment; filename="{self.layer.name}.{self.format.suffix}"',
        }
        counts = {"OGC-NumberReturned": returned, "OGC-NumberMatched": matched}
        return headers | {name: str(count) for name, count in counts.items() if count is not None}


async def render_file(
    answer: FeaturePage | WholeSearch, context: RequestContext, state: AppState
) -> Response:
    """A page or a whole search in the format of the query, or 304. Raises: Unavailable when no slot is free."""
    if isinstance(answer, WholeSearch):
        return await _render_stream(answer, context, state)
    if is_unchanged(context.if_none_match, answer.etag):
        return answer_unchanged(answer.etag, make_item_headers(answer.etag, answer.search.crs))
    has_distance = answer.collection is SENSORS and _is_near(answer)
    form = FileForm(
        FORMAT_BY_MEDIA_TYPE[answer.media_type],
        describe_layer(answer.collection.id, answer.search, near=has_distance),
        answer.etag,
        f"{context.root}/collections/{answer.collection.id}/items",
        answer.paging,
    )
    batches = _split_batches(answer.features.split(_SEPARATOR) if answer.features else [])
    headers = form.make_headers(answer.number_returned, answer.number_matched)
    if form.format.spooled:
        async with _hold_slot(state, form.format) as held:
            spooled = await _spool(form, batches, held, context)
            return _send_file(form, spooled, headers, held, state)
    body = b"".join([piece async for piece in write_text_pieces(form.format, form.layer, batches)])
    return Response(body, headers=headers, media_type=form.format.media_type)


def _is_near(answer: FeaturePage) -> bool:
    return isinstance(answer.search, SensorSearch) and answer.search.near is not None


async def _render_stream(answer: WholeSearch, context: RequestContext, state: AppState) -> Response:
    query = answer.query
    search, file_format = query.search, FORMAT_BY_MEDIA_TYPE[query.media_type]
    # The slot comes first: a request that waits for one holds no connection.
    async with _hold_slot(state, file_format) as held, AsyncExitStack() as stack:
        opening = stack.enter_async_context(answer.open_stream(state.stream_pool, search))
        stream = await while_connected(context.receive, opening)
        has_distance = answer.collection is SENSORS and search.near is not None
        form = FileForm(
            file_format,
            describe_layer(answer.collection.id, search, near=has_distance),
            make_items_etag(query, stream.change_number),
            f"{context.root}/collections/{answer.collection.id}/items",
            Paging(query.canonical, search.limit, query.f, query.cursor, None, query.is_posted),
        )
        matched = stream.number_matched if query.is_first else query.number_matched
        if file_format.spooled:
            spooled = await _spool(form, stream.read(), held, context)
            is_whole = query.is_first and spooled.features < search.limit
            headers = form.make_headers(spooled.features, spooled.features if is_whole else matched)
            return _send_file(form, spooled, headers, held, state)
        return StreamedAnswer(
            write_text_pieces(file_format, form.layer, stream.read()),
            media_type=file_format.media_type,
            headers=form.make_headers(stream.number_returned, matched),
            close=stack.pop_all().aclose,
            stalled_after_seconds=state.settings.stream_timeout_seconds,
        )


@asynccontextmanager
async def _hold_slot(state: AppState, file_format: Format) -> AsyncIterator[AsyncExitStack]:
    """A slot among the files on disk, for formats that need a file. The stack can take it over for longer.

    Raises: Unavailable when none becomes free in time.
    """
    async with AsyncExitStack() as held:
        if file_format.spooled:
            await held.enter_async_context(state.file_limiter.acquire())
        yield held


async def _spool(
    form: FileForm, batches: AsyncIterator[Sequence[bytes]], held: AsyncExitStack, context: RequestContext
) -> SpooledFile:
    """Write a file to disk; it is held with its slot."""
    spooled = await while_connected(context.receive, spool_file(form.format, form.layer, batches))
    held.callback(spooled.close)
    return spooled


def _send_file(
    form: FileForm, spooled: SpooledFile, headers: dict[str, str], held: AsyncExitStack, state: AppState
) -> Response:
    """Send a file; the file and its slot are held until the client has it."""
    return StreamedAnswer(
        spooled.read(),
        media_type=form.format.media_type,
        headers=headers,
        close=held.pop_all().aclose,
        stalled_after_seconds=state.settings.stream_timeout_seconds,
        size_bytes=spooled.size_bytes,
    )


async def _split_batches(features: list[bytes]) -> AsyncIterator[Sequence[bytes]]:
    for first in range(0, len(features), _FEATURES_PER_BATCH):
        yield features[first : first + _FEATURES_PER_BATCH]
