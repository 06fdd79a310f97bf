"""The law of the own table: written in whatever format and imported as it is, nothing changes."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args
from uuid import UUID

import openpyxl
import pytest
import shapely
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session

from app.access.context import ActionContext
from app.bootstrap.paths import GRID
from app.core.database import sqlalchemy_url, transaction
from app.core.errors import InvalidRequest
from app.core.i18n import Language
from app.exports.owner_table import TABLE_FORMATS, spool_registrations
from app.files.readers import open_source
from app.files.writers.schema import CSV, EXCEL, Format
from app.imports.pipeline import ImportOptions, ImportRun, run_import
from app.imports.report import ImportReport
from app.records.layouts import load_context, open_records
from app.sensors.fields import FIELD_BY_NAME
from app.sensors.registration.actions import register_sensor
from app.spatial.crs import Crs, add_grid
from tests.support.organisations import make_municipality, make_principal
from tests.support.registrations import list_registrations
from tests.support.sensors import load_cities, make_context, make_record

LANGUAGES: tuple[Language | None, ...] = (None, *get_args(Language))


@dataclass(frozen=True, slots=True)
class Office:
    """A municipality, and who acts for it."""

    engine: Engine
    owner: UUID
    context: ActionContext


@pytest.fixture(scope="module")
def office(module_database: str) -> Iterator[Office]:
    add_grid(GRID)
    engine = create_engine(sqlalchemy_url(module_database))
    with transaction(engine) as session:
        load_cities(session)
        owner = make_municipality(session)
        context = make_context(make_principal(session, owner))
    yield Office(engine, owner, context)
    engine.dispose()


@contextmanager
def register(office: Office, records: list[dict[str, Any]]) -> Iterator[Session]:
    """Registrations that are gone afterwards."""
    with Session(office.engine) as session:
        for record in records:
            register_sensor(session, office.context, {"owner": str(office.owner), **record}, Crs.CRS84)
        yield session
        session.rollback()


def write(session: Session, office: Office, form: Format, folder: Path, language: Language | None) -> Path:
    path = folder / f"own.{form.suffix}"
    spooled = spool_registrations(session, office.owner, form, language=language)
    path.write_bytes(spooled.content.read())
    spooled.close()
    return path


def check(session: Session, office: Office, path: Path) -> ImportReport:
    with session.begin_nested() as trial, open_source(path) as source:
        run = ImportRun(ImportOptions(owner=office.owner, complete=True))
        report = run_import(session, office.context, source, run)
        trial.rollback()
    return report


@pytest.mark.slow
@pytest.mark.parametrize("form", TABLE_FORMATS, ids=lambda form: form.name)
@settings(
    deadline=None,
    max_examples=8,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(records=list_registrations(), language=st.sampled_from(LANGUAGES))
@example(records=[make_record(reference="007", houseNumber="007", name="=1+1")], language=None)
def test_exported_table_imported_changes_nothing(
    office: Office, tmp_path: Path, form: Format, records: list[dict[str, Any]], language: Language | None
) -> None:
    with register(office, records) as session:
        path = write(session, office, form, tmp_path, language)
        report = check(session, office, path)
    assert list(report.problems) == []
    assert report.unused_headings == []
    assert report.assumptions == []
    counts = report.counts
    assert (counts.unchanged, counts.changed, counts.new, counts.ended) == (len(records), 0, 0, 0)
    # A field that the file omits would stay unchanged as well, so each field must be in the file.
    with Session(office.engine) as session:
        for given in read_given(session, office, path):
            # Where nothing has a fixed place, there is no geometry to read.
            assert set(FIELD_BY_NAME) - {"location"} <= given.keys()
        # Its numbers are not those of another register: none of these rows becomes a new sensor there.
        assert check(session, office, path).counts.refused == len(records)


def read_given(session: Session, office: Office, path: Path) -> Iterator[Mapping[str, Any]]:
    """Fields of each sensor as the file gives them."""
    reading_context = load_context(
        session, owner=office.owner, defaults={}, language="nl", today=office.context.today
    )
    with open_source(path) as source:
        for records in open_records(source, reading_context).read_records():
            yield from (record.given for record in records)


def test_changed_cell_imports_as_change(office: Office, tmp_path: Path) -> None:
    records = [make_record(reference="een", name="Oud"), make_record(reference="twee")]
    with register(office, records) as session:
        path = write(session, office, CSV, tmp_path, None)
        path.write_text(path.read_text().replace("Oud", "Nieuw"))
        counts = check(session, office, path).counts
        assert (counts.changed, counts.unchanged) == (1, 1)


def test_removed_row_of_complete_file_ends_sensor(office: Office, tmp_path: Path) -> None:
    records = [make_record(reference="een"), make_record(reference="twee")]
    with register(office, records) as session:
        path = write(session, office, CSV, tmp_path, None)
        path.write_text("".join(path.read_text().splitlines(keepends=True)[:-1]))
        counts = check(session, office, path).counts
        assert (counts.unchanged, counts.ended) == (1, 1)


def test_workbook_saved_again_changes_nothing(office: Office, tmp_path: Path) -> None:
    records = [
        make_record(reference="007", houseNumber="12", name="=1+1", heightM=3, heightReference="nap"),
        make_record(reference="8", placedFrom="2024-02-29", openData=False),
    ]
    with register(office, records) as session:
        path = write(session, office, EXCEL, tmp_path, "nl")
        openpyxl.load_workbook(path).save(path)
        assert check(session, office, path).counts.unchanged == len(records)


def test_area_too_long_for_excel_cell_is_refused(office: Office, tmp_path: Path) -> None:
    circle = shapely.Point(4.9, 52.37).buffer(0.01, quad_segs=300)
    record = make_record(mobility="mobile", location=None, operatingArea=shapely.geometry.mapping(circle))
    with register(office, [record]) as session:
        with pytest.raises(InvalidRequest) as refused:
            write(session, office, EXCEL, tmp_path, None)
        assert refused.value.problems[0].code == "too_long"
        path = write(session, office, CSV, tmp_path, None)
        assert check(session, office, path).counts.unchanged == 1
