"""The private page of a report, and the button by which a visitor says what was seen."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from app.core.clock import dutch_date
from app.core.database import transaction
from app.core.expected_version import ANY_VERSION
from app.reports.report_subject import find_sensor
from app.sensors.registration.actions import remove_sensor
from tests.support.concurrency import read_state
from tests.support.organisations import make_principal
from tests.support.people import OWN, SITE
from tests.support.reports import ReportDesk, open_report_desk
from tests.support.sensors import make_context


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
    assert "Bezoekers zagen iets anders dan in het register staat" in tasks
    assert "niet meer gezien door 2" in tasks
    # As many who saw it take the hint away; an old count has halved.
    see(desk, "198.51.100.3", "er-nog")
    assert f"2 {hint}" in browser.get(f"/s/{desk.camera}").text
    with transaction(read_state(desk.client).write_engine) as session:
        for table in ("register.sighting", "publication.sighting_hint"):
            session.execute(text(f"UPDATE {table} SET counted_at = counted_at - interval '90 days'"))
    assert hint not in browser.get(f"/s/{desk.camera}").text


def test_report_that_a_sensor_is_gone_counts_as_what_its_visitor_saw(desk: ReportDesk) -> None:
    owner = desk.sign_in(desk.company)
    desk.report(soort="wrong")
    assert "Bezoekers zagen iets anders" not in owner.get("/mijn/taken").text
    desk.report(soort="gone", tekst="")
    assert "niet meer gezien door 1" in owner.get("/mijn/taken").text
    # The same visitor by another way is counted once a day.
    filed = desk.client.post("/v1/reports", json={"kind": "gone", "sensor": desk.camera})
    assert filed.status_code == 201
    assert "niet meer gezien door 1" in owner.get("/mijn/taken").text


def test_visitors_that_still_see_a_removed_sensor_make_a_hint_and_a_task(desk: ReportDesk) -> None:
    browser, owner = desk.open_browser(), desk.sign_in(desk.company)
    with transaction(read_state(desk.client).write_engine) as session:
        sensor = find_sensor(session, desk.camera)
        assert sensor is not None
        context = make_context(make_principal(session, desk.municipality), dutch_date())
        remove_sensor(session, context, sensor.id, {}, expected=ANY_VERSION)
    hint = "bezoekers zagen deze sensor onlangs nog"
    for visitor in (1, 2):
        assert hint not in browser.get(f"/s/{desk.camera}").text
        see(desk, f"198.51.100.{visitor}", "er-nog")
    assert f"2 {hint}" in browser.get(f"/s/{desk.camera}").text
    tasks = owner.get("/mijn/taken").text
    assert "(als verwijderd gemeld): er nog gezien door 2" in tasks
    # Visitors that do not see it agree with the register.
    see(desk, "198.51.100.3", "weg")
    see(desk, "198.51.100.4", "weg")
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
