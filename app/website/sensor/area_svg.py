"""A map of the area that a sensor observes, north up, as coordinates of an SVG."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.core.i18n import LocalizedText
from app.sensors.presentation import Labels
from app.website.status_text import Tense

SIZE: Final = 320
"""Width and height of the drawing, in units of the SVG."""
MARGIN: Final = 36
METRES_PER_DEGREE: Final = 111_195
"""Length of a degree of latitude on a sphere, which is accurate enough for a drawing of a few hundred metres."""

AREA_TITLES: Final[dict[str, dict[Tense, LocalizedText]]] = {
    "observed": {
        "future": LocalizedText(
            "Wat de sensor gaat waarnemen, van boven gezien.", "What the sensor will observe, from above."
        ),
        "present": LocalizedText(
            "Wat de sensor waarneemt, van boven gezien.", "What the sensor observes, from above."
        ),
        "past": LocalizedText(
            "Wat de sensor waarnam, van boven gezien.", "What the sensor observed, from above."
        ),
    },
    "operating": {
        "future": LocalizedText(
            "Waar de sensor zich gaat bewegen, van boven gezien.", "Where the sensor will move, from above."
        ),
        "present": LocalizedText(
            "Waar de sensor zich beweegt, van boven gezien.", "Where the sensor moves, from above."
        ),
        "past": LocalizedText(
            "Waar de sensor zich bewoog, van boven gezien.", "Where the sensor moved, from above."
        ),
    },
    "square": {
        "future": LocalizedText(
            "Het vak waarin de sensor komt te staan, van boven gezien.",
            "The square in which the sensor will be, from above.",
        ),
        "present": LocalizedText(
            "Het vak waarin de sensor staat, van boven gezien.",
            "The square in which the sensor is, from above.",
        ),
        "past": LocalizedText(
            "Het vak waarin de sensor stond, van boven gezien.",
            "The square in which the sensor was, from above.",
        ),
    },
}

Ring = Sequence[Sequence[float]]


@dataclass(frozen=True, slots=True)
class AreaDrawing:
    """`area` is the path of the area, `sensor` the position of the dot; the scale bar has a round number of metres."""

    title: str
    area: str
    sensor: tuple[float, float] | None
    scale_metres: int
    scale_length: float
    size: int = SIZE


def draw_area(
    kind: str,
    area: dict[str, Any],
    place: tuple[float, float] | None,
    labels: Labels,
    tense: Tense = "present",
) -> AreaDrawing:
    """The drawing of a GeoJSON MultiPolygon (lon, lat) with the sensor at `place` (lon, lat)."""
    rings: list[Ring] = [ring for polygon in area["coordinates"] for ring in polygon]
    points = [tuple(point[:2]) for ring in rings for point in ring] + ([place] if place else [])
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    across = METRES_PER_DEGREE * math.cos(math.radians((south + north) / 2))
    width, height = (east - west) * across, (north - south) * METRES_PER_DEGREE
    per_metre = (SIZE - 2 * MARGIN) / max(width, height, 1)

    def project(point: Sequence[float]) -> tuple[float, float]:
        x = SIZE / 2 + (point[0] - (west + east) / 2) * across * per_metre
        y = SIZE / 2 - (point[1] - (south + north) / 2) * METRES_PER_DEGREE * per_metre
        return round(x, 1), round(y, 1)

    scale_metres = _round_down(90 / per_metre)
    return AreaDrawing(
        title=labels.render(AREA_TITLES[kind][tense]),
        area=" ".join(_draw_ring([project(point) for point in ring]) for ring in rings),
        sensor=project(place) if place else None,
        scale_metres=scale_metres,
        scale_length=round(scale_metres * per_metre, 1),
    )


def _draw_ring(points: list[tuple[float, float]]) -> str:
    return "M " + " L ".join(f"{x} {y}" for x, y in points[:-1]) + " Z"


def _round_down(metres: float) -> int:
    """The length rounded down to 1, 2 or 5 times a power of ten, at least 1 metre."""
    power = 10 ** math.floor(math.log10(max(metres, 1)))
    return int(next(step * power for step in (5, 2, 1) if step * power <= max(metres, 1)))
