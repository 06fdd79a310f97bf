"""A file in words as the file cache makes it: once for a search, stored for some minutes, and sent in parts."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

from app.core.app_state import AppState
from app.core.http.conditional import make_digest
from app.features.file_sources import WrittenFile
from app.files.writers.schema import CSV, EXCEL, Format
from app.files.writers.spooled_file import feed_thread
from app.sensors.presentation import Labels
from app.sensors.search.pages import read_latest_change
from app.sensors.search.reference_data import ReferenceData
from app.sensors.search.streams import stream_sensors
from app.spatial.crs import Crs
from app.statistics.file_names import describe_search, name_file
from app.website.listing.labelled_file import (
    MAX_ROWS,
    SHEET,
    refuse_above_limit,
    write_labelled_csv,
    write_labelled_xlsx,
)
from app.website.listing.list_query import ListQuery

_REVISION: Final = 3
"""Raised when the same sensors are written in another way."""

_WRITERS: Final[Mapping[Format, Callable[[Path, Iterable[Sequence[bytes]], Labels], int]]] = {
    CSV: write_labelled_csv,
    EXCEL: write_labelled_xlsx,
}


@dataclass(frozen=True, slots=True)
class LabelledFile:
    """A search of the list as a file of one language. Follows `FileSource`."""

    query: ListQuery
    labels: Labels
    format: Format
    app: AppState

    @property
    def crs(self) -> Crs:
        return self.query.base.crs

    @property
    def key(self) -> str:
        return make_digest("labelled", self.query.canonical, self.format.name, self.labels.language)

    async def find_state(self) -> str:
        return self._digest_state(await read_latest_change(self.app.read_pool))

    async def write(self, path: Path) -> WrittenFile:
        """Write the file. Raises: InvalidRequest where there are more sensors than it may have."""
        search = replace(self.query.base, limit=MAX_ROWS + 1)
        async with stream_sensors(self.app.stream_pool, search) as stream:
            refuse_above_limit(stream.number_matched or 0)
            write = partial(_write, self.format, path, self.labels)
            await feed_thread(write, stream.read())
            return WrittenFile(self._digest_state(stream.change_number), self._make_headers())

    def _digest_state(self, change_number: int) -> str:
        return make_digest(
            _REVISION,
            change_number,
            self.query.base.today,
            str(self.labels.vocabularies.stamp),
            str(self.labels.directory.stamp),
        )

    def _make_headers(self) -> dict[str, str]:
        reference = ReferenceData(self.labels.directory, self.labels.vocabularies)
        language = self.labels.language
        searched = describe_search(self.query.base, reference, language)
        name = name_file(SHEET, searched, self.query.base.today, language, self.format.suffix)
        return {
            "Cache-Control": "no-cache",
            "Content-Disposition": f'attachment; filename="{name}"',
            "Content-Language": language,
        }


def _write(form: Format, path: Path, labels: Labels, batches: Iterable[Sequence[bytes]]) -> int:
    return _WRITERS[form](path, batches, labels)
