"""Which row of a table has the headings: often a title or an explanation stands above them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

HeadingTest = Callable[[str], bool] | int
"""Whether a text is a heading that some layout knows, or the number of the row that a person chose.

Readers know no layouts, so who opens a file passes it.
"""

SEARCHED_ROWS: Final = 20
"""The headings are looked for in the rows up to this number."""

_MIN_HEADINGS: Final = 2
"""One known word may be chance: a title can be the name of a field."""
_MAX_CHARACTERS: Final = 200


def find_heading_row(rows: Mapping[int, Sequence[str]], is_heading: HeadingTest | None) -> int:
    """The number of the row with the most known headings, or of the chosen one; the first where none stands out.

    `rows` are the first rows that are not empty, by number, in their order. Raises: StopIteration without any.
    """
    first = next(iter(rows))
    if is_heading is None:
        return first
    if isinstance(is_heading, int):
        return is_heading if is_heading in rows else first
    counts = {
        number: sum(is_heading(text) for text in row if text and len(text) <= _MAX_CHARACTERS)
        for number, row in rows.items()
    }
    best = max(counts, key=counts.__getitem__)
    return best if counts[best] >= _MIN_HEADINGS else first
