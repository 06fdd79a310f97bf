"""Where along the Hilbert curve all that a condition is true of must lie, so that an index on that number finds it.

A window of None is anywhere: nothing is known. A window may hold more than the condition does, never less.
"""

from collections.abc import Iterable
from functools import reduce
from typing import Final

from app.spatial.windows import Window

MOST_RANGES: Final = 16
"""Of a window; each is looked for apart. As many as the cells that cover one place drawn."""

Range = tuple[int, int]


def list_ranges(window: Window, most: int) -> list[Range]:
    """The ranges of a window, first to last; where there are more than `most`, those with least between are joined."""
    ranges = list(zip(window.lows, window.highs, strict=True))
    while len(ranges) > most:
        nearest = min(range(1, len(ranges)), key=lambda index: ranges[index][0] - ranges[index - 1][1])
        ranges[nearest - 1 : nearest + 1] = [(ranges[nearest - 1][0], ranges[nearest][1])]
    return ranges


def intersect_windows(windows: Iterable[Window | None]) -> Window | None:
    """Where all of them are; none of them is anywhere."""
    known = [window for window in windows if window is not None]
    return reduce(_intersect, known) if known else None


def unite_windows(windows: Iterable[Window | None]) -> Window | None:
    """Where any of them is; anywhere, as soon as one may be."""
    known = list(windows)
    if None in known:
        return None
    ranges = sorted(each for window in known if window for each in list_ranges(window, MOST_RANGES))
    return _to_window(_join_touching(ranges))


def _intersect(one: Window, other: Window) -> Window:
    return _to_window(
        sorted(
            (max(low, other_low), min(high, other_high))
            for low, high in list_ranges(one, MOST_RANGES)
            for other_low, other_high in list_ranges(other, MOST_RANGES)
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


def _to_window(ranges: list[Range]) -> Window:
    ranges = list_ranges(Window([low for low, _ in ranges], [high for _, high in ranges]), MOST_RANGES)
    return Window([low for low, _ in ranges], [high for _, high in ranges])
