"""Parser of filters: limits of size, depth and time, with any brackets."""

from typing import Any

import pytest

from app.spatial.cql2.parsing import MAX_FILTER_BYTES, Unparsable, parse_json, parse_text
from tests.support.waiting import not_awaiting

A: dict[str, Any] = {"op": "=", "args": [{"property": "a"}, 1]}
B: dict[str, Any] = {"op": "=", "args": [{"property": "b"}, 2]}


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("(a = 1)", A),
        ("((a = 1)) AND (b = 2)", {"op": "and", "args": [A, B]}),
        ("a = 1 OR(b = 2 AND(a = 1))", {"op": "or", "args": [A, {"op": "and", "args": [B, A]}]}),
        ("NOT(a = 1)", {"op": "not", "args": [A]}),
        ("x IN (1)", {"op": "in", "args": [{"property": "x"}, [1]]}),
        ("x IN ('(', ')')", {"op": "in", "args": [{"property": "x"}, ["(", ")"]]}),
        ("x NOT IN ((1 + 2), 3)", {"op": "not", "args": [
            {"op": "in", "args": [{"property": "x"}, [{"op": "+", "args": [1, 2]}, 3]]}]}),
        ("A_CONTAINS(x, ('a'))", {"op": "a_contains", "args": [{"property": "x"}, ["a"]]}),
        ("A_EQUALS(('a', 'b'), x)", {"op": "a_equals", "args": [["a", "b"], {"property": "x"}]}),
        ("S_WITHIN(x, POINT (1 2))", {"op": "s_within", "args": [
            {"property": "x"}, {"type": "Point", "coordinates": [1, 2]}]}),
        ('"a" = 1', A),
    ],
)  # fmt: skip
def test_grouping_brackets_do_not_change_tree(text: str, tree: object) -> None:
    assert parse_text(text) == tree


# Each of these blocked the parser for minutes, or crashed it, before brackets were rewritten and counted.
HOSTILE = [
    "(" * 48 + "a = 1",
    "(" * 48 + "a = " + ")" * 48,
    "(" * 47 + "1, 2" + "), 3)" * 23 + ")" * 24,
    "x IN (" * 40 + "1" + ")" * 40 + " =",
    "a IN ((" * 24 + "))" * 24 + " =",
    "POLYGON" + "(" * 48 + "1 2" + ")" * 48,
    "POINT(" + "(" * 47 + "a" + ")" * 48,
    "GEOMETRYCOLLECTION(" * 24 + "POINT(1 2)" + ")" * 24,
    "z(" + "(" * 46 + "a=" + ")" * 47,
    "Z" + "(" * 48 + "a=" + ")" * 48,
    "a = " + "(" * 24 + "'" + ")" * 24,
    '"(' * 24 + '"' + ")" * 24,
    "NOT " * 1000 + "a",
    "-" * MAX_FILTER_BYTES,
    "a=" + "^".join(["2"] * 2000),
    "(" * 2000 + ")" * 2000,
    "(" * 4096,
    "CASEI(" * 48 + "a=" + ")" * 48,
    "a BETWEEN (" * 30 + ")" * 30,
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_filter_is_refused_in_time(text: str) -> None:
    # A parser that tries every reading of these takes minutes or years.
    with not_awaiting(), pytest.raises(Unparsable):
        parse_text(text)


@pytest.mark.parametrize(
    ("unread", "instead"),
    [
        (r"a = 'b\'c'", "a = 'b''c'"),
        ("a > .5", "a > 5e-1"),
        ("S_EQUALS(a, POINT(.5 1))", "S_EQUALS(a, POINT(0.5 1))"),
        ("S_EQUALS(a, POINT(5e-1 1))", "S_EQUALS(a, POINT(0.5 1))"),
        ("S_EQUALS(a, BBOX(.5, 1, 2, 3))", "S_EQUALS(a, BBOX(5e-1, 1, 2, 3))"),
    ],
)
def test_unsupported_notation_has_supported_equivalent(unread: str, instead: str) -> None:
    # These are listed as deviations in docs/standards.md.
    with pytest.raises(Unparsable):
        parse_text(unread)
    assert parse_text(instead)["op"]


def test_filter_over_size_limit_is_refused() -> None:
    longest = f"a = '{'x' * (MAX_FILTER_BYTES - 6)}'"
    assert parse_text(longest)
    for parse, text in ((parse_text, f"{longest} "), (parse_json, f'"{"é" * (MAX_FILTER_BYTES // 2)}"')):
        with pytest.raises(Unparsable) as unparsable:
            parse(text)
        assert unparsable.value.code == "filter_too_long"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("(a = 1) AND (b == 2)", "character 17"),
        ("a = 1 AND b ! 2", "character 13"),
        ("a = 'it", "character 5"),
        ("a = 1)", "character 6"),
        ("(a = 1", "character 1:"),
    ],
)
def test_syntax_error_has_position_in_original_text(text: str, place: str) -> None:
    with pytest.raises(Unparsable, match=place):
        parse_text(text)


@pytest.mark.parametrize(
    "text",
    [
        "updatedAt > TIMESTAMP('2026-03-01T12:00:00')",
        "updatedAt > timestamp( '2026-03-01 12:00:00.5' )",
        "T_DURING(updatedAt, INTERVAL('2026-03-01T12:00:00Z', '2026-03-02T12:00'))",
    ],
)
def test_moment_without_time_zone_is_refused(text: str) -> None:
    with pytest.raises(Unparsable, match="time zone"):
        parse_text(text)


@pytest.mark.parametrize(
    "text",
    [
        "updatedAt > TIMESTAMP('2026-03-01T12:00:00Z')",
        "updatedAt > TIMESTAMP('2026-03-01T12:00:00+01:00')",
        "T_DURING(updatedAt, INTERVAL('2026-03-01', '..'))",
        "name = 'TIMESTAMP(''2026-03-01T12:00:00'')' AND (name = '2026-03-01T12:00:00')",
    ],
)
def test_moment_with_time_zone_and_other_texts_are_parsed(text: str) -> None:
    assert parse_text(text)["op"]
