"""Provinces of municipalities of which an edition does not name them."""

import logging
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.bootstrap.paths import ROOT
from app.municipalities.editions import LoadOptions
from app.municipalities.first_edition import ensure_municipalities
from app.municipalities.province_assignment import fill_missing_provinces
from app.municipalities.queries import load_directory
from tests.support.sensors import load_cities

PACKAGES = ROOT / "node_modules"
PROVINCES = {
    "GM0344": "Utrecht",
    "GM0363": "Noord-Holland",
    "GM0518": "Zuid-Holland",
    "GM0599": "Zuid-Holland",
    "GM0772": "Noord-Brabant",
}


def read_provinces(session: Session) -> dict[str, str | None]:
    return {one.code: one.province for one in load_directory(session).municipalities}


def test_edition_without_provinces_takes_those_of_most_towns(session: Session) -> None:
    load_cities(session, options=LoadOptions(packages=PACKAGES))

    assert read_provinces(session) == PROVINCES


def test_loaded_edition_without_provinces_is_completed_at_the_next_start(session: Session) -> None:
    load_cities(session)
    assert set(read_provinces(session).values()) == {None}

    assert ensure_municipalities(session, PACKAGES, 2026) is None

    assert read_provinces(session) == PROVINCES


def test_province_of_a_municipality_without_towns_is_that_of_the_nearest(session: Session) -> None:
    load_cities(session)
    # A square kilometre of water in the Wadden Sea, north of Friesland.
    session.execute(
        text("""
            UPDATE publication.municipality SET boundary_rd =
                ST_Multi(ST_MakeEnvelope(170000, 612000, 171000, 613000, 28992)) WHERE code = 'GM0344'
        """)
    )

    assert fill_missing_provinces(session, PACKAGES) == 5
    assert read_provinces(session)["GM0344"] == "Fryslân"


def test_provinces_that_an_edition_names_stay(session: Session) -> None:
    load_cities(session)
    session.execute(text("UPDATE publication.municipality SET province = 'Limburg'"))

    assert fill_missing_provinces(session, PACKAGES) == 0
    assert set(read_provinces(session).values()) == {"Limburg"}


def test_without_the_package_the_log_says_what_is_not_known(
    session: Session, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    load_cities(session)

    with caplog.at_level(logging.WARNING):
        assert fill_missing_provinces(session, tmp_path) == 0

    assert "the provinces of 5 municipalities are not known" in caplog.text
