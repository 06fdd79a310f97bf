"""The ceiling: a bare ASGI application that sends the text of PostgreSQL and does nothing else.

No routing, no checks, no headers but the length: each address is prepared when it is first seen, by the same search and
the same SQL as the register's, and from then on is one look-up, one statement, one answer.
"""

import os
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from psycopg_pool import AsyncConnectionPool

from app.bootstrap.paths import GRID
from app.core.clock import dutch_date
from app.core.database import create_read_pool
from app.core.settings import Settings
from app.features.item_parameters import parse_items_query
from app.sensors.search.conditions import bind_search
from app.sensors.search.operational_status import OPERATIONAL_STATUSES
from app.sensors.search.query_shape import QueryShape
from app.sensors.search.reference_data import ReferenceData, read_reference_data
from app.sensors.search.sensor_search import SensorSearch
from app.sensors.search.statements import compile_features, compile_page, compile_stored_count
from app.spatial.crs import add_grid
from app.tiles.queries import read_tile
from app.tiles.tile_matrix_sets import WEB_MERCATOR_QUAD, Tile

Message = dict[str, Any]
Prepared = tuple[str, dict[str, Any], bool, dict[str, Any] | None]

# No status is computed and no order but that of the table: less work than any answer of the register.
_EVERYTHING = """
SELECT feature_crs84 || ',"properties":{"operationalStatus":"active",' || feature_properties
FROM publication.published_sensor WHERE hidden_from > CURRENT_DATE
"""

_prepared: dict[bytes, Prepared] = {}
_pool: AsyncConnectionPool[Any] | None = None
_lists: ReferenceData | None = None


async def app(
    scope: Message,
    receive: Callable[[], Awaitable[Message]],
    send: Callable[[Message], Awaitable[None]],
) -> None:
    """Answer one address of the register's items with the text alone."""
    if scope["type"] == "lifespan":
        await _run(receive, send)
        return
    address = scope["raw_path"] + b"?" + scope["query_string"]
    if scope["raw_path"].startswith(b"/v1/tiles/"):
        await _send_tile(scope["path"], send)
        return
    if b"f=json-seq" in scope["query_string"]:
        await _send_all(scope["query_string"], send)
        return
    statement, values, prepare, counted = _prepared.get(address) or _prepare(address)
    assert _pool is not None
    async with _pool.connection() as connection:
        cursor = await connection.execute(statement, values, prepare=prepare, binary=True)
        row = await cursor.fetchone()
        matched = b""
        if counted is not None:
            cursor = await connection.execute(compile_stored_count(), counted, prepare=True, binary=True)
            matched = b',"numberMatched":%d' % (await cursor.fetchone())[0]
        elif len(row) > 1 and row[4] is not None:
            matched = b',"numberMatched":%d' % row[4]
    body = row[0]
    if len(row) > 1:
        body = b'{"type":"FeatureCollection","features":[%b]%b}' % (row[0] or b"", matched)
    headers = [(b"content-type", b"application/geo+json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _send_tile(path: str, send: Callable[[Message], Awaitable[None]]) -> None:
    """Answer with a tile that PostgreSQL makes for each request."""
    assert _pool is not None
    zoom, row, col = map(int, path.split("/")[-3:])
    tile = Tile(WEB_MERCATOR_QUAD, zoom, row, col)
    content, _ = await read_tile(_pool, tile, SensorSearch(dutch_date()))
    headers = [(b"content-type", b"application/vnd.mapbox-vector-tile")]
    await send({"type": "http.response.start", "status": 200 if content else 204, "headers": headers})
    await send({"type": "http.response.body", "body": content})


async def _send_all(query: bytes, send: Callable[[Message], Awaitable[None]]) -> None:
    """Send the text of every feature by COPY, as fast as the database returns it."""
    assert _pool is not None
    limit = int(query.partition(b"limit=")[2].partition(b"&")[0])
    await send({"type": "http.response.start", "status": 200, "headers": []})
    async with _pool.connection() as connection:
        cursor = connection.cursor()
        async with cursor.copy(f"COPY ({_EVERYTHING} LIMIT {limit}) TO STDOUT") as copy:
            while chunk := await copy.read():
                await send({"type": "http.response.body", "body": bytes(chunk), "more_body": True})
    await send({"type": "http.response.body", "body": b""})


def _prepare(address: bytes) -> Prepared:
    path, _, query = address.partition(b"?")
    identifier = path.rpartition(b"/")[2]
    if identifier != b"items":
        search = SensorSearch(
            dutch_date(), ids=(UUID(identifier.decode()),), statuses=OPERATIONAL_STATUSES, limit=1
        )
        prepared: Prepared = (compile_features(QueryShape.of(search)), bind_search(search), True, None)
    else:
        assert _lists is not None
        items = parse_items_query(query, _lists)
        search, shape = items.search, QueryShape.of(items.search)
        kept = search.is_whole_collection or search.is_one_municipality
        counted = None
        if items.is_first and kept:
            code = search.municipality.code if search.municipality else ""
            counted = {"municipality": code, "today": search.today}
        statement = compile_page(shape, counted=items.is_first and not kept)
        prepared = (statement, bind_search(search), shape.is_common, counted)
    _prepared[address] = prepared
    return prepared


async def _run(receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]) -> None:
    global _pool, _lists  # noqa: PLW0603 - a bare application has no other state
    await receive()
    add_grid(GRID)
    _pool = create_read_pool(os.environ["REGISTER_DATABASE_URL"], Settings())
    await _pool.open(wait=True)
    _lists = await read_reference_data(_pool)
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await _pool.close()
    await send({"type": "lifespan.shutdown.complete"})
