"""Downloads of boundaries: one file, or the pages of an OGC API Features collection."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from app.core.errors import InvalidRequest
from app.core.http_client.address_filter import admit_every_address, is_public
from app.core.http_client.addresses import join_link, parse_address
from app.core.http_client.answers import RawAnswer
from app.core.http_client.client import GuardedClient, RequestLimits
from app.core.http_client.libraries import httpx
from app.core.i18n import LocalizedText
from app.municipalities.feature_collection import FeatureCollection, parse_collection

GEOPACKAGE_START: Final = b"SQLite format 3\0"
_ACCEPT = "application/geo+json, application/json;q=0.9, application/geopackage+sqlite3, */*;q=0.5"
_MAX_PAGES: Final = 10_000

ReportDownload = Callable[[str, int, int | None], None]
"""Progress callback: the stage, the amount done, and the total if known."""


@dataclass(frozen=True, slots=True)
class DownloadOptions:
    """Options of a download; `wait_seconds` limits each wait for the server."""

    wait_seconds: float = 60
    allow_private: bool = False
    """Whether servers inside the operator's own network are allowed."""


def download(
    location: str, options: DownloadOptions, report_progress: ReportDownload
) -> bytes | FeatureCollection:
    """The bytes of the GeoPackage at this address, or the collection there with all its pages.

    Raises: Unavailable for errors of the server or connection, InvalidRequest for a refused address, and when features
    are missing.
    """
    with open_download_client(options) as client:
        address = parse_address(location)
        answer = _fetch(client, address, report_progress)
        if answer.content.startswith(GEOPACKAGE_START):
            return answer.content
        first = page = _read_page(answer)
        features = list(first.features)
        seen = {address}
        while (
            page.next_link is not None
            and (following := join_link(answer.address, page.next_link)) not in seen
        ):
            if len(seen) == _MAX_PAGES:
                raise InvalidRequest(
                    LocalizedText(f"{location}: te veel pagina's.", f"{location}: too many pages.")
                )
            report_progress("pages", len(features), first.number_matched)
            seen.add(following)
            answer = _fetch(client, following, report_progress)
            page = _read_page(answer)
            features += page.features
    if first.number_matched not in (None, len(features)):
        raise InvalidRequest(
            LocalizedText(
                f"{location} noemt {first.number_matched} gebieden, maar leverde er {len(features)}.",
                f"{location} announces {first.number_matched} features, but delivered {len(features)}.",
            )
        )
    return replace(first, features=features)


def open_download_client(options: DownloadOptions) -> GuardedClient:
    """A client for files and collections of boundaries: those of the country are some 100 MB."""
    limits = RequestLimits(
        wait_seconds=options.wait_seconds,
        answer_seconds=1800,
        total_seconds=3600,
        answer_bytes=1_000_000_000,
        total_bytes=2_000_000_000,
        tries=2,
    )
    return GuardedClient(admit=admit_every_address if options.allow_private else is_public, limits=limits)


def _fetch(client: GuardedClient, address: httpx.URL, report_progress: ReportDownload) -> RawAnswer:
    return client.download(
        address,
        _ACCEPT,
        lambda received, total: report_progress("receive", received // 1000, total and total // 1000),
    )


def _read_page(answer: RawAnswer) -> FeatureCollection:
    page = parse_collection(answer.content, str(answer.address))
    declared = answer.headers.get("content-crs", "").strip("<>")
    return replace(page, declared_crs=page.declared_crs or declared or None)
