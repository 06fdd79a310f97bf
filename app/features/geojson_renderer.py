"""Answers as GeoJSON: the finished text of each feature, with links and counts around it.

Source: RFC 7946; OGC API Features part 1, 7.15 and 7.16.
"""

from datetime import UTC, datetime
from typing import Final

from starlette.responses import Response

from app.core.http.conditional import answer_unchanged, is_unchanged
from app.features.answers import FeaturePage, SingleFeature
from app.features.collections import GEOJSON, HTML, JSON, QUERYABLES, SCHEMA
from app.features.paging import Paging
from app.features.request_context import RequestContext
from app.files.writers.schema import FORMATS
from app.spatial.crs import Crs

CACHE: Final = "public, max-age=60"
_ALTERNATES: Final = (("html", HTML), *((one.name, one.media_type) for one in FORMATS))


def render_geojson_page(page: FeaturePage, context: RequestContext) -> Response:
    """A feature collection, or 304."""
    here = f"{context.root}/collections/{page.collection.id}"
    headers = make_item_headers(page.etag, page.search.crs) | {
        "Link": f'<{here}/queryables>; rel="{QUERYABLES}"; type="{SCHEMA}"'
    }
    if is_unchanged(context.if_none_match, page.etag):
        return answer_unchanged(page.etag, headers)
    links = _format_links(here, page.paging)
    matched = "" if page.number_matched is None else f'"numberMatched":{page.number_matched},'
    rest = (
        f'"numberReturned":{page.number_returned},{matched}'
        f'"timeStamp":"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}","links":[{links}]}}'
    )
    body = b'{"type":"FeatureCollection","features":[%b],%b' % (page.features, rest.encode())
    return Response(body, headers=headers, media_type=GEOJSON)


def render_geojson_feature(answer: SingleFeature, context: RequestContext) -> Response:
    """One feature with its links, or 304."""
    headers = make_item_headers(answer.etag, answer.query.crs)
    if is_unchanged(context.if_none_match, answer.etag):
        return answer_unchanged(answer.etag, headers)
    here = f"{context.root}/collections/{answer.collection.id}"
    links = (
        b'[{"rel":"self","href":"%b","type":"%b"},{"rel":"alternate","href":"%b","type":"%b"},'
        b'{"rel":"collection","href":"%b","type":"%b"}]'
    ) % (
        format_feature_address(answer, context).encode(),
        GEOJSON.encode(),
        format_feature_address(answer, context, f="html").encode(),
        HTML.encode(),
        here.encode(),
        JSON.encode(),
    )
    body = b'%b,"links":%b}' % (answer.feature[:-1], links)
    return Response(body, headers=headers, media_type=GEOJSON)


def format_feature_address(answer: SingleFeature, context: RequestContext, f: str | None = None) -> str:
    """The address of a feature, as it was asked for and in a format."""
    parts = [part for part in (answer.query.canonical, f and f"f={f}") if part]
    address = f"{context.root}/collections/{answer.collection.id}/items/{answer.id}"
    return f"{address}?{'&'.join(parts)}" if parts else address


def make_item_headers(etag: str | None, crs: Crs) -> dict[str, str]:
    """The headers of every answer of items; the tag of a file is added when it is sent."""
    headers = {"Content-Crs": f"<{crs.uri}>", "Cache-Control": CACHE, "Vary": "Accept"}
    return headers if etag is None else {"ETag": etag, **headers}


def _format_links(here: str, paging: Paging) -> str:
    """The links as JSON. Nothing needs an escape: a canonical query and a cursor are percent-encoded."""
    items = f"{here}/items"
    if paging.is_posted:
        return _format_posted_links(here, paging)
    plain = paging.format_address(items, f=None)
    other = f"{plain}{'&' if '?' in plain else '?'}f="
    links = [("self", f"{other}{paging.f}" if paging.f else plain, GEOJSON), ("collection", here, JSON)]
    links += [("alternate", other + name, media_type) for name, media_type in _ALTERNATES]
    links.append((QUERYABLES, f"{here}/queryables", SCHEMA))
    if following := paging.format_following(items):
        links.append(("next", following, GEOJSON))
    return ",".join(f'{{"rel":"{rel}","href":"{href}","type":"{kind}"}}' for rel, href, kind in links)


def _format_posted_links(here: str, paging: Paging) -> str:
    """The links of a search by POST. The same body is sent again for the next page, as in STAC API 1.0, paging."""
    posted = [("self", paging.format_address(f"{here}/items", f=None))]
    if following := paging.format_following(f"{here}/items"):
        posted.append(("next", following))
    links = [f'{{"rel":"{rel}","href":"{href}","type":"{GEOJSON}","method":"POST"}}' for rel, href in posted]
    links.append(f'{{"rel":"collection","href":"{here}","type":"{JSON}"}}')
    links.append(f'{{"rel":"{QUERYABLES}","href":"{here}/queryables","type":"{SCHEMA}"}}')
    return ",".join(links)
