"""Receipts over HTTP: in the answer to a submission, as a whole for those concerned, and verified by everyone."""

import json
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import pytest
from httpx2 import Response
from sqlalchemy import create_engine

from app.core.database import sqlalchemy_url, transaction
from tests.support.organisations import authorise, make_key, make_organisation
from tests.support.register import Register, make_today_record, open_register
from tests.support.sensors import ERASMUS_BRIDGE

SECRET = "Achter de blauwe deur"


@pytest.fixture
def register(fresh_database: str) -> Iterator[Register]:
    with open_register(fresh_database) as register:
        yield register


@pytest.fixture
def other(register: Register, fresh_database: str) -> dict[str, str]:
    """The key of an organisation that has nothing to do with it."""
    engine = create_engine(sqlalchemy_url(fresh_database))
    with transaction(engine) as session:
        key = authorise(make_key(session, make_organisation(session, name="Een ander BV")))
    engine.dispose()
    return key


def submit(register: Register, **fields: Any) -> dict[str, Any]:
    """A submission of the company, which is not public."""
    answer = register.client.post("/v1/sensors", json=make_today_record(**fields), headers=register.company)
    assert answer.status_code == 201, answer.text
    document: dict[str, Any] = answer.json()
    return document


def read(register: Register, number: str, headers: dict[str, str]) -> Response:
    return register.client.get(f"/v1/receipts/{number}", headers=headers)


def verify(register: Register, **query: str) -> dict[str, Any]:
    answer = register.client.get("/v1/receipts/verification", params=query)
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    document: dict[str, Any] = answer.json()
    return document


def test_submission_is_answered_with_its_receipt(register: Register) -> None:
    registered = submit(register, purpose=SECRET)
    short = registered["receipt"]
    answer = read(register, short["number"], register.company)
    assert answer.status_code == 200, answer.text
    assert "no-store" in answer.headers["cache-control"]
    whole = answer.json()
    assert {name: whole[name] for name in short if name in whole} == {
        name: value for name, value in short.items() if name in whole
    }
    assert whole["kind"] == "register"
    assert whole["publicCode"] == registered["publicCode"]
    assert whole["said"]["purpose"] == SECRET
    assert whole["duty"]["noticeDays"] == 5
    assert whole["daysLate"] == 15
    assert whole["reviewUntil"] == short["reviewUntil"]
    assert "beoordeelt" in whole["next"]
    assert "Gemeente Amsterdam" in whole["objection"]
    written = answer.text.partition('"said": ')[2][:-1]
    assert sha256(written.encode()).hexdigest() == whole["digest"]


def test_change_and_removal_are_answered_with_receipts(register: Register) -> None:
    registered = register.register(placedFrom="2025-01-01")
    address, headers = f"/v1/sensors/{registered['id']}", register.officer | {"If-Match": "*"}
    amended = register.client.patch(address, json={"name": "Nieuw"}, headers=headers).json()
    removed = register.client.post(f"{address}/removal", json={}, headers=headers).json()
    numbers = [one["receipt"]["number"] for one in (registered, amended, removed)]
    assert len(set(numbers)) == 3
    assert [read(register, number, register.officer).json()["kind"] for number in numbers] == [
        "register",
        "amend",
        "remove",
    ]
    again = register.client.patch(address, json={"name": "Nieuw"}, headers=headers).json()
    assert again["receipt"]["number"] == numbers[2]


def test_receipt_is_for_those_concerned(register: Register, other: dict[str, str]) -> None:
    number = submit(register)["receipt"]["number"]
    assert read(register, number, register.company).status_code == 200
    assert read(register, number.lower(), register.officer).status_code == 200
    refused = read(register, number, other)
    unknown = read(register, "222222222222", other)
    assert refused.status_code == unknown.status_code == 404
    assert refused.json()["detail"] == unknown.json()["detail"]
    assert register.client.get(f"/v1/receipts/{number}").status_code == 401
    elsewhere = submit(
        register, reference="r-2", location={"type": "Point", "coordinates": list(ERASMUS_BRIDGE)}
    )
    assert read(register, elsewhere["receipt"]["number"], register.officer).status_code == 404


def test_verification_says_nothing_that_is_not_public(register: Register) -> None:
    registered = submit(register, purpose=SECRET, name="Geheim", reference="geheim-1")
    receipt = registered["receipt"]
    found = verify(register, number=receipt["number"])
    assert found == {
        "isGenuine": True,
        "number": receipt["number"],
        "receivedOn": found["receivedOn"],
    }
    told = json.dumps(found)
    for hidden in (SECRET, "Geheim", "geheim-1", registered["id"], registered["publicCode"], "GM0363"):
        assert hidden not in told
    assert verify(register, number="222222222222") == {"isGenuine": False}
    assert verify(register, number=receipt["number"][:-1]) == {"isGenuine": False}


def test_verification_names_a_public_sensor_and_compares_the_digest(register: Register) -> None:
    registered = register.register()
    receipt = registered["receipt"]
    printed = "-".join(receipt["number"][start : start + 4] for start in (0, 4, 8)).lower()
    found = verify(register, number=printed, digest=receipt["digest"].upper())
    assert found["publicCode"] == registered["publicCode"]
    assert found["digestMatches"] is True
    assert verify(register, number=printed, digest="0" * 64)["digestMatches"] is False
    hidden = {"visibility": "internal", "visibilityReason": "Opsporing"}
    headers = register.officer | {"If-Match": "*"}
    assert (
        register.client.patch(f"/v1/sensors/{registered['id']}", json=hidden, headers=headers).status_code
        == 200
    )
    assert "publicCode" not in verify(register, number=printed)


@pytest.mark.parametrize("query", ["", "?number=", "?numer=x", "?number=a&number=b"])
def test_verification_without_one_number_is_refused(register: Register, query: str) -> None:
    answer = register.client.get(f"/v1/receipts/verification{query}")
    assert answer.status_code == 400
    assert answer.json()["errors"]


def test_erased_content_leaves_the_receipt_and_its_digest_stays(
    register: Register, fresh_database: str
) -> None:
    engine = create_engine(sqlalchemy_url(fresh_database))
    with transaction(engine) as session:
        administrator = authorise(make_key(session, None, "administrator"))
    engine.dispose()
    registered = submit(register, purpose=SECRET)
    number, digest = registered["receipt"]["number"], registered["receipt"]["digest"]
    body = {"reason": "Verzoek van een bewoner", "erase": True}
    answer = register.client.post(
        f"/v1/sensors/{registered['id']}/redaction", json=body, headers=administrator
    )
    assert answer.status_code == 200, answer.text
    kept = read(register, number, register.company)
    assert kept.status_code == 200
    assert (kept.json()["said"], kept.json()["digest"]) == (None, digest)
    assert SECRET not in kept.text
    assert verify(register, number=number, digest=digest)["digestMatches"] is True
