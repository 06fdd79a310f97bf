"""Ranges of bytes, and the conditions under which a request gets one."""

import pytest

from app.core.errors import RangeNotSatisfiable
from app.core.http.byte_ranges import ByteRange, FileConditions, RequestedRange, parse_range

SIZE = 1000


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("bytes=0-0", (0, 0)),
        ("bytes=0-499", (0, 499)),
        ("bytes=500-", (500, 999)),
        ("bytes=-1", (999, 999)),
        ("bytes=-5000", (0, 999)),
        ("bytes=990-5000", (990, 999)),
        ("Bytes = 1-2", (1, 2)),
    ],
)
def test_range_is_the_part_that_it_names(header: str, expected: tuple[int, int]) -> None:
    asked = parse_range(header)
    assert asked is not None
    assert asked.resolve(SIZE) == ByteRange(*expected)


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "bytes",
        "bytes=",
        "bytes=-",
        "bytes=5-4",
        "bytes=a-b",
        "bytes=0-1,3-4",
        "items=0-1",
        "bytes=--1",
        f"bytes={'9' * 19}-",
    ],
)
def test_range_that_is_malformed_or_several_is_ignored(header: str | None) -> None:
    assert parse_range(header) is None


@pytest.mark.parametrize("header", ["bytes=1000-", "bytes=1000-1001", "bytes=-0"])
def test_range_outside_the_file_is_refused_with_the_size(header: str) -> None:
    asked = parse_range(header)
    assert asked is not None
    with pytest.raises(RangeNotSatisfiable) as caught:
        asked.resolve(SIZE)
    assert caught.value.headers == {"Content-Range": "bytes */1000"}


@pytest.mark.parametrize(
    ("header", "continues"),
    [("bytes=5-", True), ("bytes=0-", False), ("bytes=5-9", False), ("bytes=-5", False)],
)
def test_open_range_after_the_beginning_continues_a_download(header: str, continues: bool) -> None:
    asked = parse_range(header)
    assert asked is not None
    assert asked.continues is continues


def make_conditions(**headers: str) -> FileConditions:
    given = {"if_range": None, "if_match": None, "if_none_match": None, **headers}
    return FileConditions(is_head=False, range=RequestedRange(0, 1), **given)


@pytest.mark.parametrize(
    ("if_range", "partial"),
    [('"a-1"', True), ('"a-2"', False), ('W/"a-1"', False), ("Sat, 28 Nov 2026 10:00:00 GMT", False)],
)
def test_if_range_is_compared_strongly(if_range: str, partial: bool) -> None:
    assert (make_conditions(if_range=if_range).choose_range("a-1") is not None) is partial


@pytest.mark.parametrize(
    ("if_match", "matches"),
    [('"a-1"', True), ('"x", "a-1"', True), ("*", True), ('W/"a-1"', False), ('"x"', False)],
)
def test_if_match_is_compared_strongly(if_match: str, matches: bool) -> None:
    assert make_conditions(if_match=if_match).matches("a-1") is matches


def test_wanted_tags_are_the_strong_ones() -> None:
    conditions = make_conditions(if_range='"a-1"', if_match='"b-2", W/"c-3"')
    assert conditions.wanted_tags == {"a-1", "b-2"}
