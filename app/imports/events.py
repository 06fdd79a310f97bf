"""An import as server-sent events: a document each time it has changed, until the import has ended.

Source: HTML Living Standard, 9.2 (server-sent events).
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from time import monotonic
from typing import Any, Final

from app.core.threads import run_to_end
from app.imports.progress import REPORT_INTERVAL_SECONDS
from app.imports.tables import RUNNING

HEARTBEAT_SECONDS: Final = 15
"""Proxies close connections that are silent for about a minute."""

MEDIA_TYPE: Final = "text/event-stream"

ReadDocument = Callable[[], dict[str, Any]]
"""Reads the import's document, in a short transaction of its own."""


async def follow_import(read_document: ReadDocument) -> AsyncIterator[bytes]:
    """Events: `progress` whenever the document has changed, a comment while it has not, `done` with the last one.

    No database connection is held between two reads. A reader that reconnects starts with the current document.
    """
    sent: dict[str, Any] | None = None
    sent_at = monotonic()
    while True:
        document = await run_to_end(read_document)
        if document["status"] not in RUNNING:
            yield _write_event("done", document)
            return
        if document != sent:
            sent, sent_at = document, monotonic()
            yield _write_event("progress", document)
        elif monotonic() - sent_at >= HEARTBEAT_SECONDS:
            sent_at = monotonic()
            yield b": nothing new\n\n"
        await asyncio.sleep(REPORT_INTERVAL_SECONDS)


def _write_event(name: str, document: dict[str, Any]) -> bytes:
    return f"event: {name}\ndata: {json.dumps(document, ensure_ascii=False)}\n\n".encode()
