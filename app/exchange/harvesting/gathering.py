"""Everything a source has, gathered on disk before anything is compared.

A source may take hours; a transaction that waited for it would hold up others meanwhile.
"""

import json
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TextIO

from app.core.errors import Unavailable
from app.core.language import Text
from app.exchange.harvesting.guarded import GuardedClient
from app.exchange.harvesting.mapping import SourceDescription
from app.exchange.harvesting.ogc import read_features
from app.exchange.harvesting.paging import Page
from app.exchange.harvesting.sensorthings import read_entities

ReportGathered = Callable[[int, int | None], None]
"""Hears how many items there are so far, and how many there are in all where the source says so."""


class TooDeep(Unavailable):
    """Lists in lists in lists, more than anyone describes a sensor with."""

    def __init__(self) -> None:
        super().__init__(Text("De bron nest te diep om te lezen.", "The source nests too deep to be read."))


def read_pages(client: GuardedClient, source: SourceDescription) -> Iterator[Page]:
    """The pages of a source as they come.

    Raises: Unavailable where it breaks off or does not answer well, InvalidRequest for addresses we will not ask.
    """
    return (read_features if source.kind == "ogc" else read_entities)(client, source)


@contextmanager
def gather_pages(
    client: GuardedClient, source: SourceDescription, report: ReportGathered
) -> Iterator[Iterable[Page]]:
    """All pages of a source, once the last is there; they can be gone through again. Raises: as `read_pages`."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as spool:
        gathered, expected = 0, None
        for page in read_pages(client, source):
            try:
                spool.write(f"{json.dumps(page)}\n")
            except RecursionError as error:
                raise TooDeep from error
            gathered += len(page.items)
            expected = page.number_matched if expected is None else expected
            report(gathered, expected)
        yield _Gathered(spool)


class _Gathered:
    """The pages in a file, from the first one each time."""

    def __init__(self, spool: TextIO) -> None:
        self._spool = spool

    def __iter__(self) -> Iterator[Page]:
        self._spool.seek(0)
        return map(_read_page, self._spool)


def _read_page(line: str) -> Page:
    try:
        return Page(*json.loads(line))
    except RecursionError as error:
        raise TooDeep from error
