"""An import from file to register, and its report of refused rows."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from app.access.principal import Principal
from app.bootstrap.paths import GRID
from app.files.readers import open_source
from app.imports.pipeline import ImportOptions, ImportRun, run_import
from app.imports.problems import MAX_STORED_PROBLEMS
from app.imports.report import ImportReport, Progress
from app.imports.tables import SensorImport
from app.sensors.tables.register import sensor, sensor_version
from app.spatial.crs import add_grid
from tests.support.organisations import make_municipality, make_principal
from tests.support.sensors import TODAY, load_cities, make_context

FIELDS = "reference sensorType measures purpose themes personalData mobility latitude longitude placedFrom activeUntil"
HEADINGS = FIELDS.replace(" ", ";")
VALUES = "Geluidsensor;Geluid in dB;Weten hoe luid het is;Milieu: geluid;Nee;Vast"

Import = Callable[..., ImportReport]


def make_line(number: int, *, latitude: str = "52,3731", kind: str = VALUES, until: str | None = None) -> str:
    day = until or (TODAY + timedelta(days=700)).isoformat()
    return f"paal-{number};{kind};{latitude};4,8932;{TODAY.isoformat()};{day}"


@pytest.fixture
def owner(session: Session) -> UUID:
    add_grid(GRID)
    load_cities(session)
    return make_municipality(session)


@pytest.fixture
def officer(session: Session, owner: UUID) -> Principal:
    return make_principal(session, owner)


@pytest.fixture
def import_lines(session: Session, owner: UUID, officer: Principal, tmp_path: Path) -> Import:
    """Imports lines below the headings; with `write=False` only checks them."""

    def import_lines(
        *lines: str,
        write: bool = True,
        headings: str = HEADINGS,
        options: ImportOptions | None = None,
        **more: Any,
    ) -> ImportReport:
        path = tmp_path / "sensoren.csv"
        path.write_text("\n".join([headings, *lines]), encoding="utf-8")
        import_id = None
        if write:
            values = {"owner_id": owner, "file_name": path.name, "size_bytes": 1, "sha256": "-"}
            import_id = session.scalar(insert(SensorImport).values(values).returning(SensorImport.id))
        with open_source(path) as source:
            run = ImportRun(options or ImportOptions(owner), import_id, **more)
            return run_import(session, make_context(officer), source, run)

    return import_lines


def count_versions(session: Session) -> int:
    return session.scalars(select(func.count()).select_from(sensor_version)).one()


def test_run_import_valid_rows_are_registered_and_reported(session: Session, import_lines: Import) -> None:
    reported: list[Progress] = []
    report = import_lines(*map(make_line, range(7)), report_progress=reported.append)
    assert (report.format, report.layout, report.rows) == ("csv", "own", 7)
    assert (report.counts.new, report.counts.refused, report.applied) == (7, 0, True)
    assert report.digest
    assert [progress.stage for progress in reported] == ["reading", "assessing", "writing"]
    assert reported[-1].rows_written == 7
    assert count_versions(session) == 7


def test_run_import_without_import_id_writes_nothing(session: Session, import_lines: Import) -> None:
    report = import_lines(make_line(1), write=False)
    assert (report.counts.new, report.applied) == (1, False)
    assert count_versions(session) == 0


def test_run_import_unconfirmed_writes_nothing(session: Session, import_lines: Import) -> None:
    shown: list[ImportReport] = []

    def refuse(report: ImportReport) -> bool:
        shown.append(replace(report))
        return False

    assert not import_lines(make_line(1), confirm=refuse).applied
    assert shown[0].counts.new == 1
    assert count_versions(session) == 0


def test_problem_has_row_and_heading_of_the_file(import_lines: Import) -> None:
    kind = VALUES.replace("Geluidsensor", "Geluidsensr")
    report = import_lines(make_line(1), make_line(2, kind=kind, until="ooit"))
    assert [(one.origin.row, one.heading, one.problem.code) for one in report.problems] == [
        (3, "sensorType", "unknown_value"),
        (3, "activeUntil", "invalid_date"),
    ]
    assert (report.counts.new, report.counts.refused, report.applied) == (1, 1, False)


def test_run_import_mode_valid_rows_imports_rows_without_problems(
    session: Session, owner: UUID, import_lines: Import
) -> None:
    lines = [make_line(1), make_line(2, latitude="nergens"), make_line(3)]
    report = import_lines(*lines, options=ImportOptions(owner, "valid_rows"))
    assert (report.counts.new, report.counts.refused, report.applied) == (2, 1, True)
    assert set(session.scalars(select(sensor.c.reference))) == {"paal-1", "paal-3"}


def test_unreadable_value_is_reported_once(import_lines: Import) -> None:
    report = import_lines(make_line(2, latitude="nergens"))
    assert [one.problem.location for one in report.problems] == ["/location"]


def test_required_field_without_column_advises_default(owner: UUID, import_lines: Import) -> None:
    headings = "Category;Name;Description;Latitude;Longitude;Height"
    line = "Sensor;Luchtmeter 1;Meet de lucht;52.3731;4.8932;999.99"
    missing = import_lines(line, headings=headings)
    details = {one.field: one.problem.detail.nl for one in missing.problems if one.problem.code == "required"}
    assert details
    assert all(f"({name})" in detail for name, detail in details.items())
    defaults = {
        "sensorType": "chemical",
        "measures": "Fijnstof",
        "purpose": "Weten hoe schoon de lucht is",
        "themes": "environment_substances",
        "personalData": "none",
        "placedFrom": TODAY.isoformat(),
        "activeUntil": (TODAY + timedelta(days=300)).isoformat(),
        "mobility": "fixed",
    }
    filled = import_lines(line, headings=headings, options=ImportOptions(owner, defaults=defaults))
    assert (filled.problems, filled.applied) == ([], True)


def test_problems_above_maximum_are_counted(import_lines: Import) -> None:
    report = import_lines(
        *(make_line(number, until="ooit") for number in range(MAX_STORED_PROBLEMS + 500)), write=False
    )
    assert report.counts.refused == MAX_STORED_PROBLEMS + 500
    assert len(report.problems) == MAX_STORED_PROBLEMS
    assert report.totals["invalid_date", "activeUntil", False] == MAX_STORED_PROBLEMS + 500


def test_complete_file_with_ambiguous_row_ends_nothing(
    session: Session, owner: UUID, import_lines: Import
) -> None:
    import_lines(*map(make_line, range(5)))
    lines = [make_line(0), make_line(1).removeprefix("paal-1"), make_line(2, latitude="nergens")]
    valid_rows = ImportOptions(owner, "valid_rows", complete=True)
    report = import_lines(*lines, make_line(9), options=valid_rows)
    assert (report.counts.new, report.counts.refused, report.counts.ended) == (1, 2, 0)
    assert (report.applied, report.ended_references) == (True, ())
    (assumption,) = [one for one in report.assumptions if "beëindigd" in one.nl]
    assert assumption.nl == (
        "Er wordt geen sensor beëindigd: bij 1 geweigerde rij (3) is niet duidelijk om welke sensor het gaat. "
        "Verbeter eerst de eigenaar en de referentie."
    )
    assert assumption.en == (
        "No sensor is ended: for 1 refused row (3) it is not clear which sensor it describes. "
        "Correct the owner and the reference first."
    )
    removed = select(func.count()).where(sensor_version.c.removed_on.is_not(None))
    assert session.scalar(removed) == 0
    # A refused row with a valid owner and reference still counts as present.
    known = import_lines(make_line(0), make_line(2, latitude="nergens"), options=valid_rows)
    assert known.ended_references == ("paal-1", "paal-3", "paal-4", "paal-9")
    assert not [one for one in known.assumptions if "beëindigd" in one.nl]


def test_ambiguous_rows_above_maximum_are_abbreviated(owner: UUID, import_lines: Import) -> None:
    lines = [make_line(number).removeprefix(f"paal-{number}") for number in range(30)]
    report = import_lines(*lines, write=False, options=ImportOptions(owner, complete=True))
    (assumption,) = [one.en for one in report.assumptions if "ended" in one.en]
    named = ", ".join(str(row) for row in range(2, 22))
    assert f"for 30 refused rows ({named}, …) it is not clear which sensors they describe" in assumption


def test_complete_file_ends_missing_sensors(session: Session, owner: UUID, import_lines: Import) -> None:
    import_lines(*map(make_line, range(5)))
    complete = ImportOptions(owner, complete=True)
    found = import_lines(*map(make_line, range(3)), write=False, options=complete)
    assert (found.counts.ended, found.ended_references) == (2, ("paal-3", "paal-4"))
    assert count_versions(session) == 5
    assert import_lines(*map(make_line, range(3)), options=complete).counts.ended == 2
    ended = select(sensor_version.c.reference).where(
        sensor_version.c.removed_on == TODAY, sensor_version.c.superseded_at.is_(None)
    )
    assert set(session.scalars(ended)) == {"paal-3", "paal-4"}
    # A sensor that is in the next complete file again is no longer ended.
    again = import_lines(*map(make_line, range(4)), options=complete)
    assert (again.counts.changed, again.counts.unchanged, again.counts.ended) == (1, 3, 0)
    assert set(session.scalars(ended)) == {"paal-4"}
    # A file that is not complete ends nothing.
    assert import_lines(make_line(4)).counts.unchanged == 1
    assert set(session.scalars(ended)) == {"paal-4"}
