"""The audit trail has sign-ins that failed and reads with a key, counted."""

from typing import Any

from sqlalchemy import create_engine, text

from app.access.events import write_due
from app.core.app_state import get_app_state
from app.core.database import sqlalchemy_url
from tests.support.organisations import authorise
from tests.support.register import Register


def read_entries(register: Register, url: str, action: str) -> list[Any]:
    write_due(get_app_state(register.client.app), all_of_them=True)  # type: ignore[arg-type]
    engine = create_engine(sqlalchemy_url(url))
    with engine.connect() as connection:
        rows = connection.execute(
            text("SELECT * FROM audit.audit_entry WHERE action = :action ORDER BY id"), {"action": action}
        ).all()
    engine.dispose()
    return list(rows)


def test_wrong_keys_are_counted_by_their_public_part_and_network(
    register: Register, fresh_database: str
) -> None:
    wrong = "srk_0123456789ab_" + "A" * 43
    for _ in range(30):
        assert register.client.get("/v1/sensors", headers=authorise(wrong)).status_code == 401
    assert register.client.post("/v1/sensors", json={}, headers=authorise("x")).status_code == 401
    assert register.client.get("/v1/exports", headers=authorise("x")).status_code == 401
    assert register.client.get("/v1/sensors").status_code == 401
    entries = read_entries(register, fresh_database, "sign_in_failed")
    named = [entry for entry in entries if entry.subject_ids]
    assert {tuple(entry.subject_ids) for entry in named} == {("0123456789ab",)}
    assert sum(entry.details["count"] for entry in named) == 30
    assert sum(entry.details["count"] for entry in entries) == 32
    assert len(entries) <= 4
    assert {(entry.details["source"], entry.details["detail"]) for entry in entries} == {
        ("127.0.0.0/24", "unknown")
    }
    assert "AAAA" not in str(entries)


def test_reads_with_a_key_are_counted_by_principal_route_and_subject(
    register: Register, fresh_database: str
) -> None:
    sensor = register.register()["id"]
    for _ in range(3):
        assert register.client.get(f"/v1/sensors/{sensor}", headers=register.officer).status_code == 200
    assert register.client.get("/v1/exports?f=csv", headers=register.officer).status_code == 200
    register.find()
    counted: dict[tuple[str, ...], int] = {}
    for entry in read_entries(register, fresh_database, "read_private_data"):
        assert entry.principal_id is not None
        read = (entry.details["detail"], *entry.subject_ids)
        counted[read] = counted.get(read, 0) + entry.details["count"]
    assert counted == {("/v1/sensors/{sensor_id}", sensor): 3, ("/v1/exports",): 1}
