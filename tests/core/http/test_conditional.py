"""Conditional requests: 304 for unchanged answers, 412 and 428 for changes."""

import pytest

from app.core.errors import InvalidRequest
from app.core.http.conditional import answer_unchanged, is_unchanged, make_etag, read_expected_version

ETAG = '"a1"'


def test_etag_depends_on_every_part_and_their_order() -> None:
    tags = {
        make_etag(*parts) for parts in [("a", "b"), ("b", "a"), ("ab",), ("a", "", "b"), ("a", 1), ("a", "1")]
    }
    # A number and its text are one: both write the same answer.
    assert len(tags) == 5
    assert make_etag("a", "b") == make_etag("a", "b")


@pytest.mark.parametrize(
    ("header", "unchanged"),
    [
        ('"a1"', True),
        ('W/"a1"', True),
        ("*", True),
        (' "x" , W/"a1" ', True),
        ('"with,comma","a1"', True),
        ('"a2"', False),
        ("a1", False),
        ("", False),
        ('"a1', False),
        (None, False),
    ],
)
def test_known_answer_is_not_sent_again(header: str | None, unchanged: bool) -> None:
    assert is_unchanged(header, ETAG) is unchanged


def test_not_modified_answer_has_the_headers_and_no_body() -> None:
    answer = answer_unchanged(ETAG, {"Cache-Control": "public"})
    assert (answer.status_code, answer.body) == (304, b"")
    assert answer.headers["etag"] == ETAG
    assert answer.headers["cache-control"] == "public"
    assert "content-type" not in answer.headers


@pytest.mark.parametrize(
    ("header", "accepted"),
    [
        ('"3"', {3}),
        ('"2", "3"', {2, 3}),
        ("*", {1, 2, 3}),
        ('W/"3"', set()),
        ('"a1"', set()),
        ('"03"', set()),
    ],
)
def test_if_match_names_versions(header: str, accepted: set[int]) -> None:
    expected = read_expected_version(header)
    assert expected is not None
    assert {version for version in (1, 2, 3) if expected.accepts(version)} == accepted


def test_missing_if_match_is_no_expected_version() -> None:
    assert read_expected_version(None) is None


def test_etag_without_quotes_is_refused_with_a_suggestion() -> None:
    with pytest.raises(InvalidRequest) as caught:
        read_expected_version("3")
    (problem,) = caught.value.problems
    assert (problem.where, problem.location, problem.value, problem.suggestion) == (
        "header",
        "If-Match",
        "3",
        '"3"',
    )
