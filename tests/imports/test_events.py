"""Following an import: an event for each change, a word now and then, and an end."""

import asyncio
import threading
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest

from app.imports import events
from app.imports.events import follow_import
from tests.support.import_client import ImportDesk, make_rows, open_import_desk, read_events, write_csv


@pytest.fixture
def desk(fresh_database: str) -> Iterator[ImportDesk]:
    with open_import_desk(fresh_database) as desk:
        yield desk


def test_a_running_import_is_followed_to_its_end(desk: ImportDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    # Looked at often enough that no machine checks the rows between two looks.
    monkeypatch.setattr(events, "REPORT_INTERVAL_SECONDS", 0.02)
    document = desk.submit(write_csv(make_rows(3000)))
    worker = threading.Timer(1, desk.do_jobs)
    worker.start()
    answer = desk.get(document, "/events")
    worker.join()
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.headers["cache-control"] == "no-store"
    followed = read_events(answer.text)
    assert [name for name, _ in followed[:-1]] == ["progress"] * (len(followed) - 1)
    assert followed[0][1]["status"] == "waiting"
    assert "checking" in [told["status"] for _, told in followed]
    name, last = followed[-1]
    assert (name, last["status"], last["counts"]["new"]) == ("done", "checked", 3000)
    assert last == desk.read(document)
    told = [one for _, one in followed]
    assert all(before != after for before, after in pairwise(told))


def test_what_has_ended_is_told_once(desk: ImportDesk) -> None:
    document = desk.submit_and_do(write_csv(make_rows(1)))
    for headers in ({}, {"Last-Event-ID": "7"}):
        followed = read_events(desk.get(document, "/events", **headers).text)
        assert [(name, told["id"]) for name, told in followed] == [("done", document["id"])]


def test_a_line_is_kept_open_while_nothing_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "HEARTBEAT_SECONDS", 0.02)
    monkeypatch.setattr(events, "REPORT_INTERVAL_SECONDS", 0.01)
    documents = [{"status": "checking"}] * 20 + [{"status": "failed"}]

    def read() -> dict[str, Any]:
        return documents.pop(0)

    async def follow() -> list[bytes]:
        return [event async for event in follow_import(read)]

    first, *comments, last = asyncio.run(follow())
    assert first.startswith(b"event: progress\n")
    assert comments
    assert all(comment.startswith(b":") and comment.endswith(b"\n\n") for comment in comments)
    assert last.startswith(b"event: done\n")
