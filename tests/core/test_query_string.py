"""Strict query parameters."""

import pytest

from app.core.errors import InvalidRequest
from app.core.query_string import MAX_PARAMETERS, parse_query_string, require_no_parameters

ALLOWED = ("bbox", "bbox-crs", "limit", "sensorType", "municipality")


def test_parse_query_string_of_allowed_names_returns_values() -> None:
    values, problems = parse_query_string(b"limit=10&bbox=4,52,5,53&municipality=%27s-Gravenhage", ALLOWED)
    assert values == {"limit": "10", "bbox": "4,52,5,53", "municipality": "'s-Gravenhage"}
    assert problems == []


@pytest.mark.parametrize("query", [b"limit", b"limit="])
def test_parse_query_string_of_empty_value_returns_empty_text(query: bytes) -> None:
    assert parse_query_string(query, ALLOWED) == ({"limit": ""}, [])


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("sensortype", "sensorType"),
        ("sensor_type", "sensorType"),
        ("muncipality", "municipality"),
        ("Limit", "limit"),
    ],
)
def test_unknown_parameter_suggests_intended_name(given: str, meant: str) -> None:
    _, (problem,) = parse_query_string(f"{given}=1".encode(), ALLOWED)
    assert (problem.code, problem.location, problem.where) == ("unknown_parameter", given, "query")
    assert problem.suggestion == meant
    assert meant in problem.detail.nl
    assert meant in problem.detail.en


def test_offset_of_the_first_page_is_accepted_and_left_out() -> None:
    assert parse_query_string(b"offset=0&limit=5", ("limit", "cursor")) == ({"limit": "5"}, [])


@pytest.mark.parametrize(
    ("query", "allowed"),
    [
        ("offset=1", ("limit", "cursor")),
        ("offset=00", ("limit", "cursor")),
        ("offset=", ("limit", "cursor")),
        ("offset=0&cursor=x", ("limit", "cursor")),
        ("offset=0", ("limit",)),
    ],
)
def test_other_offset_is_refused(query: str, allowed: tuple[str, ...]) -> None:
    _, (problem,) = parse_query_string(query.encode(), allowed)
    assert (problem.code, problem.location) == ("unknown_parameter", "offset")


@pytest.mark.parametrize("name", ["offset", "startIndex", "page"])
def test_paging_by_number_is_refused_with_the_way_to_page(name: str) -> None:
    _, (problem,) = parse_query_string(f"{name}=10".encode(), ("limit", "cursor"))
    assert (problem.code, problem.location) == ("unknown_parameter", name)
    assert "`next`" in problem.detail.nl
    assert "`next`" in problem.detail.en
    _, (problem,) = parse_query_string(f"{name}=10".encode(), ("limit",))
    assert "`next`" not in problem.detail.en


def test_unknown_and_repeated_parameters_are_all_reported() -> None:
    _, problems = parse_query_string(b"limit=1&zzz=1&limit=2&limit=3&yyy=1&bbox=1&bbox=1", ALLOWED)
    assert [(problem.code, problem.location) for problem in problems] == [
        ("unknown_parameter", "zzz"),
        ("unknown_parameter", "yyy"),
        ("repeated_parameter", "bbox"),
        ("repeated_parameter", "limit"),
    ]


def test_parameter_where_none_is_allowed_is_refused() -> None:
    require_no_parameters(b"")
    with pytest.raises(InvalidRequest):
        require_no_parameters(b"x=1")


def test_parameters_above_maximum_are_refused() -> None:
    many = "&".join(f"a{number}=1" for number in range(MAX_PARAMETERS + 1))
    _, problems = parse_query_string(many.encode(), ALLOWED)
    assert [problem.code for problem in problems] == ["too_many_parameters"]


def test_long_parameter_name_is_shortened_in_problem() -> None:
    _, (problem,) = parse_query_string(b"x" * 10_000 + b"=1", ALLOWED)
    assert len(problem.detail.en) < 200
    assert len(problem.location) <= 50
