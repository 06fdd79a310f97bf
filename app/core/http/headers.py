"""The headers that every answer carries, whatever wrote it."""

from app.core.version import API_VERSION

Headers = list[tuple[bytes, bytes]]

_JSON_POLICY = b"default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
_PAGE_POLICY = (
    b"default-src 'self'; img-src 'self' data:; worker-src 'self'; base-uri 'self'; "
    b"form-action 'self'; frame-ancestors 'none'; object-src 'none'"
)
# A worker obeys the policy of its own script: under the strict one the map's worker could fetch no tile.
_PAGE_TYPES = (b"text/html", b"text/javascript", b"application/javascript")

_EVERYWHERE: Headers = [
    (b"api-version", API_VERSION.encode()),
    (b"strict-transport-security", b"max-age=31536000"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
]
_CROSS_ORIGIN: Headers = [
    (b"access-control-allow-origin", b"*"),
    (
        b"access-control-expose-headers",
        (
            b"ETag, Link, Location, Content-Crs, Content-Disposition, Content-Language, API-Version,"
            b" OGC-NumberMatched, OGC-NumberReturned, Retry-After"
        ),
    ),
]
_PAGE: Headers = [*_EVERYWHERE, (b"content-security-policy", _PAGE_POLICY)]
_PRIVATE: Headers = [*_EVERYWHERE, (b"content-security-policy", _JSON_POLICY)]
_PUBLIC: Headers = [*_PRIVATE, *_CROSS_ORIGIN]
_OURS = frozenset(name for name, _ in [*_PUBLIC, (b"x-request-id", b"")])


def complete_headers(own: Headers, *, request_id: bytes, public: bool) -> Headers:
    """The answer's own headers with ours; where both name one, ours stands.

    `public` is whether scripts of other sites may read it: an anonymous read.
    Source: NL REST API Design Rules 2.2.1, transport security; OWASP REST Security Cheat Sheet.
    """
    content_type = b""
    doubled = False
    for name, value in own:
        if name == b"content-type":
            content_type = value
        elif name in _OURS:
            doubled = True
    if doubled:
        own = [header for header in own if header[0] not in _OURS]
    if content_type.startswith(_PAGE_TYPES):
        return [*own, *_PAGE, (b"x-request-id", request_id)]
    return [*own, *(_PUBLIC if public else _PRIVATE), (b"x-request-id", request_id)]
