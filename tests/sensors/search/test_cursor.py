"""A cursor continues the query it came from; an invented one is refused with the reason."""

import base64
import json
from hashlib import blake2b
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.parameter_values import InvalidParameter
from app.features.boundary_parameters import format_boundary_cursor, parse_boundary_cursor
from app.sensors.search.cursor import Cursor, format_cursor, parse_cursor
from app.sensors.search.sensor_search import After, SortKey

QUERY = "sortby=placedFrom"
ORDER = (
    SortKey("placedFrom"),
    SortKey("project", descending=True),
    SortKey("openData"),
    SortKey("updatedAt"),
)
KEYS = ("2026-01-01", None, "true", "2026-01-01 12:00:00.123456+00")


def forge(content: Any, query: str = QUERY) -> str:
    """A cursor with a right checksum and a content of one's own."""
    written = json.dumps(content).encode()
    checksum = blake2b(written + b"\0" + query.encode(), digest_size=8).digest()
    return base64.urlsafe_b64encode(checksum + written).decode().rstrip("=")


@given(st.integers(0, 2**40), st.uuids(), st.none() | st.integers(0, 10_000))
def test_a_cursor_is_read_as_it_was_written(position: int, identifier: UUID, matched: int | None) -> None:
    cursor = Cursor(After(position, identifier, KEYS), matched)
    assert parse_cursor(format_cursor(cursor, QUERY), QUERY, ORDER) == cursor


@given(st.text(max_size=100))
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(InvalidParameter):
        parse_cursor(text, QUERY)
    with pytest.raises(InvalidParameter):
        parse_boundary_cursor(text, QUERY, 1)


ID = uuid4().hex


@pytest.mark.parametrize(
    "content",
    [
        [], None, 1, {}, [1, ID], ["1", ID, None], [1e300, ID, None], [True, ID, None], [None, ID, None],
        [float("inf"), ID, None], [float("nan"), ID, None], [1, "x", None], [1, 1, None], [1, ID, "9"],
        [1, ID, None, "2026-13-01", None, "true", KEYS[3]], [1, ID, None, *KEYS, "more"], [1, ID, None, *KEYS[:3]],
        [1, ID, None, KEYS[0], "\ud800", *KEYS[2:]], [1, ID, None, KEYS[0], None, "maybe", KEYS[3]],
        [1, ID, None, KEYS[0], None, "true", "noon"], [1, ID, None, 2026, None, "true", KEYS[3]],
    ],
)  # fmt: skip
def test_a_forged_cursor_is_refused(content: Any) -> None:
    with pytest.raises(InvalidParameter):
        parse_cursor(forge(content), QUERY, ORDER)


@pytest.mark.parametrize("content", [[], ["a", "b"], [1], [["a"]], ["\ud800"], {"a": "b"}, None])
def test_a_forged_boundary_cursor_is_refused(content: Any) -> None:
    assert parse_boundary_cursor(format_boundary_cursor(["GM0363"], QUERY), QUERY, 1) == ("GM0363",)
    with pytest.raises(InvalidParameter):
        parse_boundary_cursor(forge(content), QUERY, 1)
