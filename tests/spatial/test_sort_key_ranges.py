"""Ranges of boxes and circles contain the number of every place inside them."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from app.spatial.bbox import Bbox
from app.spatial.crs import Crs, rd_from_lonlat
from app.spatial.hilbert import hilbert_number, number_cell
from app.spatial.sort_key_ranges import SortKeyRanges, sort_key_ranges_of_bbox, sort_key_ranges_of_circle

LONGITUDES = st.floats(3.2, 7.3)
LATITUDES = st.floats(50.7, 53.6)
SIZES = st.floats(0.0001, 4)
FRACTIONS = st.tuples(st.floats(0, 1), st.floats(0, 1))


def holds(sort_key_ranges: SortKeyRanges, number: int) -> bool:
    return any(
        low <= number <= high for low, high in zip(sort_key_ranges.lows, sort_key_ranges.highs, strict=True)
    )


@given(LONGITUDES, LATITUDES, SIZES, SIZES, FRACTIONS)
def test_ranges_of_box_in_degrees_contain_its_places(
    west: float, south: float, width: float, height: float, fractions: tuple[float, float]
) -> None:
    right, up = fractions
    longitude, latitude = min(west + right * width, 7.9), min(south + up * height, 55.9)
    sort_key_ranges = sort_key_ranges_of_bbox(Bbox(west, south, west + width, south + height))

    assert holds(sort_key_ranges, hilbert_number(*rd_from_lonlat(longitude, latitude)))


@given(
    st.floats(0, 280_000),
    st.floats(300_000, 620_000),
    st.floats(0, 300_000),
    st.floats(0, 1),
    st.floats(0, 1),
)
def test_ranges_of_box_in_rd_contain_its_places(
    west: float, south: float, size: float, right: float, up: float
) -> None:
    sort_key_ranges = sort_key_ranges_of_bbox(Bbox(west, south, west + size, south + size, Crs.RD))

    assert holds(sort_key_ranges, hilbert_number(west + right * size, south + up * size))
    assert len(sort_key_ranges.lows) <= 25
    assert sort_key_ranges.lows == sorted(sort_key_ranges.lows)


@given(st.floats(0, 280_000), st.floats(300_000, 620_000), st.floats(1, 50_000), st.floats(0, 6.28))
def test_ranges_of_circle_contain_its_places(x: float, y: float, radius: float, bearing: float) -> None:
    edge = hilbert_number(x + 0.99 * radius * np.cos(bearing), y + 0.99 * radius * np.sin(bearing))

    assert holds(sort_key_ranges_of_circle(x, y, radius), edge)


def test_ranges_of_world_contain_netherlands_and_outside_rd_are_empty() -> None:
    assert sort_key_ranges_of_bbox(Bbox(-180, -90, 180, 90)).lows == [0] or holds(
        sort_key_ranges_of_bbox(Bbox(-180, -90, 180, 90)), hilbert_number(155_000.0, 463_000.0)
    )
    assert sort_key_ranges_of_bbox(Bbox(100, 0, 120, 20)) == SortKeyRanges([], [])
    assert sort_key_ranges_of_circle(np.inf, np.inf, 100) == SortKeyRanges([], [])


@given(st.integers(0, 2**18 - 1), st.integers(0, 2**18 - 1))
def test_number_cell_equals_number_of_places_in_it(i: int, j: int) -> None:
    assert number_cell(i, j) == hilbert_number(-120_000 + i * 2 + 1.0, 200_000 + j * 2 + 1.0)
