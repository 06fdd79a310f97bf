"""Answers as text in other formats than GeoJSON (CSV, text sequences), and the headers of answers that are files.

These formats have no place for links and counts; headers hold them.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Final

from starlette.requests import ClientDisconnect
from starlette.responses import Response

from app.core.app_state import AppState
from app.core.http.conditional import answer_unchanged, is_unchanged
from app.core.http.read_ahead import ReadAhead
from app.core.http.streaming import StreamedAnswer, while_connected
from app.core.reader_turns import Turn
from app.features.answers import FeaturePage, WholeSearch, make_items_etag
from app.features.collections import JSON, QUERYABLES, SCHEMA, SENSORS
from app.features.geojson_renderer import make_item_headers
from app.features.item_formats import FORMAT_BY_MEDIA_TYPE
from app.features.layer_schema import describe_layer
from app.features.paging import Paging
from app.features.request_context import RequestContext
from app.files.writers.schema import Format, Layer
from app.files.writers.text_stream import write_text_pieces
from app.sensors.search.sensor_search import SensorSearch

_SEPARATOR: Final = b",\n"
_FEATURES_PER_BATCH: Final = 1000


@dataclass(frozen=True, slots=True)
class FileForm:
    """Everything of a file but its features and its tag: format, columns and place among the pages."""

    format: Format
    layer: Layer
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
        headers = {
            **make_item_headers(None, self.layer.crs),
            "Link": ", ".join(f'<{address}>; rel="{rel}"; type="{kind}"' for rel, address, kind in links),
            "Content-Disposition": f'attachment; filename="{self.layer.name}.{self.format.suffix}"',
        }
        counts = {"OGC-NumberReturned": returned, "OGC-NumberMatched": matched}
        return headers | {name: str(count) for name, count in counts.items() if count is not None}


def describe_page_form(page: FeaturePage, root: str) -> FileForm:
    """The form of a page of features; `root` is the address of the landing page."""
    has_distance = page.collection is SENSORS and _is_near(page)
    return FileForm(
        FORMAT_BY_MEDIA_TYPE[page.media_type],
        describe_layer(page.collection.id, page.search, near=has_distance),
        f"{root}/collections/{page.collection.id}/items",
        page.paging,
    )


def describe_stream_form(answer: WholeSearch, root: str) -> FileForm:
    """The form of a whole search."""
    query, search = answer.query, answer.query.search
    has_distance = answer.collection is SENSORS and search.near is not None
    return FileForm(
        FORMAT_BY_MEDIA_TYPE[query.media_type],
        describe_layer(answer.collection.id, search, near=has_distance),
        f"{root}/collections/{answer.collection.id}/items",
        Paging(query.canonical, search.limit, query.f, query.cursor, None, query.is_posted),
    )


def split_features(page: FeaturePage) -> list[Sequence[bytes]]:
    """The features of a page as single texts, in batches."""
    features = page.features.split(_SEPARATOR) if page.features else []
    return [
        features[first : first + _FEATURES_PER_BATCH]
        for first in range(0, len(features), _FEATURES_PER_BATCH)
    ]


async def render_text(
    answer: FeaturePage | WholeSearch, context: RequestContext, state: AppState
) -> Response:
    """A page or a whole search in a format of text, or 304."""
    if isinstance(answer, WholeSearch):
        return await _render_stream(answer, context, state)
    if is_unchanged(context.if_none_match, answer.etag):
        return answer_unchanged(answer.etag, make_item_headers(answer.etag, answer.search.crs))
    form = describe_page_form(answer, context.root)
    headers = {**form.make_headers(answer.number_returned, answer.number_matched), "ETag": answer.etag}
    pieces = write_text_pieces(form.format, form.layer, iterate_batches(split_features(answer)))
    body = b"".join([piece async for piece in pieces])
    return Response(body, headers=headers, media_type=form.format.media_type)


def _is_near(answer: FeaturePage) -> bool:
    return isinstance(answer.search, SensorSearch) and answer.search.near is not None


async def _render_stream(answer: WholeSearch, context: RequestContext, state: AppState) -> Response:
    query, form = answer.query, describe_stream_form(answer, context.root)
    async with AsyncExitStack() as held, AsyncExitStack() as source:
        # The turn comes first: a request that waits for one holds no connection.
        turn = await held.enter_async_context(state.reader_turns.take())
        opening = source.enter_async_context(answer.open_stream(state.stream_pool, query.search))
        stream = await while_connected(context.receive, opening)
        matched = stream.number_matched if query.is_first else query.number_matched
        headers = form.make_headers(stream.number_returned, matched)
        pieces = write_text_pieces(form.format, form.layer, stream.read())
        # The snapshot ends when the database has given everything, not when the client has read it.
        ahead = ReadAhead(pieces, source.pop_all().aclose)
        held.push_async_callback(ahead.close)
        return StreamedAnswer(
            _read_in_turn(ahead, turn),
            media_type=form.format.media_type,
            headers={**headers, "ETag": make_items_etag(query, stream.change_number)},
            close=held.pop_all().aclose,
            stalled_after_seconds=state.settings.stream_timeout_seconds,
        )


async def _read_in_turn(ahead: ReadAhead, turn: Turn) -> AsyncIterator[bytes]:
    """The pieces. Raises: ClientDisconnect when the reader has lost its turn."""
    async for piece in ahead.read():
        if turn.is_over:
            raise ClientDisconnect
        yield piece
        # The client has taken it by now.
        turn.read_bytes += len(piece)


async def iterate_batches(batches: Sequence[Sequence[bytes]]) -> AsyncIterator[Sequence[bytes]]:
    """The batches, as writers take them from the database."""
    for features in batches:
        yield features
