"""Differences between two versions of a registration, field by field: what it said, and what it says now."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from shapely.geometry.base import BaseGeometry

from app.sensors.fields import FIELDS, Field

SAME_PLACE_DEGREES: Final = 1e-8
"""Coordinates that differ by less are the same: a millimetre."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that two versions give other values, as `version_as_request` gives them; None for no value."""

    field: Field
    before: Any
    after: Any


def find_differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """The fields that differ, in the order of the fields; an empty `before` makes every given field one."""
    return [
        Difference(field, before.get(field.name), after.get(field.name))
        for field in FIELDS
        if not _is_same(before.get(field.name), after.get(field.name))
    ]


def _is_same(before: Any, after: Any) -> bool:
    if isinstance(before, BaseGeometry) and isinstance(after, BaseGeometry):
        return bool(before.equals_exact(after, SAME_PLACE_DEGREES))
    if isinstance(before, BaseGeometry) or isinstance(after, BaseGeometry):
        return False
    if isinstance(before, list) and isinstance(after, list):
        # The order of codes says nothing.
        return sorted(before) == sorted(after)
    return bool(before == after)
