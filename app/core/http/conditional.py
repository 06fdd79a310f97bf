"""Conditional requests: what need not be sent again, and what may not be overwritten unseen.

Source: RFC 9110, 8.8.3 and 13.1.
"""

import re
from collections.abc import Mapping
from hashlib import blake2b

from starlette.responses import Response

from app.core.errors import InvalidRequest, PreconditionFailed, PreconditionRequired, Problem
from app.core.language import Text

_ENTITY_TAG = re.compile(r'\s*(W/)?"([\x21\x23-\x7e\x80-\xff]*)"\s*(?:,|$)')


def make_etag(*parts: object) -> str:
    """A strong entity tag of everything that decides an answer's bytes, in that order."""
    text = "\x1f".join(map(str, parts))
    return f'"{blake2b(text.encode(), digest_size=12).hexdigest()}"'


def is_unchanged(if_none_match: str | None, etag: str) -> bool:
    """Whether the caller has this answer already: `*` or one of its tags, compared weakly."""
    if if_none_match is None:
        return False
    if if_none_match == etag:
        return True
    if if_none_match.strip() == "*":
        return True
    return etag.strip('"') in {opaque for _, opaque in _read_tags(if_none_match)}


def answer_unchanged(etag: str, headers: Mapping[str, str] | None = None) -> Response:
    """304, with the headers that the full answer would have had."""
    return Response(status_code=304, headers={**(headers or {}), "ETag": etag})


def require_match(if_match: str | None, etag: str) -> None:
    """Let a change pass only from somebody who saw what is registered now; tags are compared strongly.

    Raises: PreconditionRequired without If-Match; InvalidRequest when it cannot be read; PreconditionFailed
    when the record has changed since.
    """
    if if_match is None:
        raise PreconditionRequired
    if if_match.strip() == "*":
        return
    tags = _read_tags(if_match)
    if not tags:
        raise InvalidRequest(
            problems=[
                Problem(
                    "unreadable_etag",
                    "If-Match",
                    Text(
                        "Geef de ETag zoals u die kreeg, met de aanhalingstekens.",
                        "Give the ETag as you got it, with its quotation marks.",
                    ),
                    value=if_match,
                    suggestion=etag if if_match.strip() == etag.strip('"') else f'"{if_match.strip()}"',
                    where="header",
                )
            ]
        )
    if etag.strip('"') not in {opaque for weak, opaque in tags if not weak}:
        raise PreconditionFailed(headers={"ETag": etag})


def _read_tags(header: str) -> list[tuple[bool, str]]:
    """Each tag of a list as (weak, opaque text); empty when the list is malformed."""
    tags, position = [], 0
    while position < len(header):
        found = _ENTITY_TAG.match(header, position)
        if found is None:
            return []
        tags.append((found[1] is not None, found[2]))
        position = found.end()
    return tags
