"""Coordinates in columns, in the notations of various files."""

from collections.abc import Sequence

import numpy as np
import pytest

from app.core.i18n import LocalizedText
from app.core.problems import ProblemCode
from app.files.table import Cell, InvalidCell
from app.records.coordinates import (
    CoordinateColumns,
    CoordinatePair,
    PairReader,
    Positions,
    find_coordinates,
    join_positions,
    name_coordinate,
    parse_position_text,
)
from app.spatial.crs import Crs, rd_from_lonlat

DAM = (4.8932, 52.3731)
DAM_RD = (121_363.12, 487_369.87)


def read_pairs(headings: Sequence[str], *rows: Sequence[Cell]) -> tuple[Positions, dict[str, LocalizedText]]:
    """Read the places of rows of two columns, and the reported assumptions."""
    told: dict[str, LocalizedText] = {}
    (pair,) = find_coordinates(headings).pairs
    places = PairReader(pair, headings, told.__setitem__).read(list(zip(*rows, strict=True)))
    return places, told


def list_places(places: Positions) -> list[tuple[float, float]]:
    return [(round(lon, 6), round(lat, 6)) for lon, lat in zip(places.lon, places.lat, strict=True)]


@pytest.mark.parametrize(
    ("headings", "crs"),
    [
        (("longitude", "latitude"), Crs.CRS84),
        (("Lengtegraad *", "Breedtegraad *"), Crs.CRS84),
        (("lng", "lat"), Crs.CRS84),
        (("Longitude", "Lattitude"), Crs.CRS84),
        (("Longitude (WGS84)", "Latitude (WGS84)"), Crs.CRS84),
        (("RD x", "RD y"), Crs.RD),
        (("rd_x", "rd_y"), Crs.RD),
        (("X (RD)", "Y (RD)"), Crs.RD),
        (("x-coördinaat RD", "y-coördinaat RD"), Crs.RD),
        (("x", "y"), None),
        (("X-coördinaat", "Y-coördinaat"), None),
    ],
)
def test_coordinate_columns_are_found_by_heading(headings: tuple[str, str], crs: Crs | None) -> None:
    assert find_coordinates(("Naam", *headings)) == CoordinateColumns((CoordinatePair(1, 2, crs),), ())
    assert find_coordinates((*headings[::-1], "Naam")) == CoordinateColumns((CoordinatePair(1, 0, crs),), ())


def test_coordinate_columns_exclude_other_headings() -> None:
    assert find_coordinates(("Naam", "longitude", "Hoogte", "xyz")) == CoordinateColumns((), (), single=1)


def test_position_columns_are_found_by_heading() -> None:
    assert find_coordinates(("Locatie", "WKT")).positions == (0, 1)


def test_degrees_with_comma_point_or_sign_are_parsed() -> None:
    places, told = read_pairs(
        ("lon", "lat"), ("4,8932", "52,3731"), (4.8932, 52.3731), ("4.8932°", "52°22'23.16\"N"), (None, None)
    )
    assert list_places(places)[:3] == [DAM, DAM, DAM]
    assert np.isnan(places.lon[3])
    assert not places.problems
    assert not told


def test_rd_is_transformed_to_degrees_exactly() -> None:
    places, told = read_pairs(("RD x", "RD y"), DAM_RD, ("121.363,12", "487.369,87"))
    assert not places.problems
    assert not told
    x, y = rd_from_lonlat(places.lon, places.lat)
    assert x == pytest.approx([DAM_RD[0]] * 2, abs=1e-6)
    assert y == pytest.approx([DAM_RD[1]] * 2, abs=1e-6)


def test_columns_swapped_are_corrected_and_reported() -> None:
    places, told = read_pairs(("latitude", "longitude"), (4.8932, 52.3731), (4.9, 52.4))
    assert list_places(places) == [DAM, (4.9, 52.4)]
    assert "longitude and latitude" in next(iter(told.values())).en


def test_rd_under_degree_headings_is_corrected_and_reported() -> None:
    places, told = read_pairs(("longitude", "latitude"), DAM_RD)
    assert list_places(places)[0] == pytest.approx(DAM, abs=0.01)
    assert "RD" in next(iter(told.values())).nl


@pytest.mark.parametrize("row", [DAM, DAM_RD])
def test_x_and_y_columns_are_recognised_by_their_numbers(row: tuple[float, float]) -> None:
    places, told = read_pairs(("x", "y"), row)
    assert list_places(places)[0] == pytest.approx(DAM, abs=0.01)
    assert not told


def test_row_with_swapped_axes_is_refused_with_suggestion() -> None:
    places, told = read_pairs(("longitude", "latitude"), DAM, (52.4, 4.9))
    assert not told
    assert np.isnan(places.lon[1])
    problem = places.problems[1]
    assert (problem.code, problem.location, problem.value, problem.suggestion) == (
        "swapped_axes", "/location", [52.4, 4.9], [4.9, 52.4],
    )  # fmt: skip


def test_row_in_another_system_is_refused_with_suggestion() -> None:
    places, _ = read_pairs(("longitude", "latitude"), DAM, DAM_RD)
    assert places.problems[1].code == "wrong_crs"
    assert places.problems[1].suggestion == pytest.approx(DAM, abs=0.01)


def test_column_system_of_first_rows_applies_to_all_rows() -> None:
    reader = PairReader(CoordinatePair(0, 1, None), ("x", "y"), lambda *_: None)
    assert not reader.read([[None], [None]]).problems
    assert not reader.read([[DAM_RD[0]], [DAM_RD[1]]]).problems
    assert reader.read([[DAM[0]], [DAM[1]]]).problems[0].code == "wrong_crs"


@pytest.mark.parametrize(
    ("x", "y"), [("121.687", "487.315"), ("121,687", "487,315"), (121.687, 487.315), ("121.687", "487315")]
)
@pytest.mark.parametrize("headings", [("RD x", "RD y"), ("x", "y")])
def test_point_in_rd_coordinate_marks_thousands(headings: tuple[str, str], x: Cell, y: Cell) -> None:
    places, assumptions = read_pairs(headings, (x, y))
    assert not places.problems
    assert rd_from_lonlat(places.lon, places.lat) == pytest.approx(np.array([[121_687], [487_315]]), abs=0.01)
    assert any("121.687 is 121687" in sentence.en for sentence in assumptions.values())


@pytest.mark.parametrize("cell", ["5_2.37", "５２.３７", "52.37.", "52 37", True])
def test_coordinate_that_only_python_reads_as_a_number_is_refused(cell: Cell) -> None:
    places, _ = read_pairs(("longitude", "latitude"), (4.8932, cell))
    assert places.problems[0].code == "invalid_number"


def test_rows_with_invalid_coordinates_are_reported() -> None:
    gone = InvalidCell(ProblemCode.FORMULA_ERROR, "=A1", LocalizedText("Geen waarde.", "No value."))
    places, _ = read_pairs(
        ("longitude", "latitude"), DAM, ("onbekend", 52.3), (4.9, None), (0, 0), ("nan", 52.3), (gone, 52.3)
    )
    assert {index: problem.code for index, problem in places.problems.items()} == {
        1: "invalid_number", 2: "incomplete_position", 3: "outside_netherlands", 4: "invalid_number",
        5: "formula_error",
    }  # fmt: skip
    assert places.problems[1].value == "onbekend"
    assert "latitude" in places.problems[2].detail.en
    assert list_places(places)[0] == DAM


def test_first_position_is_used_and_difference_is_reported() -> None:
    exact = Positions(np.array([4.9, 4.9, np.nan]), np.array([52.4, 52.4, np.nan]))
    other = Positions(np.array([4.90001, 4.91, 5.0]), np.array([52.4, 52.4, 52.0]))
    places = join_positions(exact, other)
    assert list_places(places) == [(4.9, 52.4), (4.9, 52.4), (5.0, 52.0)]
    assert {index: problem.code for index, problem in places.problems.items()} == {1: "positions_differ"}
    assert "68" in places.problems[1].detail.nl


@pytest.mark.parametrize(
    ("cell", "position"),
    [
        ("52.3731, 4.8932", (*DAM, Crs.CRS84)),
        ("4.8932 52.3731", (*DAM, Crs.CRS84)),
        ("52,3731; 4,8932", (*DAM, Crs.CRS84)),
        ("52,3731 4,8932", (*DAM, Crs.CRS84)),
        ("(52.3731, 4.8932)", (*DAM, Crs.CRS84)),
        ("121363.12 487369.87", (*DAM_RD, Crs.RD)),
        ("487369.87/121363.12", (*DAM_RD, Crs.RD)),
        ("0.0, 10", (10, 0, Crs.CRS84)),
        ("121.687 487.315", (121687, 487315, Crs.RD)),
        ("52,37", None),
        ("٥٢.٣٧ ٤.٨٩", None),
        ("Dam 1", None),
        ("52.3731", None),
        (52.3731, None),
    ],
)
def test_cell_with_two_numbers_is_a_position(cell: Cell, position: object) -> None:
    assert parse_position_text(cell) == position


def test_degrees_minutes_and_seconds_are_parsed() -> None:
    position = parse_position_text("52°22'23.16\"N 4°53'35,52\"O")
    assert position is not None
    assert position[:2] == pytest.approx(DAM, abs=1e-6)


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("lon", "longitude"),
        ("Breedtegraad", "latitude"),
        ("rd_x", "rdX"),
        ("RD y", "rdY"),
        ("X", "x"),
        ("wkt", "location"),
        ("hoogte", None),
    ],
)
def test_coordinate_has_one_name(heading: str, name: str | None) -> None:
    assert name_coordinate(heading) == name
