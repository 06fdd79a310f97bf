"""Principals, grants and keys, managed by administrators with the API."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import create_engine

from app.audit.queries import list_entries
from app.core.database import sqlalchemy_url, transaction
from tests.support.organisations import authorise, make_key, make_organisation

PATH = "/v1/principals"
Headers = dict[str, str]


class Desk:
    """An administrator of everything, and one of each of two organisations."""

    def __init__(self, client: TestClient, url: str) -> None:
        self.client = client
        self.engine = create_engine(sqlalchemy_url(url))
        with transaction(self.engine) as session:
            self.ours = make_organisation(session)
            self.theirs = make_organisation(session, name="Ander Bedrijf BV")
            self.all = authorise(make_key(session, None, "administrator"))
            self.own = authorise(make_key(session, self.ours, "administrator"))
            self.other = authorise(make_key(session, self.theirs, "administrator"))
            self.editor = authorise(make_key(session, self.ours, "editor"))

    def post(self, path: str, headers: Headers, **body: Any) -> Any:
        return self.client.post(f"{PATH}{path}", json=body, headers=headers)

    def admit(self, name: str = "J. de Vries", **fields: Any) -> str:
        return str(self.post("", self.all, name=name, **fields).json()["id"])

    def give_key(self, principal: str, headers: Headers, organisation: UUID) -> tuple[str, Headers]:
        grant = self.post(f"/{principal}/grants", headers, role="editor", organisation=str(organisation))
        assert grant.status_code == 201, grant.text
        key = self.post(f"/{principal}/keys", headers, grant=grant.json()["id"])
        assert key.status_code == 201, key.text
        return grant.json()["id"], authorise(key.json()["token"])

    def opens(self, headers: Headers) -> bool:
        return bool(self.client.get("/v1/imports", headers=headers).status_code == 200)


@pytest.fixture
def desk(client: TestClient, fresh_database: str) -> Iterator[Desk]:
    desk = Desk(client, fresh_database)
    yield desk
    desk.engine.dispose()


def test_two_people_of_one_name_have_keys_of_their_own(desk: Desk) -> None:
    first, second = desk.admit(), desk.admit()
    assert first != second
    _, one = desk.give_key(first, desk.all, desk.ours)
    _, two = desk.give_key(second, desk.all, desk.theirs)
    for principal, organisation in ((first, desk.ours), (second, desk.theirs)):
        document = desk.client.get(f"{PATH}/{principal}", headers=desk.all).json()
        assert [grant["organisation"] for grant in document["grants"]] == [str(organisation)]
        assert len(document["keys"]) == 1
        assert document["keys"][0]["grant"] == document["grants"][0]["id"]
    ended = desk.post(f"/{first}/ending", desk.all, reason="Andere baan")
    assert ended.json() == {"revokedKeys": [one["Authorization"][11:23]]}
    assert (desk.opens(one), desk.opens(two)) == (False, True)


def test_ending_a_grant_ends_its_key_and_is_in_the_audit_trail(desk: Desk) -> None:
    principal = desk.admit()
    grant, key = desk.give_key(principal, desk.own, desk.ours)
    assert desk.opens(key)
    answer = desk.post(f"/{principal}/grants/{grant}/ending", desk.own, reason="Andere baan")
    assert answer.status_code == 200
    assert not desk.opens(key)
    assert desk.post(f"/{principal}/grants/{grant}/ending", desk.own, reason="Weer").status_code == 404
    with transaction(desk.engine) as session:
        entry = next(one for one in list_entries(session, subject_id=principal) if one.action == "end_grant")
    assert (entry.reason, entry.details["role"]) == ("Andere baan", "editor")
    assert entry.principal_id is not None


def test_last_manager_of_an_organisation_stays(desk: Desk) -> None:
    person = desk.admit()
    grant = desk.post(f"/{person}/grants", desk.own, role="editor", organisation=str(desk.ours)).json()["id"]
    path = f"/{person}/grants/{grant}/ending"
    refused = [
        desk.post(path, desk.own, reason="Weg"),
        desk.post(f"/{person}/ending", desk.all, reason="Weg"),
    ]
    assert [answer.status_code for answer in refused] == [409, 409]
    assert "laatste redacteur" in refused[0].json()["detail"]
    other = desk.admit()
    desk.post(f"/{other}/grants", desk.own, role="editor", organisation=str(desk.ours))
    assert desk.post(path, desk.own, reason="Weg").status_code == 200


def test_ending_an_organisation_ends_its_keys_and_takes_an_administrator_of_everything(desk: Desk) -> None:
    _, key = desk.give_key(desk.admit(), desk.own, desk.ours)
    path = f"/v1/organisations/{desk.ours}/ending"
    assert desk.client.post(path, json={"reason": "Weg"}, headers=desk.own).status_code == 403
    answer = desk.client.post(path, json={"reason": "Failliet"}, headers=desk.all)
    assert answer.status_code == 200
    assert key["Authorization"][11:23] in answer.json()["revokedKeys"]
    assert not desk.opens(key)


def test_administrator_of_one_organisation_manages_nothing_of_another(desk: Desk) -> None:
    principal = desk.admit()
    grant, key = desk.give_key(principal, desk.all, desk.theirs)
    prefix = key["Authorization"][11:23]
    refused = [
        desk.post(f"/{principal}/grants", desk.own, role="editor", organisation=str(desk.theirs)),
        desk.post(f"/{principal}/grants", desk.own, role="administrator"),
        desk.post(f"/{principal}/grants/{grant}/ending", desk.own, reason="x"),
        desk.post(f"/{principal}/keys", desk.own, grant=grant),
        desk.post(f"/{principal}/keys/{prefix}/revocation", desk.own),
        desk.post(f"/{principal}/ending", desk.own, reason="x"),
        desk.client.get(f"{PATH}/{principal}", headers=desk.own),
    ]
    assert [answer.status_code for answer in refused] == [403, 403, 404, 404, 404, 403, 404]
    listed = desk.client.get(PATH, headers=desk.own).json()["principals"]
    assert principal not in [one["id"] for one in listed]
    assert {grant["organisation"] for one in listed for grant in one["grants"]} == {str(desk.ours)}
    assert desk.opens(key)
    assert desk.post(f"/{principal}/keys/{prefix}/revocation", desk.other).status_code == 200
    assert not desk.opens(key)


def test_editor_and_strangers_manage_nobody(desk: Desk) -> None:
    for headers, status in ((desk.editor, 403), ({}, 401)):
        assert desk.client.get(PATH, headers=headers).status_code == status
        assert desk.post("", headers, name="Iemand").status_code == status
    assert "no-store" in desk.client.get(PATH, headers=desk.all).headers["Cache-Control"]


def test_problems_of_a_principal_are_reported_together(desk: Desk) -> None:
    refused = desk.post("", desk.all, name=" ", handle="system:command-line")
    assert refused.status_code == 400
    assert {error["location"] for error in refused.json()["errors"]} == {"/name", "/handle"}
    refused = desk.post("", desk.all, naam="Jan", handle=3)
    assert {(error["location"], error["code"]) for error in refused.json()["errors"]} == {
        ("/name", "required"),
        ("/naam", "unknown_field"),
        ("/handle", "wrong_type"),
    }
    desk.admit(handle="jan@example.org")
    taken = desk.post("", desk.all, name="Jan", handle="JAN@example.org")
    assert (taken.status_code, taken.json()["errors"][0]["location"]) == (409, "/handle")


@pytest.mark.parametrize("body", [{}, {"reason": " "}, {"reason": 3}])
def test_ending_without_a_reason_is_refused(desk: Desk, body: dict[str, Any]) -> None:
    answer = desk.post(f"/{desk.admit()}/ending", desk.all, **body)
    assert (answer.status_code, answer.json()["errors"][0]["location"]) == (400, "/reason")


def test_key_has_the_scopes_that_were_asked_for_and_makes_none_with_more(desk: Desk) -> None:
    principal = desk.admit()
    grant = desk.post(f"/{principal}/grants", desk.own, role="administrator", organisation=str(desk.ours))
    wanted = {"grant": grant.json()["id"], "scopes": ["register", "read"]}
    key = desk.post(f"/{principal}/keys", desk.own, **wanted).json()
    assert key["scopes"] == ["read", "register"]
    (listed,) = desk.client.get(f"{PATH}/{principal}", headers=desk.own).json()["keys"]
    assert listed["scopes"] == ["read", "register"]
    held = authorise(key["token"])
    assert desk.post(f"/{principal}/keys", held, **wanted).status_code == 201
    assert desk.post(f"/{principal}/keys", held, **wanted | {"scopes": ["read", "import"]}).status_code == 403
    assert desk.post(f"/{principal}/keys", held, grant=wanted["grant"]).status_code == 403
    assert desk.post(f"/{principal}/keys", held, **wanted | {"scopes": []}).status_code == 400
