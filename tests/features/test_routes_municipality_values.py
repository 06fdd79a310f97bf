"""Values that no municipality in force has: refused with the nearest value, in parameters and in filters."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.support.register import Register, open_register

ITEMS, SEARCH = (f"/v1/collections/municipalities/{name}" for name in ("items", "search"))


@pytest.fixture(scope="module")
def register(module_database: str) -> Iterator[Register]:
    with open_register(module_database) as register:
        yield register


def list_problems(answer: Any) -> list[tuple[Any, ...]]:
    assert answer.status_code == 400, answer.text
    return [(one["location"], one["code"], one.get("suggestion")) for one in answer.json()["errors"]]


@pytest.mark.parametrize(
    ("name", "value", "code", "suggestion"),
    [
        ("code", "GM9999", "unknown_municipality", None),
        ("code", "GM0363,GM9999", "unknown_municipality", None),
        ("code", "gm0363", "unknown_value", "GM0363"),
        ("name", "Utrect", "unknown_municipality", "Utrecht"),
        ("name", "utrecht", "unknown_value", "Utrecht"),
    ],
)
def test_value_that_no_municipality_has_is_refused(
    register: Register, name: str, value: str, code: str, suggestion: str | None
) -> None:
    problem = (name, code, suggestion)
    assert list_problems(register.client.get(ITEMS, params={name: value})) == [problem]
    assert list_problems(register.client.post(SEARCH, data={name: value})) == [problem]
    word = value.rsplit(",", maxsplit=1)[-1]
    for text in (f"{name} = '{word}'", f"name = 'Amsterdam' OR {name} IN ('{word}')"):
        assert list_problems(register.client.get(ITEMS, params={"filter": text})) == [
            ("filter", *problem[1:])
        ]


def test_unknown_values_are_refused_together_with_other_problems(register: Register) -> None:
    query = {"code": "GM9999", "filter": "name = 'Utrect'", "limit": "x"}
    problems = list_problems(register.client.get(ITEMS, params=query))
    assert sorted(location for location, _, _ in problems) == ["code", "filter", "limit"]


def test_known_values_and_patterns_are_searched(register: Register) -> None:
    for query in ({"code": "GM0363"}, {"name": "Amsterdam"}, {"filter": "name LIKE 'Amst%'"}):
        assert register.find(urlencode(query), "municipalities")["numberMatched"] == 1
