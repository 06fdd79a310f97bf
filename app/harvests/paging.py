"""The pages of a source, one after the other, to the last."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

import httpx

from app.core.i18n import LocalizedText
from app.harvests.http_client import BadAnswer, HarvestClient, HttpAnswer, join_link

SourceItem = dict[str, Any]
"""A feature or an entity as its server gives it."""


class SourcePage(NamedTuple):
    """Some items; where the next ones are, and how many there are in all, as far as the server says so."""

    items: list[SourceItem]
    next_link: str | None
    number_matched: int | None


def follow_pages(
    client: HarvestClient, first: httpx.URL, accept: str, read_page: Callable[[HttpAnswer], SourcePage]
) -> Iterator[SourcePage]:
    """Every page, of which the first tells how many items there are.

    Raises: Unavailable where the source breaks off before its end; InvalidRequest for a link we will not follow.
    """
    seen: set[httpx.URL] = set()
    address: httpx.URL | None = first
    expected: int | None = None
    given = 0
    while address is not None:
        if address in seen:
            raise BadAnswer(
                address, LocalizedText("de bladzijden lopen in een kring", "the pages go round in a circle")
            )
        if len(seen) == client.limits.pages:
            raise BadAnswer(
                address, LocalizedText(f"meer dan {len(seen)} bladzijden", f"more than {len(seen)} pages")
            )
        seen.add(address)
        answer = client.fetch(address, accept)
        page = read_page(answer)
        expected = page.number_matched if expected is None else expected
        given += len(page.items)
        yield page
        address = None if page.next_link is None else join_link(answer.address, page.next_link)
    if expected is not None and given < expected:
        raise BadAnswer(
            first,
            LocalizedText(
                f"het noemt er {expected} maar gaf er {given}", f"it speaks of {expected} but gave {given}"
            ),
        )


def read_items(items: object, answer: HttpAnswer, what: str) -> list[SourceItem]:
    """The list of objects that an answer should hold. Raises: Unavailable."""
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise BadAnswer(answer.address, LocalizedText(f"er staat geen {what} in", f"it holds no {what}"))
    return items


def read_count(number: object) -> int | None:
    """How many items there are; some servers write that they do not know."""
    return number if isinstance(number, int) and not isinstance(number, bool) and number >= 0 else None


def add_parameters(address: httpx.URL, parameters: dict[str, str]) -> httpx.URL:
    """The address with these in its query, in the place of its own of the same name."""
    merged = dict(address.params) | parameters
    # Not every server takes a plus sign for a space.
    query = urlencode(merged, quote_via=quote, safe="$,:/()'*")
    return address.copy_with(query=query.encode("ascii"))
