"""Codes, names and provinces that no boundary in force has: explained with the nearest one."""

from dataclasses import replace

import pytest

from app.core.problems import ABSENT
from app.municipalities.directory import Directory
from app.municipalities.known_values import BoundaryValues
from tests.municipalities.test_directory import DIRECTORY, named

IN_PROVINCES = Directory(
    "stamp",
    [],
    [
        replace(named("GM0344", "Utrecht"), province="Utrecht"),
        replace(named("GM0363", "Amsterdam"), province="Noord-Holland"),
        replace(named("GM0001", "Adorp", 2010), province="Groningen"),
    ],
)


@pytest.mark.parametrize(
    ("name", "word", "code", "suggestion"),
    [
        ("code", "GM9999", "unknown_municipality", ABSENT),
        ("code", "gm0363", "unknown_value", "GM0363"),
        ("code", "Amsterdm", "unknown_municipality", "GM0363"),
        ("code", "GM0457", "unknown_municipality", "GM0363"),
        ("name", "amsterdam", "unknown_value", "Amsterdam"),
        ("name", "Weesp", "unknown_municipality", "Amsterdam"),
        ("name", "Amsterdm", "unknown_municipality", "Amsterdam"),
    ],
)
def test_municipality_that_is_not_in_force_is_explained(
    name: str, word: str, code: str, suggestion: object
) -> None:
    mistake = BoundaryValues(DIRECTORY).explain_value(name, word)
    assert mistake is not None
    assert (mistake.code, mistake.suggestion) == (code, suggestion)


def test_municipality_that_has_ended_is_explained_with_its_successor() -> None:
    mistake = BoundaryValues(DIRECTORY).explain_value("code", "GM0457")
    assert mistake is not None
    assert mistake.detail.en == (
        "Weesp (GM0457) is no longer a municipality. The largest part of it is now in Amsterdam (GM0363)."
    )


def test_values_in_force_are_accepted() -> None:
    values = BoundaryValues(IN_PROVINCES)
    for name, word in (("code", "GM0363"), ("name", "Utrecht"), ("province", "Utrecht"), ("other", "x")):
        assert values.explain_value(name, word) is None


def test_province_without_a_boundary_in_force_is_refused_with_the_nearest() -> None:
    for word, suggestion in (("Utrcht", "Utrecht"), ("Groningen", ABSENT)):
        mistake = BoundaryValues(IN_PROVINCES).explain_value("province", word)
        assert mistake is not None
        assert (mistake.code, mistake.suggestion) == ("unknown_value", suggestion)


def test_province_is_accepted_when_the_edition_has_no_provinces() -> None:
    assert BoundaryValues(DIRECTORY).explain_value("province", "Utrecht") is None
