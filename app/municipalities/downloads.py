"""Downloads of boundaries: one file, or the pages of an OGC API Features collection."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from app.core.errors import InvalidRequest, Unavailable
from app.core.http_client import create_http_client, httpx
from app.core.i18n import LocalizedText
from app.municipalities.feature_collection import FeatureCollection, parse_collection

GEOPACKAGE_START: Final = b"SQLite format 3\0"
_ACCEPT = "application/geo+json, application/json;q=0.9, application/geopackage+sqlite3, */*;q=0.5"

ReportDownload = Callable[[str, int, int | None], None]
"""Progress callback: the stage, the amount done, and the total if known."""


def download(
    address: str, timeout_seconds: float, report_progress: ReportDownload
) -> bytes | FeatureCollection:
    """The bytes of the GeoPackage at this address, or the collection there with all its pages.

    `timeout_seconds` limits each wait for the server.
    Raises: Unavailable for errors of the server or connection, InvalidRequest when features are missing.
    """
    with open_download_client(timeout_seconds) as client:
        answer = _fetch(client, address, report_progress)
        if answer.content.startswith(GEOPACKAGE_START):
            return answer.content
        first = page = _read_page(answer)
        features = list(first.features)
        seen = {address}
        while page.next_link is not None and page.next_link not in seen:
            report_progress("pages", len(features), first.number_matched)
            seen.add(page.next_link)
            page = _read_page(_fetch(client, page.next_link, report_progress))
            features += page.features
    if first.number_matched not in (None, len(features)):
        raise InvalidRequest(
            LocalizedText(
                f"{address} noemt {first.number_matched} gebieden, maar leverde er {len(features)}.",
                f"{address} announces {first.number_matched} features, but delivered {len(features)}.",
            )
        )
    return replace(first, features=features)


def open_download_client(timeout_seconds: float) -> httpx.Client:
    """A client for files and collections of boundaries."""
    return create_http_client(timeout_seconds, accept=_ACCEPT, follow_redirects=True)


@dataclass(frozen=True, slots=True)
class _Answer:
    """The content of an answer, its final URL, and the reference system in its header."""

    content: bytes
    url: httpx.URL
    declared_crs: str | None


def _fetch(client: httpx.Client, address: str, report_progress: ReportDownload) -> _Answer:
    content = bytearray()
    try:
        with client.stream("GET", address) as response:
            response.raise_for_status()
            kilobytes = int(response.headers.get("Content-Length", 0)) // 1000 or None
            for piece in response.iter_bytes():
                content += piece
                report_progress("receive", response.num_bytes_downloaded // 1000, kilobytes)
    except httpx.HTTPError as error:
        why = str(error).split("\n")[0] or type(error).__name__
        raise Unavailable(
            LocalizedText(f"{address} geeft een fout: {why}", f"{address} returns an error: {why}")
        ) from error
    crs = response.headers.get("Content-Crs", "").strip("<>")
    return _Answer(bytes(content), response.url, crs or None)


def _read_page(answer: _Answer) -> FeatureCollection:
    page = parse_collection(answer.content, str(answer.url))
    return replace(
        page,
        declared_crs=page.declared_crs or answer.declared_crs,
        # A link may be relative to its page.
        next_link=page.next_link and str(answer.url.join(page.next_link)),
    )
