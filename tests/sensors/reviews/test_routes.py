"""The API of reviews: the queue, decisions, the conversation, withdrawing and restoring."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from httpx2 import Response
from sqlalchemy import create_engine

from app.access.actions import issue_key
from app.core.database import sqlalchemy_url, transaction
from tests.support.organisations import add_role, authorise, make_key, make_municipality, make_principal
from tests.support.register import Register, make_today_record

NOTHING = str(UUID(int=1))


@dataclass(frozen=True, slots=True)
class Office:
    """A register with a company, a reviewer of Amsterdam, and one of Rotterdam."""

    register: Register
    reviewer: dict[str, str]
    rotterdam: dict[str, str]
    reader: dict[str, str]

    def submit(self, **fields: Any) -> dict[str, Any]:
        client = self.register.client
        answer = client.post("/v1/sensors", json=make_today_record(**fields), headers=self.register.company)
        assert answer.json()["registrationStatus"] == "submitted", answer.text
        submitted: dict[str, Any] = answer.json()
        return submitted

    def post(self, path: str, key: dict[str, str], match: str | None = "*", **body: Any) -> Response:
        headers = key | ({"If-Match": match} if match else {})
        return self.register.client.post(f"/v1/{path}", json=body, headers=headers)

    def get(self, path: str, key: dict[str, str]) -> Any:
        answer = self.register.client.get(f"/v1/{path}", headers=key)
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture
def office(register: Register, fresh_database: str) -> Iterator[Office]:
    engine = create_engine(sqlalchemy_url(fresh_database))
    with transaction(engine) as session:
        rotterdam = make_municipality(session, "GM0599", "Gemeente Rotterdam")
        amsterdam = UUID(register.client.get("/v1/organisations").json()["organisations"][0]["id"])
        office = Office(
            register,
            authorise(make_key(session, amsterdam, "reviewer")),
            authorise(make_key(session, rotterdam, "reviewer")),
            authorise(make_key(session, amsterdam, "reviewer", scopes=["read"])),
        )
    yield office
    engine.dispose()


def test_queue_is_paged_by_links(office: Office) -> None:
    for number in range(3):
        office.submit(reference=f"nr {number}")
    page = office.get("reviews?limit=2&kind=new&late=true&order=due&q=meetbedrijf", office.reviewer)
    assert (page["total"], [one["reference"] for one in page["reviews"]]) == (3, ["nr 0", "nr 1"])
    (link,) = page["links"]
    following = office.register.client.get(link["href"], headers=office.reviewer).json()
    assert [one["reference"] for one in following["reviews"]] == ["nr 2"]
    assert following["links"] == []
    assert office.get("reviews", office.rotterdam)["total"] == 0


def test_parameters_are_checked_at_once(office: Office) -> None:
    query = "part=x&order=x&kind=y&late=misschien&minAgeDays=-1&owner=z&limit=0&kleur=rood"
    answer = office.register.client.get(f"/v1/reviews?{query}", headers=office.reviewer)
    assert answer.status_code == 400
    assert {one["location"] for one in answer.json()["errors"]} == {
        "part",
        "order",
        "kind",
        "late",
        "minAgeDays",
        "owner",
        "limit",
        "kleur",
    }


def test_review_shows_both_versions_and_their_differences(office: Office) -> None:
    sensor = f"sensors/{office.submit(name='Oud')['id']}"
    assert office.post(f"{sensor}/review", office.reviewer, decision="publish").status_code == 200
    headers = office.register.company | {"If-Match": "*"}
    place = {"type": "Point", "coordinates": [4.894, 52.374]}
    changed = {"name": "Nieuw", "location": place}
    office.register.client.patch(f"/v1/{sensor}", json=changed, headers=headers)
    review = office.get(f"{sensor}/review", office.reviewer)
    assert (review["kind"], review["municipality"], review["mayDecide"]) == ("change", "GM0363", True)
    assert (review["published"]["name"], review["sensor"]["name"]) == ("Oud", "Nieuw")
    found = {one["field"]: (one["before"], one["after"]) for one in review["differences"]}
    assert found["name"] == ("Oud", "Nieuw")
    assert found["location"][1] == place
    assert office.register.client.get(f"/v1/{sensor}/review", headers=office.rotterdam).status_code == 404


def test_changes_are_asked_answered_and_published(office: Office) -> None:
    submitted = office.submit()
    sensor = f"sensors/{submitted['id']}"
    remarks = [{"field": "name", "text": "Hoe heet dit plein?"}]
    asked = office.post(
        f"{sensor}/review", office.reviewer, '"1"', decision="request_changes", remarks=remarks
    )
    assert (asked.json()["registrationStatus"], asked.headers["ETag"]) == ("changes_requested", '"2"')
    company = office.register.company
    answer = office.post(f"{sensor}/comments", company, None, remarks=[{"text": "Het heeft geen naam."}])
    assert [one["kind"] for one in answer.json()["remarks"]] == ["change_request", "answer"]
    assert "author" not in answer.json()["remarks"][0]
    again = office.post(f"{sensor}/resubmission", company)
    assert again.json()["registrationStatus"] == "submitted"
    assert office.post(f"{sensor}/review", office.reviewer, decision="publish").status_code == 200
    assert office.register.references() == [submitted["reference"]]


def test_second_decision_conflicts_and_names_the_first(office: Office) -> None:
    sensor = f"sensors/{office.submit()['id']}"
    assert office.post(f"{sensor}/review", office.reviewer, decision="publish").status_code == 200
    second = office.post(f"{sensor}/review", office.reviewer, '"1"', decision="reject", reason="Nee")
    assert second.status_code == 409
    assert "An reviewer" in second.json()["detail"]


def test_decision_needs_its_texts_and_the_version(office: Office) -> None:
    sensor = f"sensors/{office.submit()['id']}"
    for status, match, body in (
        (400, "*", {}),
        (400, "*", {"decision": "approve"}),
        (400, "*", {"decision": "reject"}),
        (400, "*", {"decision": "request_changes"}),
        (400, "*", {"decision": "publish", "reason": "Mooi"}),
        (400, "*", {"decision": "reject", "reason": "x" * 2001}),
        (400, "*", {"decision": "reject", "reason": "Nee", "remarks": [{"text": "a", "field": "kleur"}]}),
        (428, None, {"decision": "publish"}),
        (412, '"7"', {"decision": "publish"}),
    ):
        assert office.post(f"{sensor}/review", office.reviewer, match, **body).status_code == status, body


def test_key_needs_the_scope_to_register_and_the_role_to_review(office: Office) -> None:
    sensor = f"sensors/{office.submit()['id']}"
    for key, status in (
        (office.reader, 403),
        (office.rotterdam, 404),
        (office.register.company, 403),
        (office.register.officer, 403),
        ({}, 401),
    ):
        assert office.post(f"{sensor}/review", key, decision="publish").status_code == status
    for key, status in ((office.reader, 403), ({}, 401), (office.reviewer, 200)):
        answer = office.post("reviews", key, decision="publish", sensors=[NOTHING])
        assert answer.status_code == status


def test_touched_municipality_comments(office: Office) -> None:
    area = {"mobility": "mobile", "location": None, "operatingArea": ["GM0363", "GM0599"]}
    sensor = f"sensors/{office.submit(**area)['id']}"
    assert office.get("reviews?part=comment", office.rotterdam)["total"] == 1
    comment = {"remarks": [{"text": "Ook bij ons."}]}
    assert office.post(f"{sensor}/comments", office.rotterdam, None, **comment).status_code == 200
    assert office.get("reviews?part=comment", office.rotterdam)["total"] == 0
    (seen,) = office.get(f"{sensor}/review", office.register.company)["remarks"]
    assert (seen["kind"], seen["organisationName"]) == ("comment", "Gemeente Rotterdam")
    assert office.post(f"{sensor}/comments", office.rotterdam, None, remarks=[]).status_code == 400


def test_many_are_decided_by_id_or_by_filter(office: Office) -> None:
    ids = [office.submit(reference=f"nr {number}")["id"] for number in range(3)]
    seen = datetime.now(UTC).isoformat()
    first = office.post("reviews", office.reviewer, None, decision="publish", sensors=ids[:1], seenAt=seen)
    assert (len(first.json()["decided"]), first.json()["refused"]) == (1, [])
    again = office.post("reviews", office.reviewer, None, decision="publish", sensors=[*ids[:1], NOTHING])
    assert [one["reason"] for one in again.json()["refused"]] == ["not_submitted"]
    both = {
        "decision": "reject",
        "reason": "Nee",
        "filter": {"kind": "new", "municipality": "GM0363", "q": "nr"},
    }
    assert len(office.post("reviews", office.reviewer, None, **both).json()["decided"]) == 2
    for wrong in (
        {"decision": "publish"},
        {"decision": "publish", "sensors": [], "filter": {}},
        {"decision": "publish", "sensors": ["x"]},
        {"decision": "publish", "filter": {"kleur": "rood"}},
        {"decision": "publish", "sensors": [], "seenAt": "2026-01-01T00:00:00"},
        {"decision": "request_changes", "sensors": []},
        {"decision": "publish", "sensors": [], "reason": "Mooi"},
    ):
        assert office.post("reviews", office.reviewer, None, **wrong).status_code == 400, wrong


def test_municipality_of_the_queue_is_one_that_exists(office: Office) -> None:
    office.submit(reference="nr 1")
    for named in ("GM0363", "amsterdam", "363"):
        assert office.get(f"reviews?municipality={named}", office.reviewer)["total"] == 1
    assert office.get("reviews?municipality=GM0599", office.reviewer)["total"] == 0
    unknown = office.register.client.get("/v1/reviews?municipality=GM9999", headers=office.reviewer)
    many = {"decision": "publish", "filter": {"municipality": "GM9999"}}
    for answer in (unknown, office.post("reviews", office.reviewer, None, **many)):
        assert answer.status_code == 400
        assert "unknown_municipality" in answer.text


def test_registration_is_withdrawn_and_restored(office: Office) -> None:
    sensor = office.register.register()
    path, officer = f"sensors/{sensor['id']}", office.register.officer
    withdrawn = office.post(f"{path}/withdrawal", officer, '"1"', reason="Fout")
    assert withdrawn.json()["registrationStatus"] == "withdrawn"
    assert office.register.references() == []
    assert office.post(f"{path}/withdrawal", officer).status_code == 409
    assert office.post(f"{path}/restoration", officer, None).status_code == 428
    assert office.post(f"{path}/restoration", officer, reason="x" * 2001).status_code == 400
    assert office.post(f"{path}/restoration", officer, kleur="rood").status_code == 400
    restored = office.post(f"{path}/restoration", officer, reason="Toch goed")
    assert restored.json()["registrationStatus"] == "published"
    assert office.register.references() == [sensor["reference"]]


def test_own_submission_is_shown_and_refused(office: Office, fresh_database: str) -> None:
    submitted = office.submit()
    engine = create_engine(sqlalchemy_url(fresh_database))
    with transaction(engine) as session:
        amsterdam = UUID(office.register.client.get("/v1/organisations").json()["organisations"][0]["id"])
        person = make_principal(session, amsterdam, "reviewer")
        key = issue_key(session, issued_by=None, principal_id=person.id, now=datetime.now(UTC))
        add_role(session, person, UUID(submitted["owner"]), "editor")
    engine.dispose()
    both = authorise(key.token)
    (row,) = office.get("reviews", both)["reviews"]
    assert row["own"] is True
    assert office.get("reviews", office.reviewer)["reviews"][0]["own"] is False
    assert office.get(f"sensors/{submitted['id']}/review", both)["mayDecide"] is False
    for body in ({"decision": "publish"}, {"decision": "reject", "reason": "Nee"}):
        answer = office.post(f"sensors/{submitted['id']}/review", both, **body)
        assert answer.status_code == 403
        assert "andere beoordelaar van Gemeente Amsterdam" in answer.json()["detail"]
    done = office.post("reviews", both, decision="publish", sensors=[submitted["id"]]).json()
    assert done["refused"] == [{"publicCode": submitted["publicCode"], "reason": "own_submission"}]


def test_answers_to_what_an_owner_sends_have_its_receipt(office: Office) -> None:
    company, sent = office.register.company, office.submit()
    path = f"sensors/{sent['id']}"
    office.post(f"{path}/review", office.reviewer, decision="request_changes", reason="Waarom hier?")
    answers = [
        office.post(f"{path}/resubmission", company, remarks=[{"text": "Daarom."}]),
        office.post(f"{path}/withdrawal", company),
        office.post(f"{path}/restoration", company),
    ]
    numbers = [answer.json()["receipt"]["number"] for answer in answers]
    assert len({sent["receipt"]["number"], *numbers}) == 4
    assert {answer.headers["content-crs"] for answer in answers} == {
        "<http://www.opengis.net/def/crs/OGC/1.3/CRS84>"
    }
    decided = office.post(f"{path}/review", office.reviewer, decision="publish")
    assert "receipt" not in decided.json()
