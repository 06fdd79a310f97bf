"""Deletion of the address of a reporter, 30 days after the end of a report, and of the report after two years."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from app.core.database import transaction
from app.reports.actions import Handling, PublicText, answer_report, note_on_report
from app.reports.address_cipher import AddressCipher
from app.reports.handlers import Handler
from app.reports.report_mail import ReportMailer
from app.reports.report_retention import (
    ADDRESS_KEPT,
    REPORT_KEPT,
    delete_answers_about_erased,
    delete_old_reports,
    delete_reporter_addresses,
)
from app.reports.report_subject import find_sensor
from app.sensors.registration.redaction import redact_sensor
from tests.support.concurrency import read_state
from tests.support.organisations import make_principal
from tests.support.people import SITE, make_person
from tests.support.reports import KEY, ReportDesk, open_report_desk
from tests.support.sensors import make_context

NOW = datetime.now(UTC)
MOMENT = timedelta(seconds=1)


@pytest.fixture
def desk(fresh_database: str) -> Iterator[ReportDesk]:
    with open_report_desk(fresh_database) as desk:
        yield desk


def end_one(desk: ReportDesk) -> None:
    """A report with an address and a note, answered now, beside one that is still open."""
    desk.report(mail="bewoner@example.org")
    with transaction(read_state(desk.client).write_engine) as session:
        report_id = session.execute(text("SELECT id FROM register.report")).scalar_one()
        person = make_person(session, "Eva", ("editor", desk.municipality))
        handler = Handler(
            person, frozenset({desk.municipality}), frozenset({"GM0363"}), is_administrator=False
        )
        note_on_report(session, handler, report_id, "Gebeld met de eigenaar.", NOW)
        mailer = ReportMailer(SITE, AddressCipher(KEY), sends_mail=True)
        answer_report(session, Handling(handler, mailer, report_id, 1, NOW), "Dank u.", None)
    desk.report(mail="ander@example.org")


def count(desk: ReportDesk) -> tuple[int, int, int]:
    """The numbers of reports, of addresses and of notes."""
    with transaction(read_state(desk.client).write_engine) as session:
        return tuple(
            session.execute(
                text(
                    "SELECT count(*), count(email_encrypted), (SELECT count(*) FROM register.report_note)"
                    " FROM register.report"
                )
            ).one()
        )


def test_address_goes_thirty_days_after_the_end(desk: ReportDesk) -> None:
    end_one(desk)
    with transaction(read_state(desk.client).write_engine) as session:
        assert delete_reporter_addresses(session, NOW + ADDRESS_KEPT - MOMENT) == 0
        assert delete_reporter_addresses(session, NOW + ADDRESS_KEPT) == 1
    assert count(desk) == (2, 1, 1)


def test_report_goes_two_years_after_the_end_and_its_number_stays(desk: ReportDesk) -> None:
    end_one(desk)
    with transaction(read_state(desk.client).write_engine) as session:
        assert delete_old_reports(session, NOW + REPORT_KEPT - MOMENT) == 0
        assert delete_old_reports(session, NOW + REPORT_KEPT) == 1
        received = session.execute(text("SELECT sum(received) FROM publication.report_count")).scalar_one()
    assert count(desk) == (1, 1, 0)
    assert received == 2


def test_published_answer_is_deleted_once_its_sensor_was_erased(desk: ReportDesk) -> None:
    for code in (desk.camera, desk.planned):
        desk.report(sensor=code, soort="question", openbaar="ja")
    with transaction(read_state(desk.client).write_engine) as session:
        person = make_person(session, "Eva", ("editor", desk.municipality))
        handler = Handler(
            person, frozenset({desk.municipality}), frozenset({"GM0363"}), is_administrator=False
        )
        mailer = ReportMailer(SITE, AddressCipher(KEY), sends_mail=True)
        for report_id in session.scalars(text("SELECT id FROM register.report")).all():
            public = PublicText("Wat ziet deze camera?", "Het plein.", None)
            answer_report(session, Handling(handler, mailer, report_id, 1, NOW), "Het plein.", public)
        assert delete_answers_about_erased(session) == 0
        sensor = find_sensor(session, desk.camera)
        assert sensor is not None
        context = make_context(make_principal(session, desk.municipality))
        redact_sensor(session, context, sensor.id, reason="Een naam.")
        assert delete_answers_about_erased(session) == 0
        redact_sensor(session, context, sensor.id, reason="Een naam.", erase=True)
        assert [delete_answers_about_erased(session) for _ in range(2)] == [1, 0]
        assert session.execute(text("SELECT count(*) FROM publication.published_answer")).scalar_one() == 1
