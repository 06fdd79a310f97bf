"""Which row of a table has the headings: often a title or an explanation stands above them."""

from collections.abc import Callable, Sequence
from typing import Final

HeadingTest = Callable[[str], bool]
"""Whether a text is a heading that some layout knows. Readers know no layouts, so who opens a file passes it."""

SEARCHED_ROWS: Final = 20
"""The headings are looked for in the rows up to this number."""

_MIN_HEADINGS: Final = 2
"""One known word may be chance: a title can be the name of a field."""
_MAX_CHARACTERS: Final = 200


def find_heading_row(rows: Sequence[Sequence[str]], is_heading: HeadingTest | None) -> int:
    """The place in `rows` of the one with the most known headings; the first where none stands out."""
    if is_heading is None or not rows:
        return 0
    counts = [sum(is_heading(text) for text in row if text and len(text) <= _MAX_CHARACTERS) for row in rows]
    most = max(counts)
    return counts.index(most) if most >= _MIN_HEADINGS else 0
