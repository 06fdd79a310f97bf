"""Imports of lists in an organisation's own form, by a mapping of their headings."""

import json
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from sqlalchemy import select

from app.core.database import transaction
from app.imports.mapping_storage import list_mappings, store_mapping
from app.imports.tables import SensorImport
from app.organisations.queries import choose_organisation
from app.records.layouts import HeadingMapping
from tests.support.import_client import Document, ImportClient, make_rows, open_import_client, write_csv

OWN = {"reference": "Objectnr", "sensorType": "Soort", "latitude": "NB", "longitude": "OL"}
"""Own headings of fields; the other fields are values of the mapping."""


@pytest.fixture
def client(fresh_database: str) -> Iterator[ImportClient]:
    with open_import_client(fresh_database) as client:
        yield client


def make_list(number: int) -> bytes:
    """An own list below a title, with a column that no one maps."""
    rows = [
        {heading: row[name] for name, heading in OWN.items()} | {"Soort": "Dome", "Wijk": "Centrum"}
        for row in make_rows(number)
    ]
    return b"Lijst van beheer;;;;\n" + write_csv(rows)


def make_mapping(name: str | None = None) -> HeadingMapping:
    (row,) = make_rows(1)
    columns = {heading: (field,) for field, heading in OWN.items()} | {"Wijk": ()}
    values = {field: value for field, value in row.items() if field not in OWN}
    return HeadingMapping(columns, values, {"sensorType": {"dome": "sound"}}, name=name)


def count(document: Document) -> tuple[str, int, int]:
    counts = document["counts"]
    return document["layout"], counts["new"], counts["refused"]


def test_list_with_unknown_headings_fails_by_that_code(client: ImportClient) -> None:
    document = client.submit_and_run(make_list(2))
    assert (document["status"], document["failureCode"]) == ("failed", "unknown_headings")


def test_mapping_of_the_upload_is_used_and_stays_with_the_import(client: ImportClient) -> None:
    mapping = quote(json.dumps(make_mapping().write_document()))
    document = client.submit_and_run(make_list(3), f"fileName=lijst.csv&mapping={mapping}&apply=true")
    assert (document["status"], count(document)) == ("applied", ("mapped", 3, 0))
    assert document["unusedHeadings"] == ["Wijk"]
    (table,) = document["account"]["tables"]
    assert table["headingRow"] == 2
    assert [column.get("fields") for column in table["columns"]] == [
        ["reference"],
        ["sensorType"],
        ["location"],
        ["location"],
        [],
    ]
    assert document["mapping"] == make_mapping().write_document()
    assert "Wijk" in client.get(document, "/remarks").text


def test_stored_mapping_is_used_by_name_and_by_its_headings(client: ImportClient) -> None:
    with transaction(client.engine) as session:
        store_mapping(session, choose_organisation(session, "GM0363"), make_mapping("Camera's"))
    for query in ("", "mapping=Camera%27s"):
        document = client.submit_and_run(make_list(2), query)
        assert (document["status"], document["mappingName"]) == ("checked", "Camera's")
        assert count(document) == ("mapped", 2, 0)
    unknown = client.upload(make_list(2), "mapping=Cameras")
    (problem,) = unknown.json()["errors"]
    assert (unknown.status_code, problem["suggestion"]) == (400, "Camera's")


def test_mapping_with_problems_is_refused_with_all_of_them(client: ImportClient) -> None:
    answer = client.upload(b"x", "mapping=" + quote('{"columns":{"a":"naam","b":"zzz"},"values":{"q":1}}'))
    assert answer.status_code == 400
    assert [problem["location"] for problem in answer.json()["errors"]] == [
        "mapping.columns.b",
        "mapping.values.q",
    ]
    with transaction(client.engine) as session:
        assert session.scalar(select(SensorImport.id)) is None
        assert list_mappings(session, None) == []
