from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from app.core.clock import dutch_date
from app.core.database import sqlalchemy_url, transaction
from app.core.i18n import LocalizedText
from tests.support.application import make_client
from tests.support.concurrency import read_state
from tests.support.organisations import authorise, make_key, make_municipality
from tests.support.vocabularies import relabel_term

PATH = "/v1/vocabularies"


@pytest.fixture(scope="module")
def reader(module_database: str) -> Iterator[TestClient]:
    """The application, for tests that change nothing."""
    with make_client(module_database) as client:
        yield client


def test_every_list_has_its_address(reader: TestClient) -> None:
    answer = reader.get(PATH)
    assert answer.status_code == 200
    vocabularies = answer.json()["vocabularies"]
    assert len(vocabularies) == 20
    for vocabulary in vocabularies:
        assert reader.get(vocabulary["uri"]).json()["name"] == vocabulary["name"]


def test_list_has_its_terms_in_both_languages(reader: TestClient) -> None:
    sound = reader.get(f"{PATH}/sensorType").json()["terms"][1]
    assert sound == {
        "uri": "http://127.0.0.1:8000/v1/vocabularies/sensorType/terms/sound",
        "code": "sound",
        "label": {"nl": "Geluidsensor", "en": "Sound sensor"},
        "alternativeLabels": [
            "geluid",
            "geluidsmeter",
            "geluidmeter",
            "geluidssensor",
            "decibelmeter",
            "microfoon",
            "noise",
        ],
        "definition": {
            "nl": "Een sensor die geluid of trilling in de lucht meet.",
            "en": "A sensor that measures sound or vibration of the air.",
        },
        "validFrom": "2026-01-01",
    }


def test_uri_of_a_term_is_its_address(reader: TestClient) -> None:
    for term in reader.get(f"{PATH}/themes").json()["terms"]:
        assert reader.get(term["uri"]).json() == term
    assert term["broader"] == "healthy_urban_living"


def test_unchanged_vocabulary_is_not_modified(client: TestClient, fresh_database: str) -> None:
    path = f"{PATH}/mounting"
    first = client.get(path)
    assert "max-age" in first.headers["Cache-Control"]
    seen = {"If-None-Match": first.headers["ETag"]}
    assert client.get(path, headers=seen).status_code == 304
    engine = create_engine(sqlalchemy_url(fresh_database))
    with Session(engine) as session, session.begin():
        relabel_term(session, "mounting", "facade", LocalizedText("Buitenmuur", "Outer wall"))
    engine.dispose()
    changed = client.get(path, headers=seen)
    assert changed.status_code == 200
    assert "Buitenmuur" in changed.text


def test_unknown_vocabulary_or_parameter_is_refused(reader: TestClient) -> None:
    for path in ("/colours", "/colours/terms/red", "/mounting/terms/moon", "/", "/mounting/"):
        assert reader.get(PATH + path).status_code == 404
    assert reader.get(f"{PATH}?colour=red").status_code == 400
    assert reader.get(PATH, headers={"Accept": "text/csv"}).status_code == 406
    assert reader.head(PATH).status_code == 200


@pytest.fixture
def keys(client: TestClient) -> dict[str, dict[str, str]]:
    with transaction(read_state(client).write_engine) as session:
        leiden = make_municipality(session, "GM0546", "Gemeente Leiden")
        return {
            "administrator": authorise(make_key(session, None, "administrator")),
            "administrator of one": authorise(make_key(session, leiden, "administrator")),
            "auditor": authorise(make_key(session, None, "auditor")),
            "editor": authorise(make_key(session, leiden)),
        }


KITE = {
    "label": {"nl": "Vlieger", "en": "Kite"},
    "definition": {"nl": "Aan een vlieger.", "en": "On a kite."},
    "alternativeLabels": ["zweefding"],
    "order": 1,
}


def test_administrator_adds_and_changes_a_term(client: TestClient, keys: dict[str, dict[str, str]]) -> None:
    path, office = f"{PATH}/mounting/terms/kite", keys["administrator"]
    added = client.post(path, json=KITE, headers=office)
    assert added.status_code == 201
    assert added.headers["location"].endswith(path)
    assert added.json()["alternativeLabels"] == ["zweefding"]
    assert client.get(f"{PATH}/mounting").json()["terms"][0]["code"] == "kite"
    assert client.post(path, json=KITE, headers=office).status_code == 409
    today = dutch_date().isoformat()
    change = {"label": {"en": "Big kite"}, "alternativeLabels": [], "validUntil": "2100-01-01"}
    changed = client.patch(path, json=change, headers=office)
    assert changed.status_code == 200
    assert changed.json()["label"] == {"nl": "Vlieger", "en": "Big kite"}
    assert changed.json()["validUntil"] == "2100-01-01"
    assert changed.json()["validFrom"] == today
    reopened = client.patch(path, json={"validUntil": None}, headers=office).json()
    assert "validUntil" not in reopened
    assert reopened["label"]["en"] == "Big kite"


@pytest.mark.parametrize("role", ["administrator of one", "auditor", "editor", None])
def test_others_change_no_term(client: TestClient, keys: dict[str, dict[str, str]], role: str | None) -> None:
    headers = keys[role] if role else {}
    status = 403 if role else 401
    assert client.post(f"{PATH}/mounting/terms/kite", json=KITE, headers=headers).status_code == status
    path = f"{PATH}/mounting/terms/facade"
    assert client.patch(path, json={"validUntil": "2100-01-01"}, headers=headers).status_code == status
    assert "validUntil" not in client.get(path).json()


@pytest.mark.parametrize(
    ("change", "location"),
    [
        ({"label": {"nl": ""}}, "/label/nl"),
        ({"label": {"fr": "Mur"}}, "/label/fr"),
        ({"label": "Muur"}, "/label"),
        ({"order": 0}, "/order"),
        ({"alternativeLabels": "muur"}, "/alternativeLabels"),
        ({"alternativeLabels": ["x" * 101]}, "/alternativeLabels"),
        ({"validUntil": "gisteren"}, "/validUntil"),
        ({"validUntil": "2020-01-01"}, "/validUntil"),
        ({"code": "wall"}, "/code"),
    ],
)
def test_wrong_change_names_its_field(
    client: TestClient, keys: dict[str, dict[str, str]], change: dict[str, object], location: str
) -> None:
    answer = client.patch(f"{PATH}/mounting/terms/facade", json=change, headers=keys["administrator"])
    assert answer.status_code == 400, answer.text
    assert [one["location"] for one in answer.json()["errors"]] == [location]


def test_sensor_cannot_get_an_ended_term_and_keeps_the_one_it_has(
    client: TestClient, keys: dict[str, dict[str, str]]
) -> None:
    path, office = f"{PATH}/mounting/terms/drone", keys["administrator"]
    today = dutch_date().isoformat()
    assert client.patch(path, json={"validUntil": today}, headers=office).status_code == 200
    assert client.get(path).json()["validUntil"] == today
    answer = client.post("/v1/sensors", json={"mounting": "drone"}, headers=keys["editor"])
    assert "/mounting" in [one["location"] for one in answer.json()["errors"]]
