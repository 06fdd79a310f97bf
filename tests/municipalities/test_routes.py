"""Public answers about municipalities."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import create_engine

from app.bootstrap.paths import ROOT
from app.core.database import sqlalchemy_url, transaction
from app.municipalities.approximation import load_approximate_edition
from tests.support.application import make_client
from tests.support.square_municipalities import load_squares, make_squares, merge


@pytest.fixture(scope="module")
def client(module_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder = tmp_path_factory.mktemp("editions")
    engine = create_engine(sqlalchemy_url(module_database))
    with transaction(engine) as session:
        load_squares(session, folder, make_squares(), 2022)
        load_squares(session, folder, merge(make_squares(), ["GM0001", "GM0002"], "GM0010"), 2024)
    engine.dispose()
    with make_client(module_database) as client:
        yield client


@pytest.mark.parametrize("spelled", ["GM0005", "0005", "gm0005", "Vak GM0005", "vak gm0005"])
def test_municipality_is_found_by_any_spelling(client: TestClient, spelled: str) -> None:
    answer = client.get(f"/v1/municipalities/{spelled}")
    assert answer.status_code == 200
    municipality = answer.json()
    links = {link["rel"]: link["href"] for link in municipality.pop("links")}
    extent = municipality.pop("extent")
    assert extent == pytest.approx([5.3433, 52.1461, 5.3726, 52.1641], abs=0.001)
    public = "http://127.0.0.1:8000/v1"
    assert municipality == {
        "uri": f"{public}/municipalities/GM0005",
        "code": "GM0005",
        "name": "Vak GM0005",
        "tooi": "https://identifier.overheid.nl/tooi/id/gemeente/gm0005",
        "edition": 2024,
        "approximate": False,
        "inForce": True,
        "extentRd": [152_000, 462_000, 154_000, 464_000],
        "attribution": "Kadaster / Centraal Bureau voor de Statistiek, 2024 (CC BY 4.0)",
        "sensorCount": 0,
    }
    assert links == {
        "self": f"{public}/municipalities/GM0005",
        "items": f"{public}/collections/sensors/items?municipality=GM0005",
        "item": f"{public}/collections/municipalities/items/GM0005",
    }


def test_former_municipality_names_its_successor(client: TestClient) -> None:
    municipality = client.get("/v1/municipalities/GM0001").json()
    assert (municipality["edition"], municipality["inForce"]) == (2022, False)
    assert municipality["successor"] == {
        "code": "GM0010",
        "name": "Vak GM0010",
        "sinceEdition": 2024,
        "share": 1.0,
        "href": "http://127.0.0.1:8000/v1/municipalities/GM0010",
    }
    assert municipality["attribution"].endswith("2022 (CC BY 4.0)")
    assert "sensorCount" not in municipality


def test_municipalities_are_listed_with_the_editions(client: TestClient) -> None:
    listed = client.get("/v1/municipalities").json()
    years = [(each["edition"], each["inForce"]) for each in listed["editions"]]
    assert years == [
        (2024, True),
        (2022, False),
    ]
    assert [each["code"] for each in listed["municipalities"]] == [*make_squares(), "GM0010"]
    assert sum(each["inForce"] for each in listed["municipalities"]) == 8


def test_unknown_municipality_is_not_found_and_the_nearest_is_suggested(client: TestClient) -> None:
    answer = client.get("/v1/municipalities/Vak GM0055", headers={"Accept-Language": "en"})
    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"
    (problem,) = answer.json()["errors"]
    assert (problem["in"], problem["location"], problem["code"]) == ("path", "code", "unknown_municipality")
    assert problem["suggestion"] == "GM0005"


@pytest.mark.parametrize("path", ["/v1/municipalities", "/v1/municipalities/GM0005"])
def test_known_entity_tag_gets_not_modified(client: TestClient, path: str) -> None:
    etag = client.get(path).headers["ETag"]
    assert client.get(path, headers={"If-None-Match": etag}).status_code == 304


@pytest.mark.parametrize("path", ["/v1/municipalities?edition=2024", "/v1/municipalities/GM0005?f=html"])
def test_unknown_parameters_are_refused(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 400


def test_new_edition_is_shown_at_once_and_an_approximate_one_is_marked(
    fresh_database: str, tmp_path: Path
) -> None:
    engine = create_engine(sqlalchemy_url(fresh_database))
    with make_client(fresh_database) as client:
        assert client.get("/v1/municipalities").json() == {"editions": [], "municipalities": []}
        with transaction(engine) as session:
            load_approximate_edition(session, ROOT / "node_modules", 2026)
        amsterdam = client.get("/v1/municipalities/amsterdam").json()
        assert (amsterdam["approximate"], amsterdam["province"]) == (True, "Noord-Holland")
        assert "approximate" in amsterdam["attribution"]
        with transaction(engine) as session:
            load_squares(session, tmp_path, make_squares(), 2024)
        assert client.get("/v1/municipalities/amsterdam").status_code == 404
        assert client.get("/v1/municipalities/0005").json()["approximate"] is False
    engine.dispose()
