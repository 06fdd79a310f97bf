from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from app.core.database import sqlalchemy_url
from tests.support.organisations import authorise, make_key, make_organisation

PATH = "/v1/organisations"
GIVEN = {
    "name": "Waterschap Testland",
    "organisationType": "water_authority",
    "publicEmail": "info@example.org",
    "contactPerson": "Marleen Geheim",
}


@pytest.fixture
def writing(fresh_database: str) -> Iterator[Session]:
    """Commits for real, so that the application's own connections see it."""
    engine = create_engine(sqlalchemy_url(fresh_database))
    with Session(engine) as session:
        yield session
    engine.dispose()


@pytest.fixture
def administrator(writing: Session) -> dict[str, str]:
    """The headers of an administrator of the whole register."""
    headers = authorise(make_key(writing, None, "administrator"))
    writing.commit()
    return headers


def add(client: TestClient, headers: dict[str, str], **changes: object) -> Any:
    return client.post(PATH, json=GIVEN | changes, headers=headers)


def test_organisation_of_an_administrator_is_readable_for_everybody(
    client: TestClient, administrator: dict[str, str]
) -> None:
    answer = add(client, administrator)
    assert answer.status_code == 201
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Location"].startswith("http://127.0.0.1:8000/v1/organisations/")
    read = client.get(answer.headers["Location"])
    assert read.status_code == 200
    assert read.json() == {
        "id": read.json()["id"],
        "name": "Waterschap Testland",
        "organisationType": "water_authority",
        "publicEmail": "info@example.org",
    }
    assert answer.json() == read.json()
    assert read.headers["ETag"] == answer.headers["ETag"]
    assert "Geheim" not in answer.text + read.text


def test_unchanged_organisation_is_not_modified(client: TestClient, administrator: dict[str, str]) -> None:
    location = add(client, administrator).headers["Location"]
    for path in (location, PATH):
        etag = client.get(path).headers["ETag"]
        again = client.get(path, headers={"If-None-Match": etag})
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", etag)


def test_all_problems_are_reported_at_once_in_the_requested_language(
    client: TestClient, administrator: dict[str, str]
) -> None:
    answer = add(client, administrator | {"Accept-Language": "nl"}, name=None, oin="1", website="x")
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert {error["location"] for error in answer.json()["errors"]} == {"/name", "/oin", "/website"}
    assert "Vul dit in." in answer.text


@pytest.mark.parametrize("body", ["[]", '"x"', "{", "null"])
def test_body_that_is_not_an_object_is_refused(
    client: TestClient, administrator: dict[str, str], body: str
) -> None:
    headers = administrator | {"Content-Type": "application/json"}
    assert client.post(PATH, content=body, headers=headers).status_code == 400


def test_registration_without_a_valid_key_is_refused(client: TestClient, writing: Session) -> None:
    make_organisation(writing)
    writing.commit()
    for headers in ({}, authorise("srk_000000000000_" + "A" * 43), {"Authorization": "Basic eDp5"}):
        answer = add(client, headers)
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith("Bearer ")
        assert answer.headers["Content-Type"] == "application/problem+json"
    assert len(client.get(PATH).json()["organisations"]) == 1


def test_key_in_the_address_is_refused(client: TestClient, writing: Session) -> None:
    token = make_key(writing, None, "administrator")
    writing.commit()
    refused = client.post(PATH, params={"access_token": token}, json=GIVEN)
    assert (refused.status_code, token in refused.text) == (400, False)


def test_other_principals_cannot_change_an_organisation(client: TestClient, writing: Session) -> None:
    ours, theirs = make_organisation(writing), make_organisation(writing)
    editor = authorise(make_key(writing, ours, "editor"))
    own_administrator = authorise(make_key(writing, ours, "administrator"))
    writing.commit()
    change = {"name": "Anders BV"}
    for headers, path in ((editor, ours), (own_administrator, theirs)):
        answer = client.patch(f"{PATH}/{path}", json=change, headers=headers | {"If-Match": "*"})
        assert answer.status_code == 403
    assert add(client, own_administrator).status_code == 403
    answer = client.patch(f"{PATH}/{ours}", json=change, headers=own_administrator | {"If-Match": "*"})
    assert answer.json()["name"] == "Anders BV"


def test_change_requires_the_current_etag(client: TestClient, administrator: dict[str, str]) -> None:
    added = add(client, administrator)
    location, seen = added.headers["Location"], added.headers["ETag"]
    assert client.patch(location, json={"name": "A"}, headers=administrator).status_code == 428
    headers = administrator | {"If-Match": seen}
    changed = client.patch(location, json={"name": "Waterschap Proefland"}, headers=headers)
    assert changed.status_code == 200
    assert changed.json()["name"] == "Waterschap Proefland"
    assert changed.headers["ETag"] == client.get(location).headers["ETag"] != seen
    assert client.patch(location, json={"name": "B"}, headers=headers).status_code == 412


def test_repeated_registration_is_executed_once(client: TestClient, administrator: dict[str, str]) -> None:
    headers = administrator | {"Idempotency-Key": "eerste-keer"}
    first, second = add(client, headers), add(client, headers)
    assert first.status_code == second.status_code == 201
    assert first.content == second.content
    assert first.headers["Location"] == second.headers["Location"]
    assert len(client.get(PATH).json()["organisations"]) == 1
    assert add(client, headers, name="Een ander").status_code == 409


@pytest.mark.parametrize("key", [" ", "x" * 256, "sleutel\x7f"])
def test_malformed_idempotency_key_is_refused(
    client: TestClient, administrator: dict[str, str], key: str
) -> None:
    assert add(client, administrator | {"Idempotency-Key": key}).status_code == 400


def test_list_is_read_page_by_page(client: TestClient, writing: Session) -> None:
    made = sorted(str(make_organisation(writing, name=f"Bedrijf {number}")) for number in range(5))
    writing.commit()
    address: str | None = f"{PATH}?limit=2"
    pages = []
    while address:
        page = client.get(address).json()
        pages.append([organisation["id"] for organisation in page["organisations"]])
        address = next((link["href"] for link in page["links"] if link["rel"] == "next"), None)
    assert pages == [made[:2], made[2:4], made[4:]]


def test_list_has_name_and_type_and_filters_by_a_part_of_the_name(
    client: TestClient, writing: Session
) -> None:
    found = make_organisation(writing, name="Gemeente 100%_Testdam")
    make_organisation(writing, name="Anders BV")
    make_organisation(writing, name="Karel Verstopt", organisationType="private_person")
    writing.commit()
    page = client.get(PATH, params={"q": "0%_TESTDAM"}).json()
    assert page == {
        "organisations": [{"id": str(found), "name": "Gemeente 100%_Testdam", "organisationType": "company"}],
        "links": [],
    }
    everything = client.get(PATH)
    assert "Verstopt" not in everything.text
    assert [one.get("name") for one in everything.json()["organisations"]].count(None) == 1
    assert client.get(PATH, params={"q": "verstopt"}).json()["organisations"] == []


def test_wrong_parameters_are_reported_at_once(client: TestClient) -> None:
    answer = client.get(f"{PATH}?limit=0&cursor=x&colour=red")
    assert answer.status_code == 400
    assert {error["location"] for error in answer.json()["errors"]} == {"limit", "cursor", "colour"}
    assert client.get(f"{PATH}?limit=100000").status_code == 200
    assert client.post(f"{PATH}?colour=red", json={}).json()["errors"][0]["location"] == "colour"


def test_unknown_organisation_is_not_found(client: TestClient, administrator: dict[str, str]) -> None:
    unknown: UUID = uuid4()
    assert client.get(f"{PATH}/{unknown}").status_code == 404
    assert client.get(f"{PATH}/").status_code == 404
    for path in (PATH, f"{PATH}/{unknown}"):
        assert client.get(path, headers={"Accept": "text/csv"}).status_code == 406
    headers = administrator | {"If-Match": "*"}
    assert client.patch(f"{PATH}/{unknown}", json={"name": "A"}, headers=headers).status_code == 404
