"""The entities of a SensorThings API 1.1 server, page by page, with what belongs to them.

Source: OGC SensorThings API part 1, version 1.1 (18-088), 9.3 (query options), 9.3.3.6 (`@iot.nextLink`).
"""

from collections.abc import Iterator
from typing import Final

import httpx

from app.core.i18n import LocalizedText
from app.harvests.http_client import BadAnswer, HarvestClient, HttpAnswer, join_link, read_address
from app.harvests.item_schema import find_item_schema
from app.harvests.mapping import SourceDescription
from app.harvests.paging import SourceItem, SourcePage, add_parameters, follow_pages, read_count, read_items

_ACCEPT: Final = "application/json"
_NEXT: Final = "@iot.nextLink"


def read_entity_pages(client: HarvestClient, source: SourceDescription) -> Iterator[SourcePage]:
    """Every entity of the kind that is one sensor, with its places, datastreams and what they observe.

    Raises: Unavailable where the source does not give them all, InvalidRequest for addresses we will not follow.
    """
    shape = find_item_schema("sensorthings", source.collection)
    root = read_address(source.url)
    entities = root.copy_with(path=f"{root.path.rstrip('/')}/{source.collection}")
    asked = {"$expand": shape.expand if shape else "", "$top": str(source.limit), "$count": "true"}
    first = add_parameters(entities, {**asked, **source.parameters})
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


def _complete_lists(client: HarvestClient, item: SourceItem, base: httpx.URL) -> None:
    """Fetch the rest of lists within an item that the server cut off."""
    for name, link in list(item.items()):
        if not name.endswith(_NEXT) or not isinstance(link, str):
            continue
        listed = item.get(name.removesuffix(_NEXT))
        if isinstance(listed, list):
            for page in follow_pages(client, join_link(base, link), _ACCEPT, _read_page):
                listed.extend(page.items)
