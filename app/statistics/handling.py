"""How a municipality handles what is submitted to it, by month, from the counts of today's early morning.

A month with few submissions is withheld, so that no count points at one that is not public.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any, Final

from psycopg_pool import AsyncConnectionPool

MIN_SUBMISSIONS: Final = 5
"""Months with fewer submissions, and medians of fewer answers, are withheld."""

HANDLING_SQL: Final = """
SELECT coalesce(
    json_agg(json_build_array(month, days, submissions, in_time, counted_on) ORDER BY month, days), '[]')::text
FROM publication.handled_month WHERE municipality_code = %(code)s
"""


@dataclass(frozen=True, slots=True)
class HandledCounts:
    """Submissions of a time: received, answered, answered in time, and without an answer, those past their term too.

    `median_days` until the answer is None where few were answered.
    """

    received: int
    answered: int
    in_time: int
    waiting: int
    overdue: int
    median_days: float | None

    @property
    def in_time_share(self) -> float | None:
        """The part of those answered that was in time, 0 to 1; None without any."""
        return self.in_time / self.answered if self.answered else None


@dataclass(frozen=True, slots=True)
class HandledMonth:
    """One month, by its first day; `counts` is None where it is withheld."""

    month: date
    counts: HandledCounts | None


@dataclass(frozen=True, slots=True)
class Handling:
    """All months of a municipality, the newest first. `total` is of those that are not withheld, None without any."""

    months: tuple[HandledMonth, ...]
    total: HandledCounts | None
    counted_on: date | None


Row = tuple[date, int, int, int]
"""Month, days until the answer (-1 without one), submissions, and how many of these in time."""


async def read_handling(pool: AsyncConnectionPool[Any], municipality_code: str) -> Handling:
    """The counts of a municipality; it has no months before its first submission was counted."""
    async with pool.connection() as connection:
        row = await (await connection.execute(HANDLING_SQL, {"code": municipality_code})).fetchone()
    found = json.loads(row[0]) if row else []
    rows = [(date.fromisoformat(month), days, number, in_time) for month, days, number, in_time, _ in found]
    return summarise(rows, date.fromisoformat(found[0][4]) if found else None)


def summarise(rows: Iterable[Row], counted_on: date | None) -> Handling:
    """The months and the total of some rows, which are in the order of their months."""
    months, shown = [], []
    for month, group in groupby(rows, key=lambda row: row[0]):
        of_month = list(group)
        is_shown = sum(row[2] for row in of_month) >= MIN_SUBMISSIONS
        months.append(HandledMonth(month, count(of_month) if is_shown else None))
        shown += of_month if is_shown else []
    return Handling(tuple(reversed(months)), count(shown) if shown else None, counted_on)


def count(rows: Iterable[Row]) -> HandledCounts:
    """The sums of some rows, and the median of the days until the answer."""
    waiting = overdue = answered = in_time = 0
    by_days: dict[int, int] = {}
    for _, days, number, timely in rows:
        if days < 0:
            waiting, overdue = waiting + number, overdue + number - timely
        else:
            answered, in_time = answered + number, in_time + timely
            by_days[days] = by_days.get(days, 0) + number
    median = find_median(by_days) if answered >= MIN_SUBMISSIONS else None
    return HandledCounts(answered + waiting, answered, in_time, waiting, overdue, median)


def find_median(numbers: Mapping[int, int]) -> float:
    """The median of values that each occur so many times."""
    total = sum(numbers.values())
    middle = [(total - 1) // 2, total // 2]
    found: list[int] = []
    passed = 0
    for value in sorted(numbers):
        passed += numbers[value]
        while len(found) < len(middle) and middle[len(found)] < passed:
            found.append(value)
    return sum(found) / len(found)
