"""Files with remarks: which formats have them, how many are made at a time, and no connection is held meanwhile."""

import json
from collections.abc import Iterator

import pytest

from tests.support.concurrency import hold_slot, watch_slots
from tests.support.import_client import ImportDesk, make_rows, open_import_desk, write_csv


@pytest.fixture(scope="module")
def desk(module_database: str) -> Iterator[ImportDesk]:
    with open_import_desk(module_database, stream_connections=1, read_timeout_seconds=0.2) as desk:
        yield desk


def test_file_with_remarks_is_refused_while_all_slots_are_taken(desk: ImportDesk) -> None:
    checked = desk.submit_and_do(write_csv(make_rows(2)))
    with hold_slot(desk.register.client, "annotation_limiter"):
        answer = desk.get(checked, "/remarks")
        assert answer.status_code == 503
        assert answer.headers["retry-after"]
    answer = desk.get(checked, "/remarks")
    assert answer.status_code == 200
    assert answer.headers["content-length"] == str(len(answer.content))


def test_request_that_waits_for_a_slot_holds_no_connection(
    desk: ImportDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked = desk.submit_and_do(write_csv(make_rows(2)))
    held = watch_slots(desk.register.client, "annotation_limiter", monkeypatch)
    assert desk.get(checked, "/remarks").status_code == 200
    assert held == [0]


def test_geojson_import_has_list_of_problems_and_no_file_with_remarks(desk: ImportDesk) -> None:
    feature = {"type": "Feature", "geometry": None, "properties": {"reference": "rij-1"}}
    checked = desk.submit_and_do(json.dumps({"type": "FeatureCollection", "features": [feature]}).encode())
    assert checked["format"] == "geojson"
    assert {link["rel"] for link in checked["links"]} == {"self", "problems"}
    refused = desk.get(checked, "/remarks", **{"Accept-Language": "en"})
    assert refused.status_code == 404
    assert f"/v1/imports/{checked['id']}/problems?f=csv" in refused.json()["detail"]
    problems = desk.get(checked, "/problems").json()["problems"]
    assert {problem["row"] for problem in problems} == {1}
