"""Costs of filters: what is refused before it is run."""

import pytest
from sqlalchemy import Double, Text, column

from app.core.problems import ProblemCode
from app.spatial.cql2.costs import MAX_COST
from app.spatial.cql2.filters import parse_filter
from app.spatial.cql2.properties import FilterProperty, PropertyKind
from app.spatial.crs import Crs

PROPERTIES = {
    "height": FilterProperty(column("height", Double), PropertyKind.NUMBER),
    "name": FilterProperty(column("name", Text), PropertyKind.TEXT),
}


def list_codes(text: str) -> set[ProblemCode]:
    _, problems = parse_filter(text, "cql2-text", Crs.CRS84, PROPERTIES)
    return {problem.code for problem in problems}


@pytest.mark.parametrize(
    "text",
    [
        "(" * 9 + "height" + "^9)" * 9 + " ^ 9 > 1",
        " OR ".join(["height ^ 2 > 1"] * 10),
        " AND ".join(["ACCENTI(CASEI(name)) LIKE '%a%b%'"] * 10),
        " OR ".join(f"height = {number}" for number in range(MAX_COST + 1)),
        "height IN ("
        + ",".join(["1"] * (20 * MAX_COST // 10))
        + ") OR "
        + " OR ".join(["height % 3 = 1"] * 11),
    ],
)
def test_costly_filter_is_refused(text: str) -> None:
    assert list_codes(text) == {ProblemCode.FILTER_TOO_COSTLY}


@pytest.mark.parametrize(
    "text",
    [
        "height ^ 2 + height ^ 3 > 10",
        " OR ".join(f"height = {number}" for number in range(MAX_COST)),
        "height IN (" + ",".join(["1"] * 1300) + ")",
        "CASEI(" * 45 + "name" + ")" * 45 + " = 'a'",
    ],
)
def test_filter_within_its_cost_is_accepted(text: str) -> None:
    assert list_codes(text) == set()


def test_only_the_first_problems_of_many_are_reported() -> None:
    _, problems = parse_filter(
        " OR ".join(f"n{number} = 1" for number in range(90)), "cql2-text", Crs.CRS84, PROPERTIES
    )
    assert len(problems) == 50
