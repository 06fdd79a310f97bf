"""The map of the country by municipality: each outline with the class of its number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.sensors.search.grouped_counts import CountRow
from app.website.figures.areas import make_page_path

CLASSES: Final = 5
VIEW_BOX: Final = "100 -6200 2700 3150"
"""The Netherlands in units of 100 metres in RD, y downwards."""


@dataclass(frozen=True, slots=True)
class ShadedArea:
    """The outline of a municipality; class 0 has no sensors, class 5 the most."""

    outline: str
    shade: int
    name: str
    count: int
    link: str
    """The Dutch path of the page of the municipality."""


@dataclass(frozen=True, slots=True)
class DensityMap:
    """The outlines, and the lowest and highest number of each class that occurs, lowest class first."""

    areas: tuple[ShadedArea, ...]
    classes: tuple[tuple[int, int, int], ...]


def draw_density(
    outlines: Mapping[str, str], names: Mapping[str, str], counts: Sequence[CountRow]
) -> DensityMap:
    """The map of counts by municipality code; municipalities without a count have no sensors."""
    numbers = {row.values[0]: row.count for row in counts}
    limits = _choose_limits([numbers[code] for code in outlines if numbers.get(code)])
    areas = tuple(
        ShadedArea(
            outline,
            _classify(numbers.get(code, 0), limits),
            names[code],
            numbers.get(code, 0),
            make_page_path("municipality", names[code]),
        )
        for code, outline in sorted(outlines.items())
        if code in names
    )
    found: dict[int, list[int]] = {}
    for area in areas:
        found.setdefault(area.shade, []).append(area.count)
    classes = tuple((shade, min(found[shade]), max(found[shade])) for shade in sorted(found))
    return DensityMap(areas, classes)


def _choose_limits(counts: Sequence[int]) -> list[int]:
    """The highest number of each class but the last; every class has about as many municipalities."""
    ordered = sorted(counts)
    return [ordered[len(ordered) * step // CLASSES] for step in range(1, CLASSES)] if ordered else []


def _classify(count: int, limits: Sequence[int]) -> int:
    return 0 if count == 0 else 1 + sum(count > limit for limit in limits)
