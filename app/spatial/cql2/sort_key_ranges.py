"""Where along the Hilbert curve all that a condition is true of must lie, so that an index on that number finds it.

A window of None is anywhere: nothing is known. A window may hold more than the condition does, never less.
"""

from collections.abc import Iterable
from functools import reduce
from typing import Final

from app.spatial.sort_key_ranges import SortKeyRanges

MAX_RANGES: Final = 16
"""Of a window; each is looked for apart. As many as the cells that cover one place drawn."""

Range = tuple[int, int]


def list_ranges(sort_key_ranges: SortKeyRanges, most: int) -> list[Range]:
    """The ranges of a window, first to last; where there are more than `most`, those with least between are joined."""
    ranges = list(zip(sort_key_ranges.lows, sort_key_ranges.highs, strict=True))
    while len(ranges) > most:
        nearest = min(range(1, len(ranges)), key=lambda index: ranges[index][0] - ranges[index - 1][1])
        ranges[nearest - 1 : nearest + 1] = [(ranges[nearest - 1][0], ranges[nearest][1])]
    return ranges


def intersect_ranges(parts: Iterable[SortKeyRanges | None]) -> SortKeyRanges | None:
    """Where all of them are; none of them is anywhere."""
    known = [sort_key_ranges for sort_key_ranges in parts if sort_key_ranges is not None]
    return reduce(_intersect, known) if known else None


def unite_ranges(parts: Iterable[SortKeyRanges | None]) -> SortKeyRanges | None:
    """Where any of them is; anywhere, as soon as one may be."""
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
