"""Cells that Excel changed, and numbers that it shows otherwise, from workbook to register."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.bootstrap.paths import GRID
from app.files.readers import open_source
from app.imports.pipeline import ImportOptions, ImportRun, run_import
from app.imports.report import ImportReport
from app.imports.tables import SensorImport
from app.records.layouts import is_known_heading
from app.sensors.tables.register import sensor, sensor_version
from app.spatial.crs import add_grid
from tests.support.organisations import make_municipality, make_principal
from tests.support.sensors import load_cities, make_context

FILLED = {
    "Referentie": "A1",
    "Soort sensor": "Geluidsensor",
    "Wat meet de sensor?": "Geluid in dB",
    "Waarvoor meet u dat?": "Weten hoe luid het is",
    "Thema 1": "Milieu: geluid",
    "Worden er persoonsgegevens verwerkt?": "Nee",
    "Vast of mobiel": "Vast",
    "Breedtegraad": 52.3731,
    "Lengtegraad": 4.8932,
    "Geplaatst vanaf": "2026-10-01",
    "Wordt verwijderd op": "2028-10-01",
}

Import = Callable[..., ImportReport]


@pytest.fixture
def owner(session: Session) -> UUID:
    add_grid(GRID)
    load_cities(session)
    return make_municipality(session)


@pytest.fixture
def import_workbook(session: Session, owner: UUID, tmp_path: Path) -> Import:
    """Imports one row below a title, with some cells as value and number format."""

    def import_workbook(*, is_1904: bool = False, **cells: tuple[Any, str]) -> ImportReport:
        row = FILLED | {heading.replace("_", " "): cell for heading, cell in cells.items()}
        book = openpyxl.Workbook()
        book.epoch = CALENDAR_MAC_1904 if is_1904 else CALENDAR_WINDOWS_1900
        sheet = book.worksheets[0]
        sheet.append(["Sensoren van 2026"])
        sheet.append(list(row))
        for column, cell in enumerate(row.values(), start=1):
            value, number_format = cell if isinstance(cell, tuple) else (cell, "General")
            sheet.cell(3, column, value).number_format = number_format
        book.save(tmp_path / "sensoren.xlsx")
        values = {"owner_id": owner, "file_name": "sensoren.xlsx", "size_bytes": 1, "sha256": "-"}
        import_id = session.scalar(insert(SensorImport).values(values).returning(SensorImport.id))
        with open_source(tmp_path / "sensoren.xlsx", is_heading=is_known_heading) as source:
            run = ImportRun(ImportOptions(owner), import_id)
            return run_import(session, make_context(make_principal(session, owner)), source, run)

    return import_workbook


def list_problems(report: ImportReport) -> list[tuple[int, str | None, str, object]]:
    return [
        (one.origin.row, one.heading, one.problem.code, one.problem.value)
        for one in report.problems
        if not one.is_warning
    ]


def test_text_column_gets_what_the_cell_shows(session: Session, import_workbook: Import) -> None:
    report = import_workbook(Referentie=(42, "00000"), Naam=(2.1, "0.00"), Huisnummer=(12, "0"))
    assert list_problems(report) == []
    columns = sensor.c.reference, sensor_version.c.name, sensor_version.c.house_number
    assert session.execute(
        select(*columns).join_from(sensor, sensor_version, sensor.c.id == sensor_version.c.sensor_id)
    ).all() == [("00042", "2.10", "12")]


def test_number_column_gets_the_number_whatever_is_shown(session: Session, import_workbook: Import) -> None:
    report = import_workbook(Breedtegraad=(52.3731001, "0.00"), Lengtegraad=(4.8932001, '0.0" graden"'))
    assert list_problems(report) == []
    (point,) = session.scalars(select(sensor_version.c.location.ST_AsText()))
    assert point == "POINT(4.8932001 52.3731001)"


@pytest.mark.parametrize(
    ("heading", "cell", "code"),
    [
        ("Model", (0.5208333333333334, "h:mm:ss"), "time_of_day"),
        ("Referentie", (8.931440301234568e18, "0"), "digits_lost"),
        ("Referentie", (7e23, "General"), "digits_lost"),
        ("Naam", (12e5, "0.00E+00"), "wrong_type"),
        ("Referentie", (12e5, "0.00E+00"), "wrong_type"),
        ("Naam", ("#N/A", "General"), "formula_error"),
        ("Breedtegraad", ("#REF!", "General"), "formula_error"),
    ],
)
def test_cell_that_excel_changed_is_refused(
    import_workbook: Import, heading: str, cell: tuple[object, str], code: str
) -> None:
    report = import_workbook(**{heading: cell})
    assert (report.counts.new, report.counts.refused) == (0, 1)
    assert [found[:3] for found in list_problems(report)] == [(3, heading, code)]


def test_numbers_of_days_count_from_1904_in_a_workbook_of_1904(
    session: Session, import_workbook: Import
) -> None:
    assert list_problems(import_workbook(is_1904=True, Geplaatst_vanaf=(44834, "General"))) == []
    (day,) = session.scalars(select(sensor_version.c.placed_from))
    assert day.isoformat() == "2026-10-01"
