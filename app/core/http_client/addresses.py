"""Web addresses that other servers and files name."""

from app.core.errors import InvalidRequest
from app.core.http_client.libraries import httpx
from app.core.i18n import LocalizedText


def parse_address(text: str) -> httpx.URL:
    """Parse an http(s) address without a password in it. Raises: InvalidRequest."""
    try:
        address = httpx.URL(text)
    except (httpx.InvalidURL, UnicodeError):
        address = httpx.URL()
    if address.scheme not in ("http", "https") or not address.host or address.userinfo:
        shown = text[:200]
        raise InvalidRequest(
            LocalizedText(
                f"{shown} is niet te gebruiken: een webadres begint met https:// of http:// en bevat geen wachtwoord.",
                f"{shown} cannot be used: an address starts with https:// or http:// and contains no password.",
            )
        )
    return address


def join_link(base: httpx.URL, link: str) -> httpx.URL:
    """The target of a link, which may be relative. Raises: InvalidRequest, also for a link from https to http."""
    try:
        joined = str(base.join(link))
    except (httpx.InvalidURL, UnicodeError):
        joined = link
    address = parse_address(joined)
    if base.scheme == "https" and address.scheme == "http":
        raise InvalidRequest(
            LocalizedText(
                f"{base.host} verwijst van https naar http ({address}). Dat is niet veilig. Meld het aan de beheerder.",
                f"{base.host} links from https to http ({address}). That is not safe. Report it to the operator.",
            )
        )
    return address


def find_origin(address: httpx.URL) -> tuple[str, str, int]:
    """Scheme, host and port of an address."""
    return address.scheme, address.host, address.port or (443 if address.scheme == "https" else 80)
