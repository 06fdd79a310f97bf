"""The municipality of a point, or of many points."""

from pathlib import Path

import pytest
import shapely
from sqlalchemy import column, table, text
from sqlalchemy.orm import Session

from app.municipalities.queries import find_municipality_at, select_places, select_touched
from tests.support.square_municipalities import SIDE, SOUTH, WEST, load_squares, make_squares, middle

STAGED = table("staged", column("id"), column("point_rd"), column("area_rd"))


@pytest.fixture
def session_2024(session: Session, tmp_path: Path) -> Session:
    load_squares(session, tmp_path, make_squares(), 2023)
    load_squares(session, tmp_path, make_squares(), 2024)
    return session


@pytest.mark.parametrize("code", make_squares())
def test_point_is_in_its_municipality(session_2024: Session, code: str) -> None:
    place = find_municipality_at(session_2024, *middle(code))
    assert place is not None
    assert (place.code, place.name, place.distance_m) == (code, f"Vak {code}", 0)


@pytest.mark.parametrize(
    ("x", "y", "code"),
    [
        # On the border of two, on the corner of four.
        (WEST + SIDE, SOUTH + 700, "GM0001"),
        (WEST + SIDE, SOUTH + SIDE, "GM0001"),
        (WEST + 2 * SIDE, SOUTH + 2 * SIDE, "GM0005"),
    ],
)
def test_point_on_a_border_belongs_to_the_lowest_code(
    session_2024: Session, x: float, y: float, code: str
) -> None:
    place = find_municipality_at(session_2024, x, y)
    assert place is not None
    assert (place.code, place.distance_m) == (code, 0)


def test_point_outside_belongs_to_the_nearest_within_five_kilometres(session_2024: Session) -> None:
    east = WEST + 3 * SIDE
    place = find_municipality_at(session_2024, east + 4_900, SOUTH + 3_000)
    assert place is not None
    assert place.code == "GM0006"
    assert place.distance_m == pytest.approx(4_900)
    # Equally near to two.
    place = find_municipality_at(session_2024, east + 1_000, SOUTH + SIDE)
    assert place is not None
    assert place.code == "GM0003"
    assert find_municipality_at(session_2024, east + 5_001, SOUTH + 3_000) is None


def test_place_without_an_edition_has_no_municipality(session: Session) -> None:
    assert find_municipality_at(session, *middle("GM0001")) is None


def test_many_points_are_placed_in_one_statement(session_2024: Session) -> None:
    session_2024.execute(text("CREATE TEMP TABLE staged (id int, point_rd geometry(Point, 28992))"))
    points = [*(middle(code) for code in make_squares()), (WEST - 10, SOUTH), (WEST - 9_000, SOUTH)]
    session_2024.execute(
        text("INSERT INTO staged VALUES (:id, ST_SetSRID(ST_MakePoint(:x, :y), 28992))"),
        [{"id": number, "x": x, "y": y} for number, (x, y) in enumerate(points)],
    )
    placed = {row.id: (row.code, row.distance_m) for row in session_2024.execute(select_places(STAGED))}
    assert placed == {
        **{number: (code, 0) for number, code in enumerate(make_squares())},
        9: ("GM0001", pytest.approx(10)),
    }


def test_municipalities_touched_by_area_are_found(session_2024: Session) -> None:
    session_2024.execute(text("CREATE TEMP TABLE staged (id int, area_rd geometry(Geometry, 28992))"))
    corner = shapely.Point(WEST + SIDE, SOUTH + SIDE)
    session_2024.execute(
        text("INSERT INTO staged VALUES (:id, ST_GeomFromWKB(:area, 28992))"),
        [
            {"id": 1, "area": shapely.to_wkb(corner.buffer(50))},
            {"id": 2, "area": shapely.to_wkb(shapely.Point(middle("GM0009")).buffer(50))},
        ],
    )
    touched = session_2024.execute(select_touched(STAGED)).all()
    assert sorted(map(tuple, touched)) == [
        *((1, code) for code in ("GM0001", "GM0002", "GM0004", "GM0005")),
        (2, "GM0009"),
    ]


def test_parts_of_an_edition_cover_its_municipalities(session_2024: Session) -> None:
    areas = session_2024.execute(
        text("""
            SELECT edition, code, sum(ST_Area(part_rd)) FROM publication.municipality_part
            GROUP BY edition, code
        """)
    ).all()
    assert len(areas) == 18
    assert all(area == pytest.approx(SIDE**2) for _, _, area in areas)
