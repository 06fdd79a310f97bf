"""A whole search as a stream: complete, of one moment, in no way of short reads, and ended with its reader."""

import asyncio
import json
import socket
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import psycopg
import pytest
from sqlalchemy import create_engine

from app.bootstrap.paths import GRID
from app.core.clock import dutch_date
from app.core.database import create_stream_pool, sqlalchemy_url, transaction
from app.core.settings import Settings
from app.features.item_parameters import MAX_ITEMS
from app.features.layer_schema import describe_layer
from app.files.writers.schema import FLATGEOBUF, FORMATS, Format, Layer
from app.files.writers.spooled_file import write_in_thread
from app.sensors.search.sensor_search import SensorSearch
from app.sensors.search.streams import FEATURES_AT_A_TIME, stream_sensors
from app.spatial.crs import Crs, add_grid
from tests.bench.synthetic import make_sensors
from tests.support.browser import serve_site
from tests.support.format_readers import read_features, split_records
from tests.support.sensors import load_cities
from tests.support.waiting import PATIENCE_SECONDS, wait_until

SENSORS = 10_500
"""More than the buffers between a server and its caller hold, and than the least limit of a stream."""

LIMIT = MAX_ITEMS + 1
"""The least limit of a search that is streamed."""

ITEMS = "/v1/collections/sensors/items"


@pytest.fixture(scope="module")
def many(module_database: str) -> str:
    """A database with many sensors; gives its URL."""
    add_grid(GRID)
    engine = create_engine(sqlalchemy_url(module_database))
    with transaction(engine) as session:
        load_cities(session)
    make_sensors(engine, SENSORS, lambda _: None)
    engine.dispose()
    return module_database


@pytest.fixture(scope="module")
def address(many: str) -> Iterator[str]:
    with serve_site(many) as address:
        yield address


def count_streams(url: str) -> int:
    """How many connections have a search under way, or wait for a reader."""
    with psycopg.connect(url) as connection:
        row = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND state <> 'idle'"
        ).fetchone()
    assert row is not None
    return int(row[0])


@contextmanager
def begin_stream(address: str, query: str) -> Iterator[socket.socket]:
    """A caller who has asked, has read the first bytes, and reads no further."""
    parts = urlsplit(address)
    with socket.create_connection(
        (str(parts.hostname), int(parts.port or 0)), timeout=PATIENCE_SECONDS
    ) as caller:
        caller.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
        caller.sendall(f"GET {ITEMS}?{query} HTTP/1.1\r\nHost: {parts.netloc}\r\n\r\n".encode())
        assert caller.recv(15) == b"HTTP/1.1 200 OK"
        yield caller


def test_stream_has_each_sensor_once(address: str) -> None:
    answer = httpx.get(f"{address}{ITEMS}?f=json-seq&limit=1000000", timeout=PATIENCE_SECONDS)
    records = split_records(answer.content)
    shown = httpx.get(f"{address}{ITEMS}?limit=1", timeout=PATIENCE_SECONDS).json()["numberMatched"]
    assert len(records) == len(set(records)) == shown > 5 * FEATURES_AT_A_TIME
    assert answer.headers["ogc-numbermatched"] == answer.headers["ogc-numberreturned"] == str(shown)


def read_codes(address: str, form: Format, query: str) -> tuple[list[str], httpx.Headers]:
    """The registration numbers of a streamed search, in order, and the headers of the answer."""
    asked = f"{ITEMS}?f={form.name}&limit={LIMIT}&properties=publicCode&{query}"
    answer = httpx.get(address + asked, timeout=PATIENCE_SECONDS)
    assert answer.status_code == 200
    layer = describe_layer("sensors", SensorSearch(dutch_date(), properties=("publicCode",)))
    features = read_features(form, answer.content, layer).values()
    return [feature["properties"]["publicCode"] for feature in features], answer.headers


@pytest.fixture(scope="module")
def codes(address: str) -> list[str]:
    """The registration numbers of all sensors that are shown, in alphabetical order."""
    answer = httpx.get(
        f"{address}{ITEMS}?f=json-seq&limit=1000000&properties=publicCode", timeout=PATIENCE_SECONDS
    )
    return sorted(json.loads(record)["properties"]["publicCode"] for record in split_records(answer.content))


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
def test_stream_with_limit_below_matches_has_the_first_in_order(
    address: str, codes: list[str], form: Format
) -> None:
    found, headers = read_codes(address, form, "sortby=-publicCode")
    assert len(codes) > LIMIT
    assert found == codes[::-1][:LIMIT]
    assert (headers["ogc-numberreturned"], headers["ogc-numbermatched"]) == (str(LIMIT), str(len(codes)))


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
def test_stream_with_limit_above_matches_has_all_matches_in_order(
    address: str, codes: list[str], form: Format
) -> None:
    found, headers = read_codes(address, form, "municipality=Amsterdam&sortby=publicCode")
    shown = httpx.get(f"{address}{ITEMS}?limit=1&municipality=Amsterdam", timeout=PATIENCE_SECONDS).json()[
        "numberMatched"
    ]
    assert len(found) == shown > FEATURES_AT_A_TIME
    assert found == [code for code in codes if code in set(found)]
    assert headers["ogc-numberreturned"] == str(shown)


def test_search_ends_when_client_disconnects(address: str, many: str) -> None:
    parts = urlsplit(address)
    for form in ("json-seq", "csv"):
        with psycopg.connect(many) as connection:
            connection.execute("LOCK TABLE publication.published_sensor IN ACCESS EXCLUSIVE MODE")
            with socket.create_connection(
                (str(parts.hostname), int(parts.port or 0)), timeout=PATIENCE_SECONDS
            ) as caller:
                request = f"GET {ITEMS}?f={form}&limit=1000000 HTTP/1.1\r\nHost: {parts.netloc}\r\n\r\n"
                caller.sendall(request.encode())
                # One of them is the connection that holds the lock.
                wait_until(lambda: count_streams(many) == 2)
            wait_until(lambda: count_streams(many) == 1)


@pytest.mark.parametrize("form", ["json-seq", "csv"])
def test_snapshot_ends_while_client_reads_no_further(address: str, many: str, form: str) -> None:
    whole = httpx.get(f"{address}{ITEMS}?f={form}&limit=1000000", timeout=PATIENCE_SECONDS).content
    with begin_stream(address, f"f={form}&limit=1000000") as caller:
        wait_until(lambda: count_streams(many) == 0)
        content = b""
        while not content.endswith(b"0\r\n\r\n"):
            received = caller.recv(1 << 20)
            assert received
            content += received
    assert join_chunks(content.partition(b"\r\n\r\n")[2]) == whole


def join_chunks(content: bytes) -> bytes:
    """The content of a chunked body. Source: RFC 9112, section 7.1."""
    joined: list[bytes] = []
    at = 0
    while True:
        end = content.index(b"\r\n", at)
        size = int(content[at:end], 16)
        if not size:
            return b"".join(joined)
        joined.append(content[end + 2 : end + 2 + size])
        at = end + 2 + size + 2


def test_slow_readers_hold_up_no_short_read_and_no_other_stream(address: str, many: str) -> None:
    """There are as many as connections for streams, and one more."""
    query = "f=json-seq&limit=1000000"
    with begin_stream(address, query), begin_stream(address, query), begin_stream(address, query):
        with httpx.Client(base_url=address, timeout=PATIENCE_SECONDS) as client:
            for _ in range(20):
                assert client.get(f"{ITEMS}?limit=10").status_code == 200
            answer = client.get(f"{ITEMS}?{query}")
        assert answer.status_code == 200
        assert len(split_records(answer.content)) > 5 * FEATURES_AT_A_TIME
    wait_until(lambda: count_streams(many) == 0)


def test_stream_counts_matched_and_returned_features(many: str) -> None:
    async def count(**search: Any) -> tuple[int | None, int | None, int]:
        async with (
            create_stream_pool(many, Settings(database_url=many)) as pool,
            stream_sensors(pool, SensorSearch(dutch_date(), **search)) as stream,
        ):
            found = sum([len(features) async for features in stream.read()])
            return stream.number_matched, stream.number_returned, found

    shown, _, found = asyncio.run(count(limit=1_000_000))
    assert shown == found
    assert asyncio.run(count(limit=2_500)) == (shown, 2_500, 2_500)
    # These were not counted; they are few enough to be read at once.
    matched, returned, found = asyncio.run(count(limit=2_500, values={"personalData": ("none",)}))
    assert (matched, returned, found) == (None, None, 2_500)
    project = asyncio.run(count(limit=2_500, values={"project": ("Project 7",)}))
    assert 0 < project[2] < FEATURES_AT_A_TIME
    assert project[0] == project[1] == project[2]


def test_stream_reads_one_snapshot(many: str) -> None:
    async def read() -> tuple[int, int]:
        async with create_stream_pool(many, Settings(database_url=many)) as pool:
            search = SensorSearch(dutch_date(), limit=1_000_000)
            async with stream_sensors(pool, search) as stream:
                with psycopg.connect(many, autocommit=True) as connection:
                    connection.execute("CREATE TABLE kept AS SELECT * FROM publication.published_sensor")
                    connection.execute("DELETE FROM publication.published_sensor")
                try:
                    found = sum([len(features) async for features in stream.read()])
                finally:
                    with psycopg.connect(many, autocommit=True) as connection:
                        connection.execute("INSERT INTO publication.published_sensor SELECT * FROM kept")
                        connection.execute("DROP TABLE kept")
            return found, stream.number_matched or 0

    found, matched = asyncio.run(read())
    assert found == matched > 0


async def read_with_pauses(url: str, timeout_seconds: float, pause: Callable[[], Awaitable[None]]) -> None:
    """Read every sensor, with a pause after each thousand."""
    search = SensorSearch(dutch_date(), limit=1_000_000)
    pool = create_stream_pool(url, Settings(database_url=url, stream_timeout_seconds=timeout_seconds))
    async with pool, stream_sensors(pool, search) as stream:
        async for _ in stream.read():
            await pause()


async def go_on() -> None:
    """Make no pause."""


def test_stream_query_above_time_limit_is_cancelled(many: str) -> None:
    with psycopg.connect(many) as connection:
        connection.execute("LOCK TABLE publication.published_sensor IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(psycopg.errors.QueryCanceled):
            asyncio.run(read_with_pauses(many, 0.5, go_on))


def test_stream_with_reader_idle_above_time_limit_is_ended(many: str) -> None:
    async def pause_until_ended() -> None:
        await asyncio.to_thread(wait_until, lambda: count_streams(many) == 0)

    # Long for a statement of a thousand sensors; a reader may take twice as long.
    with pytest.raises(psycopg.errors.IdleInTransactionSessionTimeout):
        asyncio.run(read_with_pauses(many, 1, pause_until_ended))
    assert count_streams(many) == 0


def test_a_file_that_nobody_wants_is_not_finished(tmp_path: Path) -> None:
    given = 0
    has_begun = asyncio.Event()

    async def give() -> Any:
        nonlocal given
        while True:
            given += 1
            if given > 2:
                has_begun.set()
            await asyncio.sleep(0.01)
            yield [b'{"id":"%d","geometry":{"type":"Point","coordinates":[5,52]},"properties":{}}' % given]

    async def leave() -> None:
        layer = Layer("things", "Point", (), Crs.CRS84)
        writing = asyncio.ensure_future(write_in_thread(FLATGEOBUF, tmp_path / "things.fgb", layer, give()))
        await has_begun.wait()
        writing.cancel()
        # It would never end: there is always one more.
        with pytest.raises(asyncio.CancelledError):
            await writing

    asyncio.run(leave())
    assert given > 2


@pytest.mark.parametrize("form", [form for form in FORMATS if form.spooled], ids=lambda form: form.name)
def test_error_while_reading_is_reported(form: Format, tmp_path: Path) -> None:
    async def give() -> Any:
        yield [b'{"id":"1","geometry":{"type":"Point","coordinates":[5,52]},"properties":{}}']
        raise psycopg.errors.QueryCanceled("too long")

    with pytest.raises(psycopg.errors.QueryCanceled):
        asyncio.run(_write(form, tmp_path / "things", give()))


async def _write(form: Format, path: Path, batches: Any) -> None:
    await write_in_thread(form, path, Layer("things", "Point", (), Crs.CRS84), batches)
