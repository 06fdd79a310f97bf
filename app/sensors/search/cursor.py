"""The cursor of a search: the position after which the next page begins."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from app.core.sealed_cursor import open_cursor, refuse_cursor, seal_cursor
from app.sensors.search.ordering import may_follow
from app.sensors.search.sensor_search import After, SortKey


@dataclass(frozen=True, slots=True)
class Cursor:
    """The end of the last page, and the number of matches if the first page counted them."""

    after: After
    number_matched: int | None


def format_cursor(cursor: Cursor, query: str) -> str:
    """The text of a cursor for a link; `query` is the canonical query that it continues."""
    after = cursor.after
    return seal_cursor([after.position, after.id.hex, cursor.number_matched, *after.keys], query)


def parse_cursor(text: str, query: str, order: Sequence[SortKey] = ()) -> Cursor:
    """Parse the text of a cursor. Raises: InvalidParameter when it is malformed or belongs to another query."""
    try:
        position, identifier, number_matched, *keys = open_cursor(text, query)
        after = After(_check_position(position), UUID(hex=identifier), tuple(keys))
    except (ValueError, TypeError, AttributeError):
        raise refuse_cursor() from None
    if not may_follow(order, keys) or not (number_matched is None or isinstance(number_matched, int)):
        raise refuse_cursor()
    return Cursor(after, number_matched)


_MAX_POSITION: Final = 2**62


def _check_position(position: Any) -> float:
    if isinstance(position, bool) or not math.isfinite(position) or abs(position) > _MAX_POSITION:
        raise ValueError(position)
    return position  # type: ignore[no-any-return] # an integer stays an integer: it is a sort key
