"""Conditional requests: entity tags, 304 answers and `If-Match`.

Source: RFC 9110, 8.8.3 and 13.1.
"""

import re
from collections.abc import Mapping
from hashlib import blake2b
from typing import Annotated

from fastapi import Depends, Header
from starlette.responses import Response

from app.core.errors import InvalidRequest
from app.core.expected_version import ANY_VERSION, ExpectedVersion
from app.core.i18n import LocalizedText
from app.core.problems import Problem, ProblemCode

_VERSION = re.compile(r"[1-9][0-9]{0,17}")
_ENTITY_TAG = re.compile(r'\s*(W/)?"([\x21\x23-\x7e\x80-\xff]*)"\s*(?:,|$)')


def make_digest(*parts: object) -> str:
    """A text of 24 hexadecimal digits for these parts, in that order."""
    text = b"\x1f".join(part if isinstance(part, bytes) else str(part).encode() for part in parts)
    return blake2b(text, digest_size=12).hexdigest()


def make_etag(*parts: object) -> str:
    """An entity tag of the parts that determine the content of an answer, in that order."""
    return format_etag(make_digest(*parts))


def format_etag(digest: str) -> str:
    """A weak entity tag: an answer has other bytes when it is compressed, and some state when they were made."""
    return f'W/"{digest}"'


def is_unchanged(if_none_match: str | None, etag: str) -> bool:
    """Whether `If-None-Match` is `*` or has this tag, compared weakly."""
    if if_none_match is None:
        return False
    if if_none_match == etag:
        return True
    if if_none_match.strip() == "*":
        return True
    return etag.removeprefix("W/").strip('"') in {opaque for _, opaque in parse_tags(if_none_match)}


def answer_unchanged(etag: str, headers: Mapping[str, str] | None = None) -> Response:
    """A 304 response, with the headers of the full answer."""
    return Response(status_code=304, headers={**(headers or {}), "ETag": etag})


def read_expected_version(
    if_match: Annotated[str | None, Header(description="The ETag of the version that you read.")] = None,
) -> ExpectedVersion | None:
    """The versions named by `If-Match`, compared strongly; None without the header. Raises: InvalidRequest."""
    if if_match is None:
        return None
    if if_match.strip() == "*":
        return ANY_VERSION
    tags = parse_tags(if_match)
    if not tags:
        raise InvalidRequest(
            problems=[
                Problem(
                    ProblemCode.INVALID_ETAG,
                    "If-Match",
                    LocalizedText(
                        "Geef de ETag zoals u die hebt ontvangen, met de aanhalingstekens.",
                        "Give the ETag as you received it, with its quotation marks.",
                    ),
                    value=if_match,
                    suggestion=f'"{if_match.strip()}"',
                    where="header",
                )
            ]
        )
    return ExpectedVersion(
        frozenset(int(opaque) for weak, opaque in tags if not weak and _VERSION.fullmatch(opaque))
    )


IfMatch = Annotated[ExpectedVersion | None, Depends(read_expected_version)]
"""The versions that a change may replace, from `If-Match`."""


def parse_tags(header: str) -> list[tuple[bool, str]]:
    """Tags of a list as (weak, opaque text); empty when the list is malformed."""
    tags, position = [], 0
    while position < len(header):
        found = _ENTITY_TAG.match(header, position)
        if found is None:
            return []
        tags.append((found[1] is not None, found[2]))
        position = found.end()
    return tags
