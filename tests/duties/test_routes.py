from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import create_engine

from app.core.clock import dutch_date
from app.core.database import sqlalchemy_url, transaction
from tests.duties.test_actions import GIVEN
from tests.support.organisations import authorise, make_key, make_municipality, make_organisation
from tests.support.sensors import load_cities

PATH = "/v1/municipalities/GM0363"


@pytest.fixture
def keys(fresh_database: str) -> dict[str, Any]:
    """Headers of people of Amsterdam and Rotterdam, and the id of a company."""
    engine = create_engine(sqlalchemy_url(fresh_database))
    with transaction(engine) as session:
        load_cities(session)
        amsterdam = make_municipality(session)
        rotterdam = make_municipality(session, "GM0599", "Gemeente Rotterdam")
        found = {
            "administrator": authorise(make_key(session, amsterdam, "administrator")),
            "editor": authorise(make_key(session, amsterdam)),
            "rotterdam": authorise(make_key(session, rotterdam, "administrator")),
            "company": str(make_organisation(session)),
        }
    engine.dispose()
    return found


def give(**changes: object) -> dict[str, Any]:
    return GIVEN | {"validFrom": dutch_date().isoformat()} | changes


def test_municipality_without_a_rule_asks_nothing_and_says_so(
    client: TestClient, keys: dict[str, Any]
) -> None:
    answer = client.get(f"{PATH}/duty")
    assert answer.status_code == 200
    in_force = answer.json()["inForce"]
    assert "validFrom" not in in_force
    assert (in_force["mandatory"], in_force["noticeDays"]) == (False, 5)
    assert answer.json()["history"] == []
    assert client.get("/v1/municipalities/Atlantis/duty").status_code == 404


def test_rule_set_by_its_administrator_is_public_with_its_history(
    client: TestClient, keys: dict[str, Any]
) -> None:
    read = client.get(f"{PATH}/duty")
    headers = keys["administrator"] | {"If-Match": read.headers["ETag"]}
    assert client.put(f"{PATH}/duty", json=give(), headers=keys["administrator"]).status_code == 428
    answer = client.put(f"{PATH}/duty", json=give(), headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    again = client.get("/v1/municipalities/amsterdam/duty")
    assert again.json() == answer.json()
    assert again.headers["ETag"] == answer.headers["ETag"] != read.headers["ETag"]
    assert again.json()["inForce"] == again.json()["history"][0]
    expected = {"legalText": {"nl": "Meld camera's.", "en": "Meld camera's."}, "reviewTermDays": 21}
    assert again.json()["inForce"].items() >= expected.items()
    unchanged = client.get(f"{PATH}/duty", headers={"If-None-Match": again.headers["ETag"]})
    assert unchanged.status_code == 304
    assert client.put(f"{PATH}/duty", json=give(), headers=headers).status_code == 412


def test_rule_is_refused_to_others_and_with_all_its_problems(
    client: TestClient, keys: dict[str, Any]
) -> None:
    for who in ("editor", "rotterdam"):
        answer = client.put(f"{PATH}/duty", json=give(), headers=keys[who] | {"If-Match": "*"})
        assert answer.status_code == 403
    assert client.put(f"{PATH}/duty", json=give()).status_code == 401
    headers = keys["administrator"] | {"If-Match": "*"}
    answer = client.put(f"{PATH}/duty", json=give(noticeDays=1.5, sensorTypes=["x"]), headers=headers)
    assert answer.status_code == 400
    assert {one["location"] for one in answer.json()["errors"]} == {"/noticeDays", "/sensorTypes/0"}


def test_rule_of_another_day_is_taken_back(client: TestClient, keys: dict[str, Any]) -> None:
    headers = keys["administrator"] | {"If-Match": "*"}
    client.put(f"{PATH}/duty", json=give(validFrom="2999-01-01"), headers=headers)
    assert client.delete(f"{PATH}/duty/2999-01-01", headers=keys["editor"]).status_code == 403
    assert client.delete(f"{PATH}/duty/2999-01-01", headers=keys["administrator"]).status_code == 204
    assert client.delete(f"{PATH}/duty/2999-01-01", headers=keys["administrator"]).status_code == 404
    assert client.get(f"{PATH}/duty").json()["history"] == []


def test_trusted_organisations_are_for_people_of_the_municipality(
    client: TestClient, keys: dict[str, Any]
) -> None:
    path = f"{PATH}/trusted-organisations"
    given = {"organisation": keys["company"]}
    assert client.post(path, json=given, headers=keys["editor"]).status_code == 403
    assert client.post(path, json=given, headers=keys["rotterdam"]).status_code == 403
    added = client.post(path, json=given, headers=keys["administrator"])
    assert added.status_code == 201, added.text
    assert added.json()["name"] == "Meetbedrijf BV"
    assert "trustedBy" in added.json()
    assert client.post(path, json=given, headers=keys["administrator"]).status_code == 409
    listed = client.get(path, headers=keys["editor"])
    assert listed.json()["trustedOrganisations"] == [added.json()]
    assert listed.headers["Cache-Control"] == "no-store"
    assert client.get(path, headers=keys["rotterdam"]).status_code == 403
    assert client.get(path).status_code == 401
    ended = f"{path}/{keys['company']}"
    assert client.delete(ended, headers=keys["rotterdam"]).status_code == 403
    assert client.delete(ended, headers=keys["administrator"]).status_code == 204
    assert client.delete(ended, headers=keys["administrator"]).status_code == 404
    assert "endedAt" in client.get(path, headers=keys["editor"]).json()["trustedOrganisations"][0]
