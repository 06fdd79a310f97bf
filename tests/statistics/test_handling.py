"""Months of handling: medians, shares, and months that are withheld."""

from datetime import date

import pytest

from app.statistics.handling import find_median, summarise

MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)


@pytest.mark.parametrize(
    ("numbers", "median"),
    [({3: 1}, 3), ({1: 1, 2: 1}, 1.5), ({0: 2, 10: 3}, 10), ({1: 2, 5: 2}, 3), ({7: 100, 1: 1}, 7)],
)
def test_median_is_that_of_the_values(numbers: dict[int, int], median: float) -> None:
    assert find_median(numbers) == median


def test_month_with_few_submissions_is_withheld_and_not_in_the_total() -> None:
    handling = summarise(
        [(MARCH, -1, 1, 0), (MARCH, 2, 3, 3), (APRIL, -1, 2, 1), (APRIL, 4, 6, 5), (APRIL, 20, 1, 0)], MARCH
    )
    april, march = handling.months
    assert (april.month, march.month) == (APRIL, MARCH)
    assert march.counts is None
    assert april.counts is not None
    assert april.counts == handling.total
    assert (april.counts.received, april.counts.answered, april.counts.in_time) == (9, 7, 5)
    assert (april.counts.waiting, april.counts.overdue, april.counts.median_days) == (2, 1, 4)


def test_median_of_few_answers_is_withheld() -> None:
    handling = summarise([(MARCH, -1, 9, 9), (MARCH, 2, 4, 4)], MARCH)
    assert handling.total is not None
    assert handling.total.median_days is None
    assert handling.total.in_time_share == 1


def test_no_counts_are_no_months() -> None:
    handling = summarise([], None)
    assert (handling.months, handling.total, handling.counted_on) == ((), None, None)
