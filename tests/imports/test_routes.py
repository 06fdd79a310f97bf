"""Imports over HTTP, from the upload to the reversal."""

import csv
import json
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from httpx2 import Response
from openpyxl import load_workbook
from sqlalchemy import text

from app.core.database import transaction
from app.files.table import ANNOTATION_HEADINGS
from app.imports import actions
from tests.support.hostile_files import make_nested_geopackage
from tests.support.import_client import (
    PATH,
    ImportClient,
    make_rows,
    open_import_client,
    write_csv,
    write_workbook,
)
from tests.support.organisations import authorise, make_key


@pytest.fixture(scope="module")
def client(module_database: str) -> Iterator[ImportClient]:
    with open_import_client(module_database) as client:
        yield client


@pytest.fixture
def own_client(fresh_database: str) -> Iterator[ImportClient]:
    """A client of a register without other sensors."""
    with open_import_client(fresh_database) as client:
        yield client


def refused(answer: Response, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    document: dict[str, Any] = answer.json()
    return document


def rels(document: dict[str, Any]) -> set[str]:
    return {link["rel"] for link in document["links"]}


def count_imports(client: ImportClient) -> int:
    with client.engine.connect() as connection:
        return int(connection.scalar(text("SELECT count(*) FROM register.sensor_import")) or 0)


# Upload


def test_upload_returns_location_of_waiting_import(client: ImportClient) -> None:
    content = write_csv(make_rows(2))
    answer = client.upload(content, "fileName=sensoren.csv")
    document = answer.json()
    assert answer.status_code == 202
    assert answer.headers["location"] == f"http://127.0.0.1:8000{PATH}/{document['id']}"
    assert answer.headers["cache-control"] == "no-store"
    assert (document["status"], document["progress"]) == ("waiting", {"stage": "waiting"})
    assert (document["fileName"], document["sizeBytes"]) == ("sensoren.csv", len(content))
    assert document["sha256"] == sha256(content).hexdigest()
    assert rels(document) == {"self", "events", "cancellation"}
    assert client.read(document) == document


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ('attachment; filename="camera\'s.csv"', "camera's.csv"),
        ("attachment; filename*=UTF-8''caf%C3%A9.csv", "café.csv"),
        ("attachment", "import"),
    ],
)
def test_upload_file_name_from_content_disposition(client: ImportClient, disposition: str, name: str) -> None:
    document = client.submit(b"x", **{"Content-Disposition": disposition})
    assert document["fileName"] == name


def test_upload_with_wrong_parameters_reports_all_of_them(client: ImportClient) -> None:
    query = 'owner=me&mode=some&complete=yes&apply=1&defaults={"colour":1}&zzz=1'
    problems = refused(client.upload(b"x", query), 400)["errors"]
    assert {(problem["location"], problem["code"]) for problem in problems} == {
        ("owner", "invalid_uuid"),
        ("mode", "unknown_value"),
        ("complete", "unknown_value"),
        ("apply", "unknown_value"),
        ("defaults", "unknown_field"),
        ("zzz", "unknown_parameter"),
    }
    (misspelled,) = refused(client.upload(b"x", 'defaults={"dpiaStatu":"done"}'), 400)["errors"]
    assert misspelled["suggestion"] == "dpiaStatus"
    assert refused(client.upload(b"x", "defaults=[1]"), 400)["errors"][0]["code"] == "invalid_json"


def test_upload_of_empty_file_or_form_is_refused(client: ImportClient) -> None:
    before = count_imports(client)
    assert refused(client.upload(b""), 400)["errors"][0]["code"] == "empty_file"
    form = client.upload(b"--x", **{"Content-Type": "multipart/form-data; boundary=x"})
    assert "--data-binary" in refused(form, 415)["detail"]
    assert count_imports(client) == before


def test_upload_without_permission_is_refused(client: ImportClient) -> None:
    http = client.register.client
    refused(http.post(PATH, content=b"x"), 401)
    elsewhere = f"{PATH}?owner={uuid4()}"
    problem = refused(http.post(elsewhere, content=b"x", headers=client.register.company), 400)["errors"][0]
    assert (problem["location"], problem["code"]) == ("owner", "unknown_organisation")
    municipality = client.submit(b"x")["owner"]
    asked = f"{PATH}?owner={municipality}"
    refused(http.post(asked, content=b"x", headers=client.register.company), 403)


def test_upload_by_municipality_for_company_is_accepted(client: ImportClient) -> None:
    company = client.register.client.post(PATH, content=b"x", headers=client.register.company).json()["owner"]
    assert client.submit(b"x", f"owner={company}")["owner"] == company


def test_upload_repeated_with_idempotency_key_is_one_import(client: ImportClient) -> None:
    key = {"Idempotency-Key": str(uuid4())}
    first, again = (client.upload(b"a;b", "fileName=a.csv", **key) for _ in range(2))
    assert first.json() == again.json()
    assert first.headers["location"] == again.headers["location"]
    refused(client.upload(b"a;c", "fileName=a.csv", **key), 409)


def test_upload_has_its_own_size_limit(fresh_database: str) -> None:
    settings = {"body_limit_bytes": 1_000, "import_limit_bytes": 10_000}
    with open_import_client(fresh_database, **settings) as client:
        assert client.submit(b"x" * 10_000)["sizeBytes"] == 10_000
        refused(client.upload(b"x" * 10_001), 413)
        # A body without Content-Length is counted while it is received.
        pieces = (b"x" * 1_000 for _ in range(11))
        streamed = client.register.client.post(PATH, content=pieces, headers=client.register.officer)
        refused(streamed, 413)
        refused(client.register.post({"name": "x" * 2_000}), 413)
        assert count_imports(client) == 1


# Visibility


def test_import_of_another_owner_is_not_found(client: ImportClient) -> None:
    document = client.submit(b"x")
    http, company = client.register.client, client.register.company
    for rest in ("", "/problems", "/events", "/remarks"):
        refused(http.get(f"{PATH}/{document['id']}{rest}", headers=company), 404)
    for what in ("application", "cancellation", "reversal"):
        refused(http.post(f"{PATH}/{document['id']}/{what}", headers=company), 404)
    refused(http.get(f"{PATH}/{uuid4()}", headers=company), 404)
    listed = http.get(PATH, headers=company).json()["imports"]
    assert document["id"] not in [one["id"] for one in listed]


def test_import_continued_by_colleague_is_audited_in_their_name(own_client: ImportClient) -> None:
    """A key for the same owner reads, applies and undoes the import, in its own name."""
    document = own_client.submit_and_run(write_csv(make_rows(2)))
    with transaction(own_client.engine) as session:
        colleague = make_key(session, UUID(document["owner"]))
    officer = replace(own_client.register, officer=authorise(colleague))
    colleague_client = replace(own_client, register=officer)
    assert colleague_client.read(document) == document
    listed = colleague_client.register.client.get(PATH, headers=officer.officer).json()["imports"]
    assert [one["id"] for one in listed] == [document["id"]]
    for what, status in (("application", "applied"), ("reversal", "undone")):
        assert colleague_client.post(document, what).status_code == 202
        own_client.run_jobs()
        assert own_client.read(document)["status"] == status
    in_name_of_colleague = """
        SELECT count(*) FILTER (WHERE principal_id = (SELECT max(id::text)::uuid FROM register.principal)), count(*)
        FROM audit.audit_entry WHERE subject_kind = 'import'
    """
    with own_client.engine.connect() as connection:
        assert connection.execute(text(in_name_of_colleague)).one() == (2, 2)


def test_list_imports_returns_pages_newest_first(own_client: ImportClient) -> None:
    ids = [own_client.submit(b"x")["id"] for _ in range(5)]
    http, found, pages = own_client.register.client, list[str](), 0
    address = f"{PATH}?limit=2"
    while address:
        answer = http.get(address, headers=own_client.register.officer)
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
        refused(http.get(f"{PATH}?{wrong}", headers=own_client.register.officer), 400)
    several = refused(http.get(f"{PATH}?limit=0&before=x&page=2", headers=own_client.register.officer), 400)
    assert sorted(problem["location"] for problem in several["errors"]) == ["before", "limit", "page"]


# Check, application and reversal


@pytest.mark.parametrize("write", [write_csv, write_workbook])
def test_import_is_checked_applied_and_undone(own_client: ImportClient, write: Any) -> None:
    client = own_client
    checked = client.submit_and_run(write(make_rows(20)))
    assert checked["status"] == "checked", checked
    assert checked["counts"] == {"new": 20, "changed": 0, "unchanged": 0, "refused": 0, "ended": 0} | {
        "awaitingReview": 0
    }
    assert "application" in rels(checked)
    assert "progress" not in checked
    assert client.register.references() == []

    accepted = client.post(checked, "application")
    assert (accepted.status_code, accepted.json()["status"]) == (202, "applying")
    client.run_jobs()
    applied = client.read(checked)
    assert (applied["status"], applied["counts"]["new"]) == ("applied", 20)
    assert len(client.register.references("limit=100")) == 20

    again = client.submit_and_run(write(make_rows(20)), "apply=true")
    assert (again["status"], again["counts"]["unchanged"], again["counts"]["new"]) == ("applied", 20, 0)

    assert client.post(applied, "reversal").status_code == 202
    client.run_jobs()
    assert client.read(applied)["status"] == "undone"
    assert client.register.references() == []


def make_mixed() -> list[dict[str, Any]]:
    rows = make_rows(6)
    rows[1]["sensorType"] = "geluidd"
    rows[3]["latitude"], rows[3]["longitude"] = 48.85, 2.35
    rows[4]["activeUntil"] = "=1+1"
    return rows


def test_problems_have_row_column_and_language(client: ImportClient) -> None:
    checked = client.submit_and_run(write_csv(make_mixed()), "fileName=gemengd.csv")
    assert (checked["status"], checked["counts"]["refused"]) == ("checked", 3)
    assert "application" not in rels(checked)
    problems = client.get(checked, "/problems", **{"Accept-Language": "en"}).json()["problems"]
    assert {(one["row"], one["heading"]) for one in problems if not one["isWarning"]} >= {
        (3, "sensorType"),
        (6, "activeUntil"),
    }
    assert 5 in {one["row"] for one in problems}
    dutch = client.get(checked, "/problems").json()["problems"]
    assert [one["code"] for one in dutch] == [one["code"] for one in problems]
    assert [one["detail"] for one in dutch] != [one["detail"] for one in problems]
    assert sum(one["count"] for one in checked["problemTotals"]) == len(problems)

    paged: list[Any] = []
    rest = "/problems?limit=1"
    while rest:
        page = client.get(checked, rest).json()
        assert len(page["problems"]) == 1
        paged += page["problems"]
        rest = next((link["href"].split(checked["id"])[1] for link in page["links"]), "")
    assert paged == dutch
    wrong = refused(client.get(checked, "/problems?limit=0&after=-1&f=pdf&page=2"), 400)
    assert sorted(problem["location"] for problem in wrong["errors"]) == ["after", "f", "limit", "page"]


def test_problems_as_csv_contain_no_formula(client: ImportClient) -> None:
    checked = client.submit_and_run(write_csv(make_mixed()), "fileName=gemengd.csv")
    answer = client.get(checked, "/problems?f=csv")
    assert answer.headers["content-type"].startswith("text/csv")
    assert "gemengd-opmerkingen.csv" in answer.headers["content-disposition"]
    lines = answer.text.splitlines()
    heading = '"Blad";"Rij";"Referentie";"Kolomletter";"Kolom";"Waarde";"Opmerking";"Voorstel";"Soort"'
    assert lines[0].removeprefix("\ufeff") == heading
    assert len(lines) == 1 + sum(one["count"] for one in checked["problemTotals"])
    assert '"\'=1+1"' in answer.text
    assert '"=1+1"' not in answer.text


def test_import_with_problems_mode_valid_rows_applies_other_rows(own_client: ImportClient) -> None:
    content = write_csv(make_mixed())
    checked = own_client.submit_and_run(content, "apply=true")
    assert (checked["status"], checked["counts"]["new"]) == ("checked", 3)
    assert "3" in refused(own_client.post(checked, "application"), 409)["detail"]
    assert own_client.register.references() == []
    partial = own_client.submit_and_run(content, "mode=valid_rows&apply=true")
    assert (partial["status"], partial["counts"]["refused"]) == ("applied", 3)
    assert sorted(own_client.register.references()) == ["rij-1", "rij-3", "rij-6"]


@pytest.mark.parametrize(("write", "suffix"), [(write_csv, "csv"), (write_workbook, "xlsx")])
def test_remarks_are_in_the_imported_file(client: ImportClient, write: Any, suffix: str) -> None:
    checked = client.submit_and_run(write(make_mixed()), f"fileName=gemengd.{suffix}")
    answer = client.get(checked, "/remarks")
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


def test_upload_with_defaults_fills_missing_columns(own_client: ImportClient) -> None:
    rows = [{name: value for name, value in row.items() if name != "personalData"} for row in make_rows(2)]
    without = own_client.submit_and_run(write_csv(rows))
    assert without["counts"]["refused"] == 2
    defaults = json.dumps({"personalData": "none"})
    assert own_client.submit_and_run(write_csv(rows), f"defaults={defaults}")["counts"]["new"] == 2


def test_complete_import_ends_missing_sensors(own_client: ImportClient) -> None:
    own_client.submit_and_run(write_csv(make_rows(3)), "apply=true")
    checked = own_client.submit_and_run(write_csv(make_rows(2)), "complete=true")
    assert (checked["counts"]["ended"], checked["endedReferences"]) == (1, ["rij-3"])
    own_client.post(checked, "application")
    own_client.run_jobs()
    assert own_client.read(checked)["status"] == "applied"
    assert sorted(own_client.register.references("operationalStatus=removed")) == ["rij-3"]


def test_application_with_more_changes_than_the_check_showed_is_checked_again(
    own_client: ImportClient,
) -> None:
    own_client.submit_and_run(write_csv(make_rows(2)), "apply=true")
    checked = own_client.submit_and_run(write_csv(make_rows(2)), "complete=true")
    assert checked["counts"]["ended"] == 0
    own_client.submit_and_run(write_csv(make_rows(4)), "apply=true")

    own_client.post(checked, "application")
    own_client.run_jobs()
    again = own_client.read(checked)
    assert (again["status"], again["counts"]["ended"]) == ("checked", 2)
    assert again["assumptions"][0].startswith("Niet toegepast")
    assert own_client.register.references("operationalStatus=removed") == []

    own_client.post(checked, "application")
    own_client.run_jobs()
    assert own_client.read(checked)["status"] == "applied"
    assert sorted(own_client.register.references("operationalStatus=removed")) == ["rij-3", "rij-4"]


def test_complete_import_for_another_owner_is_refused(own_client: ImportClient) -> None:
    """A municipality registers for a company inside its boundary, but does not know all of its sensors."""
    organisations = own_client.register.client.get("/v1/organisations").json()["organisations"]
    (company,) = [one["id"] for one in organisations if one["organisationType"] == "company"]
    refused(own_client.upload(write_csv(make_rows(1)), f"complete=true&owner={company}"), 403)


# Conflicts


def test_step_in_wrong_status_is_refused_with_explanation(client: ImportClient) -> None:
    waiting = client.submit(b"x")
    for what in ("application", "reversal"):
        assert "in de wachtrij" in refused(client.post(waiting, what), 409)["detail"]
    refused(client.get(waiting, "/remarks"), 409)
    assert client.post(waiting, "cancellation").json()["status"] == "cancelled"
    assert "al klaar" in refused(client.post(waiting, "cancellation"), 409)["detail"]
    refused(client.post(waiting, "application"), 409)


def test_import_cancelled_while_waiting_is_not_started(client: ImportClient) -> None:
    waiting = client.submit(write_csv(make_rows(1)))
    client.post(waiting, "cancellation")
    client.run_jobs()
    read = client.read(waiting)
    assert (read["status"], rels(read)) == ("cancelled", {"self"})
    assert "startedAt" not in read


def test_more_waiting_imports_than_allowed_are_refused_until_one_is_cancelled(
    own_client: ImportClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "MAX_WAITING", 2)
    content = write_csv(make_rows(1))
    first, _ = own_client.submit(content), own_client.submit(content)
    answer = own_client.upload(content)
    problem = refused(answer, 429)
    assert [error["code"] for error in problem["errors"]] == ["too_many_waiting"]
    assert int(answer.headers["Retry-After"]) > 0
    own_client.post(first, "cancellation")
    own_client.submit(content)
    refused(own_client.upload(content), 429)
    own_client.run_jobs()
    own_client.submit(content)


def test_file_that_ends_its_reader_fails_once_and_other_imports_go_on(
    client: ImportClient, tmp_path: Path
) -> None:
    hostile = client.submit(make_nested_geopackage(tmp_path / "a.gpkg", 100_000).read_bytes())
    other = client.submit(write_csv(make_rows(2)))
    client.run_jobs()
    failed = client.read(hostile)
    assert (failed["status"], failed.get("failureCode")) == ("failed", "unreadable_file"), failed["failure"]
    assert failed["failure"].startswith("Het lezen van dit bestand is afgebroken")
    assert client.read(other)["status"] == "checked"
    with client.engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM jobs.procrastinate_jobs")) == 0


def test_unreadable_file_fails_with_explanation(client: ImportClient) -> None:
    failed = client.submit_and_run(b"PK\x03\x04 no workbook at all")
    assert failed["status"] == "failed"
    assert failed["failure"].endswith(".")
    assert "Traceback" not in failed["failure"]
    english = client.read(failed, **{"Accept-Language": "en"})
    assert english["failure"] != failed["failure"]


def test_reversal_after_later_change_fails(own_client: ImportClient) -> None:
    applied = own_client.submit_and_run(write_csv(make_rows(2)), "apply=true")
    own_client.submit_and_run(write_csv(make_rows(2, measures="Iets anders")), "apply=true")
    own_client.post(applied, "reversal")
    own_client.run_jobs()
    read = own_client.read(applied)
    assert read["status"] == "applied"
    assert read["failure"]
    assert len(own_client.register.references()) == 2


# Template


@pytest.mark.parametrize(
    ("lang", "sheet", "name"), [("nl", "Sensoren", "sensoren"), ("en", "Sensors", "sensors")]
)
def test_template_is_public_in_both_languages(client: ImportClient, lang: str, sheet: str, name: str) -> None:
    http = client.register.client
    for answer in (
        http.get(f"{PATH}/template?lang={lang}"),
        http.get(f"{PATH}/template", headers={"Accept-Language": lang}),
    ):
        assert answer.status_code == 200, answer.text
        assert f"{name}.xlsx" in answer.headers["content-disposition"]
        assert sheet in load_workbook(BytesIO(answer.content)).sheetnames


def test_template_with_unknown_parameter_is_refused(client: ImportClient) -> None:
    http = client.register.client
    answer = http.get(f"{PATH}/template?lang=fr")
    refused(answer, 400)
    assert [problem["code"] for problem in answer.json()["errors"]] == ["unknown_language"]
    refused(http.get(f"{PATH}/template?zzz=1"), 400)
    refused(http.get(f"{PATH}/template", headers={"Accept": "text/csv"}), 406)


def test_unchanged_template_imports_no_sensors(client: ImportClient) -> None:
    form = client.register.client.get(f"{PATH}/template").content
    document = client.submit_and_run(form)
    assert document.get("counts", {}).get("new", 0) == 0
    assert document["status"] in ("checked", "failed")
