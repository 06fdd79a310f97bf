"""Words of another list or register, each with the value that the register has for it."""

from collections.abc import Mapping
from typing import Any, Final

ANYTHING_ELSE: Final = "*"
"""Key of a map for values that the map does not name."""


def fold_value(word: object) -> str:
    """A word of a map in the form in which it is compared: without case and surrounding spaces."""
    return str(word).strip().casefold()


def translate_value(found: Any, meanings: Mapping[str, Any]) -> Any:
    """A value, or each of a list, by a map of folded words; what the map does not name stays."""
    if not isinstance(found, list):
        return _translate_one(found, meanings)
    meant: list[Any] = []
    for one in found:
        there = _translate_one(one, meanings)
        meant += there if isinstance(there, list) else [there]
    return meant


def _translate_one(found: Any, meanings: Mapping[str, Any]) -> Any:
    if isinstance(found, dict | list):
        return found
    return meanings.get(fold_value(found), meanings.get(ANYTHING_ELSE, found))
