"""Headings of every layout, by which readers of files find the row of the headings."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from app.records.cell_parsers import fold_text
from app.records.coordinates import is_coordinate_heading
from app.records.layouts import amsterdam, sensrnet
from app.records.layouts.heading_mapping import HeadingMapping
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


@dataclass(frozen=True, slots=True)
class HeadingTest:
    """Tests whether a text is a heading of a layout or one of an organisation's `own`, folded; can be pickled."""

    own: frozenset[str] = frozenset()

    def __call__(self, text: str) -> bool:
        return fold_text(text) in self.own or is_known_heading(text)


def make_heading_test(mappings: Iterable[HeadingMapping]) -> HeadingTest:
    """The test by which a reader finds the row of the headings, of the register's layouts and of these mappings."""
    return HeadingTest(frozenset(own for mapping in mappings for own in mapping.folded_headings))
