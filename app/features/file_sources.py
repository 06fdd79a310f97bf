"""The files of a search: what they are made of, and how. A source has the key of its search and can write the file."""

from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from app.core.app_state import AppState
from app.core.http.conditional import make_digest
from app.features.answers import FeaturePage, WholeSearch, answer_boundaries, answer_items, digest_state
from app.features.boundary_parameters import BoundaryQuery
from app.features.collections import MUNICIPALITIES, Collection
from app.features.file_renderer import (
    describe_page_form,
    describe_stream_form,
    iterate_batches,
    split_features,
)
from app.features.item_formats import FORMAT_BY_MEDIA_TYPE
from app.features.item_parameters import ItemsQuery
from app.files.writers.schema import Format
from app.files.writers.spooled_file import write_in_thread
from app.sensors.search.pages import read_latest_change
from app.spatial.crs import Crs


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """The state of the register that a file was made of, and the headers of its answer, without its tag."""

    state: str
    headers: Mapping[str, str]


class FileSource(Protocol):
    """A search whose features can be had as a file."""

    @property
    def format(self) -> Format: ...

    @property
    def crs(self) -> Crs: ...

    @property
    def key(self) -> str:
        """A digest of the search, its page and the format: everything but the state of the register."""

    async def find_state(self) -> str:
        """A digest of the state of the register that a file would be made of now."""

    async def write(self, path: Path) -> WrittenFile:
        """Write the file."""


@dataclass(frozen=True, slots=True)
class ItemsFile:
    """Sensors or areas: a page, or a whole search."""

    collection: Collection
    query: ItemsQuery
    root: str
    app: AppState

    @property
    def format(self) -> Format:
        return FORMAT_BY_MEDIA_TYPE[self.query.media_type]

    @property
    def crs(self) -> Crs:
        return self.query.search.crs

    @property
    def key(self) -> str:
        return _digest_query(self.collection, self.query)

    async def find_state(self) -> str:
        return digest_state(self.query, await read_latest_change(self.app.read_pool))

    async def write(self, path: Path) -> WrittenFile:
        answer = await answer_items(self.app.read_pool, self.collection, self.query)
        if isinstance(answer, FeaturePage):
            return await _write_page(answer, self.root, path)
        return await self._write_whole(answer, path)

    async def _write_whole(self, answer: WholeSearch, path: Path) -> WrittenFile:
        search = self.query.search
        async with AsyncExitStack() as stack:
            stream = await stack.enter_async_context(answer.open_stream(self.app.stream_pool, search))
            form = describe_stream_form(answer, self.root)
            count = await write_in_thread(self.format, path, form.layer, stream.read())
            matched = stream.number_matched if self.query.is_first else self.query.number_matched
        is_whole = self.query.is_first and count < search.limit
        headers = form.make_headers(count, count if is_whole else matched)
        return WrittenFile(digest_state(self.query, stream.change_number), headers)


@dataclass(frozen=True, slots=True)
class BoundariesFile:
    """Municipalities, which are always a page."""

    query: BoundaryQuery
    root: str
    app: AppState

    @property
    def format(self) -> Format:
        return FORMAT_BY_MEDIA_TYPE[self.query.media_type]

    @property
    def crs(self) -> Crs:
        return self.query.search.crs

    @property
    def key(self) -> str:
        return _digest_query(MUNICIPALITIES, self.query)

    async def find_state(self) -> str:
        return (await answer_boundaries(self.app.read_pool, self.query)).state

    async def write(self, path: Path) -> WrittenFile:
        return await _write_page(await answer_boundaries(self.app.read_pool, self.query), self.root, path)


async def _write_page(page: FeaturePage, root: str, path: Path) -> WrittenFile:
    form = describe_page_form(page, root)
    await write_in_thread(form.format, path, form.layer, iterate_batches(split_features(page)))
    return WrittenFile(page.state, form.make_headers(page.number_returned, page.number_matched))


def _digest_query(collection: Collection, query: ItemsQuery | BoundaryQuery) -> str:
    return make_digest(
        collection.id,
        query.canonical,
        query.search.limit,
        query.cursor,
        query.media_type,
        query.f,
        query.is_posted,
    )
