"""Measurement of the shift of a whole edition."""

from itertools import combinations
from pathlib import Path

import pytest
import shapely

from app.municipalities.attribute_names import Area
from app.municipalities.boundaries import make_boundaries
from app.municipalities.datum_shift import SHIFT_LIMIT_METRES, measure_shift
from app.municipalities.downloads import DownloadOptions
from app.municipalities.edition_sources import read_source
from tests.support.real_boundaries import BOUNDARIES
from tests.support.square_municipalities import Squares, make_squares, merge, shift


@pytest.mark.parametrize(("east", "north"), [(0, 0), (31, 108), (-31, -108), (12, 0), (0, -200)])
def test_shift_is_measured(east: float, north: float) -> None:
    measured = measure_shift(shift(make_squares(), east, north), make_squares())
    assert measured is not None
    assert (measured.east_m, measured.north_m) == pytest.approx((east, north), abs=0.5)


def test_shift_is_measured_across_a_merger() -> None:
    merged = merge(make_squares(), ["GM0001", "GM0002"], "GM0010")
    measured = measure_shift(shift(merged, 31, 108), make_squares())
    assert measured is not None
    assert (measured.east_m, measured.north_m) == pytest.approx((31, 108), abs=0.5)


def test_moved_coast_is_not_a_shift() -> None:
    # As an edition with water is beside one without: everything outside grows, nothing inside moves.
    squares = make_squares()
    land = shapely.union_all(list(squares.values()))
    coast = ("GM0001", "GM0002", "GM0003")
    water = {code: squares[code].buffer(1500) - land for code in coast}
    wet = squares | {code: squares[code] | water[code] for code in coast}
    measured = measure_shift(make_squares(), wet)
    assert measured is not None
    assert measured.length_m < 0.5


def test_too_few_points_give_no_shift() -> None:
    squares = make_squares()
    assert measure_shift(squares, {}) is None
    assert measure_shift({"GM0001": squares["GM0001"]}, squares) is None
    # All shared borders of a single row run north, so a shift to the north cannot be measured.
    row = {code: squares[code] for code in ("GM0001", "GM0002", "GM0003")}
    assert measure_shift(row, row) is None


@pytest.fixture(scope="module")
def real_editions(real_data: Path) -> dict[int, Squares]:
    editions: dict[int, Squares] = {}
    for year, name in BOUNDARIES.items():
        source = read_source(str(real_data / "boundaries" / name), DownloadOptions(), lambda *_: None)
        areas = [
            Area(feature.attributes["code"], feature.attributes["name"], None, feature.geometry)
            for feature in source.features
        ]
        editions[year] = {boundary.code: boundary.rd for boundary in make_boundaries(areas, None)[0]}
    return editions


@pytest.mark.parametrize(("loaded", "year"), list(combinations(BOUNDARIES, 2)))
def test_real_editions_have_no_shift_and_shifted_ones_do(
    real_editions: dict[int, Squares], loaded: int, year: int
) -> None:
    measured = measure_shift(real_editions[year], real_editions[loaded])
    assert measured is not None
    assert measured.length_m < 0.5
    assert measured.points > 1000
    moved = measure_shift(shift(real_editions[year], 31, 108), real_editions[loaded])
    assert moved is not None
    assert moved.length_m > SHIFT_LIMIT_METRES
    assert (moved.east_m, moved.north_m) == pytest.approx((31, 108), abs=0.5)
