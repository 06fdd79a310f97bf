"""Nothing private leaves the register: marks are planted, and every public answer is searched for them."""

import asyncio
from collections.abc import Iterator
from itertools import product
from typing import Any
from urllib.parse import unquote, urlencode
from uuid import UUID

import psycopg
import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from psycopg import sql
from psycopg.conninfo import make_conninfo
from sqlalchemy import create_engine

from app.bootstrap.paths import GRID
from app.core.database import READ_ROLE, create_read_pool, sqlalchemy_url, transaction
from app.core.settings import Settings
from app.spatial.crs import Crs, add_grid
from app.spatial.rd_grid import build_grid
from app.tables import METADATA
from tests.support.application import make_client
from tests.support.private_markers import Planted, plant_marks
from tests.support.register import make_today_record

ACCEPTS = ("*/*", "application/json", "application/geo+json", "text/html", "image/png")
FORMATS = ("", "f=json", "f=geojson", "f=html", "f=csv")
WHOLE = "operationalStatus=planned,active,due_for_confirmation,expired,removed&limit=10000"


@pytest.fixture(scope="module")
def planted(module_database: str) -> Planted:
    build_grid(GRID)
    add_grid(GRID)
    engine = create_engine(sqlalchemy_url(module_database))
    try:
        with transaction(engine) as session:
            return plant_marks(session)
    finally:
        engine.dispose()


@pytest.fixture(scope="module")
def client(module_database: str, planted: Planted) -> Iterator[TestClient]:
    with make_client(module_database) as client:
        yield client


@pytest.fixture(scope="module", params=["anonymous", "another municipality", "another company"])
def key(request: pytest.FixtureRequest, planted: Planted) -> Any:
    return planted.keys[request.param]


def find_marks(answer: Response, marks: Any) -> set[str]:
    """The marks in the headers and the body of an answer that were not in the address that was asked."""
    asked = unquote(str(answer.request.url)).lower()
    sent = "\n".join((*(f"{name}: {value}" for name, value in answer.headers.items()), answer.text)).lower()
    return {mark for mark in marks if mark.lower() in sent and mark.lower() not in asked}


def check_answer(planted: Planted, answer: Response) -> None:
    leaked = {planted.secrets[mark] for mark in find_marks(answer, planted.secrets)}
    assert not leaked, (answer.request.method, str(answer.request.url), answer.status_code, leaked)


def list_addresses(client: TestClient, planted: Planted) -> list[str]:
    """Every address of the API document with each thing that it may name, and every page for people."""
    named = {
        "collectionId": ["sensors", "observed-areas", "municipalities", "nothing"],
        "featureId": [*map(str, planted.sensors.values()), "GM0363", "nothing"],
        "sensorId": [*map(str, planted.sensors.values()), "nothing"],
        "organisationId": [*map(str, planted.organisations), "nothing"],
        "reportId": [*map(str, planted.reports), "nothing"],
        "importId": [*map(str, planted.imports), "nothing"],
        "mappingId": [*map(str, planted.mappings), "nothing"],
        # Not those of the planted user: an error repeats the path of its request.
        "principalId": [str(UUID(int=1)), "nothing"],
        "grantId": [str(UUID(int=1)), "nothing"],
        "prefix": ["0123456789ab"],
        "receiptNumber": [*planted.receipts, "222222222222"],
        "code": ["GM0363", "GM0599", "GM9999", "public"],
        "name": ["visibility", "nothing"],
        "validFrom": ["2026-03-01", "nothing"],
        # The whole country in one tile, and the one with Dam square.
        "tileMatrixSetId": ["WebMercatorQuad", "nothing"],
        "tileMatrix": ["5", "14"],
        "fontstack": ["Noto Sans Bold", "nothing"],
        "range": ["0-255.pbf", "nothing"],
        "tileRow": ["10", "5384"],
        "tileCol": ["16", "8414"],
    }
    addresses = []
    for path in client.get("/v1/openapi.json").json()["paths"]:
        names = [part.strip("{}") for part in path.split("/") if part.startswith("{")]
        for values in product(*(named[name] for name in names)):
            address = f"/v1{path}".rstrip("/")
            for name, value in zip(names, values, strict=True):
                address = address.replace(f"{{{name}}}", value)
            addresses.append(address)
    for code in planted.codes.values():
        addresses += [f"/s/{code}", f"/en/s/{code}", f"/s/{code[:-1]}", f"/s?code={code}"]
    addresses += [f"/v1/receipts/verification?number={number}" for number in planted.receipts]
    addresses += [f"/ontvangst?nummer={number}" for number in planted.receipts]
    pages = ["", "/sensoren", "/sensoren?municipality=GM0363", "/s", "/nowhere"]
    addresses += [f"{start}{page}" for start in ("", "/en") for page in pages]
    return [
        *addresses,
        "/robots.txt",
        "/.well-known/security.txt",
        "/health/live",
        "/health/ready",
        "/metrics",
    ]


def list_questions(planted: Planted) -> list[str]:
    """Searches that would find what is hidden: by its place, its time, or all at once."""
    questions = [WHOLE, f"{WHOLE}&crs={Crs.RD.uri}", "limit=1", "bbox=3,50,8,54", "municipality=GM0363"]
    questions += [f"{WHOLE}&asOf={moment}" for moment in planted.moments]
    for lon, lat in planted.spots:
        # Asked in other words than the marks: a rounded place.
        place = f"{lon:.4f},{lat:.4f}"
        questions += [f"near={place}&radius=300", f"covers={place}", f"covers={lon:.4f},{lat + 0.0003:.4f}"]
        questions += [f"near={place}&asOf={moment}" for moment in planted.moments]
    questions += [f"visibility={one}&{WHOLE}" for one in ("public", "generalised", "internal")]
    return [*questions, "colour=red", "limit=none", "municipality=Amsterdm", "cursor=AAAA"]


def test_the_marks_would_be_found(client: TestClient, planted: Planted) -> None:
    """Public values are found everywhere, and private ones by those who may see them."""
    found = set()
    for address in list_addresses(client, planted):
        found |= find_marks(client.get(address), planted.public)
    assert found == planted.public
    assert len(planted.secrets) > 150


def test_no_address_tells(client: TestClient, planted: Planted, key: Any) -> None:
    for address in list_addresses(client, planted):
        for accept in ("*/*", "text/html"):
            headers = {**key, "Accept": accept, "Accept-Language": "en"}
            check_answer(planted, client.get(address, headers=headers, follow_redirects=False))


def test_no_format_tells(client: TestClient, planted: Planted) -> None:
    identifiers = [str(planted.sensors[name]) for name in ("public", "generalised", "internal")]
    for collection, accept, form in product(
        ("sensors", "observed-areas", "municipalities"), ACCEPTS, FORMATS
    ):
        start = f"/v1/collections/{collection}"
        for address in (start, f"{start}/items", *(f"{start}/items/{one}" for one in identifiers)):
            check_answer(planted, client.get(f"{address}?{form}", headers={"Accept": accept}))


@pytest.mark.parametrize("collection", ["sensors", "observed-areas"])
def test_no_search_tells(client: TestClient, planted: Planted, key: Any, collection: str) -> None:
    found = 0
    for question in list_questions(planted):
        answer = client.get(f"/v1/collections/{collection}/items?{question}", headers=key)
        check_answer(planted, answer)
        found += len(answer.json().get("features", []))
    assert found > 20


def test_no_page_of_a_walk_tells(client: TestClient, planted: Planted) -> None:
    path: str | None = f"/v1/collections/sensors/items?{WHOLE.replace('limit=10000', 'limit=1')}"
    seen = []
    while path:
        answer = client.get(path)
        check_answer(planted, answer)
        seen += [feature["id"] for feature in answer.json()["features"]]
        path = next((link["href"] for link in answer.json()["links"] if link["rel"] == "next"), None)
    shown = planted.sensors.keys() - {"internal", "hidden later", "submitted", "rejected"}
    assert set(seen) == {str(planted.sensors[name]) for name in shown}


@pytest.mark.parametrize("name", ["reference", "bgtId", "project"])
def test_hidden_field_cannot_be_searched(client: TestClient, planted: Planted, name: str) -> None:
    kind = "whereabouts" if name == "bgtId" else name
    hidden = [mark for mark, secret in planted.secrets.items() if secret.endswith(f".{kind}")]
    assert hidden
    for mark in hidden:
        query = urlencode({name: mark})
        for moment in ("", *(f"&asOf={moment}" for moment in planted.moments)):
            answer = client.get(f"/v1/collections/sensors/items?{query}{moment}")
            assert (answer.status_code, answer.json()["features"]) == (200, []), (mark, planted.secrets[mark])


@pytest.mark.parametrize("method", ["PUT", "POST", "PATCH", "DELETE", "OPTIONS", "HEAD"])
def test_no_refusal_tells(client: TestClient, planted: Planted, key: Any, method: str) -> None:
    for address in list_addresses(client, planted):
        headers = {**key, "If-Match": "*", "Accept": "application/json"}
        body = {"removedOn": "2020-01-01"} if method in ("POST", "PATCH") else None
        check_answer(
            planted, client.request(method, address, headers=headers, json=body, follow_redirects=False)
        )


def test_a_near_duplicate_names_no_sensor_of_another(client: TestClient, planted: Planted) -> None:
    for number, (lon, lat) in enumerate(planted.spots):
        # Two metres aside, and in digits that no mark begins with: who registers it may see it.
        place = {"type": "Point", "coordinates": [lon - 2e-5, lat - 2e-5]}
        record = make_today_record(reference=str(number), sensorType="optical_camera", location=place)
        answer = client.post("/v1/sensors", json=record, headers=planted.keys["another company"])
        assert answer.status_code == 201
        assert "near_duplicate" not in answer.text


# The role that reads


def list_private_tables() -> list[str]:
    return sorted(table.name for table in METADATA.tables.values() if table.schema == "register")


@pytest.fixture(scope="module")
def reader(module_database: str, planted: Planted) -> Iterator[psycopg.Connection[Any]]:
    """Logged in as the read role itself, as one would with a login of its own."""
    with psycopg.connect(make_conninfo(module_database, user=READ_ROLE), autocommit=True) as connection:
        yield connection


@pytest.mark.parametrize("table", list_private_tables())
def test_the_read_role_sees_no_private_table(reader: psycopg.Connection[Any], table: str) -> None:
    for statement in ("SELECT FROM {}", "SELECT count(*) FROM {}", "DELETE FROM {}"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            reader.execute(sql.SQL(statement).format(sql.Identifier("register", table)))


def test_every_private_table_is_asked(module_database: str) -> None:
    with psycopg.connect(module_database) as owner:
        rows = owner.execute("""SELECT relname FROM pg_class
            WHERE relnamespace = 'register'::regnamespace AND relkind IN ('r', 'v', 'm', 'p')""")
        assert sorted(name for (name,) in rows) == list_private_tables()


def test_the_read_role_reads_and_writes_nothing(
    reader: psycopg.Connection[Any], module_database: str
) -> None:
    names = [table.name for table in METADATA.tables.values() if table.schema == "publication"]
    for name in names:
        table = sql.Identifier("publication", name)
        assert reader.execute(sql.SQL("SELECT count(*) FROM {}").format(table)).fetchone()
        for statement in ("DELETE FROM {}", "TRUNCATE {}", "DROP TABLE {}"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                reader.execute(sql.SQL(statement).format(table))
    for statement in (
        "CREATE TABLE publication.x ()",
        "CREATE SCHEMA x",
        "SELECT register.public_code(1)",
        "SELECT nextval('register.public_code_number')",
        "SELECT pg_read_file('/etc/passwd')",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            reader.execute(statement)
    with psycopg.connect(module_database) as owner:
        (user,) = owner.execute("SELECT current_user").fetchone() or ("",)
    for statement in ("SET ROLE {}", "SET SESSION AUTHORIZATION {}"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            reader.execute(sql.SQL(statement).format(sql.Identifier(user)))


async def ask_pool(url: str) -> list[Any]:
    """Role of a read connection at first and after a reset, and whether it may write."""
    settings = Settings(database_url=url, read_connections=1)
    async with create_read_pool(url, settings) as pool, pool.connection() as connection:
        answers = []
        for statement in (
            "SELECT current_user",
            "RESET ROLE",
            "SELECT current_user",
            "SHOW transaction_read_only",
        ):
            cursor = await connection.execute(statement)
            answers += [row[0] for row in await cursor.fetchall()] if cursor.description else []
        return answers


def test_public_reads_are_by_the_read_role(module_database: str, planted: Planted) -> None:
    assert asyncio.run(ask_pool(module_database)) == [READ_ROLE, READ_ROLE, "on"]
