"""All pages of a source, spooled to disk before a transaction begins.

A source may take hours; an open transaction would block other writers meanwhile.
"""

import json
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TextIO

from app.core.errors import Unavailable
from app.core.http_client.client import GuardedClient
from app.core.i18n import LocalizedText
from app.harvests.mapping import SourceDescription
from app.harvests.ogc_features import read_feature_pages
from app.harvests.paging import SourcePage
from app.harvests.sensorthings import read_entity_pages

ReportSpooled = Callable[[int, int | None], None]
"""Called with the number of items so far, and of all items where the source reports it."""


class TooDeep(Unavailable):
    """The JSON of a source is nested too deep."""

    def __init__(self) -> None:
        super().__init__(
            LocalizedText(
                "De JSON van de bron is te diep genest.", "The JSON of the source is nested too deep."
            )
        )


def read_pages(client: GuardedClient, source: SourceDescription) -> Iterator[SourcePage]:
    """Pages of a source, fetched one at a time.

    Raises: Unavailable for a wrong or incomplete answer, InvalidRequest for a refused address.
    """
    return (read_feature_pages if source.kind == "ogc" else read_entity_pages)(client, source)


@contextmanager
def spool_pages(
    client: GuardedClient, source: SourceDescription, report: ReportSpooled
) -> Iterator[Iterable[SourcePage]]:
    """All pages of a source, after the last was fetched; they can be iterated repeatedly. Raises: as `read_pages`."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as spool:
        number_read, expected = 0, None
        for page in read_pages(client, source):
            try:
                spool.write(f"{json.dumps(page)}\n")
            except RecursionError as error:
                raise TooDeep from error
            number_read += len(page.items)
            expected = page.number_matched if expected is None else expected
            report(number_read, expected)
        yield _SpooledPages(spool)


class _SpooledPages:
    """Pages in a file; each iteration starts at the first."""

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
