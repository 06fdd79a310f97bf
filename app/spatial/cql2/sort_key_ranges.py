"""Ranges of the Hilbert curve that hold every match of a condition, for an index on that number.

None means no limit. Ranges may hold more than the matches, never less.
"""

from collections.abc import Iterable
from functools import reduce
from typing import Final

from app.spatial.sort_key_ranges import SortKeyRanges

MAX_RANGES: Final = 16
"""Maximum number of ranges; each is a search of its own. One geometry is covered by as many cells."""

Range = tuple[int, int]


def list_ranges(sort_key_ranges: SortKeyRanges, most: int) -> list[Range]:
    """The ranges in order. With more than `most`, the ranges with the smallest gaps are joined."""
    ranges = list(zip(sort_key_ranges.lows, sort_key_ranges.highs, strict=True))
    while len(ranges) > most:
        nearest = min(range(1, len(ranges)), key=lambda index: ranges[index][0] - ranges[index - 1][1])
        ranges[nearest - 1 : nearest + 1] = [(ranges[nearest - 1][0], ranges[nearest][1])]
    return ranges


def intersect_ranges(parts: Iterable[SortKeyRanges | None]) -> SortKeyRanges | None:
    """The intersection; None when no part has a limit."""
    known = [sort_key_ranges for sort_key_ranges in parts if sort_key_ranges is not None]
    return reduce(_intersect, known) if known else None


def unite_ranges(parts: Iterable[SortKeyRanges | None]) -> SortKeyRanges | None:
    """The union; None as soon as one part has no limit."""
    known = list(parts)
    if None in known:
        return None
    ranges = sorted(
        each
        for sort_key_ranges in known
        if sort_key_ranges
        for each in list_ranges(sort_key_ranges, MAX_RANGES)
    )
    return _to_sort_key_ranges(_join_touching(ranges))


def _intersect(one: SortKeyRanges, other: SortKeyRanges) -> SortKeyRanges:
    return _to_sort_key_ranges(
        sorted(
            (max(low, other_low), min(high, other_high))
            for low, high in list_ranges(one, MAX_RANGES)
            for other_low, other_high in list_ranges(other, MAX_RANGES)
            if max(low, other_low) <= min(high, other_high)
        )
    )


def _join_touching(ranges: list[Range]) -> list[Range]:
    joined: list[Range] = []
    for low, high in ranges:
        if joined and low <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(joined[-1][1], high))
        else:
            joined.append((low, high))
    return joined


def _to_sort_key_ranges(ranges: list[Range]) -> SortKeyRanges:
    ranges = list_ranges(SortKeyRanges([low for low, _ in ranges], [high for _, high in ranges]), MAX_RANGES)
    return SortKeyRanges([low for low, _ in ranges], [high for _, high in ranges])
