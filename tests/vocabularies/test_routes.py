from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from app.core.database import sqlalchemy_url
from app.core.i18n import LocalizedText
from app.vocabularies.actions import relabel_term
from tests.support.application import make_client

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
        relabel_term(
            session,
            principal_id=None,
            vocabulary="mounting",
            code="facade",
            label=LocalizedText("Buitenmuur", "Outer wall"),
        )
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
