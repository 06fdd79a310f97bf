"""Where the next page begins, as an opaque text that only continues the query it came from."""

import base64
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any
from uuid import UUID

from app.core.i18n import LocalizedText
from app.features.parameter_values import InvalidParameter
from app.sensors.search.ordering import may_follow
from app.sensors.search.sensor_search import After, SortKey


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where the last page ended, and how many matched when the first page counted them."""

    after: After
    number_matched: int | None


def write_cursor(cursor: Cursor, query: str) -> str:
    """The cursor as it stands in a link; `query` is the canonical query that it continues."""
    after = cursor.after
    return _seal([after.position, after.id.hex, cursor.number_matched, *after.keys], query)


def read_cursor(text: str, query: str, order: Sequence[SortKey] = ()) -> Cursor:
    """Raises: Unreadable for a cursor that is not ours, or that belongs to another query."""
    try:
        position, identifier, number_matched, *keys = _open(text, query)
        after = After(_check_number(position), UUID(hex=identifier), tuple(keys))
    except (ValueError, TypeError, AttributeError):
        raise _refuse() from None
    # The checksum keeps mistakes out, not whoever computes it too: what comes in is no more than a place.
    if not may_follow(order, keys) or not (number_matched is None or isinstance(number_matched, int)):
        raise _refuse()
    return Cursor(after, number_matched)


def write_boundary_cursor(after: Sequence[str | None], query: str) -> str:
    """The cursor of a page of boundaries, which ends at these values."""
    return _seal(list(after), query)


def read_boundary_cursor(text: str, query: str, length: int) -> tuple[str | None, ...]:
    """The values at which the last page ended, `length` of them. Raises: Unreadable."""
    try:
        values = _open(text, query)
        if len(values) == length and all(value is None or value.encode() for value in values):
            return tuple(values)
    except (ValueError, TypeError, AttributeError):
        pass
    raise _refuse()


_CHECKSUM_BYTES = 8
_FARTHEST = 2**62


def _seal(content: list[Any], query: str) -> str:
    written = json.dumps(content).encode()
    return base64.urlsafe_b64encode(_checksum(written, query) + written).decode().rstrip("=")


def _open(text: str, query: str) -> list[Any]:
    """What was sealed. Raises: ValueError."""
    raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    checksum, content = raw[:_CHECKSUM_BYTES], raw[_CHECKSUM_BYTES:]
    if checksum != _checksum(content, query):
        raise ValueError(text)
    opened = json.loads(content)
    if not isinstance(opened, list):
        raise ValueError(text)  # noqa: TRY004 - what came in is wrong, not how we read it
    return opened


def _check_number(position: Any) -> float:
    if isinstance(position, bool) or not math.isfinite(position) or abs(position) > _FARTHEST:
        raise ValueError(position)
    return position  # type: ignore[no-any-return] # an int stays one: it is the number of a cell


def _checksum(content: bytes, query: str) -> bytes:
    return blake2b(content + b"\0" + query.encode(), digest_size=_CHECKSUM_BYTES).digest()


def _refuse() -> InvalidParameter:
    detail = LocalizedText(
        "Deze cursor hoort niet bij deze vraag. Volg de link 'next' zoals u die kreeg.",
        "This cursor does not belong to this query. Follow the link 'next' as you got it.",
    )
    return InvalidParameter("cursor", detail)
