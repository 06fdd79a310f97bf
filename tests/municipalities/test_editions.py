"""Loading editions of a small country: in turn, again, shifted, broken, merged."""

from pathlib import Path

import pytest
import shapely
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.core.database import sqlalchemy_url
from app.core.errors import Conflict, InvalidRequest
from app.municipalities.editions import LoadOptions, Move, ReassignReport, load_edition, name_source
from app.municipalities.queries import (
    find_municipality_at,
    list_editions,
    load_directory,
    lock_municipalities_shared,
)
from tests.support.square_municipalities import (
    load_squares,
    make_collection,
    make_squares,
    merge,
    middle,
    shift,
    write_collection,
)


def count_rows(session: Session) -> dict[str, int]:
    tables = ("municipality_edition", "municipality", "municipality_part", "municipality_succession")
    return {table: session.scalar(text(f"SELECT count(*) FROM publication.{table}")) or 0 for table in tables}


def test_edition_is_stored_in_both_systems(session: Session, tmp_path: Path) -> None:
    report = load_squares(session, tmp_path, make_squares(), 2024)
    assert (report.municipalities, report.in_force, report.approximate) == (9, 2024, False)
    assert (report.shift, report.repairs, report.ended, report.begun) == (None, (), (), ())
    row = session.execute(
        text("""
            SELECT name, extent_rd, extent, ST_Area(boundary_rd), ST_Intersects(label_point, boundary),
                   ST_Distance(ST_Transform(boundary, 28992), boundary_rd)
            FROM publication.municipality WHERE code = 'GM0005'
        """)
    ).one()
    assert row.name == "Vak GM0005"
    assert row.extent_rd == [152_000, 462_000, 154_000, 464_000]
    assert row.extent == pytest.approx([5.3433, 52.1461, 5.3726, 52.1641], abs=0.001)
    assert row[3:] == (4e6, True, 0)
    assert list_editions(session)[0].source == "2024.geojson"


def test_loading_a_year_again_replaces_it(session: Session, tmp_path: Path) -> None:
    load_squares(session, tmp_path, make_squares(), 2024)
    before = count_rows(session)
    report = load_squares(session, tmp_path, make_squares(), 2024)
    assert count_rows(session) == before
    assert report.shift is not None
    assert report.shift.length_m < 0.5


def test_newest_real_edition_is_in_force_in_any_order_of_loading(session: Session, tmp_path: Path) -> None:
    for year in (2023, 2025, 2024):
        load_squares(session, tmp_path, make_squares(), year)
    assert [(each.edition, each.in_force) for each in list_editions(session)] == [
        (2025, True),
        (2024, False),
        (2023, False),
    ]


def test_shifted_edition_is_refused_with_its_shift(session: Session, tmp_path: Path) -> None:
    load_squares(session, tmp_path, make_squares(), 2024)
    shifted = shift(make_squares(), 31, 108)
    with pytest.raises(Conflict, match=r"31\.0 m east and 108\.0 m north of the loaded edition") as refused:
        load_squares(session, tmp_path, shifted, 2025)
    assert refused.value.detail is not None
    assert "31.0 m oost en 108.0 m noord" in refused.value.detail.nl
    assert len(list_editions(session)) == 1
    report = load_squares(session, tmp_path, shifted, 2025, LoadOptions(force=True))
    assert report.in_force == 2025
    assert report.shift is not None
    assert report.shift.length_m > 100


def test_partial_edition_is_refused_unless_forced(session: Session, tmp_path: Path) -> None:
    load_squares(session, tmp_path, make_squares(), 2024)
    some = {code: square for code, square in make_squares().items() if code < "GM0007"}
    with pytest.raises(Conflict, match="cover 67% of the loaded edition"):
        load_squares(session, tmp_path, some, 2025)
    assert load_squares(session, tmp_path, some, 2025, LoadOptions(force=True)).in_force == 2025


@pytest.mark.parametrize(
    ("location", "public"),
    [
        ("/home/clerk/secret plans/grenzen.gpkg", "grenzen.gpkg"),
        ("https://clerk:secret@maps.example.org/items?f=json&key=secret", "https://maps.example.org/items"),
    ],
)
def test_public_name_of_a_source_has_no_secrets(location: str, public: str) -> None:
    assert name_source(location) == public


def test_broken_edition_changes_nothing(session: Session, tmp_path: Path) -> None:
    load_squares(session, tmp_path, make_squares(), 2024)
    before = count_rows(session)
    broken = make_squares() | {
        "GM0004": shapely.Polygon([(150e3, 462e3), (152e3, 464e3), (152e3, 462e3), (150e3, 464e3)])
    }
    with pytest.raises(InvalidRequest) as refused:
        load_squares(session, tmp_path, broken, 2024)
    assert [problem.location for problem in refused.value.problems] == ["GM0004"]
    assert count_rows(session) == before


def test_failure_at_the_end_rolls_everything_back(fresh_database: str, tmp_path: Path) -> None:
    def fail(_session: Session) -> ReassignReport:
        raise RuntimeError("no sensors today")

    engine = create_engine(sqlalchemy_url(fresh_database))
    source = write_collection(tmp_path / "2024.geojson", make_collection(make_squares()))
    with pytest.raises(RuntimeError, match="no sensors"), Session(engine) as session, session.begin():
        load_edition(session, source, 2024, LoadOptions(reassign=fail))
    with Session(engine) as session:
        assert set(count_rows(session).values()) == {0}
    engine.dispose()


def test_loading_waits_for_writers_of_sensors(fresh_database: str, tmp_path: Path) -> None:
    engine = create_engine(sqlalchemy_url(fresh_database), connect_args={"options": "-c lock_timeout=100"})
    with Session(engine) as writer, Session(engine) as other_writer, Session(engine) as loader:
        lock_municipalities_shared(writer)
        lock_municipalities_shared(other_writer)
        with pytest.raises(OperationalError, match="lock timeout"):
            load_squares(loader, tmp_path, make_squares(), 2024)
        loader.rollback()
        writer.commit()
        other_writer.commit()
        load_squares(loader, tmp_path, make_squares(), 2024)
        with pytest.raises(OperationalError, match="lock timeout"):
            lock_municipalities_shared(writer)
    engine.dispose()


def test_sensors_are_reassigned_after_the_edition_is_in_force(session: Session, tmp_path: Path) -> None:
    def reassign(session: Session) -> ReassignReport:
        place = find_municipality_at(session, *middle("GM0001"))
        return ReassignReport(7, 1, (Move("A", None, place.code if place else None),))

    report = load_squares(session, tmp_path, make_squares(), 2024, LoadOptions(reassign=reassign))
    assert report.reassigned == ReassignReport(7, 1, (Move("A", None, "GM0001"),))


def test_progress_is_reported_step_by_step(session: Session, tmp_path: Path) -> None:
    steps: list[str] = []
    options = LoadOptions(report_progress=lambda stage, _done, _total: steps.append(stage))
    load_squares(session, tmp_path, make_squares(), 2024, options)
    assert steps == ["read", "check", "compare", "store", "reassign"]


def test_mergers_are_followed_through_the_years(session: Session, tmp_path: Path) -> None:
    first = make_squares()
    second = merge(first, ["GM0001", "GM0002"], "GM0010")
    third = merge(second, ["GM0010", "GM0003"], "GM0011")
    load_squares(session, tmp_path, first, 2021)
    load_squares(session, tmp_path, second, 2022)
    report = load_squares(session, tmp_path, third, 2024)
    assert (report.ended, report.begun) == (("GM0003", "GM0010"), ("GM0011",))

    gone = load_directory(session).get_municipality("0001")
    assert (gone.edition, gone.in_force) == (2021, False)
    assert gone.successor is not None
    assert (gone.successor.code, gone.successor.since_edition) == ("GM0011", 2022)
    assert gone.successor.share == pytest.approx(1)
    assert load_directory(session).get_municipality("Vak GM0010").edition == 2022
    assert load_directory(session).get_municipality("GM0009").successor is None
    place = find_municipality_at(session, *middle("GM0001"))
    assert place is not None
    assert place.code == "GM0011"


def test_edition_between_two_others_updates_the_succession(session: Session, tmp_path: Path) -> None:
    first = make_squares()
    load_squares(session, tmp_path, first, 2021)
    load_squares(session, tmp_path, merge(first, ["GM0001", "GM0004", "GM0007"], "GM0004"), 2024)
    assert load_directory(session).get_municipality("GM0001").successor is not None
    # The land went to another municipality first, in 2022: one step more, and the same result.
    second = merge(first, ["GM0001", "GM0002"], "GM0010")
    load_squares(session, tmp_path, second, 2022)
    steps = session.execute(
        text("SELECT code, since_edition, successor_code FROM publication.municipality_succession ORDER BY 1")
    ).all()
    assert steps[0] == ("GM0001", 2022, "GM0010")
    assert ("GM0007", 2024, "GM0004") in steps


@pytest.mark.parametrize("year", [1899, 2101])
def test_impossible_year_is_refused(session: Session, tmp_path: Path, year: int) -> None:
    with pytest.raises(InvalidRequest, match=str(year)):
        load_squares(session, tmp_path, make_squares(), year)


def test_cached_directory_is_replaced_after_loading(session: Session, tmp_path: Path) -> None:
    load_squares(session, tmp_path, make_squares(), 2023)
    assert load_directory(session) is load_directory(session)
    load_squares(session, tmp_path, make_squares(), 2024)
    in_force = load_directory(session).edition_in_force
    assert in_force is not None
    assert in_force.edition == 2024
