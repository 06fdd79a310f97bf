"""The map of the country by municipality or province: each outline with the class of its number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.municipalities.directory import NamedMunicipality
from app.municipalities.provinces import PROVINCES
from app.places.page_paths import write_subject_path
from app.sensors.search.dimensions import Dimension
from app.sensors.search.grouped_counts import CountRow

CLASSES: Final = 5
VIEW_BOX: Final = "100 -6200 2700 3150"
"""The Netherlands in units of 100 metres in RD, y downwards."""


@dataclass(frozen=True, slots=True)
class Place:
    """A municipality or province with its code, its number of sensors, and the Dutch path of its page."""

    code: str
    name: str
    count: int
    link: str


@dataclass(frozen=True, slots=True)
class DensityMap:
    """Outlines with their classes, of which 0 has no sensors and 5 the most; and the places, in order of name.

    `classes` are the lowest and highest number of each class that occurs, lowest class first. `by` is the dimension.
    """

    by: Dimension
    outlines: tuple[tuple[str, int], ...]
    classes: tuple[tuple[int, int, int], ...]
    places: tuple[Place, ...]


def draw_municipalities(
    outlines: Mapping[str, str], municipalities: Sequence[NamedMunicipality], counts: Sequence[CountRow]
) -> DensityMap:
    """The map of these municipalities by counts by code; those without a count have no sensors."""
    numbers = {row.values[0]: row.count for row in counts}
    places = {
        one.code: Place(
            one.code, one.name, numbers.get(one.code, 0), write_subject_path("municipality", name=one.name)
        )
        for one in municipalities
        if one.code in outlines
    }
    return _draw(Dimension.MUNICIPALITY, outlines, places, {code: code for code in places})


def draw_provinces(
    outlines: Mapping[str, str], municipalities: Sequence[NamedMunicipality], counts: Sequence[CountRow]
) -> DensityMap:
    """The map of the provinces by counts by their code; the outlines are those of their municipalities."""
    numbers = {row.values[0]: row.count for row in counts}
    places = {
        one.name: Place(
            one.code, one.name, numbers.get(one.code, 0), write_subject_path("province", name=one.name)
        )
        for one in PROVINCES
    }
    named = {one.code: one.province for one in municipalities if one.code in outlines}
    return _draw(
        Dimension.PROVINCE, outlines, places, {code: name for code, name in named.items() if name in places}
    )


def _draw(
    by: Dimension,
    outlines: Mapping[str, str],
    places: Mapping[str, Place],
    place_of: Mapping[str, str | None],
) -> DensityMap:
    limits = _choose_limits([place.count for place in places.values() if place.count])
    shades = {key: _classify(place.count, limits) for key, place in places.items()}
    drawn = tuple((outlines[code], shades[place]) for code, place in sorted(place_of.items()) if place)
    found: dict[int, list[int]] = {}
    for key, shade in shades.items():
        found.setdefault(shade, []).append(places[key].count)
    classes = tuple((shade, min(found[shade]), max(found[shade])) for shade in sorted(found))
    return DensityMap(by, drawn, classes, tuple(sorted(places.values(), key=lambda place: place.name)))


def _choose_limits(counts: Sequence[int]) -> list[int]:
    """The highest number of each class but the last; every class has about as many places."""
    ordered = sorted(counts)
    return [ordered[len(ordered) * step // CLASSES] for step in range(1, CLASSES)] if ordered else []


def _classify(count: int, limits: Sequence[int]) -> int:
    return 0 if count == 0 else 1 + sum(count > limit for limit in limits)
