"""Choosing a representation by `f=` and by Accept."""

import pytest

from app.core.errors import InvalidRequest, NotAcceptable
from app.core.http.negotiation import choose_media_type, prefers_html

OFFERED = {"json": "application/geo+json", "html": "text/html", "csv": "text/csv; charset=utf-8"}


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        (None, "application/geo+json"),
        ("", "application/geo+json"),
        ("*/*", "application/geo+json"),
        ("text/html", "text/html"),
        ("TEXT/HTML", "text/html"),
        ("text/*", "text/html"),
        ("text/csv", "text/csv; charset=utf-8"),
        ("text/html;q=0.5, text/csv", "text/csv; charset=utf-8"),
        ("text/html;q=0.5, application/geo+json;q=0.6", "application/geo+json"),
        ("text/html, application/geo+json", "application/geo+json"),
        ("*/*;q=0.1, text/html", "text/html"),
        # The most specific range counts, not the most generous.
        ("application/*;q=0, */*", "text/html"),
        ("application/geo+json;q=0, text/html;q=0, */*;q=0.5", "text/csv; charset=utf-8"),
        ("text/html;level=1;q=0.2, text/csv;q=0.3", "text/csv; charset=utf-8"),
        ("nonsense, text/html", "text/html"),
        ("text/html;q=much, text/csv;q=0.1", "text/csv; charset=utf-8"),
    ],
)
def test_accept_chooses_the_media_type(accept: str | None, chosen: str) -> None:
    assert choose_media_type(OFFERED, f=None, accept=accept) == chosen


def test_f_takes_precedence_over_accept() -> None:
    assert choose_media_type(OFFERED, f="csv", accept="text/html") == "text/csv; charset=utf-8"


def test_unknown_f_is_a_problem_of_that_parameter() -> None:
    with pytest.raises(InvalidRequest) as caught:
        choose_media_type(OFFERED, f="JSON", accept=None)
    (problem,) = caught.value.problems
    assert (problem.where, problem.location, problem.suggestion) == ("query", "f", "json")


@pytest.mark.parametrize("accept", ["image/png", "application/geo+json;q=0", "text/html;q=0.0", "nonsense"])
def test_media_type_that_is_not_offered_is_not_acceptable(accept: str) -> None:
    with pytest.raises(NotAcceptable) as caught:
        choose_media_type({"json": "application/geo+json", "html": "text/html"}, f=None, accept=accept)
    assert "application/geo+json, text/html" in str(caught.value)


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", True),
        ("text/html", True),
        ("*/*", False),
        ("application/json, text/html", False),
        ("application/json;q=0.1, text/html", True),
        (None, False),
    ],
)
def test_browser_is_recognised_by_its_accept_header(accept: str | None, expected: bool) -> None:
    assert prefers_html(accept) is expected


@pytest.mark.parametrize(
    ("given", "meant"),
    [("gpkg", "geopackage"), ("FGB", "flatgeobuf"), ("jsn", "json"), ("parquet", "geoparquet")],
)
def test_name_near_a_format_is_answered_with_that_format(given: str, meant: str) -> None:
    offered = {name: name for name in ("json", "flatgeobuf", "geopackage", "geoparquet")}
    with pytest.raises(InvalidRequest) as refused:
        choose_media_type(offered, f=given, accept=None)
    (problem,) = refused.value.problems
    assert problem.suggestion == meant
    assert problem.detail.nl.endswith(f"Bedoelt u {meant}?")
