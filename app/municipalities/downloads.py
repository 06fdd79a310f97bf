"""Boundaries over HTTP: one file, or the pages of an OGC API Features collection."""

import ssl
from collections.abc import Callable
from dataclasses import replace
from typing import Final

import httpx

from app.core.errors import InvalidRequest, Unavailable
from app.core.language import Text
from app.municipalities.collections import Collection, read_collection

GEOPACKAGE_START: Final = b"SQLite format 3\0"
_ACCEPT = "application/geo+json, application/json;q=0.9, application/geopackage+sqlite3, */*;q=0.5"

ReportProgress = Callable[[str, int, int | None], None]
"""Called with what is being done, how far it is, and how far it goes where that is known."""


def download(address: str, timeout_seconds: float, report_progress: ReportProgress) -> bytes | Collection:
    """The GeoPackage at this address as it came, or the collection there with all its pages.

    `timeout_seconds` is how long each wait for the other side may last.
    Raises: Unavailable when the other side does not answer well, InvalidRequest when features are missing.
    """
    with open_client(timeout_seconds) as client:
        content, first = _get(client, address, report_progress)
        if content.startswith(GEOPACKAGE_START):
            return content
        page = first
        features = list(first.features)
        seen = {address}
        while page.next_link is not None and page.next_link not in seen:
            report_progress("pages", len(features), first.number_matched)
            seen.add(page.next_link)
            _, page = _get(client, page.next_link, report_progress)
            features += page.features
    if first.number_matched not in (None, len(features)):
        raise InvalidRequest(
            Text(
                f"{address} noemt {first.number_matched} gebieden maar gaf er {len(features)}.",
                f"{address} speaks of {first.number_matched} features but gave {len(features)}.",
            )
        )
    return replace(first, features=features)


def open_client(timeout_seconds: float) -> httpx.Client:
    """A client that asks for boundaries and trusts whom this machine trusts."""
    # The system's certificate store: many town-hall networks have their own certificate authority in it.
    return httpx.Client(
        verify=ssl.create_default_context(),
        timeout=timeout_seconds,
        follow_redirects=True,
        headers={"Accept": _ACCEPT},
    )


_NOTHING = Collection([], None, None, None)


def _get(client: httpx.Client, address: str, report_progress: ReportProgress) -> tuple[bytes, Collection]:
    try:
        with client.stream("GET", address) as response:
            response.raise_for_status()
            content = bytearray()
            length = int(response.headers.get("Content-Length", 0)) // 1000 or None
            for piece in response.iter_bytes():
                content += piece
                report_progress("receive", response.num_bytes_downloaded // 1000, length)
    except httpx.HTTPError as error:
        why = str(error).split("\n")[0] or type(error).__name__
        raise Unavailable(
            Text(f"{address} geeft geen goed antwoord: {why}", f"{address} does not answer well: {why}")
        ) from error
    if content.startswith(GEOPACKAGE_START):
        return bytes(content), _NOTHING
    page = read_collection(bytes(content), address)
    return b"", replace(
        page,
        declared_crs=page.declared_crs or response.headers.get("Content-Crs", "").strip("<>") or None,
        # A link may be relative to the page it stands on.
        next_link=page.next_link and str(response.url.join(page.next_link)),
    )
