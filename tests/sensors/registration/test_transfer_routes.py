from typing import Any

import pytest
from sqlalchemy import create_engine, text

from app.core.database import sqlalchemy_url, transaction
from tests.support.organisations import authorise, make_key, make_organisation
from tests.support.register import Register


@pytest.fixture
def water(fresh_database: str, register: Register) -> dict[str, Any]:
    """Headers and id of a water board."""
    engine = create_engine(sqlalchemy_url(fresh_database))
    with transaction(engine) as session:
        organisation = make_organisation(session, name="Waterschap", organisationType="water_authority")
        found = {"headers": authorise(make_key(session, organisation)), "id": str(organisation)}
    engine.dispose()
    return found


def test_sensor_is_offered_refused_taken_back_and_accepted(register: Register, water: dict[str, Any]) -> None:
    sensor = register.register()
    path = f"/v1/sensors/{sensor['id']}/transfer"
    client, given = register.client, {"organisation": water["id"]}
    assert client.get(path, headers=register.officer).status_code == 404
    offered = client.post(path, json=given, headers=register.officer)
    assert offered.status_code == 201, offered.text
    assert offered.json()["offeredTo"] == water["id"]
    assert client.get(path, headers=water["headers"]).json() == offered.json()
    assert client.get(path, headers=register.company).status_code == 404
    refusal = client.post(f"{path}/refusal", json={"reason": "Niet van ons"}, headers=water["headers"])
    assert (refusal.status_code, refusal.json()["decision"]) == (200, "refused")
    assert client.delete(path, headers=register.officer).status_code == 409
    client.post(path, json=given, headers=register.officer)
    assert client.delete(path, headers=register.officer).json()["decision"] == "taken_back"
    client.post(path, json=given, headers=register.officer)
    accepted = client.post(f"{path}/acceptance", headers=water["headers"])
    assert accepted.status_code == 200, accepted.text
    assert accepted.json()["owner"] == water["id"]
    assert accepted.json()["publicCode"] == sensor["publicCode"]
    (feature,) = register.find()["features"]
    assert feature["properties"]["owner"] == water["id"]


@pytest.mark.parametrize("given", [{}, {"organisation": "x"}, {"organisation": None, "extra": 1}])
def test_offer_without_an_organisation_is_refused(
    register: Register, water: dict[str, Any], given: dict[str, Any]
) -> None:
    path = f"/v1/sensors/{register.register()['id']}/transfer"
    assert register.client.post(path, json=given, headers=register.officer).status_code == 400


def test_decision_of_an_offer_is_stored(
    fresh_database: str, register: Register, water: dict[str, Any]
) -> None:
    path = f"/v1/sensors/{register.register()['id']}/transfer"
    register.client.post(path, json={"organisation": water["id"]}, headers=register.officer)
    register.client.post(f"{path}/acceptance", headers=water["headers"])
    engine = create_engine(sqlalchemy_url(fresh_database))
    with transaction(engine) as session:
        stored = session.execute(text("SELECT decision FROM register.sensor_transfer")).scalars().all()
    engine.dispose()
    assert stored == ["accepted"]
