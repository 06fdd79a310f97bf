"""Hilbert numbers: the curve of the textbook, without jumps, equal to those of the database."""

import math

import numpy as np
import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.spatial.hilbert import CELL_METRES, LEVELS, SOUTH_METRES, WEST_METRES, hilbert_number
from tests.support.places import DUTCH_PLACES, Place

CELLS = 1 << LEVELS
SIDE_METRES = CELLS * CELL_METRES

cells = st.integers(0, CELLS - 1)


def number_of_cell(i: int, j: int) -> int:
    return hilbert_number(WEST_METRES + (i + 0.5) * CELL_METRES, SOUTH_METRES + (j + 0.5) * CELL_METRES)


def textbook_number(i: int, j: int) -> int:
    """Compute the number quarter by quarter, rotating the square to the orientation of the first quarter."""
    number, side = 0, CELLS
    while (side := side // 2) > 0:
        right, upper = bool(i & side), bool(j & side)
        number += side * side * ((3 * right) ^ upper)
        if not upper:
            if right:
                i, j = CELLS - 1 - i, CELLS - 1 - j
            i, j = j, i
    return number


@given(cells, cells)
def test_hilbert_number_equals_textbook_curve(i: int, j: int) -> None:
    assert number_of_cell(i, j) == textbook_number(i, j)


@given(st.integers(0, CELLS // 64 - 1), st.integers(0, CELLS // 64 - 1))
def test_hilbert_numbers_of_square_form_unbroken_path(column: int, row: int) -> None:
    i, j = (index.ravel() for index in np.indices((64, 64)))
    i, j = column * 64 + i, row * 64 + j
    numbers = hilbert_number(WEST_METRES + CELL_METRES * i, SOUTH_METRES + CELL_METRES * j)
    walk = np.argsort(numbers)
    # Every number occurs once, without gaps, and each step goes to a neighbour.
    assert (np.diff(numbers[walk]) == 1).all()
    assert (np.abs(np.diff(i[walk])) + np.abs(np.diff(j[walk])) == 1).all()


@given(
    st.floats(WEST_METRES, WEST_METRES + SIDE_METRES - 1),
    st.floats(SOUTH_METRES, SOUTH_METRES + SIDE_METRES - 1),
)
def test_hilbert_number_of_scalar_equals_array(x: float, y: float) -> None:
    assert hilbert_number(np.array([x]), np.array([y])).tolist() == [hilbert_number(x, y)]


@given(st.floats(), st.floats())
def test_hilbert_number_of_any_place_is_in_range(x: float, y: float) -> None:
    assert 0 <= hilbert_number(x, y) < 1 << 2 * LEVELS


def test_hilbert_number_in_database_is_the_same(database_url: str) -> None:
    chance = np.random.default_rng(36)
    # Locations in the square and up to 50 km around it.
    x = chance.uniform(WEST_METRES - 50_000, WEST_METRES + SIDE_METRES + 50_000, 20_000).tolist()
    y = chance.uniform(SOUTH_METRES - 50_000, SOUTH_METRES + SIDE_METRES + 50_000, 20_000).tolist()
    edges = [
        math.nan,
        math.inf,
        -math.inf,
        -0.0,
        1e300,
        WEST_METRES,
        SOUTH_METRES,
        SOUTH_METRES + SIDE_METRES,
    ]
    x += [a for a in edges for _ in edges] + [place.x for place in DUTCH_PLACES]
    y += [b for _ in edges for b in edges] + [place.y for place in DUTCH_PLACES]
    with psycopg.connect(database_url) as connection:
        rows = connection.execute(
            """SELECT register.hilbert_number(x, y)
            FROM unnest(%s::float8[], %s::float8[]) WITH ORDINALITY AS given (x, y, number)
            ORDER BY number""",
            (x, y),
        ).fetchall()
    assert [number for (number,) in rows] == hilbert_number(np.array(x), np.array(y)).tolist()


@pytest.mark.parametrize("place", DUTCH_PLACES)
def test_netherlands_are_inside_the_square(place: Place) -> None:
    assert hilbert_number(place.x, place.y) != hilbert_number(place.x + CELL_METRES, place.y)
    assert hilbert_number(place.x, place.y) != hilbert_number(place.x, place.y + CELL_METRES)
