"""Reports by the API: filed without a key, read by their secret, and counted."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from httpx2 import Response
from sqlalchemy import text

from app.core.clock import dutch_date
from app.core.database import transaction
from tests.support.concurrency import read_state
from tests.support.people import SITE, find_secret, read_mail
from tests.support.reports import ReportDesk, find_report_path, open_report_desk, read_version

DAM = {"type": "Point", "coordinates": [4.89321, 52.37310]}


@pytest.fixture
def desk(fresh_database: str) -> Iterator[ReportDesk]:
    with open_report_desk(fresh_database) as desk:
        yield desk


def post(desk: ReportDesk, **fields: Any) -> Response:
    return desk.client.post(
        "/v1/reports", json={"kind": "question", "text": "Wat ziet deze camera?"} | fields
    )


def list_problems(answer: Response) -> dict[str, str]:
    return {one["location"]: one["code"] for one in answer.json()["errors"]}


def test_report_is_filed_and_read_by_its_secret(desk: ReportDesk) -> None:
    answer = post(desk, sensor=desk.camera, email="resident@example.org", mayPublish=True, language="en")
    assert answer.status_code == 201, answer.text
    filed = answer.json()
    assert answer.headers["location"] == f"{SITE}/v1/reports/{filed['id']}"
    assert answer.headers["cache-control"] == "no-store"
    assert filed["page"] == f"{SITE}/en/melding?sleutel={filed['secret']}"
    assert (filed["status"], filed["municipalityCode"]) == ("received", "GM0363")
    ((_, _, body),) = read_mail(desk.client)
    assert find_secret(body, f"{SITE}/en/melding") == filed["secret"]
    path = f"/v1/reports/{filed['id']}"
    read = desk.client.get(path, headers={"Report-Secret": filed["secret"]})
    assert read.status_code == 200
    assert read.json() == {name: filed[name] for name in filed if name not in ("secret", "page")}
    for headers in ({}, {"Report-Secret": "x"}, {"Report-Secret": ""}):
        assert desk.client.get(path, headers=headers).status_code == 404
    other = "/v1/reports/00000000-0000-0000-0000-000000000000"
    assert desk.client.get(other, headers={"Report-Secret": filed["secret"]}).status_code == 404


def test_kinds_are_those_of_the_form(desk: ReportDesk) -> None:
    for sensor, kind in ((desk.camera, "still_there"), (desk.camera, "reaction"), (desk.planned, "gone")):
        assert list_problems(post(desk, sensor=sensor, kind=kind)) == {"/kind": "unknown_value"}
    assert post(desk, sensor=desk.planned, kind="reaction").status_code == 201


def test_missing_sensor_is_reported_at_a_place(desk: ReportDesk) -> None:
    assert post(desk, kind="missing", location=DAM).status_code == 201
    assert post(desk, kind="missing", location=DAM, atHome=True).status_code == 400
    with transaction(read_state(desk.client).write_engine) as session:
        assert session.execute(text("SELECT count(*) FROM register.report")).scalar_one() == 1


@pytest.mark.parametrize(
    ("fields", "problems"),
    [
        ({}, {"/sensor": "exactly_one_of"}),
        ({"sensor": "x", "location": DAM}, {"/sensor": "exactly_one_of"}),
        ({"sensor": "ONBEKEND"}, {"/sensor": "unknown_value"}),
        (
            {"location": {"type": "Point", "coordinates": [13.4, 52.5]}},
            {"/location": "outside_municipalities"},
        ),
        ({"location": DAM, "kind": "gone"}, {"/kind": "unknown_value"}),
        ({"location": DAM, "text": "", "email": "x"}, {"/text": "required", "/email": "invalid_email"}),
        ({"location": DAM, "text": "x" * 2001}, {"/text": "too_long"}),
        ({"location": DAM, "text": "\u0007"}, {"/text": "control_characters"}),
    ],
)
def test_every_problem_is_named(desk: ReportDesk, fields: dict[str, Any], problems: dict[str, str]) -> None:
    answer = post(desk, **fields)
    assert answer.status_code == 400
    assert list_problems(answer) == problems


@pytest.mark.parametrize(
    "body", [{"kind": "onzin"}, {"colour": "red"}, {"text": 5}, {"location": {"type": "Point"}}]
)
def test_odd_body_is_refused(desk: ReportDesk, body: dict[str, Any]) -> None:
    assert desk.client.post("/v1/reports", json={"kind": "question"} | body).status_code == 400


def test_many_reports_of_one_client_are_refused(desk: ReportDesk) -> None:
    statuses = [post(desk, location=DAM).status_code for _ in range(21)]
    assert statuses == [201] * 20 + [429]


def test_numbers_are_counted_by_municipality_and_kind(desk: ReportDesk) -> None:
    desk.report()
    desk.report(soort="question")
    town = desk.sign_in(desk.municipality)
    path = find_report_path(town.get("/mijn/meldingen?soort=question").text)
    version = read_version(town.get(path).text)
    town.post(f"{path}/beantwoorden", data={"antwoord": "Omdat.", "versie": version})
    with transaction(read_state(desk.client).write_engine) as session:
        session.execute(text("UPDATE register.report SET due_on = current_date - 3 WHERE kind = 'wrong'"))
    path = find_report_path(town.get("/mijn/meldingen?soort=wrong").text)
    town.post(f"{path}/afwijzen", data={"reden": "Nee.", "versie": "1"})
    rows = desk.client.get("/v1/statistics/reports?municipality=Amsterdam").json()["rows"]
    common = {"municipalityCode": "GM0363", "year": dutch_date(datetime.now(UTC)).year, "received": 1}
    assert rows == [
        common | {"kind": "question", "answered": 1, "rejected": 0, "inTime": 1},
        common | {"kind": "wrong", "answered": 0, "rejected": 1, "inTime": 0},
    ]
    assert desk.client.get("/v1/statistics/reports?municipality=Eindhoven").json() == {"rows": []}
    csv = desk.client.get("/v1/statistics/reports?f=csv")
    assert csv.headers["content-type"].startswith("text/csv")
    heading = csv.text.splitlines()[0].replace('"', "")
    assert heading == "municipalityCode,year,kind,received,answered,rejected,inTime"
    assert len(csv.text.splitlines()) == 3


@pytest.mark.parametrize("query", ["f=xml", "municipality=Atlantis", "colour=red"])
def test_odd_question_of_numbers_is_refused(desk: ReportDesk, query: str) -> None:
    assert desk.client.get(f"/v1/statistics/reports?{query}").status_code == 400
