"""Items of an OGC API Features collection, page by page.

Source: OGC API - Features part 1 (17-069r4), 7.15; part 2 (18-058r1) for the header Content-Crs.
"""

from collections.abc import Iterator
from typing import Any, Final

from app.core.http_client.addresses import parse_address
from app.core.http_client.answers import BadAnswer, HttpAnswer
from app.core.http_client.client import GuardedClient
from app.core.i18n import LocalizedText
from app.harvests.mapping import SourceDescription
from app.harvests.paging import SourcePage, add_parameters, follow_pages, read_count, read_items

_ACCEPT: Final = "application/geo+json, application/json;q=0.9"


def read_feature_pages(client: GuardedClient, source: SourceDescription) -> Iterator[SourcePage]:
    """Every feature of the collection, in longitude and latitude.

    Raises: Unavailable where the source does not return them all, InvalidRequest for a refused address.
    """
    landing = parse_address(source.url)
    items = landing.copy_with(path=f"{landing.path.rstrip('/')}/collections/{source.collection}/items")
    first = add_parameters(items, {"limit": str(source.limit), **source.parameters})
    return follow_pages(client, first, _ACCEPT, _read_page)


def _read_page(answer: HttpAnswer) -> SourcePage:
    content = answer.content if isinstance(answer.content, dict) else {}
    _check_crs(answer, content)
    return SourcePage(
        read_items(content.get("features"), answer, "FeatureCollection"),
        _find_next(content.get("links")),
        read_count(content.get("numberMatched")),
    )


def _find_next(links: Any) -> str | None:
    """Link to the next page in JSON, which may come after the one in HTML."""
    following = [
        link
        for link in (links if isinstance(links, list) else [])
        if isinstance(link, dict) and link.get("rel") == "next" and isinstance(link.get("href"), str)
    ]
    following.sort(key=lambda link: "json" not in str(link.get("type", "json")))
    return following[0]["href"] if following else None


def _check_crs(answer: HttpAnswer, content: dict[str, Any]) -> None:
    """Check that coordinates are longitude and latitude. Raises: BadAnswer."""
    declared = [answer.headers.get("content-crs", "")]
    crs = content.get("crs")
    if isinstance(crs, dict) and isinstance(crs.get("properties"), dict):
        declared.append(str(crs["properties"].get("name", "")))
    for system in declared:
        if system and "CRS84" not in system:
            named = system[:100] if system.isprintable() else "?"
            raise BadAnswer(
                answer.address,
                LocalizedText(
                    f"de coördinaten staan in {named}; vraag CRS84, door geen crs te noemen",
                    f"the coordinates are in {named}; ask for CRS84, by naming no crs",
                ),
            )
