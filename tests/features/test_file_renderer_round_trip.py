"""The public export handed in again: no sensor is new, moved or changed, in whatever format."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from app.core.clock import dutch_date
from app.core.database import sqlalchemy_url
from app.files.readers import open_source
from app.imports.pipeline import ImportOptions, ImportRun, run_import
from app.imports.report import ImportReport
from tests.support.organisations import make_principal
from tests.support.register import Register, make_today_record, open_register
from tests.support.sensors import make_camera, make_context


@pytest.fixture(scope="module")
def filled(module_database: str) -> Iterator[tuple[Register, str]]:
    with open_register(module_database) as register:
        dates = {name: make_today_record()[name] for name in ("placedFrom", "activeUntil")}
        exact = {"type": "Point", "coordinates": [4.8931234567890123, 52.3731234567890123]}
        area = {
            "type": "Polygon",
            "coordinates": [[[4.85, 52.35], [4.9, 52.35], [4.9, 52.37], [4.85, 52.37], [4.85, 52.35]]],
        }
        for record in (
            make_camera(**dates, location=exact, postcode="1012 JS", houseNumber="007"),
            make_today_record(
                reference="007", name="=1+1", location=exact, heightM=3.25, heightReference="nap"
            ),
            make_today_record(reference="mobiel", mobility="mobile", location=None, operatingArea=area),
            make_today_record(
                reference="gemeente", mobility="mobile", location=None, operatingArea=["GM0363"]
            ),
            make_today_record(
                reference="vaag", visibility="generalised", visibilityReason="Veiligheid", houseNumber="12-1"
            ),
        ):
            answer = register.post(record)
            assert answer.status_code == 201, answer.text
        yield register, module_database


@pytest.mark.parametrize("form", ["csv", "geojson", "geopackage", "geoparquet", "xlsx"])
def test_public_export_handed_in_again_changes_nothing(
    filled: tuple[Register, str], tmp_path: Path, form: str
) -> None:
    register, url = filled
    address = f"/v1/collections/sensors/items?f={'json' if form == 'geojson' else form}&limit=1000"
    path = tmp_path / f"sensors.{form}"
    path.write_bytes(register.client.get(address).content)
    report = check(url, path)
    assert list(report.problems) == []
    assert (report.rows, report.counts.unchanged) == (5, 5)


def check(url: str, path: Path) -> ImportReport:
    engine = create_engine(sqlalchemy_url(url))
    with Session(engine) as session, open_source(path) as source:
        owner: UUID = session.execute(text("SELECT DISTINCT owner_id FROM register.sensor")).scalar_one()
        context = make_context(make_principal(session, owner), dutch_date())
        report = run_import(session, context, source, ImportRun(ImportOptions(owner)))
        session.rollback()
    engine.dispose()
    return report
