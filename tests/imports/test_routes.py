"""Importing over HTTP: what is asked, answered and refused, from the upload to undoing."""

import csv
import json
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from io import BytesIO, StringIO
from typing import Any
from uuid import UUID, uuid4

import pytest
from httpx2 import Response
from openpyxl import load_workbook
from sqlalchemy import text

from app.core.database import transaction
from app.files.table import ANNOTATION_HEADINGS
from tests.support.import_client import (
    PATH,
    ImportDesk,
    make_rows,
    open_import_desk,
    write_csv,
    write_workbook,
)
from tests.support.organisations import authorise, make_key


@pytest.fixture(scope="module")
def desk(module_database: str) -> Iterator[ImportDesk]:
    with open_import_desk(module_database) as desk:
        yield desk


@pytest.fixture
def own_desk(fresh_database: str) -> Iterator[ImportDesk]:
    """For who counts what the register holds."""
    with open_import_desk(fresh_database) as desk:
        yield desk


def refused(answer: Response, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    document: dict[str, Any] = answer.json()
    return document


def rels(document: dict[str, Any]) -> set[str]:
    return {link["rel"] for link in document["links"]}


def count_imports(desk: ImportDesk) -> int:
    with desk.engine.connect() as connection:
        return int(connection.scalar(text("SELECT count(*) FROM register.sensor_import")) or 0)


# Handing a file in


def test_an_upload_is_answered_at_once_with_where_to_look(desk: ImportDesk) -> None:
    content = write_csv(make_rows(2))
    answer = desk.upload(content, "fileName=sensoren.csv")
    document = answer.json()
    assert answer.status_code == 202
    assert answer.headers["location"] == f"http://127.0.0.1:8000{PATH}/{document['id']}"
    assert answer.headers["cache-control"] == "no-store"
    assert (document["status"], document["progress"]) == ("waiting", {"stage": "waiting"})
    assert (document["fileName"], document["sizeBytes"]) == ("sensoren.csv", len(content))
    assert document["sha256"] == sha256(content).hexdigest()
    assert rels(document) == {"self", "events", "cancellation"}
    assert desk.read(document) == document


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ('attachment; filename="camera\'s.csv"', "camera's.csv"),
        ("attachment; filename*=UTF-8''caf%C3%A9.csv", "café.csv"),
        ("attachment", "import"),
    ],
)
def test_the_name_may_come_along_with_the_file(desk: ImportDesk, disposition: str, name: str) -> None:
    document = desk.submit(b"x", **{"Content-Disposition": disposition})
    assert document["fileName"] == name


def test_everything_wrong_with_the_question_is_named_at_once(desk: ImportDesk) -> None:
    query = 'owner=me&mode=some&complete=yes&apply=1&defaults={"colour":1}&zzz=1'
    problems = refused(desk.upload(b"x", query), 400)["errors"]
    assert {(problem["location"], problem["code"]) for problem in problems} == {
        ("owner", "uuid"),
        ("mode", "unknown_value"),
        ("complete", "unknown_value"),
        ("apply", "unknown_value"),
        ("defaults", "unknown_field"),
        ("zzz", "unknown_parameter"),
    }
    assert refused(desk.upload(b"x", "defaults=[1]"), 400)["errors"][0]["code"] == "json"


def test_an_empty_file_and_a_form_are_refused(desk: ImportDesk) -> None:
    before = count_imports(desk)
    assert refused(desk.upload(b""), 400)["errors"][0]["code"] == "empty_file"
    form = desk.upload(b"--x", **{"Content-Type": "multipart/form-data; boundary=x"})
    assert "--data-binary" in refused(form, 415)["detail"]
    assert count_imports(desk) == before


def test_who_may_import_nothing_hears_so(desk: ImportDesk) -> None:
    client = desk.register.client
    refused(client.post(PATH, content=b"x"), 401)
    elsewhere = f"{PATH}?owner={uuid4()}"
    problem = refused(client.post(elsewhere, content=b"x", headers=desk.register.company), 400)["errors"][0]
    assert (problem["location"], problem["code"]) == ("owner", "unknown")
    municipality = desk.submit(b"x")["owner"]
    asked = f"{PATH}?owner={municipality}"
    refused(client.post(asked, content=b"x", headers=desk.register.company), 403)


def test_a_municipality_imports_for_others_too(desk: ImportDesk) -> None:
    company = desk.register.client.post(PATH, content=b"x", headers=desk.register.company).json()["owner"]
    assert desk.submit(b"x", f"owner={company}")["owner"] == company


def test_a_repeated_upload_is_one_import(desk: ImportDesk) -> None:
    key = {"Idempotency-Key": str(uuid4())}
    first, again = (desk.upload(b"a;b", "fileName=a.csv", **key) for _ in range(2))
    assert first.json() == again.json()
    assert first.headers["location"] == again.headers["location"]
    refused(desk.upload(b"a;c", "fileName=a.csv", **key), 409)


def test_a_file_may_be_larger_than_other_bodies_to_a_limit(fresh_database: str) -> None:
    settings = {"body_limit_bytes": 1_000, "import_limit_bytes": 10_000}
    with open_import_desk(fresh_database, **settings) as desk:
        assert desk.submit(b"x" * 10_000)["sizeBytes"] == 10_000
        refused(desk.upload(b"x" * 10_001), 413)
        # Without an announced length it is counted as it comes.
        pieces = (b"x" * 1_000 for _ in range(11))
        streamed = desk.register.client.post(PATH, content=pieces, headers=desk.register.officer)
        refused(streamed, 413)
        refused(desk.register.post({"name": "x" * 2_000}), 413)
        assert count_imports(desk) == 1


# Whose imports


def test_an_import_of_another_is_not_known(desk: ImportDesk) -> None:
    document = desk.submit(b"x")
    client, company = desk.register.client, desk.register.company
    for rest in ("", "/problems", "/events", "/remarks"):
        refused(client.get(f"{PATH}/{document['id']}{rest}", headers=company), 404)
    for what in ("application", "cancellation", "reversal"):
        refused(client.post(f"{PATH}/{document['id']}/{what}", headers=company), 404)
    refused(client.get(f"{PATH}/{uuid4()}", headers=company), 404)
    listed = client.get(PATH, headers=company).json()["imports"]
    assert document["id"] not in [one["id"] for one in listed]


def test_a_colleague_goes_on_with_an_import(own_desk: ImportDesk) -> None:
    """Whoever edits for the same owner sees it, applies it and takes it back, in her own name."""
    document = own_desk.submit_and_do(write_csv(make_rows(2)))
    with transaction(own_desk.engine) as session:
        colleague = make_key(session, UUID(document["owner"]))
    officer = replace(own_desk.register, officer=authorise(colleague))
    her_desk = replace(own_desk, register=officer)
    assert her_desk.read(document) == document
    listed = her_desk.register.client.get(PATH, headers=officer.officer).json()["imports"]
    assert [one["id"] for one in listed] == [document["id"]]
    for what, status in (("application", "applied"), ("reversal", "undone")):
        assert her_desk.ask(document, what).status_code == 202
        own_desk.do_jobs()
        assert own_desk.read(document)["status"] == status
    in_her_name = """
        SELECT count(*) FILTER (WHERE principal_id = (SELECT max(id::text)::uuid FROM register.principal)), count(*)
        FROM register.audit_entry WHERE subject_kind = 'import'
    """
    with own_desk.engine.connect() as connection:
        assert connection.execute(text(in_her_name)).one() == (2, 2)


def test_imports_are_listed_newest_first_in_pages(own_desk: ImportDesk) -> None:
    ids = [own_desk.submit(b"x")["id"] for _ in range(5)]
    client, found, pages = own_desk.register.client, list[str](), 0
    address = f"{PATH}?limit=2"
    while address:
        answer = client.get(address, headers=own_desk.register.officer)
        assert answer.headers["cache-control"] == "no-store"
        document = answer.json()
        found += [one["id"] for one in document["imports"]]
        address = next((link["href"] for link in document["links"] if link["rel"] == "next"), "")
        pages += 1
    assert (found, pages) == (ids[::-1], 3)
    for wrong in (
        "limit=0",
        f"limit=1{'0' * 25}",
        f"limit={'0' * 5000}1",
        "limit=0001999",
        "before=x",
        "page=2",
    ):
        refused(client.get(f"{PATH}?{wrong}", headers=own_desk.register.officer), 400)


# From check to undoing


@pytest.mark.parametrize("write", [write_csv, write_workbook])
def test_a_file_is_checked_applied_and_undone(own_desk: ImportDesk, write: Any) -> None:
    desk = own_desk
    checked = desk.submit_and_do(write(make_rows(20)))
    assert checked["status"] == "checked", checked
    assert checked["counts"] == {"new": 20, "changed": 0, "unchanged": 0, "refused": 0, "ended": 0}
    assert "application" in rels(checked)
    assert "progress" not in checked
    assert desk.register.references() == []

    accepted = desk.ask(checked, "application")
    assert (accepted.status_code, accepted.json()["status"]) == (202, "applying")
    desk.do_jobs()
    applied = desk.read(checked)
    assert (applied["status"], applied["counts"]["new"]) == ("applied", 20)
    assert len(desk.register.references("limit=100")) == 20

    again = desk.submit_and_do(write(make_rows(20)), "apply=true")
    assert (again["status"], again["counts"]["unchanged"], again["counts"]["new"]) == ("applied", 20, 0)

    assert desk.ask(applied, "reversal").status_code == 202
    desk.do_jobs()
    assert desk.read(applied)["status"] == "undone"
    assert desk.register.references() == []


def make_mixed() -> list[dict[str, Any]]:
    rows = make_rows(6)
    rows[1]["sensorType"] = "geluidd"
    rows[3]["latitude"], rows[3]["longitude"] = 48.85, 2.35
    rows[4]["activeUntil"] = "=1+1"
    return rows


def test_problems_are_told_with_row_and_column_in_the_reader_s_language(desk: ImportDesk) -> None:
    checked = desk.submit_and_do(write_csv(make_mixed()), "fileName=gemengd.csv")
    assert (checked["status"], checked["counts"]["refused"]) == ("checked", 3)
    assert "application" not in rels(checked)
    problems = desk.get(checked, "/problems", **{"Accept-Language": "en"}).json()["problems"]
    assert {(one["row"], one["heading"]) for one in problems if not one["isWarning"]} >= {
        (3, "sensorType"),
        (6, "activeUntil"),
    }
    assert 5 in {one["row"] for one in problems}
    dutch = desk.get(checked, "/problems").json()["problems"]
    assert [one["code"] for one in dutch] == [one["code"] for one in problems]
    assert [one["detail"] for one in dutch] != [one["detail"] for one in problems]
    assert sum(one["count"] for one in checked["problemTotals"]) == len(problems)

    paged: list[Any] = []
    rest = "/problems?limit=1"
    while rest:
        page = desk.get(checked, rest).json()
        assert len(page["problems"]) == 1
        paged += page["problems"]
        rest = next((link["href"].split(checked["id"])[1] for link in page["links"]), "")
    assert paged == dutch


def test_problems_as_csv_start_no_formula(desk: ImportDesk) -> None:
    checked = desk.submit_and_do(write_csv(make_mixed()), "fileName=gemengd.csv")
    answer = desk.get(checked, "/problems?f=csv")
    assert answer.headers["content-type"].startswith("text/csv")
    assert "gemengd-opmerkingen.csv" in answer.headers["content-disposition"]
    lines = answer.text.splitlines()
    assert lines[0] == '"Blad","Rij","Kolom","Waarde","Opmerking","Voorstel","Soort"'
    assert len(lines) == 1 + sum(one["count"] for one in checked["problemTotals"])
    assert '"\'=1+1"' in answer.text
    assert '"=1+1"' not in answer.text


def test_a_file_with_problems_goes_through_in_part_when_chosen(own_desk: ImportDesk) -> None:
    content = write_csv(make_mixed())
    checked = own_desk.submit_and_do(content, "apply=true")
    assert (checked["status"], checked["counts"]["new"]) == ("checked", 3)
    assert "3" in refused(own_desk.ask(checked, "application"), 409)["detail"]
    assert own_desk.register.references() == []
    sound = own_desk.submit_and_do(content, "mode=valid_rows&apply=true")
    assert (sound["status"], sound["counts"]["refused"]) == ("applied", 3)
    assert sorted(own_desk.register.references()) == ["rij-1", "rij-3", "rij-6"]


@pytest.mark.parametrize(("write", "suffix"), [(write_csv, "csv"), (write_workbook, "xlsx")])
def test_the_file_comes_back_with_remarks(desk: ImportDesk, write: Any, suffix: str) -> None:
    checked = desk.submit_and_do(write(make_mixed()), f"fileName=gemengd.{suffix}")
    answer = desk.get(checked, "/remarks")
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert f"gemengd-opmerkingen.{suffix}" in answer.headers["content-disposition"]
    rows = read_rows(answer.content, suffix)
    column = next(index for index, heading in enumerate(rows[0]) if heading in ANNOTATION_HEADINGS)
    assert [number for number, row in enumerate(rows, 1) if row[column]] == [1, 3, 5, 6]


def read_rows(content: bytes, suffix: str) -> list[list[Any]]:
    if suffix == "csv":
        return list(csv.reader(StringIO(content.decode("utf-8-sig")), delimiter=";"))
    sheet = load_workbook(BytesIO(content)).worksheets[0]
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_values_for_all_rows_are_given_once(own_desk: ImportDesk) -> None:
    rows = [{name: value for name, value in row.items() if name != "personalData"} for row in make_rows(2)]
    without = own_desk.submit_and_do(write_csv(rows))
    assert without["counts"]["refused"] == 2
    defaults = json.dumps({"personalData": "none"})
    assert own_desk.submit_and_do(write_csv(rows), f"defaults={defaults}")["counts"]["new"] == 2


def test_a_whole_register_ends_what_it_lacks(own_desk: ImportDesk) -> None:
    own_desk.submit_and_do(write_csv(make_rows(3)), "apply=true")
    checked = own_desk.submit_and_do(write_csv(make_rows(2)), "complete=true")
    assert (checked["counts"]["ended"], checked["endedReferences"]) == (1, ["rij-3"])
    own_desk.ask(checked, "application")
    own_desk.do_jobs()
    assert own_desk.read(checked)["status"] == "applied"
    assert sorted(own_desk.register.references("operationalStatus=removed")) == ["rij-3"]


# What cannot be done now


def test_what_cannot_be_done_now_is_refused_in_words(desk: ImportDesk) -> None:
    waiting = desk.submit(b"x")
    for what in ("application", "reversal"):
        assert "in de wachtrij" in refused(desk.ask(waiting, what), 409)["detail"]
    refused(desk.get(waiting, "/remarks"), 409)
    assert desk.ask(waiting, "cancellation").json()["status"] == "cancelled"
    assert "al klaar" in refused(desk.ask(waiting, "cancellation"), 409)["detail"]
    refused(desk.ask(waiting, "application"), 409)


def test_an_import_cancelled_while_it_waits_is_never_begun(desk: ImportDesk) -> None:
    waiting = desk.submit(write_csv(make_rows(1)))
    desk.ask(waiting, "cancellation")
    desk.do_jobs()
    read = desk.read(waiting)
    assert (read["status"], rels(read)) == ("cancelled", {"self"})
    assert "startedAt" not in read


def test_a_file_that_cannot_be_read_fails_with_a_sentence(desk: ImportDesk) -> None:
    failed = desk.submit_and_do(b"PK\x03\x04 no workbook at all")
    assert failed["status"] == "failed"
    assert failed["failure"].endswith(".")
    assert "Traceback" not in failed["failure"]
    english = desk.read(failed, **{"Accept-Language": "en"})
    assert english["failure"] != failed["failure"]


def test_an_import_that_was_changed_since_is_not_undone(own_desk: ImportDesk) -> None:
    applied = own_desk.submit_and_do(write_csv(make_rows(2)), "apply=true")
    own_desk.submit_and_do(write_csv(make_rows(2, measures="Iets anders")), "apply=true")
    own_desk.ask(applied, "reversal")
    own_desk.do_jobs()
    read = own_desk.read(applied)
    assert read["status"] == "applied"
    assert read["failure"]
    assert len(own_desk.register.references()) == 2


# The form


@pytest.mark.parametrize(
    ("lang", "sheet", "name"), [("nl", "Sensoren", "sensoren"), ("en", "Sensors", "sensors")]
)
def test_the_form_is_there_for_everybody_in_both_languages(
    desk: ImportDesk, lang: str, sheet: str, name: str
) -> None:
    client = desk.register.client
    for answer in (
        client.get(f"{PATH}/template?lang={lang}"),
        client.get(f"{PATH}/template", headers={"Accept-Language": lang}),
    ):
        assert answer.status_code == 200, answer.text
        assert f"{name}.xlsx" in answer.headers["content-disposition"]
        assert sheet in load_workbook(BytesIO(answer.content)).sheetnames


def test_the_form_asks_for_a_language_it_has(desk: ImportDesk) -> None:
    client = desk.register.client
    refused(client.get(f"{PATH}/template?lang=fr"), 400)
    refused(client.get(f"{PATH}/template?zzz=1"), 400)
    refused(client.get(f"{PATH}/template", headers={"Accept": "text/csv"}), 406)


def test_the_form_as_it_is_brings_no_sensors(desk: ImportDesk) -> None:
    form = desk.register.client.get(f"{PATH}/template").content
    document = desk.submit_and_do(form)
    assert document.get("counts", {}).get("new", 0) == 0
    assert document["status"] in ("checked", "failed")
