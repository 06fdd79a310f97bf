"""Table of an organisation's own sensors: every field, for those who may change it, in common programs."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest
from httpx2 import Response
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from app.core.database import sqlalchemy_url
from app.exports.owner_table import TABLE_FORMATS
from app.sensors.fields import FIELDS
from app.sensors.registration.owner_table import count_registrations
from app.sensors.tables.register import sensor
from tests.support.application import make_client
from tests.support.concurrency import hold_slot, watch_slots
from tests.support.register import Register, make_today_record, open_register
from tests.support.sensors import DAM, ERASMUS_BRIDGE, make_camera

PATH = "/v1/exports"
AREA = {"type": "Polygon", "coordinates": [[[4.85, 52.35], [4.9, 52.35], [4.9, 52.38], [4.85, 52.35]]]}
PRECISE = [4.893212345678901, 52.37312345678901]


def fill(register: Register) -> None:
    """Sensors of Amsterdam, and two of a company: one under review in Amsterdam, one in Rotterdam."""
    today = make_today_record()
    dates = {name: today[name] for name in ("placedFrom", "activeUntil")}
    register.post(make_camera(**dates))
    register.register(
        reference="007",
        houseNumber="007",
        postcode="1012 JS",
        name='=1+1; "twee" | drie\nvier',
        heightM=12.5,
        heightReference="ground",
        openData=True,
        themes=["environment_noise", "mobility_car"],
        location={"type": "Point", "coordinates": PRECISE},
    )
    mobile = {"mobility": "mobile", "location": None}
    register.register(reference="bus-1", operatingArea=AREA, **mobile)
    register.register(reference="bus-2", operatingArea=["GM0363", "GM0344"], **mobile)
    for reference, place in (("dam", DAM), ("brug", ERASMUS_BRIDGE)):
        record = make_today_record(
            reference=reference, location={"type": "Point", "coordinates": list(place)}
        )
        answer = register.client.post("/v1/sensors", json=record, headers=register.company)
        assert answer.status_code == 201, answer.text


@pytest.fixture(scope="module")
def register(module_database: str) -> Iterator[Register]:
    with open_register(module_database) as register:
        fill(register)
        yield register


@pytest.fixture(scope="module")
def session(module_database: str) -> Iterator[Session]:
    engine = create_engine(sqlalchemy_url(module_database))
    with Session(engine) as session:
        yield session
    engine.dispose()


def export(register: Register, query: str = "", key: dict[str, str] | None = None) -> Response:
    return register.client.get(f"{PATH}?{query}", headers=register.officer if key is None else key)


def read_lines(answer: Response) -> dict[str, dict[str, str]]:
    assert answer.status_code == 200, answer.text
    lines = csv.DictReader(io.StringIO(answer.content.decode(), newline=""))
    return {line["reference"]: line for line in lines}


def find_owner(session: Session, reference: str) -> str:
    return str(session.scalar(select(sensor.c.owner_id).where(sensor.c.reference == reference)))


@pytest.mark.parametrize("form", TABLE_FORMATS, ids=lambda form: form.name)
def test_each_format_is_a_file_without_caching(register: Register, form: Any) -> None:
    for answer in (
        export(register, f"f={form.suffix}"),
        export(register, f"f={form.name}"),
        export(register, key={**register.officer, "Accept": form.media_type}),
    ):
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == form.media_type
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["content-disposition"] == f'attachment; filename="registrations.{form.suffix}"'
        assert int(answer.headers["content-length"]) == len(answer.content)


def test_exported_csv_has_a_column_for_each_field(register: Register) -> None:
    line = read_lines(export(register, "f=csv"))["007"]
    names = {field.name for field in FIELDS} - {"location"}
    assert set(line) == names | {"longitude", "latitude", "publicCode", "registrationStatus"}


def test_values_are_those_registered(register: Register) -> None:
    lines = read_lines(export(register, "f=csv"))
    assert list(lines) == ["007", "bus-1", "bus-2", "camera-001"]
    line = lines["007"]
    assert [float(line["longitude"]), float(line["latitude"])] == PRECISE
    assert line["houseNumber"] == "007"
    assert line["name"] == '\'=1+1; "twee" | drie\nvier'
    assert line["themes"] == "environment_noise|mobility_car"
    assert (line["heightM"], line["openData"], line["operatingArea"]) == ("12.5", "true", "")
    assert line["registrationStatus"] == "published"
    assert (lines["bus-1"]["longitude"], lines["bus-1"]["latitude"]) == ("", "")
    assert lines["bus-1"]["operatingArea"] == "MULTIPOLYGON(((4.85 52.35,4.9 52.35,4.9 52.38,4.85 52.35)))"
    assert lines["bus-2"]["operatingArea"] == "GM0363|GM0344"
    # The field of view was computed by the register, and is computed again.
    assert (lines["camera-001"]["viewAngleDeg"], lines["camera-001"]["observedArea"]) == ("60", "")


def test_excel_has_texts_numbers_and_days(register: Register) -> None:
    workbook = openpyxl.load_workbook(io.BytesIO(export(register, "lang=nl").content))
    heading, *rows = workbook.worksheets[0].iter_rows()
    names = [cell.value for cell in heading]
    first = dict(zip(names, rows[0], strict=True))
    assert first["Referentie"].value == first["Huisnummer"].value == "007"
    assert str(first["Naam"].value).startswith("=1+1")
    assert first["Naam"].data_type == "s"
    assert first["Hoogte"].value == 12.5
    assert isinstance(first["Geplaatst vanaf"].value, datetime)
    assert first["Open data"].value is True
    # More digits than Excel shows.
    assert float(str(first["longitude"].value)) == PRECISE[0]


def test_geojson_has_geometries(register: Register) -> None:
    document = json.loads(export(register, "f=geojson").content)
    features = {feature["id"]: feature for feature in document["features"]}
    assert features["007"]["geometry"] == {"type": "Point", "coordinates": PRECISE}
    assert features["007"]["properties"]["reference"] == "007"
    assert features["bus-1"]["geometry"] is None
    area = features["bus-1"]["properties"]["operatingArea"]
    assert area == {"type": "MultiPolygon", "coordinates": [AREA["coordinates"]]}
    assert features["bus-2"]["properties"]["operatingArea"] == ["GM0363", "GM0344"]
    assert features["camera-001"]["properties"]["observedArea"] is None


def test_parquet_has_lists_and_no_geometry_of_mobile_sensors(register: Register) -> None:
    table = pq.read_table(io.BytesIO(export(register, "f=parquet&lang=en").content))
    rows = {row["Reference"]: row for row in table.to_pylist()}
    assert rows["007"]["Themes"] == ["environment_noise", "mobility_car"]
    assert rows["bus-1"]["geometry"] is None


def test_version_under_review_takes_precedence(register: Register, session: Session) -> None:
    key = register.company
    lines = read_lines(export(register, "f=csv", key=key))
    assert {line["registrationStatus"] for line in lines.values()} == {"submitted"}
    assert list(lines) == ["brug", "dam"]


def test_municipality_gets_registrations_inside_its_boundary(register: Register, session: Session) -> None:
    owner = find_owner(session, "dam")
    assert list(read_lines(export(register, f"f=csv&owner={owner}"))) == ["dam"]
    assert count_registrations(session, owner, frozenset({"GM0363"})) == 1  # type: ignore[arg-type]


def test_export_by_another_organisation_is_refused(register: Register, session: Session) -> None:
    owner = find_owner(session, "bus-1")
    assert export(register, f"owner={owner}", key=register.company).status_code == 403
    assert export(register, f"owner={owner}", key={}).status_code == 401


def test_export_with_wrong_parameters_is_refused(register: Register) -> None:
    for query, location in (
        ("owner=7", "owner"),
        ("f=pdf", "f"),
        ("lang=fr", "lang"),
        ("language=nl", "language"),
    ):
        answer = export(register, query)
        assert answer.status_code == 400, query
        assert [problem["location"] for problem in answer.json()["errors"]] == [location]
    errors = export(register, "owner=7&f=pdf&lang=fr&language=nl").json()["errors"]
    assert sorted(problem["location"] for problem in errors) == ["f", "lang", "language", "owner"]
    (problem,) = export(register, "lang=fr").json()["errors"]
    assert problem["code"] == "unknown_language"
    missing = "00000000-0000-7000-8000-000000000000"
    assert export(register, f"owner={missing}").status_code == 404


def test_export_without_free_slot_is_unavailable_with_retry_after(
    register: Register, module_database: str
) -> None:
    with make_client(module_database, stream_connections=1) as client:
        other = Register(client, register.officer, register.company)
        assert export(other, "f=csv").status_code == 200
        with hold_slot(client, "export_limiter"):
            answer = export(other, "f=csv")
            assert answer.status_code == 503
            assert answer.headers["retry-after"]
        assert export(other, "f=csv").status_code == 200


def test_request_waiting_for_slot_holds_no_connection(
    register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = watch_slots(register.client, "export_limiter", monkeypatch)
    assert export(register, "f=csv").status_code == 200
    assert held == [0]
