"""Everything a source has, gathered on disk before anything is compared.

A source may take hours; a transaction that waited for it would hold up others meanwhile.
"""

import json
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TextIO

from app.core.errors import Unavailable
from app.core.i18n import LocalizedText
from app.harvests.http_client import HarvestClient
from app.harvests.mapping import SourceDescription
from app.harvests.ogc_features import read_feature_pages
from app.harvests.paging import SourcePage
from app.harvests.sensorthings import read_entity_pages

ReportSpooled = Callable[[int, int | None], None]
"""Hears how many items there are so far, and how many there are in all where the source says so."""


class TooDeep(Unavailable):
    """Lists in lists in lists, more than anyone describes a sensor with."""

    def __init__(self) -> None:
        super().__init__(
            LocalizedText("De bron nest te diep om te lezen.", "The source nests too deep to be read.")
        )


def read_pages(client: HarvestClient, source: SourceDescription) -> Iterator[SourcePage]:
    """The pages of a source as they come.

    Raises: Unavailable where it breaks off or does not answer well, InvalidRequest for addresses we will not ask.
    """
    return (read_feature_pages if source.kind == "ogc" else read_entity_pages)(client, source)


@contextmanager
def spool_pages(
    client: HarvestClient, source: SourceDescription, report: ReportSpooled
) -> Iterator[Iterable[SourcePage]]:
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

    def __iter__(self) -> Iterator[SourcePage]:
        self._spool.seek(0)
        return map(_read_page, self._spool)


def _read_page(line: str) -> SourcePage:
    try:
        return SourcePage(*json.loads(line))
    except RecursionError as error:
        raise TooDeep from error
