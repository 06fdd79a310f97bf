"""The row of the headings among the first rows of a table."""

import pytest

from app.files.readers.heading_row import HeadingTest, find_heading_row

ROWS = {1: ["Overzicht"], 3: ["nr", "soort"], 4: ["K-1", "Dome"]}


@pytest.mark.parametrize(
    ("is_heading", "expected"),
    [(None, 1), ({"nr", "soort"}.__contains__, 3), ({"nr"}.__contains__, 1), (4, 4), (2, 1), (99, 1)],
)
def test_headings_are_in_the_row_with_most_of_them_or_the_chosen_one(
    is_heading: HeadingTest | None, expected: int
) -> None:
    assert find_heading_row(ROWS, is_heading) == expected
