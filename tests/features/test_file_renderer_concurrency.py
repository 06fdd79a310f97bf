"""Files for readers without a key: they take so much room on disk, each until its readers have it."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from fastapi.testclient import TestClient
from starlette.types import Message

from app.files.writers.schema import FORMATS, Format
from tests.support.application import make_client
from tests.support.register import open_register

ITEMS = "/v1/collections/sensors/items"
MUNICIPALITIES = "/v1/collections/municipalities/items"


@pytest.fixture(scope="module")
def url(module_database: str) -> str:
    with open_register(module_database) as register:
        for number in range(3):
            place = {"type": "Point", "coordinates": [4.89 + number / 100, 52.37]}
            register.register(reference=f"sensor-{number}", location=place)
    return module_database


@pytest.fixture
def client(url: str) -> Iterator[TestClient]:
    with make_client(url, files_at_once=1) as client:
        yield client


@asynccontextmanager
async def stop_reading(app: Any, path: str, query: str) -> AsyncIterator[list[Message]]:
    """A reader who has got the beginning of an answer, and only reads on when the block has ended."""
    has_begun, goes_on = asyncio.Event(), asyncio.Event()
    got: list[Message] = []

    async def receive() -> Message:
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: Message) -> None:
        got.append(message)
        if message.get("body"):
            has_begun.set()
            await goes_on.wait()

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(b"host", b"testserver")],
        "server": ("testserver", 80),
        "client": ("reader", 1),
    }
    answering = asyncio.ensure_future(app(scope, receive, send))
    beginning = asyncio.ensure_future(has_begun.wait())
    await asyncio.wait({answering, beginning}, return_when=asyncio.FIRST_COMPLETED)
    assert has_begun.is_set(), got
    yield got
    goes_on.set()
    await answering


@pytest.mark.parametrize(
    ("path", "query"),
    [
        (ITEMS, "f=geopackage"),
        (ITEMS, "f=geopackage&limit=1000000"),
        (MUNICIPALITIES, "f=flatgeobuf"),
    ],
    ids=["page", "stream", "municipalities"],
)
def test_file_that_is_being_sent_keeps_its_room_on_disk(url: str, path: str, query: str) -> None:
    with make_client(url) as client:
        size = len(client.get(f"{path}?{query}").content)
    with make_client(url, file_cache_bytes=size + 10, files_at_once=1) as client:
        reader = stop_reading(client.app, path, query)
        assert client.portal is not None
        with client.portal.wrap_async_context_manager(reader) as got:
            # Another reader of the same search gets the same file; there is no room for another file.
            assert client.get(f"{path}?{query}").status_code == 200
            refused = client.get(f"{path}?{query}&skipGeometry=false")
            assert refused.status_code == 503
            assert refused.headers["retry-after"]
            # A streamed file is not stored on disk.
            assert client.get(f"{ITEMS}?f=csv").status_code == 200
            assert client.get(f"{ITEMS}?f=json-seq&limit=1000000").status_code == 200
        assert sum(len(message.get("body", b"")) for message in got) == size
        assert dict(got[0]["headers"])[b"content-length"] == str(size).encode()
        assert client.get(f"{path}?{query}&skipGeometry=false").status_code == 200


@pytest.mark.parametrize("form", [form for form in FORMATS if form.spooled], ids=lambda form: form.name)
def test_slot_of_spooled_file_is_released_after_get_head_and_refusal(
    client: TestClient, form: Format
) -> None:
    for query in (f"f={form.name}", f"f={form.name}&limit=1000000"):
        assert client.get(f"{ITEMS}?{query}").status_code == 200
        assert client.head(f"{ITEMS}?{query}").status_code == 200
        assert client.get(f"{ITEMS}?{query}&crs=nowhere").status_code == 400
    assert client.get(f"{ITEMS}?f={form.name}").status_code == 200
