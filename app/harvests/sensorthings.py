"""Entities of a SensorThings API 1.1 server, page by page, with their related entities.

Source: OGC SensorThings API part 1, version 1.1 (18-088), 9.3 (query options), 9.3.3.6 (`@iot.nextLink`).
"""

from collections.abc import Iterator
from typing import Final

from app.core.http_client.addresses import join_link, parse_address
from app.core.http_client.answers import BadAnswer, HttpAnswer
from app.core.http_client.client import GuardedClient
from app.core.http_client.libraries import httpx
from app.core.i18n import LocalizedText
from app.harvests.item_schema import find_item_schema
from app.harvests.mapping import SourceDescription
from app.harvests.paging import SourceItem, SourcePage, add_parameters, follow_pages, read_count, read_items

_ACCEPT: Final = "application/json"
_NEXT: Final = "@iot.nextLink"


def read_entity_pages(client: GuardedClient, source: SourceDescription) -> Iterator[SourcePage]:
    """Every entity that is one sensor, with its locations, datastreams and observed properties.

    Raises: Unavailable where the source does not return them all, InvalidRequest for a refused address.
    """
    schema = find_item_schema("sensorthings", source.collection)
    root = parse_address(source.url)
    entities = root.copy_with(path=f"{root.path.rstrip('/')}/{source.collection}")
    query = {"$expand": schema.expand if schema else "", "$top": str(source.limit), "$count": "true"}
    first = add_parameters(entities, {**query, **source.parameters})
    for page in follow_pages(client, first, _ACCEPT, _read_page):
        for item in page.items:
            _complete_lists(client, item, first)
        yield page


def _read_page(answer: HttpAnswer) -> SourcePage:
    content = answer.content if isinstance(answer.content, dict) else {}
    following = content.get(_NEXT)
    if following is not None and not isinstance(following, str):
        raise BadAnswer(answer.address, LocalizedText(f"{_NEXT} is geen tekst", f"{_NEXT} is not a text"))
    items = read_items(content.get("value"), answer, "value")
    return SourcePage(items, following, read_count(content.get("@iot.count")))


def _complete_lists(client: GuardedClient, item: SourceItem, base: httpx.URL) -> None:
    """Fetch the rest of nested lists that the server returned in part."""
    for name, link in list(item.items()):
        if not name.endswith(_NEXT) or not isinstance(link, str):
            continue
        listed = item.get(name.removesuffix(_NEXT))
        if isinstance(listed, list):
            for page in follow_pages(client, join_link(base, link), _ACCEPT, _read_page):
                listed.extend(page.items)
