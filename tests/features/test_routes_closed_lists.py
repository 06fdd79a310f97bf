"""Values of closed lists that no sensor can have: refused with the nearest value, in parameters and in filters."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.support.register import Register, open_register


@pytest.fixture(scope="module")
def register(module_database: str) -> Iterator[Register]:
    with open_register(module_database) as register:
        register.register(reference="a")
        yield register


def list_problems(register: Register, **parameters: str) -> list[tuple[Any, ...]]:
    answer = register.client.get(f"/v1/collections/sensors/items?{urlencode(parameters)}")
    assert answer.status_code == 400, answer.text
    return [(one["location"], one["code"], one.get("suggestion")) for one in answer.json()["errors"]]


@pytest.mark.parametrize(
    ("name", "value", "code", "suggestion"),
    [
        ("publicCode", "bsk4y5m", "unknown_value", "BSK4Y5M"),
        ("publicCode", "BSK 4Y5M", "unknown_value", "BSK4Y5M"),
        ("municipalityCode", "GM9999", "unknown_municipality", None),
        ("municipalityCode", "gm0363", "unknown_value", "GM0363"),
        ("municipalityCode", "Amsterdm", "unknown_municipality", "GM0363"),
        ("municipalityName", "Utrect", "unknown_municipality", "Utrecht"),
        ("municipalityName", "utrecht", "unknown_value", "Utrecht"),
        ("municipalityName", "GM0344", "unknown_value", "Utrecht"),
        ("sensorType", "Sound", "unknown_value", "sound"),
        ("operationalStatus", "activ", "unknown_value", "active"),
    ],
)
def test_value_that_no_sensor_can_have_is_refused_with_the_nearest(
    register: Register, name: str, value: str, code: str, suggestion: str | None
) -> None:
    assert list_problems(register, **{name: value}) == [(name, code, suggestion)]
    for text in (
        f"{name} = '{value}'",
        f"NOT ({name} <> '{value}')",
        f"reference = 'a' OR {name} IN ('{value}')",
        f"'{value}' = {name}",
    ):
        assert list_problems(register, filter=text) == [("filter", code, suggestion)], text


@pytest.mark.parametrize("function", ["A_CONTAINS", "A_OVERLAPS", "A_EQUALS", "A_CONTAINEDBY"])
def test_unknown_term_in_a_list_is_refused_in_filters(register: Register, function: str) -> None:
    text = f"{function}(themes, ('environment_noise', 'environment_nois')) OR {function}(municipalityCodes, ('gm0363'))"
    assert list_problems(register, filter=text) == [
        ("filter", "unknown_value", "GM0363"), ("filter", "unknown_value", "environment_noise"),
    ]  # fmt: skip


def test_patterns_order_and_folded_texts_are_not_checked(register: Register) -> None:
    for text in (
        "sensorType LIKE 'so%'", "sensorType > 'a'", "CASEI(sensorType) = CASEI('SOUND')",
        "CASEI(municipalityName) = CASEI('amsterdam')", "sensorType BETWEEN 'a' AND 'z'",
    ):  # fmt: skip
        assert register.references(urlencode({"filter": text})) == ["a"], text


def test_known_values_without_sensors_find_nothing(register: Register) -> None:
    for query in (
        "publicCode=BSK4Y5M",
        "municipalityCode=GM0344",
        "municipalityName=Utrecht",
        "sensorType=radio",
    ):
        assert register.references(query) == []


def test_problems_of_values_in_a_filter_come_with_those_of_other_parameters(register: Register) -> None:
    problems = list_problems(
        register, filter="sensorType = 'sond' AND mobility = 'fixd'", municipalityCode="GM0001"
    )
    assert [location for location, _, _ in problems] == ["municipalityCode", "filter", "filter"]


def test_problems_of_a_filter_are_limited(register: Register) -> None:
    choices = ", ".join(f"'x{number}'" for number in range(200))
    assert len(list_problems(register, filter=f"sensorType IN ({choices})")) == 20
