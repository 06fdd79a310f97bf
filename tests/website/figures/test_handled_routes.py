"""The page of an organisation beside its figures: how it maintains its registrations, and its answers to residents."""

import re
from collections.abc import Iterator
from uuid import UUID

import pytest
from sqlalchemy import text

from tests.support.workplace import Workplaces, open_session, open_workplaces, register_one

ANSWER = """
INSERT INTO publication.published_answer (report_id, sensor_id, organisation_id, kind, question, answer, answered_on)
SELECT register.uuid7(), id, CAST(:organisation AS uuid), 'question', :question, :answer, DATE '2026-11-01'
FROM register.sensor WHERE public_code = :code
"""


@pytest.fixture
def workplaces(fresh_database: str) -> Iterator[Workplaces]:
    with open_workplaces(fresh_database) as found:
        yield found


def read(workplaces: Workplaces, path: str = "/organisatie/gemeente-amsterdam") -> str:
    answer = workplaces.client.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


def publish(workplaces: Workplaces, code: str, question: str, organisation: UUID) -> None:
    with open_session(workplaces.url) as session:
        values = {"code": code, "question": question, "answer": "Dat mag.", "organisation": organisation}
        session.execute(text(ANSWER), values)


def test_organisation_says_how_it_maintains_its_registrations(workplaces: Workplaces) -> None:
    register_one(workplaces.sign_in("eva"))
    page = read(workplaces)
    assert "1 van 1 sensoren op tijd bevestigd" in page
    assert "1 later aangemeld dan gevraagd" in page


def test_answers_of_an_organisation_are_on_its_page_while_their_sensor_is_public(
    workplaces: Workplaces,
) -> None:
    code = register_one(workplaces.sign_in("eva"))
    hidden = register_one(workplaces.sign_in("carla", workplaces.company), wat={"reference": "verborgen-1"})
    publish(workplaces, code, "Mag dit hier?", workplaces.municipality)
    publish(workplaces, code, "Vraag aan een ander", workplaces.company)
    publish(workplaces, hidden, "Geheime vraag", workplaces.municipality)
    page = read(workplaces)
    assert "Antwoorden aan bewoners" in page
    assert "Mag dit hier? Dat mag." in page
    assert "Vraag aan een ander" not in page
    assert "Geheime vraag" not in page
    assert hidden not in page
