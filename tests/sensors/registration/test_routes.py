"""Registering over HTTP: what is answered to whom, and what is refused in which words."""

import json
from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import uuid4

import pytest
from httpx2 import Response

from app.core.clock import dutch_date
from app.spatial.crs import Crs
from tests.support.register import Register, admit_municipality, make_today_record, open_register
from tests.support.sensors import ERASMUS_BRIDGE, make_camera

PATH = "/v1/sensors"

_numbers = count(1)


@pytest.fixture(scope="module")
def register(module_database: str) -> Iterator[Register]:
    with open_register(module_database) as register:
        yield register


def new(**fields: Any) -> dict[str, Any]:
    """A record that no other test has, at a spot of its own."""
    number = next(_numbers)
    place = {"type": "Point", "coordinates": [round(4.85 + number / 2000, 4), 52.36]}
    return make_today_record(**{"reference": f"api-{number}", "location": place, **fields})


def refused(answer: Response, status: int) -> dict[str, Any]:
    """The problem document of an answer that must be one."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    document: dict[str, Any] = answer.json()
    assert document["status"] == status
    return document


def patch(register: Register, registered: Any, body: Any, **headers: str) -> Response:
    given = register.officer | {"If-Match": registered.headers["etag"]} | headers
    return register.client.patch(f"{PATH}/{registered.json()['id']}", json=body, headers=given)


# A registration and its receipt


def test_registration_returns_location_and_receipt(register: Register) -> None:
    record = new()
    answer = register.post(record)
    document = answer.json()

    assert answer.status_code == 201
    assert answer.headers["location"] == f"http://127.0.0.1:8000{PATH}/{document['id']}"
    assert answer.headers["content-crs"] == f"<{Crs.CRS84.uri}>"
    assert answer.headers["cache-control"] == "no-store"
    assert (document["version"], document["registrationStatus"]) == (1, "published")
    assert document["operationalStatus"] == "active"
    receipt = document["receipt"]
    assert receipt["publicCode"] == document["publicCode"]
    # The version follows the number of its sensor, perhaps in the next second.
    assert receipt["receivedAt"] >= document["registeredAt"]
    assert (receipt["notifiedLate"], receipt["daysLate"]) == (True, 15)
    assert receipt["href"] == f"http://127.0.0.1:8000/v1/receipts/{receipt['number']}"
    assert document.items() >= record.items()

    read = register.client.get(answer.headers["location"], headers=register.officer)
    assert read.headers["etag"] == answer.headers["etag"]
    assert read.headers["cache-control"] == "no-store"
    assert read.json() == {name: value for name, value in document.items() if name != "receipt"}


def test_registration_by_company_is_submitted_and_not_public(register: Register) -> None:
    answer = register.post(new(), **register.company)
    document = answer.json()
    assert (answer.status_code, document["registrationStatus"]) == (201, "submitted")
    assert register.client.get(f"/v1/collections/sensors/items/{document['id']}").status_code == 404
    assert register.find(f"publicCode={document['publicCode']}")["features"] == []


def test_warning_of_a_contradicted_claim_is_stored_and_shown_to_the_owner(register: Register) -> None:
    posted = register.post(new(measures="MAC-adressen van telefoons"))
    (warning,) = posted.json()["warnings"]
    assert (warning["location"], warning["code"], warning["value"]) == (
        "/measures", "personal_data_contradicted", "MAC-adressen",
    )  # fmt: skip
    assert register.client.get(posted.headers["location"], headers=register.officer).json()["warnings"] == [
        warning
    ]
    amended = patch(register, posted, {"name": "Telefoonteller"})
    assert amended.json()["warnings"] == [warning]


def test_warnings_are_in_the_reader_s_language(register: Register) -> None:
    camera = new(**{name: make_camera()[name] for name in make_camera().keys() - new().keys()})
    camera |= {"sensorType": "optical_camera", "personalData": "none", "viewAngleDeg": None}
    details = {}
    for language in ("nl", "en"):
        answer = register.post(camera | {"reference": language}, **{"Accept-Language": language})
        warnings = {warning["code"]: warning for warning in answer.json()["warnings"]}
        assert warnings["field_of_view_unknown"]["location"] == "/viewDirectionDeg"
        details[language] = warnings["field_of_view_unknown"]["detail"]
        read = register.client.get(
            answer.headers["location"], headers=register.officer | {"Accept-Language": language}
        )
        assert details[language] in read.text
    assert details["nl"].startswith("Geef van een camera")
    assert details["en"].startswith("Give the direction")


# Refused requests


@pytest.mark.parametrize(
    ("language", "title", "detail"),
    [
        ("nl", "Het verzoek klopt niet", "De melding is niet compleet of klopt niet."),
        ("en", "The request is not valid", "The registration is incomplete or not right."),
    ],
)
def test_problems_of_record_are_all_in_one_answer(
    register: Register, language: str, title: str, detail: str
) -> None:
    camera = new(**make_camera(gdprBases=[], privacyStatementUrl="", retentionKind=None))
    camera |= {"location": {"type": "Point", "coordinates": [52.3731, 4.8932]}, "sensorType": "optical_camra"}
    document = refused(register.post(camera, **{"Accept-Language": language}), 400)

    assert (document["title"], document["detail"], document["instance"]) == (title, detail, PATH)
    problems = {problem["location"]: problem for problem in document["errors"]}
    assert problems.keys() == {
        "/gdprBases", "/privacyStatementUrl", "/retentionKind", "/location/coordinates", "/sensorType",
    }  # fmt: skip
    assert all(problem["in"] == "body" and problem["detail"] for problem in document["errors"])
    assert problems["/sensorType"]["value"] == "optical_camra"
    assert problems["/sensorType"]["suggestion"] == "optical_camera"
    assert problems["/location/coordinates"]["value"] == [52.3731, 4.8932]
    assert problems["/location/coordinates"]["suggestion"] == [4.8932, 52.3731]


def test_refused_registration_is_not_stored(register: Register) -> None:
    record = new(measures=None)
    refused(register.post(record), 400)
    assert register.post(record | {"measures": "Geluid"}).status_code == 201


@pytest.mark.parametrize("body", [b"", b"   ", b"{}"])
def test_empty_record_gets_every_mandatory_field(register: Register, body: bytes) -> None:
    answer = register.client.post(PATH, content=body, headers=register.officer)
    assert {problem["location"] for problem in refused(answer, 400)["errors"]} == {
        "/reference", "/sensorType", "/measures", "/purpose", "/themes", "/personalData", "/mobility",
        "/placedFrom", "/activeUntil",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'{"reference": "a",}', "invalid_json"),
        (b'{"reference": "a"', "invalid_json"),
        (b"reference=a", "invalid_json"),
        (b'{"heightM": NaN}', "invalid_number"),
        (b'{"heightM": Infinity}', "invalid_number"),
        (b'{"reference": "\xff"}', "invalid_json"),
        (b"[" * 100_000, "invalid_json"),
        (b'{"heightM": 1' + b"0" * 5000 + b"}", "invalid_number"),
        (b"[]", "wrong_type"),
        (b"null", "wrong_type"),
        (b'"text"', "wrong_type"),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_body_that_is_no_json_object_is_refused(register: Register, body: bytes, code: str) -> None:
    for method, path in (("POST", PATH), ("PATCH", f"{PATH}/{uuid4()}")):
        headers = register.officer | {"Content-Type": "application/json", "If-Match": "*"}
        document = refused(register.client.request(method, path, content=body, headers=headers), 400)
        (problem,) = document["errors"]
        assert (problem["in"], problem["location"], problem["code"]) == ("body", "", code)


@pytest.mark.parametrize("media_type", ["text/plain", "application/xml", "multipart/form-data"])
def test_other_media_types_are_refused(register: Register, media_type: str) -> None:
    headers = register.officer | {"Content-Type": media_type}
    document = refused(register.client.post(PATH, content=json.dumps(new()), headers=headers), 415)
    assert "merge-patch" not in document["detail"]
    document = refused(register.client.patch(f"{PATH}/{uuid4()}", content=b"{}", headers=headers), 415)
    assert "application/merge-patch+json of application/json" in document["detail"]


def test_registration_as_merge_patch_is_refused(register: Register) -> None:
    headers = register.officer | {"Content-Type": "application/merge-patch+json"}
    refused(register.client.post(PATH, content=json.dumps(new()), headers=headers), 415)


def test_repeated_json_names_are_refused(register: Register) -> None:
    body = (
        b'{"name": "A", "owner": null, "name": "B", "name": "C",'
        b' "location": {"type": "Point", "type": "Line", "coordinates": [4, 52]}}'
    )
    document = refused(register.client.post(PATH, content=body, headers=register.officer), 400)
    problems = {(one["code"], one["location"], one["value"]) for one in document["errors"]}
    assert problems == {("repeated_field", "/name", "name"), ("repeated_field", "", "type")}


def test_body_above_size_limit_is_refused(register: Register) -> None:
    refused(register.post(new(summary="x" * 1_000_000)), 413)


def test_texts_that_postgresql_cannot_hold_are_refused(register: Register) -> None:
    # Half a character is refused with the body as a whole, before its fields are read.
    for text, location in (("a\x00b", "/name"), ("\ud800", "")):
        body = json.dumps(new(name=text)).encode()
        document = refused(register.client.post(PATH, content=body, headers=register.officer), 400)
        assert document["errors"][0]["location"] == location


def test_reference_already_used_by_owner_is_refused(register: Register) -> None:
    record = new()
    first = register.post(record)
    for answer in (
        register.post(record),
        patch(register, register.post(new()), {"reference": record["reference"]}),
    ):
        (problem,) = refused(answer, 409)["errors"]
        assert (problem["in"], problem["location"], problem["code"]) == ("body", "/reference", "taken")
    assert first.status_code == 201
    assert register.post(record, **register.company).status_code == 201


# Permissions


def test_registration_without_a_key_is_refused(register: Register) -> None:
    for headers in ({}, {"Authorization": "Bearer srk_nonsense"}, {"Authorization": "Basic YTpi"}):
        answer = register.client.post(PATH, json=new(), headers=headers)
        refused(answer, 401)
        assert answer.headers["www-authenticate"].startswith("Bearer")


def test_registration_for_another_owner_is_refused(register: Register) -> None:
    owner = register.post(new()).json()["owner"]
    refused(register.post(new(owner=owner), **register.company), 403)


def test_submission_of_another_is_not_found(register: Register, module_database: str) -> None:
    submitted = register.post(new(), **register.company)
    address, etag = f"{PATH}/{submitted.json()['id']}", submitted.headers["etag"]
    stranger = admit_municipality(module_database, "GM0599", "Gemeente Rotterdam")
    for method, path in (
        ("GET", ""), ("GET", "/versions"), ("PATCH", ""), ("POST", "/removal"), ("POST", "/confirmation"),
    ):  # fmt: skip
        answer = register.client.request(
            method, address + path, headers=stranger | {"If-Match": etag}, json={}
        )
        refused(answer, 404)
    # Its owner and the municipality of the place see it.
    for headers in (register.company, register.officer):
        assert register.client.get(address, headers=headers).status_code == 200


# Changing


def test_change_without_current_etag_is_refused(register: Register) -> None:
    registered = register.post(new())
    address, officer = f"{PATH}/{registered.json()['id']}", register.officer
    for method, path in (("PATCH", address), ("POST", f"{address}/removal")):

        def send(method: str = method, path: str = path, **headers: str) -> Response:
            return register.client.request(method, path, json={}, headers=officer | headers)

        refused(send(), 428)
        assert refused(send(**{"If-Match": "unquoted"}), 400)["errors"][0]["location"] == "If-Match"
        refused(send(**{"If-Match": '"another"'}), 412)
        refused(send(**{"If-Match": f"W/{registered.headers['etag']}"}), 412)

    changed = patch(register, registered, {"name": "A"})
    assert (changed.status_code, changed.json()["version"]) == (200, 2)
    assert changed.headers["etag"] != registered.headers["etag"]
    stale = patch(register, registered, {"name": "B"})
    refused(stale, 412)
    assert stale.headers["etag"] == changed.headers["etag"]
    assert patch(register, changed, {"name": None}).json().get("name") is None


def test_merge_patch_media_type_is_accepted(register: Register) -> None:
    registered = register.post(new())
    answer = patch(register, registered, {"name": "A"}, **{"Content-Type": "application/merge-patch+json"})
    assert answer.json()["name"] == "A"


def test_places_are_read_and_written_in_rd(register: Register) -> None:
    uri = f"<{Crs.RD.uri}>"
    answer = register.post(
        new(location={"type": "Point", "coordinates": [121_000, 487_000]}), **{"Content-Crs": uri}
    )
    assert answer.headers["content-crs"] == uri
    assert answer.json()["location"]["coordinates"] == pytest.approx([121_000, 487_000], abs=0.001)
    moved = patch(
        register,
        answer,
        {"location": {"type": "Point", "coordinates": [121_100, 487_000]}},
        **{"Content-Crs": uri},
    )
    assert moved.json()["location"]["coordinates"] == pytest.approx([121_100, 487_000], abs=0.001)
    read = register.client.get(f"{PATH}/{answer.json()['id']}", headers=register.officer)
    assert read.json()["location"]["coordinates"] == pytest.approx([4.8893, 52.3698], abs=0.001)

    document = refused(register.post(new(), **{"Content-Crs": "<EPSG:1234>"}), 400)
    assert (document["errors"][0]["in"], document["errors"][0]["location"]) == ("header", "Content-Crs")


def test_removal_hides_sensor_and_invalid_removal_is_refused(register: Register) -> None:
    registered = register.post(new())
    address = f"{PATH}/{registered.json()['id']}/removal"
    yesterday = (dutch_date() - timedelta(days=1)).isoformat()
    headers = register.officer | {"If-Match": registered.headers["etag"]}
    unknown = refused(register.client.post(address, json={"removedAt": yesterday}, headers=headers), 400)
    assert (unknown["errors"][0]["code"], unknown["errors"][0]["suggestion"]) == (
        "unknown_field",
        "removedOn",
    )
    both = refused(register.client.post(address, json={"by": "x", "removedOn": "soon"}, headers=headers), 400)
    assert {problem["location"] for problem in both["errors"]} == {"/by", "/removedOn"}
    future = {"removedOn": (dutch_date() + timedelta(days=1)).isoformat()}
    assert refused(register.client.post(address, json=future, headers=headers), 400)["errors"][0]["code"] == (
        "removed_in_future"
    )
    answer = register.client.post(address, json={"removedOn": yesterday}, headers=headers)
    assert (answer.status_code, answer.json()["removedOn"]) == (200, yesterday)
    code = registered.json()["publicCode"]
    assert register.find(f"publicCode={code}")["features"] == []
    (feature,) = register.find(f"publicCode={code}&operationalStatus=removed")["features"]
    assert feature["properties"]["operationalStatus"] == "removed"
    # Confirming what is gone is a contradiction.
    refused(
        register.client.post(f"{PATH}/{registered.json()['id']}/confirmation", headers=register.officer), 409
    )


def test_removal_without_body_is_dated_today(register: Register) -> None:
    registered = register.post(new())
    headers = register.officer | {"If-Match": registered.headers["etag"]}
    answer = register.client.post(f"{PATH}/{registered.json()['id']}/removal", headers=headers)
    assert answer.json()["removedOn"] == dutch_date().isoformat()


def test_confirmation_checks_an_etag_only_when_given(register: Register) -> None:
    registered = register.post(new())
    address = f"{PATH}/{registered.json()['id']}/confirmation"
    refused(register.client.post(address, headers=register.officer | {"If-Match": '"another"'}), 412)
    answer = register.client.post(address, headers=register.officer)
    assert answer.status_code == 200
    assert answer.json()["lastConfirmedOn"] == dutch_date().isoformat()


def test_versions_are_returned_newest_first(register: Register) -> None:
    registered = register.post(new(name="Oud"))
    patch(register, registered, {"name": "Nieuw"})
    address = f"{PATH}/{registered.json()['id']}/versions"
    versions = register.client.get(address, headers=register.officer).json()["versions"]
    assert [(version["version"], version["name"]) for version in versions] == [(2, "Nieuw"), (1, "Oud")]
    assert versions[1]["supersededAt"] == versions[0]["publishedAt"]
    assert "supersededAt" not in versions[0]


# Once


def test_request_repeated_with_idempotency_key_is_executed_once(register: Register) -> None:
    record, key = new(), {"Idempotency-Key": str(uuid4())}
    first, second = register.post(record, **key), register.post(record, **key)
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.content == first.content
    for name in ("etag", "location", "content-crs"):
        assert second.headers[name] == first.headers[name]
    assert len(register.find(f"reference={record['reference']}")["features"]) == 1

    refused(register.post(record | {"name": "Anders"}, **key), 409)
    refused(register.post(record, **key, **{"Content-Crs": Crs.RD.uri}), 409)
    # The key is the caller's own.
    assert register.post(record, **key, **register.company).json()["id"] != first.json()["id"]


def test_refused_request_can_be_corrected_under_the_same_key(register: Register) -> None:
    record, key = new(measures=None), {"Idempotency-Key": str(uuid4())}
    refused(register.post(record, **key), 400)
    assert register.post(record | {"measures": "Geluid"}, **key).status_code == 201


@pytest.mark.parametrize("key", ["", " ", "x" * 256])
def test_invalid_idempotency_key_is_refused(register: Register, key: str) -> None:
    document = refused(register.post(new(), **{"Idempotency-Key": key}), 400)
    assert document["errors"][0]["in"] == "header"


# One's own


def test_own_registrations_are_filtered_by_reference_and_owner(register: Register) -> None:
    draft = register.post(new(), **register.company).json()
    public = register.post(new()).json()

    def references(headers: dict[str, str], query: str) -> list[str]:
        answer = register.client.get(f"{PATH}?{query}", headers=headers)
        assert answer.headers["cache-control"] == "no-store"
        return [one["reference"] for one in answer.json()["sensors"]]

    assert references(register.company, f"reference={draft['reference']}") == [draft["reference"]]
    assert references(register.officer, f"reference={draft['reference']}") == [draft["reference"]]
    assert references(register.company, f"reference={public['reference']}") == []
    assert references(register.officer, f"owner={public['owner']}&limit=1") == [public["reference"]]


def test_sensor_with_open_change_is_listed_once(register: Register) -> None:
    owner = register.post(new(), **register.company).json()["owner"]
    published = register.post(new(owner=owner))
    assert published.json()["registrationStatus"] == "published"
    patch(register, published, {"name": "Nieuw"}, **register.company)
    reference = published.json()["reference"]
    listed = register.client.get(f"{PATH}?reference={reference}", headers=register.company).json()["sensors"]
    assert [(one["name"], one["registrationStatus"]) for one in listed] == [("Nieuw", "submitted")]


def test_own_registrations_are_paged(register: Register) -> None:
    expected = {register.post(new(), **register.company).json()["id"] for _ in range(5)}
    seen, path = list[str](), f"{PATH}?limit=2"
    while path:
        page = register.client.get(path, headers=register.company).json()
        assert len(page["sensors"]) <= 2
        seen += [one["id"] for one in page["sensors"]]
        path = next((link["href"].removeprefix("http://127.0.0.1:8000") for link in page["links"]), "")
    assert expected <= set(seen)
    assert len(seen) == len(set(seen))


def test_invalid_list_parameters_are_refused(register: Register) -> None:
    answer = register.client.get(f"{PATH}?limit=0&owner=x&before=y", headers=register.officer)
    assert {problem["location"] for problem in refused(answer, 400)["errors"]} == {"limit", "owner", "before"}
    refused(register.client.get(f"{PATH}?colour=red", headers=register.officer), 400)


def test_problems_of_parameters_are_all_in_one_answer(register: Register) -> None:
    address = f"{PATH}/{register.post(new()).json()['id']}"
    for path, wrong in (
        (PATH, ["before", "colour", "crs", "limit", "owner", "reference"]),
        (address, ["colour", "crs"]),
        (f"{address}/versions", ["colour", "crs"]),
    ):
        query = "&".join(f"{name}=x" for name in [*wrong, "reference"])
        answer = register.client.get(f"{path}?{query}", headers=register.officer)
        problems = refused(answer, 400)["errors"]
        assert sorted({problem["location"] for problem in problems}) == sorted({*wrong, "reference"}), path


def test_unknown_parameter_is_refused(register: Register) -> None:
    address = f"{PATH}/{register.post(new()).json()['id']}"
    headers = register.officer | {"If-Match": "*"}
    for method, path in (
        ("POST", PATH),
        ("GET", address),
        ("PATCH", address),
        ("POST", f"{address}/removal"),
        ("POST", f"{address}/confirmation"),
        ("GET", f"{address}/versions"),
    ):
        answer = register.client.request(method, f"{path}?dryRun=true", headers=headers, json=new())
        assert refused(answer, 400)["errors"][0]["code"] == "unknown_parameter", path


@pytest.mark.parametrize("identifier", ["01a1ff8c-aaa6-745f-aa93-5e079470ab1b", "x", "%20", "0" * 100])
def test_unknown_registration_is_not_found(register: Register, identifier: str) -> None:
    for method, rest in (
        ("GET", ""),
        ("GET", "/versions"),
        ("PATCH", ""),
        ("POST", "/removal"),
        ("POST", "/confirmation"),
    ):
        answer = register.client.request(
            method, f"{PATH}/{identifier}{rest}", headers=register.officer | {"If-Match": "*"}, json={}
        )
        refused(answer, 404)


def test_registration_outside_municipality_boundary_is_submitted(register: Register) -> None:
    place = {"type": "Point", "coordinates": list(ERASMUS_BRIDGE)}
    answer = register.post(new(location=place)).json()
    assert (answer["registrationStatus"], answer["municipalityCode"]) == ("submitted", "GM0599")
