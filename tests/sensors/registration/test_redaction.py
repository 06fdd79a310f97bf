"""Redacted content leaves every public answer, of the past too; erased content leaves the register."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, create_engine, text

from app.core.database import sqlalchemy_url, transaction
from app.sensors.publication.publish import publish_sensors
from tests.support.organisations import authorise, make_key, make_organisation
from tests.support.register import Register, make_today_record

SECRET = "Pietersen achter de blauwe deur"
Headers = dict[str, str]


@pytest.fixture
def engine(register: Register, fresh_database: str) -> Iterator[Engine]:
    engine = create_engine(sqlalchemy_url(fresh_database))
    yield engine
    engine.dispose()


@pytest.fixture
def administrator(engine: Engine) -> Headers:
    with transaction(engine) as session:
        return authorise(make_key(session, None, "administrator"))


def amend(register: Register, sensor: str, **patch: Any) -> Any:
    headers = register.officer | {"If-Match": "*"}
    return register.client.patch(f"/v1/sensors/{sensor}", json=patch, headers=headers)


def redact(register: Register, headers: Headers, sensor: str, **body: Any) -> Any:
    asked = {"reason": "Verzoek van een bewoner"} | body
    return register.client.post(f"/v1/sensors/{sensor}/redaction", json=asked, headers=headers)


def now(engine: Engine) -> str:
    with engine.connect() as connection:
        moment: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def list_changes(engine: Engine) -> list[tuple[int, str]]:
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT number, kind FROM publication.change ORDER BY number"))
        return [(row.number, row.kind) for row in rows]


def find_in_schema(engine: Engine, schema: str, words: str) -> list[str]:
    """The tables of a schema with a row that has these words."""
    with engine.connect() as connection:
        names = connection.scalars(
            text("SELECT table_name FROM information_schema.tables WHERE table_schema = :schema"),
            {"schema": schema},
        ).all()
        return sorted(
            name
            for name in names
            if connection.scalar(
                text(f'SELECT EXISTS (SELECT FROM {schema}."{name}" AS t WHERE t::text LIKE :words)'),
                {"words": f"%{words}%"},
            )
        )


def test_redacted_version_leaves_the_past_and_nothing_else(
    register: Register, engine: Engine, administrator: Headers
) -> None:
    sensor = register.register(locationDescription=SECRET)["id"]
    between = now(engine)
    assert amend(register, sensor, locationDescription="Naast de brug").status_code == 200
    path = f"/v1/collections/sensors/items/{sensor}"
    before = register.client.get(path, params={"asOf": between})
    assert SECRET in before.text
    answer = redact(register, administrator, sensor, version=1)
    assert (answer.status_code, answer.json()) == (200, {"versions": 1, "sensors": 1})
    after = register.client.get(
        path, params={"asOf": between}, headers={"If-None-Match": before.headers["ETag"]}
    )
    assert after.status_code == 404
    assert register.find(f"asOf={between}")["features"] == []
    assert "Naast de brug" in register.client.get(path).text
    assert find_in_schema(engine, "publication", SECRET) == []
    assert list_changes(engine) == [(1, "published"), (2, "amended"), (3, "redacted")]
    versions = register.client.get(f"/v1/sensors/{sensor}/versions", headers=register.officer).json()[
        "versions"
    ]
    assert [("redactedAt" in one, one["locationDescription"]) for one in versions] == [
        (False, "Naast de brug"),
        (True, SECRET),
    ]


def test_erased_version_is_in_no_table_and_keeps_its_number(
    register: Register, engine: Engine, administrator: Headers
) -> None:
    headers = register.officer | {"Idempotency-Key": "een"}
    record = make_today_record(locationDescription=SECRET)
    sensor = register.client.post("/v1/sensors", json=record, headers=headers).json()["id"]
    amend(register, sensor, locationDescription="Naast de brug")
    assert find_in_schema(engine, "register", SECRET) == ["idempotency_key", "receipt", "sensor_version"]
    assert redact(register, administrator, sensor, version=1, erase=True).status_code == 200
    for schema in ("register", "publication"):
        assert find_in_schema(engine, schema, SECRET) == []
    assert amend(register, sensor, locationDescription="Op de brug").json()["version"] == 3
    assert list_changes(engine) == [(1, "published"), (2, "amended"), (3, "redacted"), (4, "amended")]


@pytest.mark.parametrize("erase", [False, True])
def test_redacted_sensor_is_gone_from_present_and_past(
    register: Register, engine: Engine, administrator: Headers, erase: bool
) -> None:
    kept = register.register(reference="blijft")["id"]
    sensor = register.register(locationDescription=SECRET, reference="Huis van Pietersen")["id"]
    amend(register, sensor, heightM=4, heightReference="ground")
    between = now(engine)
    assert redact(register, administrator, sensor, erase=erase).json() == {"versions": 3, "sensors": 1}
    for query in ("", f"asOf={between}"):
        assert [feature["id"] for feature in register.find(query)["features"]] == [kept]
    assert register.client.get(f"/v1/collections/sensors/items/{sensor}").status_code == 404
    kinds = [kind for _, kind in list_changes(engine)]
    assert kinds == ["published", "published", "amended", "withdrawn", "redacted"]
    for word in (SECRET, "Huis van Pietersen"):
        assert find_in_schema(engine, "publication", word) == []
        assert bool(find_in_schema(engine, "register", word)) is not erase
    own = register.client.get(f"/v1/sensors/{sensor}", headers=register.officer)
    assert own.status_code == (404 if erase else 200)
    with engine.connect() as connection:
        entry = connection.execute(
            text("SELECT * FROM audit.audit_entry WHERE action = :action"),
            {"action": "erase_sensor" if erase else "redact_sensor"},
        ).one()
    assert (entry.reason, entry.subject_ids) == ("Verzoek van een bewoner", [sensor])
    assert entry.principal_id is not None


def test_version_in_force_is_not_redacted_alone(register: Register, administrator: Headers) -> None:
    sensor = register.register()["id"]
    assert redact(register, administrator, sensor, version=1).status_code == 409
    assert redact(register, administrator, sensor, version=2).status_code == 404
    assert redact(register, administrator, str(UUID(int=1))).status_code == 404


def test_redaction_takes_an_administrator_and_a_reason(
    register: Register, engine: Engine, administrator: Headers
) -> None:
    sensor = register.register()["id"]
    assert redact(register, register.officer, sensor).status_code == 403
    refused = redact(register, administrator, sensor, reason=" ", erase="ja", version=0)
    assert {error["location"] for error in refused.json()["errors"]} == {"/reason", "/erase", "/version"}
    assert list_changes(engine) == [(1, "published")]


def test_visibility_of_a_withdrawn_registration_governs_its_history(
    register: Register, engine: Engine, administrator: Headers
) -> None:
    sensor = register.register(locationDescription=SECRET)["id"]
    between = now(engine)
    with transaction(engine) as session:
        session.execute(
            text(
                "UPDATE register.sensor_version SET superseded_at = clock_timestamp() WHERE sensor_id = :id"
            ),
            {"id": sensor},
        )
        columns = session.scalar(
            text(
                "SELECT string_agg(quote_ident(column_name), ', ') FROM information_schema.columns WHERE"
                " table_schema = 'register' AND table_name = 'sensor_version' AND column_name NOT IN"
                " ('id', 'number', 'registration_status', 'superseded_at', 'published_at')"
            )
        )
        session.execute(
            text(
                f"INSERT INTO register.sensor_version (number, registration_status, {columns})"
                f" SELECT 2, 'withdrawn', {columns} FROM register.sensor_version WHERE sensor_id = :id"
            ),
            {"id": sensor},
        )
        publish_sensors(session, [UUID(sensor)])
    assert SECRET in str(register.find(f"asOf={between}"))
    assert amend(register, sensor, name="Paal").status_code == 409
    hidden = amend(register, sensor, visibility="internal", visibilityReason="Woonhuis")
    assert (hidden.status_code, hidden.json()["registrationStatus"]) == (200, "withdrawn")
    assert register.find(f"asOf={between}")["features"] == []
    assert find_in_schema(engine, "publication", SECRET) == []
    assert [kind for _, kind in list_changes(engine)] == ["published", "withdrawn", "redacted"]
    shown = amend(register, sensor, visibility="public", visibilityReason=None)
    assert shown.status_code == 200
    assert SECRET in str(register.find(f"asOf={between}"))
    assert [number for number, _ in list_changes(engine)] == [1, 2, 3, 4]


def test_rejected_registration_is_seen_by_its_owner_and_municipality_alone(
    register: Register, engine: Engine
) -> None:
    answer = register.client.post("/v1/sensors", json=make_today_record(), headers=register.company)
    sensor = answer.json()["id"]
    with transaction(engine) as session:
        session.execute(text("UPDATE register.sensor_version SET registration_status = 'rejected'"))
        stranger = authorise(make_key(session, make_organisation(session, name="Ander Bedrijf BV")))
    path = f"/v1/sensors/{sensor}"
    for headers in (register.company, register.officer):
        read = register.client.get(path, headers=headers)
        assert (read.status_code, read.json()["registrationStatus"]) == (200, "rejected")
    assert register.client.get(path, headers=stranger).status_code == 404
    assert register.client.get(f"/v1/collections/sensors/items/{sensor}").status_code == 404
    changed = register.client.patch(path, json={"name": "Paal"}, headers=register.company | {"If-Match": "*"})
    assert changed.status_code == 409
