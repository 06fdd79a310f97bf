"""An import from file to register, and what it tells of the rows it does not take."""

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
from app.imports.pipeline import ImportOptions, run_import
from app.imports.problems import MAX_STORED_PROBLEMS
from app.imports.report import ImportReport, Progress
from app.imports.tables import SensorImport
from app.sensors.tables.register import sensor, sensor_version
from app.spatial.crs import add_grid
from tests.support.organisations import make_municipality, make_principal
from tests.support.sensors import TODAY, load_cities, make_context

FIELDS = "reference sensorType measures purpose themes personalData mobility latitude longitude placedFrom activeUntil"
HEADINGS = FIELDS.replace(" ", ";")
SOUND = "Geluidsensor;Geluid in dB;Weten hoe luid het is;Milieu: geluid;Nee;Vast"

Import = Callable[..., ImportReport]


def make_line(number: int, *, latitude: str = "52,3731", kind: str = SOUND, until: str | None = None) -> str:
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
def bring_in(session: Session, owner: UUID, officer: Principal, tmp_path: Path) -> Import:
    """Imports lines below the headings; with `write=False` only checks them."""

    def bring_in(
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
            return run_import(
                session,
                make_context(officer),
                source,
                options or ImportOptions(owner),
                import_id=import_id,
                **more,
            )

    return bring_in


def count_versions(session: Session) -> int:
    return session.scalars(select(func.count()).select_from(sensor_version)).one()


def test_sound_rows_are_registered_and_told(session: Session, bring_in: Import) -> None:
    heard: list[Progress] = []
    report = bring_in(*map(make_line, range(7)), report=heard.append)
    assert (report.format, report.layout, report.rows) == ("csv", "own", 7)
    assert (report.counts.new, report.counts.refused, report.applied) == (7, 0, True)
    assert report.digest
    assert [progress.stage for progress in heard] == ["reading", "assessing", "writing"]
    assert heard[-1].rows_written == 7
    assert count_versions(session) == 7


def test_without_an_import_to_write_under_nothing_is_written(session: Session, bring_in: Import) -> None:
    report = bring_in(make_line(1), write=False)
    assert (report.counts.new, report.applied) == (1, False)
    assert count_versions(session) == 0


def test_whoever_is_shown_what_was_found_can_still_decide_against_it(
    session: Session, bring_in: Import
) -> None:
    shown: list[ImportReport] = []

    def refuse(report: ImportReport) -> bool:
        shown.append(replace(report))
        return False

    assert not bring_in(make_line(1), confirm=refuse).applied
    assert shown[0].counts.new == 1
    assert count_versions(session) == 0


def test_a_problem_stands_under_the_heading_and_in_the_row_of_the_file(bring_in: Import) -> None:
    kind = SOUND.replace("Geluidsensor", "Geluidsensr")
    report = bring_in(make_line(1), make_line(2, kind=kind, until="ooit"))
    assert [(one.origin.row, one.heading, one.problem.code) for one in report.problems] == [
        (3, "sensorType", "unknown_term"),
        (3, "activeUntil", "date"),
    ]
    assert (report.counts.new, report.counts.refused, report.applied) == (1, 1, False)


def test_valid_rows_go_through_when_that_is_asked(session: Session, owner: UUID, bring_in: Import) -> None:
    lines = [make_line(1), make_line(2, latitude="nergens"), make_line(3)]
    report = bring_in(*lines, options=ImportOptions(owner, "valid_rows"))
    assert (report.counts.new, report.counts.refused, report.applied) == (2, 1, True)
    assert set(session.scalars(select(sensor.c.reference))) == {"paal-1", "paal-3"}


def test_what_cannot_be_read_is_told_once(bring_in: Import) -> None:
    report = bring_in(make_line(2, latitude="nergens"))
    assert [one.problem.location for one in report.problems] == ["/location"]


def test_what_the_file_has_no_place_for_is_asked_once_for_all_rows(owner: UUID, bring_in: Import) -> None:
    headings = "Category;Name;Description;Latitude;Longitude;Height"
    line = "Sensor;Luchtmeter 1;Meet de lucht;52.3731;4.8932;999.99"
    missing = bring_in(line, headings=headings)
    told = {one.field: one.problem.detail.nl for one in missing.problems if one.problem.code == "required"}
    assert told
    assert all(f"--set {name}=" in sentence for name, sentence in told.items())
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
    filled = bring_in(line, headings=headings, options=ImportOptions(owner, defaults=defaults))
    assert (filled.problems, filled.applied) == ([], True)


def test_more_problems_than_anyone_mends_are_counted(bring_in: Import) -> None:
    report = bring_in(
        *(make_line(number, until="ooit") for number in range(MAX_STORED_PROBLEMS + 500)), write=False
    )
    assert report.counts.refused == MAX_STORED_PROBLEMS + 500
    assert len(report.problems) == MAX_STORED_PROBLEMS
    assert report.totals["date", "activeUntil", False] == MAX_STORED_PROBLEMS + 500


def test_a_row_that_may_be_any_sensor_ends_nothing(session: Session, owner: UUID, bring_in: Import) -> None:
    bring_in(*map(make_line, range(5)))
    lines = [make_line(0), make_line(1).removeprefix("paal-1"), make_line(2, latitude="nergens")]
    sound = ImportOptions(owner, "valid_rows", complete=True)
    report = bring_in(*lines, make_line(9), options=sound)
    assert (report.counts.new, report.counts.refused, report.counts.ended) == (1, 2, 0)
    assert (report.applied, report.ended_references) == (True, ())
    (said,) = [one for one in report.assumptions if "beëindigd" in one.nl]
    assert said.nl == (
        "Er wordt niets beëindigd: van 1 geweigerde rij (3) is niet te zeggen welke sensor het is. "
        "Verbeter eerst eigenaar en referentie."
    )
    assert said.en == (
        "Nothing is ended: of 1 refused row (3) it cannot be told which sensor it is. "
        "Mend owner and reference first."
    )
    removed = select(func.count()).where(sensor_version.c.removed_on.is_not(None))
    assert session.scalar(removed) == 0
    # A row whose mistake is elsewhere says well enough that its sensor is there.
    known = bring_in(make_line(0), make_line(2, latitude="nergens"), options=sound)
    assert known.ended_references == ("paal-1", "paal-3", "paal-4", "paal-9")
    assert not [one for one in known.assumptions if "beëindigd" in one.nl]


def test_of_many_rows_that_may_be_any_sensor_the_first_are_named(owner: UUID, bring_in: Import) -> None:
    lines = [make_line(number).removeprefix(f"paal-{number}") for number in range(30)]
    report = bring_in(*lines, write=False, options=ImportOptions(owner, complete=True))
    (said,) = [one.en for one in report.assumptions if "ended" in one.en]
    named = ", ".join(str(row) for row in range(2, 22))
    assert f"of 30 refused rows ({named}, …) it cannot be told which sensors they are" in said


def test_what_a_whole_register_lacks_is_ended(session: Session, owner: UUID, bring_in: Import) -> None:
    bring_in(*map(make_line, range(5)))
    whole = ImportOptions(owner, complete=True)
    found = bring_in(*map(make_line, range(3)), write=False, options=whole)
    assert (found.counts.ended, found.ended_references) == (2, ("paal-3", "paal-4"))
    assert count_versions(session) == 5
    assert bring_in(*map(make_line, range(3)), options=whole).counts.ended == 2
    ended = select(sensor_version.c.reference).where(
        sensor_version.c.removed_on == TODAY, sensor_version.c.superseded_at.is_(None)
    )
    assert set(session.scalars(ended)) == {"paal-3", "paal-4"}
    # One bad night at the source: what is there again is there.
    again = bring_in(*map(make_line, range(4)), options=whole)
    assert (again.counts.changed, again.counts.unchanged, again.counts.ended) == (1, 3, 0)
    assert set(session.scalars(ended)) == {"paal-4"}
    # Of a part nobody says that all of it stands.
    assert bring_in(make_line(4)).counts.unchanged == 1
    assert set(session.scalars(ended)) == {"paal-4"}
