"""The inbox of residents' reports: filters, pages and who sees what."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import text

from app.core.database import transaction
from tests.support.concurrency import read_state
from tests.support.organisations import make_municipality
from tests.support.people import make_person, sign_in
from tests.support.reports import DAM, ReportDesk, open_report_desk

INBOX = "/mijn/meldingen"


@pytest.fixture
def desk(fresh_database: str) -> Iterator[ReportDesk]:
    with open_report_desk(fresh_database) as desk:
        yield desk


def change(desk: ReportDesk, statement: str) -> None:
    with transaction(read_state(desk.client).write_engine) as session:
        session.execute(text(statement))


def count_rows(page: str) -> int:
    return len(re.findall(r'<th scope="row">', page))


def test_inbox_is_filtered_by_status_and_kind(desk: ReportDesk) -> None:
    desk.report(soort="question", tekst="Waarom?")
    desk.report()
    town = desk.sign_in(desk.municipality)
    assert count_rows(town.get(INBOX).text) == 2
    assert count_rows(town.get(f"{INBOX}?soort=question").text) == 1
    assert count_rows(town.get(f"{INBOX}?status=answered").text) == 0
    assert count_rows(town.get(f"{INBOX}?status=te-laat").text) == 0
    change(desk, "UPDATE register.report SET due_on = current_date - 3 WHERE kind = 'question'")
    late = town.get(f"{INBOX}?status=te-laat").text
    assert count_rows(late) == 1
    assert '<strong class="small">te laat</strong>' in late
    assert "1 te laat" in town.get("/mijn").text
    # The first due comes first.
    assert town.get(INBOX).text.index("Een vraag</a>") < town.get(INBOX).text.index("Iets klopt niet</a>")
    for odd in ("status=onzin&soort=onzin", "bladzijde=x", "bladzijde=99999999", "status=alles"):
        assert town.get(f"{INBOX}?{odd}").status_code == 200


def test_long_inbox_has_pages(desk: ReportDesk) -> None:
    desk.report()
    change(
        desk,
        """
        INSERT INTO register.report
            (kind, sensor_id, municipality_code, text, token_hash, language, may_publish, due_on, created_at)
        SELECT kind, sensor_id, municipality_code, text, sha256(convert_to(n::text, 'UTF8')), language, may_publish,
            due_on, created_at
        FROM register.report, generate_series(1, 60) AS n
        """,
    )
    town = desk.sign_in(desk.municipality)
    first = town.get(INBOX).text
    assert count_rows(first) == 50
    assert "61 meldingen, bladzijde 1 van 2" in first
    assert count_rows(town.get(f"{INBOX}?bladzijde=2").text) == 11


def test_other_municipality_and_other_company_see_nothing(desk: ReportDesk) -> None:
    desk.report()
    desk.report(plek=DAM, soort="question", tekst="Wat is hier?")
    with transaction(read_state(desk.client).write_engine) as session:
        leiden = make_municipality(session, "GM0546", "Gemeente Leiden")
    assert count_rows(desk.sign_in(leiden).get(INBOX).text) == 0
    assert count_rows(desk.sign_in(desk.company, name="Noor").get(INBOX).text) == 0


def test_administrator_of_the_register_sees_all(desk: ReportDesk) -> None:
    desk.report()
    with transaction(read_state(desk.client).write_engine) as session:
        person = make_person(session, "Ada", ("administrator", None))
    assert count_rows(sign_in(desk.client, person).get(INBOX).text) == 1


def test_inbox_asks_to_sign_in(desk: ReportDesk) -> None:
    answer = desk.open_browser().get(INBOX)
    assert (answer.status_code, answer.headers["location"]) == (303, "/inloggen?terug=%2Fmijn%2Fmeldingen")
