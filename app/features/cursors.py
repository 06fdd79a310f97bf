"""Where the next page begins, as an opaque text that only continues the query it came from."""

import base64
import json
from dataclasses import dataclass
from hashlib import blake2b
from uuid import UUID

from app.core.errors import InvalidRequest, Problem
from app.core.language import Text
from app.sensors.search import After


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where the last page ended, and how many matched when the first page counted them."""

    after: After
    number_matched: int | None


def write_cursor(cursor: Cursor, query: str) -> str:
    """The cursor as it stands in a link; `query` is the canonical query that it continues."""
    content = json.dumps([cursor.after.position, cursor.after.id.hex, cursor.number_matched]).encode()
    return base64.urlsafe_b64encode(_checksum(content, query) + content).decode().rstrip("=")


def read_cursor(text: str, query: str) -> Cursor:
    """Raises: InvalidRequest for a cursor that is not ours, or that belongs to another query."""
    cursor: Cursor | None
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        content = raw[_CHECKSUM_BYTES:]
        position, identifier, number_matched = json.loads(content)
        cursor = Cursor(After(position, UUID(hex=identifier)), number_matched)
    except (ValueError, TypeError, AttributeError):
        cursor, content = None, b""
    if cursor is None or raw[:_CHECKSUM_BYTES] != _checksum(content, query):
        detail = Text(
            "Deze cursor hoort niet bij deze vraag. Volg de link 'next' zoals u die kreeg.",
            "This cursor does not belong to this query. Follow the link 'next' as you got it.",
        )
        problem = Problem("cursor", "cursor", detail, text[:100], where="query")
        raise InvalidRequest(problems=[problem])
    return cursor


_CHECKSUM_BYTES = 8


def _checksum(content: bytes, query: str) -> bytes:
    return blake2b(content + b"\0" + query.encode(), digest_size=_CHECKSUM_BYTES).digest()
