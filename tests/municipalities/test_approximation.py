"""The approximate edition from the npm packages, and its agreement with the real boundaries."""

import logging
from pathlib import Path

import pytest
import shapely
from sqlalchemy import column, table, text
from sqlalchemy.orm import Session

from app.bootstrap.paths import ROOT
from app.core.errors import Conflict, Unavailable
from app.municipalities.approximation import approximate_boundaries, load_approximate_edition
from app.municipalities.editions import load_edition
from app.municipalities.queries import find_municipality_at, list_editions, load_directory, select_places
from tests.support.real_boundaries import BOUNDARIES, read_rows
from tests.support.square_municipalities import load_squares, make_squares

PACKAGES = ROOT / "node_modules"
POINTS = 20_000


@pytest.mark.slow
def test_municipalities_with_a_town_have_an_approximate_boundary() -> None:
    approximation = approximate_boundaries(PACKAGES)
    assert len(approximation.boundaries) == 340
    assert approximation.missing == ("GM0317 Eemnes", "GM0777 Etten-Leur")
    shapes = [boundary.rd for boundary in approximation.boundaries]
    assert all(shape.is_valid and not shape.is_empty for shape in shapes)
    # They tile the country: nothing twice, and as much as the country has.
    assert sum(shape.area for shape in shapes) == pytest.approx(shapely.union_all(shapes).area, rel=1e-6)
    assert sum(shape.area for shape in shapes) == pytest.approx(37.1e9, rel=0.01)
    names = {boundary.code: (boundary.name, boundary.province) for boundary in approximation.boundaries}
    assert names["GM0363"] == ("Amsterdam", "Noord-Holland")
    assert names["GM0893"] == ("Bergen (Limburg)", "Limburg")
    assert len({name for name, _ in names.values()}) == 340


@pytest.mark.slow
def test_approximate_edition_is_marked_and_logged(session: Session, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        report = load_approximate_edition(session, PACKAGES, 2026)
    assert (report.approximate, report.in_force, report.municipalities) == (True, 2026, 340)
    assert "APPROXIMATE" in caplog.text
    assert "Etten-Leur" in caplog.text
    assert "sensor-register municipalities load --edition 2026" in caplog.text
    assert load_directory(session).get_municipality("Den Haag").approximate
    # Dam square, Amsterdam.
    place = find_municipality_at(session, 121_390, 487_360)
    assert place is not None
    assert place.name == "Amsterdam"


@pytest.mark.slow
def test_real_edition_replaces_the_approximate_one_and_not_the_reverse(
    session: Session, tmp_path: Path
) -> None:
    load_approximate_edition(session, PACKAGES, 2026)
    report = load_squares(session, tmp_path, make_squares(), 2024)
    assert (report.in_force, report.shift) == (2024, None)
    assert [each.edition for each in list_editions(session)] == [2024]
    with pytest.raises(Conflict, match="real edition 2024 is loaded"):
        load_approximate_edition(session, PACKAGES, 2026)


def test_missing_packages_are_reported_with_advice(session: Session, tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match=r"admin2\.json is missing; `make setup`"):
        load_approximate_edition(session, tmp_path, 2026)


@pytest.mark.slow
def test_approximate_edition_agrees_with_the_real_boundaries(session: Session, real_data: Path) -> None:
    """The figures of docs/municipalities.md; run with -s to see them."""
    load_edition(session, str(real_data / "boundaries" / BOUNDARIES[2024]), 2024)
    shares = {"area": _share_of_area(session)}
    _stage_places(session, real_data)
    real = _place(session)
    session.execute(text("DELETE FROM publication.municipality_edition"))
    load_approximate_edition(session, PACKAGES, 2026)
    near = _place(session)
    for kind in ("land", "address", "sensor"):
        ids = [one for one in real if one.startswith(kind)]
        shares[kind] = sum(near.get(one) == real[one] for one in ids) / len(ids)
        print(f"{kind}: {shares[kind]:.1%} of {len(ids)}")
    print(f"area: {shares['area']:.1%}")
    assert shares["area"] > 0.77
    assert shares["land"] > 0.79
    assert shares["address"] > 0.95
    assert shares["sensor"] > 0.85


def _share_of_area(session: Session) -> float:
    rows = session.execute(text("SELECT code, ST_AsBinary(boundary_rd) FROM publication.municipality"))
    real = {code: shapely.from_wkb(bytes(boundary)) for code, boundary in rows}
    near = {boundary.code: boundary.rd for boundary in approximate_boundaries(PACKAGES).boundaries}
    agreed = sum((real[code] & boundary).area for code, boundary in near.items())
    return agreed / sum(boundary.area for boundary in real.values())


def _stage_places(session: Session, real_data: Path) -> None:
    """Random points on land, real addresses, and real sensors, each named by its kind."""
    session.execute(text("CREATE TEMP TABLE staged (id text, point_rd geometry(Point, 28992))"))
    session.execute(
        text("""
            INSERT INTO staged
            SELECT 'land ' || (dumped).path[1], (dumped).geom FROM (
                SELECT ST_Dump(ST_GeneratePoints(ST_Union(boundary_rd), :points, 1)) AS dumped
                FROM publication.municipality) AS scattered
        """),
        {"points": POINTS},
    )
    files = {
        "address": ["addresses/bag_adressen_amsterdam_gokoala.csv"],
        "sensor": [
            "sensors/bgt_sensoren_denhaag_rotterdam.csv",
            "sensors/rivm_lml_stations_2014.csv",
            "sensors/knmi_neerslagstations.csv",
        ],
    }
    rows = [
        {"id": f"{kind} {name} {number}", "x": float(row["rd_x"]), "y": float(row["rd_y"])}
        for kind, names in files.items()
        for name in names
        for number, row in enumerate(read_rows(real_data / name))
        if row["rd_x"]
    ]
    session.execute(text("INSERT INTO staged VALUES (:id, ST_SetSRID(ST_MakePoint(:x, :y), 28992))"), rows)
    session.execute(text("CREATE INDEX ON staged USING gist (point_rd)"))
    session.execute(text("ANALYZE staged"))


def _place(session: Session) -> dict[str, str]:
    staged = table("staged", column("id"), column("point_rd"))
    return {row.id: row.code for row in session.execute(select_places(staged))}
