"""Cursors as opaque texts with a checksum, which binds them to the query that they continue."""

import base64
import json
from hashlib import blake2b
from typing import Any, Final

from app.core.i18n import LocalizedText
from app.core.parameter_values import InvalidParameter
from app.core.problems import ProblemCode
from app.core.strict_json import parse_json

_CHECKSUM_BYTES: Final = 8


def seal_cursor(content: list[Any], query: str) -> str:
    """The text of a cursor; `content` is JSON, `query` the canonical query that it continues."""
    written = json.dumps(content).encode()
    return base64.urlsafe_b64encode(_checksum(written, query) + written).decode().rstrip("=")


def open_cursor(text: str, query: str) -> list[Any]:
    """The content of a cursor. Raises: ValueError when it is malformed or belongs to another query.

    The checksum detects mistakes. It is no signature: anyone can compute it, so the content must be validated.
    """
    raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    checksum, content = raw[:_CHECKSUM_BYTES], raw[_CHECKSUM_BYTES:]
    if checksum != _checksum(content, query):
        raise ValueError(text)
    opened = parse_json(content.decode())
    if not isinstance(opened, list):
        raise ValueError(text)  # noqa: TRY004 - the input is wrong, not the type of an argument
    return opened


def refuse_cursor() -> InvalidParameter:
    detail = LocalizedText(
        "Deze cursor hoort niet bij deze vraag. Volg de link 'next' zoals u die kreeg.",
        "This cursor does not belong to this query. Follow the link 'next' as you got it.",
    )
    return InvalidParameter(ProblemCode.INVALID_CURSOR, detail)


def _checksum(content: bytes, query: str) -> bytes:
    return blake2b(content + b"\0" + query.encode(), digest_size=_CHECKSUM_BYTES).digest()
