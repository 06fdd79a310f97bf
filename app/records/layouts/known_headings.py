"""Headings of every layout, by which readers of files find the row of the headings."""

from typing import Final

from app.records.coordinates import is_coordinate_heading
from app.records.layouts import amsterdam, sensrnet
from app.records.layouts.headings import (
    find_field,
    find_numbered,
    fold_heading,
    is_derived,
    is_passed_over,
    is_public_code,
)

_FORMS: Final = amsterdam.HEADINGS | sensrnet.HEADINGS


def is_known_heading(text: str) -> bool:
    """Whether a layout has a column with this heading; one that the register writes and does not read counts too."""
    folded = fold_heading(text)
    if not folded:
        return False
    return (
        folded in _FORMS
        or find_field(text) is not None
        or find_numbered(text) is not None
        or is_coordinate_heading(text)
        or is_public_code(text)
        or is_derived(text)
        or is_passed_over(text)
    )
