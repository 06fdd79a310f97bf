"""Pages of a source, from the first to the last."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

from app.core.http_client.addresses import join_link
from app.core.http_client.answers import BadAnswer, HttpAnswer
from app.core.http_client.client import GuardedClient
from app.core.http_client.libraries import httpx
from app.core.i18n import LocalizedText

SourceItem = dict[str, Any]
"""A feature or an entity as its server returns it."""


class SourcePage(NamedTuple):
    """Some items, the link to the next page, and the number of all items where the server reports it."""

    items: list[SourceItem]
    next_link: str | None
    number_matched: int | None


def follow_pages(
    client: GuardedClient, first: httpx.URL, accept: str, read_page: Callable[[HttpAnswer], SourcePage]
) -> Iterator[SourcePage]:
    """All pages; the first one reports how many items there are.

    Raises: Unavailable where the source ends before its last item; InvalidRequest for a refused link.
    """
    seen: set[httpx.URL] = set()
    address: httpx.URL | None = first
    expected: int | None = None
    received = 0
    while address is not None:
        if address in seen:
            raise BadAnswer(
                address,
                LocalizedText("een volgende pagina is al eerder gelezen", "a next page was read before"),
            )
        if len(seen) == client.limits.pages:
            raise BadAnswer(
                address, LocalizedText(f"meer dan {len(seen)} pagina's", f"more than {len(seen)} pages")
            )
        seen.add(address)
        answer = client.fetch(address, accept)
        page = read_page(answer)
        expected = page.number_matched if expected is None else expected
        received += len(page.items)
        yield page
        address = None if page.next_link is None else join_link(answer.address, page.next_link)
    if expected is not None and received < expected:
        raise BadAnswer(
            first,
            LocalizedText(
                f"er zijn {expected} objecten, maar er kwamen er {received}",
                f"it has {expected} items but returned {received}",
            ),
        )


def read_items(items: object, answer: HttpAnswer, what: str) -> list[SourceItem]:
    """The list of objects in an answer. Raises: Unavailable where there is none."""
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise BadAnswer(answer.address, LocalizedText(f"er staat geen {what} in", f"it holds no {what}"))
    return items


def read_count(number: object) -> int | None:
    """Number of all items; None where the server does not report it as a number."""
    return number if isinstance(number, int) and not isinstance(number, bool) and number >= 0 else None


def add_parameters(address: httpx.URL, parameters: dict[str, str]) -> httpx.URL:
    """The address with these query parameters, which replace parameters of the same name."""
    merged = dict(address.params) | parameters
    # Not every server reads a plus sign as a space.
    query = urlencode(merged, quote_via=quote, safe="$,:/()'*")
    return address.copy_with(query=query.encode("ascii"))
