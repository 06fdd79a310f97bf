"""An import as server-sent events: a document each time it has changed, until nothing happens by itself any more.

Source: HTML Living Standard, 9.2 (server-sent events).
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from time import monotonic
from typing import Any, Final

from app.imports.progress import REPORT_INTERVAL_SECONDS
from app.imports.tables import RUNNING

HEARTBEAT_SECONDS: Final = 15
"""Proxies close what is silent for longer than a minute or so."""

MEDIA_TYPE: Final = "text/event-stream"

Read = Callable[[], dict[str, Any]]
"""Reads the import's document, in a short transaction of its own."""


async def follow_import(read: Read) -> AsyncIterator[bytes]:
    """`progress` whenever the document has changed, a comment while it has not, `done` with the last one.

    Between two looks no connection to the database is held. Whoever comes back begins with the document of that
    moment: what was missed in between says nothing any more.
    """
    told: dict[str, Any] | None = None
    told_at = monotonic()
    while True:
        document = await asyncio.to_thread(read)
        if document["status"] not in RUNNING:
            yield _write_event("done", document)
            return
        if document != told:
            told, told_at = document, monotonic()
            yield _write_event("progress", document)
        elif monotonic() - told_at >= HEARTBEAT_SECONDS:
            told_at = monotonic()
            yield b": nothing new\n\n"
        await asyncio.sleep(REPORT_INTERVAL_SECONDS)


def _write_event(name: str, document: dict[str, Any]) -> bytes:
    return f"event: {name}\ndata: {json.dumps(document, ensure_ascii=False)}\n\n".encode()
