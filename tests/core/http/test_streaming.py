"""Streamed answers: order, disconnects and timeouts."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from starlette.requests import ClientDisconnect
from starlette.types import Message

from app.core.http import least_speed
from app.core.http.streaming import StreamedAnswer, while_connected
from tests.support.waiting import PATIENCE_SECONDS


class Caller:
    """Someone who reads some pieces, and then leaves or only stops reading."""

    def __init__(self, *, leaves_after: int | None = None, stops_after: int | None = None) -> None:
        self.leaves_after = leaves_after
        self.stops_after = stops_after
        self.got: list[Message] = []
        self.gone = asyncio.Event()

    async def receive(self) -> Message:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        self.got.append(message)
        if self.leaves_after is not None and len(self.got) > self.leaves_after:
            self.gone.set()
        if self.stops_after is not None and len(self.got) > self.stops_after:
            await asyncio.Event().wait()
        await asyncio.sleep(0)

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.got)


async def count_up(made: list[int], last: int) -> AsyncIterator[bytes]:
    for number in range(last):
        made.append(number)
        yield b"%d," % number
        await asyncio.sleep(0)


async def answer(caller: Caller, made: list[int], closed: list[bool], last: int = 3) -> None:
    stops = caller.stops_after is not None

    async def close() -> None:
        closed.append(True)

    streamed = StreamedAnswer(
        count_up(made, last),
        media_type="text/plain",
        headers={"X-Kind": "counted"},
        close=close,
        stalled_after_seconds=0.2 if stops else PATIENCE_SECONDS,
    )
    await streamed({}, caller.receive, caller.send)


def run(last: int = 3, **habits: int) -> tuple[Caller, list[int], list[bool], bool]:
    """How it went: the caller, what was made, whether it was closed, and whether it was given up."""

    async def meet() -> tuple[Caller, list[int], list[bool], bool]:
        caller = Caller(**habits)
        made: list[int] = []
        closed: list[bool] = []
        try:
            await answer(caller, made, closed, last)
        except ClientDisconnect:
            return caller, made, closed, True
        return caller, made, closed, False

    return asyncio.run(meet())


def test_pieces_are_sent_in_order() -> None:
    caller, made, closed, given_up = run()
    assert caller.body == b"0,1,2,"
    assert not given_up
    assert made == [0, 1, 2]
    assert closed == [True]
    assert [bool(message.get("more_body")) for message in caller.got[1:]] == [True, True, True, False]
    headers = dict(caller.got[0]["headers"])
    assert headers[b"x-kind"] == b"counted"
    assert b"content-length" not in headers


def test_generation_stops_after_a_disconnect() -> None:
    _, made, closed, given_up = run(10_000, leaves_after=5)
    assert given_up
    assert len(made) < 20
    assert closed == [True]


def test_stalled_client_is_disconnected() -> None:
    _, made, closed, given_up = run(10_000, stops_after=2)
    assert given_up
    assert len(made) < 5
    assert closed == [True]


@pytest.mark.parametrize(("bytes_per_second", "in_time"), [(1, True), (1_000_000_000, False)])
def test_stored_answer_must_be_read_at_a_minimum_speed(
    monkeypatch: pytest.MonkeyPatch, bytes_per_second: int, in_time: bool
) -> None:
    monkeypatch.setattr(least_speed, "LEAST_BYTES_PER_SECOND", bytes_per_second)
    closed: list[bool] = []
    caller = Caller()

    async def read_slowly(message: Message) -> None:
        # Each piece is taken well within its own time, all of them together are not.
        await asyncio.sleep(0.02)
        await caller.send(message)

    async def close() -> None:
        closed.append(True)

    async def meet() -> None:
        streamed = StreamedAnswer(
            count_up([], 50),
            media_type="text/plain",
            headers={},
            close=close,
            stalled_after_seconds=PATIENCE_SECONDS if in_time else 0.5,
            size_bytes=140,
        )
        await streamed({}, caller.receive, read_slowly)

    if in_time:
        asyncio.run(meet())
    else:
        with pytest.raises(ClientDisconnect):
            asyncio.run(meet())
    assert (len(caller.body) == 140) is in_time
    assert closed == [True]
    assert dict(caller.got[0]["headers"])[b"content-length"] == b"140"


def test_source_is_closed_when_a_piece_fails() -> None:
    closed: list[bool] = []

    async def fail() -> AsyncIterator[bytes]:
        yield b"one"
        raise RuntimeError("no more")

    async def close() -> None:
        closed.append(True)

    async def meet() -> None:
        caller = Caller()
        streamed = StreamedAnswer(
            fail(), media_type="text/plain", headers={}, close=close, stalled_after_seconds=PATIENCE_SECONDS
        )
        await streamed({}, caller.receive, caller.send)

    with pytest.raises(RuntimeError):
        asyncio.run(meet())
    assert closed == [True]


def test_work_returns_its_result_or_is_cancelled() -> None:
    async def work(seconds: float) -> Any:
        try:
            await asyncio.sleep(seconds)
        except asyncio.CancelledError:
            cancelled.append(True)
            raise
        return "done"

    async def meet() -> Any:
        stays, leaves = Caller(), Caller()
        result = await while_connected(stays.receive, work(0.01))
        leaves.gone.set()
        with pytest.raises(ClientDisconnect):
            await while_connected(leaves.receive, work(5))
        return result

    cancelled: list[bool] = []
    assert asyncio.run(meet()) == "done"
    assert cancelled == [True]
