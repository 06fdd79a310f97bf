"""The map of the area that a sensor observes."""

import re
from typing import Any
from uuid import UUID

import pytest

from app.core.i18n import Language
from app.municipalities.directory import Directory
from app.sensors.presentation import Labels
from app.vocabularies.terms import Vocabularies
from app.website.sensor.area_svg import AREA_TITLES, MARGIN, SIZE, AreaDrawing, draw_area

DAM = (4.8932, 52.3731)
METRES_EAST = 1 / 67_900
"""Degrees of longitude in a metre, at the Dam."""
METRES_NORTH = 1 / 111_195


def square(side_metres: float, *, hole: bool = False) -> dict[str, Any]:
    """A square with the Dam in its south-west corner."""
    x, y = DAM
    east, north = x + side_metres * METRES_EAST, y + side_metres * METRES_NORTH
    ring = [[x, y], [east, y], [east, north], [x, north], [x, y]]
    return {"type": "MultiPolygon", "coordinates": [[ring, ring] if hole else [ring]]}


def draw(
    area: dict[str, Any], place: tuple[float, float] | None = DAM, *, language: Language = "nl"
) -> AreaDrawing:
    labels = Labels(language, Vocabularies(UUID(int=1), {}), Directory("", [], []))
    return draw_area("observed", area, place, labels)


def test_area_fills_the_drawing_with_north_up() -> None:
    drawing = draw(square(100))

    south_west, south_east, north_east, north_west = (
        tuple(map(float, point)) for point in re.findall(r"([\d.]+) ([\d.]+)", drawing.area)
    )
    assert south_west == pytest.approx((MARGIN, SIZE - MARGIN), abs=1)
    assert north_east == pytest.approx((SIZE - MARGIN, MARGIN), abs=1)
    assert north_west[0] == south_west[0]
    assert south_east[1] == south_west[1]
    assert drawing.sensor == south_west


@pytest.mark.parametrize(("side", "scale"), [(100, 20), (25, 5), (1000, 200), (40_000, 10_000), (2, 1)])
def test_scale_bar_has_a_round_length(side: int, scale: int) -> None:
    drawing = draw(square(side))

    assert drawing.scale_metres == scale
    assert drawing.scale_length == pytest.approx((SIZE - 2 * MARGIN) * scale / side, rel=0.01)


def test_area_with_hole_is_drawn_with_both_rings() -> None:
    assert draw(square(100, hole=True)).area.count("Z") == 2


@pytest.mark.parametrize("language", ["nl", "en"])
def test_title_is_in_the_language_of_the_reader(language: Language) -> None:
    title = draw(square(100), language=language).title

    assert title == AREA_TITLES["observed"]["present"].render(language)


def test_area_without_a_place_has_no_dot() -> None:
    assert draw(square(100), None).sensor is None
