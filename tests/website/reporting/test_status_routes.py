"""The private page of a report, and the button by which a visitor says what was seen."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from app.core.database import transaction
from tests.support.concurrency import read_state
from tests.support.people import OWN, SITE
from tests.support.reports import ReportDesk, open_report_desk


@pytest.fixture
def desk(fresh_database: str) -> Iterator[ReportDesk]:
    with open_report_desk(fresh_database) as desk:
        yield desk


def open_at(desk: ReportDesk, address: str) -> TestClient:
    """The browser of a visitor with this address."""
    return TestClient(
        desk.client.app,
        base_url=SITE,
        headers={"Accept": "text/html"} | OWN,
        follow_redirects=False,
        client=(address, 5),
    )


def see(desk: ReportDesk, address: str, what: str = "weg") -> str:
    answer = open_at(desk, address).post("/melden/gezien", data={"sensor": desk.camera, "gezien": what})
    assert answer.status_code == 303
    return answer.headers["location"]


@pytest.mark.parametrize("query", ["", "?sleutel=", "?sleutel=x", "?sleutel=" + "x" * 5000])
def test_unknown_link_finds_nothing(desk: ReportDesk, query: str) -> None:
    assert desk.open_browser().get(f"/melding{query}").status_code == 404


def test_page_is_private_and_says_who_answers(desk: ReportDesk) -> None:
    secret = desk.report()
    page = desk.open_browser().get(f"/melding?sleutel={secret}")
    assert page.headers["cache-control"] == "private, no-store"
    assert "Bewaar deze link" in page.text
    assert f"{SITE}/melding?sleutel={secret}" in page.text
    assert "noindex" in page.text


def test_visitors_that_miss_a_sensor_make_a_hint_and_a_task(desk: ReportDesk) -> None:
    browser, owner = desk.open_browser(), desk.sign_in(desk.company)
    assert see(desk, "198.51.100.1").endswith("geteld=ja")
    assert "telt één keer per dag" in browser.get(see(desk, "198.51.100.1")).text
    assert "Dank u wel" in browser.get(f"/melden/dank?sensor={desk.camera}&geteld=ja").text
    hint = "bezoekers zagen deze sensor niet meer"
    assert hint not in browser.get(f"/s/{desk.camera}").text
    see(desk, "198.51.100.2")
    assert f"2 {hint}" in browser.get(f"/s/{desk.camera}").text
    assert hint not in browser.get(f"/s/{desk.planned}").text
    tasks = owner.get("/mijn/taken").text
    assert "Bezoekers zagen deze sensoren niet meer" in tasks
    assert "2 bezoekers" in tasks
    # As many who saw it take the hint away; an old count has halved.
    see(desk, "198.51.100.3", "er-nog")
    assert f"2 {hint}" in browser.get(f"/s/{desk.camera}").text
    with transaction(read_state(desk.client).write_engine) as session:
        for table in ("register.sighting", "publication.sighting_hint"):
            session.execute(text(f"UPDATE {table} SET counted_at = counted_at - interval '90 days'"))
    assert hint not in browser.get(f"/s/{desk.camera}").text


def test_sighting_changes_nothing_in_the_register(desk: ReportDesk) -> None:
    with transaction(read_state(desk.client).write_engine) as session:
        before = session.execute(text("SELECT count(*), max(number) FROM register.sensor_version")).one()
    see(desk, "198.51.100.1")
    see(desk, "198.51.100.2")
    with transaction(read_state(desk.client).write_engine) as session:
        assert (
            session.execute(text("SELECT count(*), max(number) FROM register.sensor_version")).one() == before
        )


@pytest.mark.parametrize(
    ("form", "status"),
    [({"gezien": "misschien"}, 400), ({"gezien": "weg", "sensor": "ONBEKEND"}, 404), ({}, 400)],
)
def test_odd_sighting_is_refused(desk: ReportDesk, form: dict[str, str], status: int) -> None:
    answer = desk.open_browser().post("/melden/gezien", data={"sensor": desk.camera} | form)
    assert answer.status_code == status
    assert desk.open_browser().get("/melden/dank?sensor=ONBEKEND").status_code == 404
