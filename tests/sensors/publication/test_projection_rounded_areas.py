"""Areas of sensors are published with rounded corners, and stay valid where rounding alone would spoil them."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import psycopg
import pytest
import shapely

from tests.support.register import Register, make_today_record, open_register
from tests.support.sensors import make_camera

WEST, SOUTH = 4.9, 52.37
DIGIT = 1e-7

# Corners in units of the last published digit.
DRAWN: dict[str, list[tuple[float, float]]] = {
    "a square": [(0, 0), (400, 0), (400, 400), (0, 400)],
    "a corner that rounding puts on a side": [(0, 0), (400, 0), (400, 400), (200, 0.4), (0, 400)],
    "corners that rounding makes one": [(0, 0), (400, 0), (400.3, 0.3), (400, 400), (0, 400)],
    "a strip that rounding makes a line": [(0, 0), (400, 0), (400, 0.3), (0, 0.3)],
}


@pytest.fixture(scope="module")
def register(module_database: str) -> Iterator[Register]:
    with open_register(module_database) as register:
        today = make_today_record()
        dates = {name: today[name] for name in ("placedFrom", "activeUntil")}
        views = dict.fromkeys(("viewDirectionDeg", "viewAngleDeg", "viewRangeM"))
        place = {"type": "Point", "coordinates": [WEST, SOUTH]}
        for reference, corners in DRAWN.items():
            ring = [[WEST + x * DIGIT, SOUTH + y * DIGIT] for x, y in [*corners, corners[0]]]
            area = {"type": "Polygon", "coordinates": [ring]}
            fields = {**views, "reference": reference, "location": place, "observedArea": area}
            answer = register.post(make_camera(**dates, **fields))
            assert answer.status_code == 201, answer.text
        yield register


@pytest.fixture(scope="module")
def published(register: Register, module_database: str) -> dict[str, dict[str, Any]]:
    """The areas in longitude and latitude and in RD, by the reference of their sensor."""
    with psycopg.connect(module_database) as connection:
        rows = connection.execute(
            "SELECT reference, ST_AsBinary(area), ST_AsBinary(area_rd)"
            " FROM publication.published_area JOIN publication.published_sensor USING (id)"
        ).fetchall()
    return {
        reference: {"lonlat": shapely.from_wkb(area), "rd": shapely.from_wkb(area_rd)}
        for reference, area, area_rd in rows
    }


@pytest.mark.parametrize("drawn", list(DRAWN))
@pytest.mark.parametrize("system", ["lonlat", "rd"])
def test_published_area_is_valid(published: dict[str, dict[str, Any]], drawn: str, system: str) -> None:
    area = published[drawn][system]
    assert shapely.is_valid(area), shapely.is_valid_reason(area)
    assert area.area > 0


@pytest.mark.parametrize("drawn", [drawn for drawn in DRAWN if "line" not in drawn])
@pytest.mark.parametrize(("system", "decimals"), [("lonlat", 7), ("rd", 3)])
def test_corners_of_published_area_are_rounded_and_do_not_repeat(
    published: dict[str, dict[str, Any]], drawn: str, system: str, decimals: int
) -> None:
    for part in shapely.get_parts(published[drawn][system]):
        corners = [tuple(corner) for corner in shapely.get_coordinates(part.exterior).tolist()]
        assert corners == [(round(x, decimals), round(y, decimals)) for x, y in corners]
        assert all(corner != following for corner, following in pairwise(corners))


def test_corners_that_rounding_makes_one_are_published_once(
    published: dict[str, dict[str, Any]],
) -> None:
    assert shapely.get_num_coordinates(published["corners that rounding makes one"]["lonlat"]) == 5


def test_area_that_rounding_would_remove_is_published_unrounded(
    published: dict[str, dict[str, Any]],
) -> None:
    area = published["a strip that rounding makes a line"]["lonlat"]
    assert area.bounds[3] - area.bounds[1] == pytest.approx(0.3 * DIGIT, rel=0.05)
