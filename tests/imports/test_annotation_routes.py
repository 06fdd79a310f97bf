"""Files with remarks: a few are written at a time, without a database connection."""

import json
from collections.abc import Iterator

import pytest

from tests.support.concurrency import hold_slot, watch_slots
from tests.support.import_client import ImportClient, make_rows, open_import_client, write_csv


@pytest.fixture(scope="module")
def client(module_database: str) -> Iterator[ImportClient]:
    with open_import_client(module_database, stream_connections=1) as client:
        yield client


def test_remarks_without_free_slot_are_refused_for_a_while(client: ImportClient) -> None:
    checked = client.submit_and_run(write_csv(make_rows(2)))
    with hold_slot(client.register.client, "annotation_limiter"):
        answer = client.get(checked, "/remarks")
        assert answer.status_code == 503
        assert answer.headers["retry-after"]
    answer = client.get(checked, "/remarks")
    assert answer.status_code == 200
    assert answer.headers["content-length"] == str(len(answer.content))


def test_remarks_waiting_for_slot_hold_no_connection(
    client: ImportClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked = client.submit_and_run(write_csv(make_rows(2)))
    held = watch_slots(client.register.client, "annotation_limiter", monkeypatch)
    assert client.get(checked, "/remarks").status_code == 200
    assert held == [0]


def test_geojson_import_has_list_of_problems_and_no_file_with_remarks(client: ImportClient) -> None:
    feature = {"type": "Feature", "geometry": None, "properties": {"reference": "rij-1"}}
    checked = client.submit_and_run(json.dumps({"type": "FeatureCollection", "features": [feature]}).encode())
    assert checked["format"] == "geojson"
    assert {link["rel"] for link in checked["links"]} == {"self", "problems"}
    refused = client.get(checked, "/remarks", **{"Accept-Language": "en"})
    assert refused.status_code == 404
    assert f"/v1/imports/{checked['id']}/problems?f=csv" in refused.json()["detail"]
    problems = client.get(checked, "/problems").json()["problems"]
    assert {problem["row"] for problem in problems} == {1}
