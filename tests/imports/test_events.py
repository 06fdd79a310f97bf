"""Server-sent events of an import: one for each change, heartbeats, and a last event."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from itertools import pairwise
from typing import Any

import pytest

from app.imports import events, problem_routes
from app.imports.events import ReadDocument, follow_import
from tests.support.import_client import ImportClient, make_rows, open_import_client, read_events, write_csv
from tests.support.waiting import PATIENCE_SECONDS


@pytest.fixture
def client(fresh_database: str) -> Iterator[ImportClient]:
    with open_import_client(fresh_database) as client:
        yield client


def test_events_of_running_import_end_with_done(
    client: ImportClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Short enough that no machine checks all rows between two reads.
    monkeypatch.setattr(events, "REPORT_INTERVAL_SECONDS", 0.02)
    has_read = threading.Event()

    def follow(read_document: ReadDocument) -> AsyncIterator[bytes]:
        def read() -> dict[str, Any]:
            read = read_document()
            has_read.set()
            return read

        return follow_import(read)

    def work() -> None:
        has_read.wait(PATIENCE_SECONDS)
        client.run_jobs()

    monkeypatch.setattr(problem_routes, "follow_import", follow)
    document = client.submit(write_csv(make_rows(3000)))
    worker = threading.Thread(target=work)
    worker.start()
    answer = client.get(document, "/events")
    worker.join()
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.headers["cache-control"] == "no-store"
    followed = read_events(answer.text)
    assert [name for name, _ in followed[:-1]] == ["progress"] * (len(followed) - 1)
    assert followed[0][1]["status"] == "waiting"
    assert "checking" in [sent["status"] for _, sent in followed]
    name, last = followed[-1]
    assert (name, last["status"], last["counts"]["new"]) == ("done", "checked", 3000)
    assert last == client.read(document)
    documents = [sent for _, sent in followed]
    assert all(before != after for before, after in pairwise(documents))


def test_events_of_ended_import_are_done_only(client: ImportClient) -> None:
    document = client.submit_and_run(write_csv(make_rows(1)))
    for headers in ({}, {"Last-Event-ID": "7"}):
        followed = read_events(client.get(document, "/events", **headers).text)
        assert [(name, sent["id"]) for name, sent in followed] == [("done", document["id"])]


def test_events_without_change_send_heartbeats(monkeypatch: pytest.MonkeyPatch) -> None:
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
