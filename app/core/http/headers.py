"""Headers that every answer has, added by the middleware."""

from app.core.http.audience import Audience
from app.core.http.compression import is_compressible
from app.core.version import API_VERSION

Headers = list[tuple[bytes, bytes]]

_JSON_POLICY = b"default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
_FRAMED_POLICY = b"default-src 'none'; base-uri 'none'; form-action 'none'"
_PAGE_POLICY = (
    b"default-src 'self'; img-src 'self' data:; worker-src 'self'; base-uri 'self'; "
    b"form-action 'self'; frame-ancestors 'none'; object-src 'none'"
)
# A worker obeys the policy of its own script: under the strict one the map's worker could fetch no tile.
_PAGE_TYPES = (b"text/html", b"text/javascript", b"application/javascript")

# Parts of our own pages, which nothing else loads: on a first visit, headers weigh as much as a script.
_STYLE_TYPES = (b"text/css", b"font/")

_SITE_IMAGE = b"image/svg+xml"

_STYLE: Headers = [
    (b"strict-transport-security", b"max-age=31536000"),
    (b"x-content-type-options", b"nosniff"),
]
_EVERYWHERE: Headers = [
    (b"api-version", API_VERSION.encode()),
    *_STYLE,
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
]
_CROSS_ORIGIN: Headers = [
    (b"access-control-allow-origin", b"*"),
    (
        b"access-control-expose-headers",
        (
            b"ETag, Link, Location, Accept-Ranges, Content-Crs, Content-Disposition, Content-Encoding,"
            b" Content-Language, Content-Range, API-Version, OGC-NumberMatched, OGC-NumberReturned, Retry-After"
        ),
    ),
]
_NO_STORE = (b"cache-control", b"no-store")
# `no-store` is enough for caches that follow RFC 9111; `private` also stops proxies that only look for that word.
_PRIVATE_NO_STORE = (b"cache-control", b"private, no-store")

_PAGE: Headers = [*_EVERYWHERE, (b"content-security-policy", _PAGE_POLICY)]
# Browsers without Sec-Fetch-Site send forms with the origin `null` under `no-referrer`.
_OWN_SITE_REFERRER = (b"referrer-policy", b"same-origin")
_PRIVATE_PAGE: Headers = [
    *(_OWN_SITE_REFERRER if header[0] == b"referrer-policy" else header for header in _PAGE),
    _PRIVATE_NO_STORE,
]
_DOCUMENT: Headers = [*_EVERYWHERE, (b"content-security-policy", _JSON_POLICY)]
_PUBLIC_DOCUMENT: Headers = [*_DOCUMENT, *_CROSS_ORIGIN]
_PRIVATE_DOCUMENT: Headers = [*_DOCUMENT, _NO_STORE]
_FRAMED: Headers = [
    *(header for header in _EVERYWHERE if header[0] != b"x-frame-options"),
    (b"content-security-policy", _FRAMED_POLICY),
    _NO_STORE,
]
_FIXED = frozenset(name for name, _ in [*_PUBLIC_DOCUMENT, (b"x-request-id", b"")])
_FIXED_PRIVATE = _FIXED | {b"cache-control"}


def complete_headers(own: Headers, *, request_id: bytes, audience: Audience, framed: bool = False) -> Headers:
    """The route's own headers and the fixed ones; a fixed header replaces a route's own of the same name.

    A private answer is always `no-store`, whatever its route set. A public one that compression makes smaller varies by
    `Accept-Encoding`, and so does a 304 (which has no type). Pages and their parts are never open to scripts of other
    sites. A framed answer is private, and pages of other sites may show it in a frame.
    Source: NL REST API Design Rules 2.2.1, transport security; OWASP REST Security Cheat Sheet.
    """
    private = audience is Audience.PRIVATE
    fixed = _FIXED_PRIVATE if private else _FIXED
    content_type = varies = b""
    replaces = False
    for name, value in own:
        if name == b"content-type":
            content_type = value
        elif name == b"vary":
            varies = value
        elif name in fixed:
            replaces = True
    if not private and (not content_type or is_compressible(content_type)):
        own = [header for header in own if header[0] != b"vary"]
        own.append((b"vary", b"%b, Accept-Encoding" % varies if varies else b"Accept-Encoding"))
    if replaces:
        own = [header for header in own if header[0] not in fixed]
    added = _FRAMED if framed else _choose_fixed(content_type, private=private)
    return [*own, *added, (b"x-request-id", request_id)]


def _choose_fixed(content_type: bytes, *, private: bool) -> Headers:
    if content_type.startswith(_STYLE_TYPES) and not private:
        return _STYLE
    if content_type.startswith(_SITE_IMAGE) and not private:
        return _DOCUMENT
    if content_type.startswith(_PAGE_TYPES):
        return _PRIVATE_PAGE if private else _PAGE
    return _PRIVATE_DOCUMENT if private else _PUBLIC_DOCUMENT
