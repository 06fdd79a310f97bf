"""Differences between two versions, field by field."""

from typing import Any

import pytest
from shapely import Point, box

from app.sensors.registration.version_differences import find_differences

SAME: dict[str, tuple[Any, Any]] = {
    "text": ("a", "a"),
    "codes in another order": (["b", "a"], ["a", "b"]),
    "place written again": (Point(4.9, 52.3), Point(4.9 + 1e-10, 52.3)),
}
DIFFERENT: dict[str, tuple[Any, Any]] = {
    "text": ("a", "b"),
    "nothing before": (None, "a"),
    "nothing after": ("a", None),
    "no and nothing": (False, None),
    "codes": (["a"], ["a", "b"]),
    "place": (Point(4.9, 52.3), Point(4.9001, 52.3)),
    "area and codes": (box(0, 0, 1, 1), ["GM0363"]),
}


@pytest.mark.parametrize("name", SAME)
def test_same_values_are_no_difference(name: str) -> None:
    before, after = SAME[name]
    assert find_differences({"name": before}, {"name": after}) == []


@pytest.mark.parametrize("name", DIFFERENT)
def test_other_values_are_a_difference(name: str) -> None:
    before, after = DIFFERENT[name]
    (found,) = find_differences({"name": before}, {"name": after})
    assert (found.field.name, found.before, found.after) == ("name", before, after)


def test_differences_come_in_the_order_of_the_fields() -> None:
    found = find_differences({}, {"purpose": "x", "reference": "y", "visibility": "public"})
    assert [one.field.name for one in found] == ["reference", "purpose", "visibility"]
