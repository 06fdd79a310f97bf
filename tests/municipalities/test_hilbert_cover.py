"""Every place in a municipality is in the ranges that the database computes, for any edition."""

from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.municipalities.hilbert_cover import select_cover
from app.spatial.hilbert import hilbert_number
from tests.support.square_municipalities import SIDE, SOUTH, WEST, load_squares, make_squares, shift


@pytest.fixture
def edition(session: Session, tmp_path: Path) -> Session:
    load_squares(session, tmp_path, shift(make_squares(), 40_000, 0), 2023)
    load_squares(session, tmp_path, make_squares(), 2024)
    return session


def find_ranges(session: Session, code: str, edition: int) -> list[tuple[int, int]]:
    cover = select_cover()
    rows = session.execute(select(cover.c.low, cover.c.high), {"municipality": code, "edition": edition})
    return [(low, high) for low, high in rows]


def test_ranges_cover_the_municipality_and_little_else(edition: Session) -> None:
    chance = np.random.default_rng(2024)
    for moved, year in ((40_000, 2023), (0, 2024)):
        # The first of the squares, its corners and sides too.
        x = np.append(chance.uniform(0, SIDE, 500), [0, 0, SIDE, SIDE, SIDE / 2]) + WEST + moved
        y = np.append(chance.uniform(0, SIDE, 500), [0, SIDE, 0, SIDE, 0]) + SOUTH
        ranges = find_ranges(edition, "GM0001", year)
        assert all(any(low <= number <= high for low, high in ranges) for number in hilbert_number(x, y))
        # Cells of 4 square metres.
        assert sum(high - low + 1 for low, high in ranges) < 3 * SIDE * SIDE / 4


def test_each_range_belongs_to_the_part_that_it_covers(edition: Session) -> None:
    cover = select_cover()
    statement = select(func.ST_Area(cover.c.part_rd), cover.c.low, cover.c.high)
    rows = edition.execute(statement, {"municipality": "GM0001", "edition": 2024}).all()
    assert {round(area) for area, _, _ in rows} == {round(SIDE * SIDE)}
    assert all(0 <= low <= high < 2**36 for _, low, high in rows)
    assert len(rows) <= 9


def test_unknown_code_has_no_ranges(edition: Session) -> None:
    assert find_ranges(edition, "GM9999", 2024) == []
    assert find_ranges(edition, "GM0001", 2022) == []
