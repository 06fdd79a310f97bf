"""Files with remarks are made a few at a time, and keep no connection from those who register meanwhile."""

from collections.abc import Iterator

import pytest

from tests.support.concurrency import hold_slot, watch_slots
from tests.support.import_client import ImportDesk, make_rows, open_import_desk, write_csv


@pytest.fixture(scope="module")
def desk(module_database: str) -> Iterator[ImportDesk]:
    with open_import_desk(module_database, stream_connections=1, read_timeout_seconds=0.2) as desk:
        yield desk


def test_as_many_at_a_time_as_there_are_turns(desk: ImportDesk) -> None:
    checked = desk.submit_and_do(write_csv(make_rows(2)))
    with hold_slot(desk.register.client, "annotation_limiter"):
        answer = desk.get(checked, "/remarks")
        assert answer.status_code == 503
        assert answer.headers["retry-after"]
    answer = desk.get(checked, "/remarks")
    assert answer.status_code == 200
    assert answer.headers["content-length"] == str(len(answer.content))


def test_whoever_waits_for_a_turn_holds_no_connection(
    desk: ImportDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked = desk.submit_and_do(write_csv(make_rows(2)))
    held = watch_slots(desk.register.client, "annotation_limiter", monkeypatch)
    assert desk.get(checked, "/remarks").status_code == 200
    assert held == [0]
