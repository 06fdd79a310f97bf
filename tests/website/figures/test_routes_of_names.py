"""Pages of municipalities with the same name, and of one that has become part of another."""

import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import create_engine

from app.core.database import sqlalchemy_url, transaction
from app.municipalities.editions import load_edition
from tests.support.application import make_client
from tests.support.square_municipalities import make_collection, make_squares, merge, write_collection
from tests.support.website import read_text

NAMES = {"GM0001": "Bergen (L.)", "GM0002": "Bergen (NH.)", "GM0003": "Oud-Vak"}


@pytest.fixture(scope="module")
def country(module_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """Squares of two years; in the second GM0003 is part of GM0006."""
    folder = tmp_path_factory.mktemp("editions")
    squares = make_squares()
    engine = create_engine(sqlalchemy_url(module_database))
    for year, areas in ((2024, squares), (2026, merge(squares, ("GM0003", "GM0006"), "GM0006"))):
        file = make_collection(areas, lambda code: {"code": code, "naam": NAMES.get(code, f"Vak {code}")})
        with transaction(engine) as session:
            load_edition(session, write_collection(folder / f"{year}.geojson", file), year, None)
    engine.dispose()
    with make_client(module_database) as client:
        yield client


def test_name_of_two_municipalities_leads_to_a_choice(country: TestClient) -> None:
    answer = country.get("/gemeente/bergen")

    assert answer.status_code == 300
    links = re.findall(r'<li><a href="(/gemeente/gm\d+)"', answer.text)
    pages = [country.get(link) for link in links]
    assert [page.url.path for page in pages] == ["/gemeente/bergen-l", "/gemeente/bergen-nh"]
    assert {page.status_code for page in pages} == {200}


@pytest.mark.parametrize("asked", ["oud-vak", "GM0003"])
def test_former_municipality_leads_to_its_successor_and_says_so(country: TestClient, asked: str) -> None:
    answer = country.get(f"/gemeente/{asked}")

    assert answer.url.path == "/gemeente/vak-gm0006"
    assert "Oud-Vak bestaat sinds 2026 niet meer." in read_text(answer.text)
