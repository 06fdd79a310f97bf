"""The daily mail about residents' reports, and what is forgotten of them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from app.cli.daily_work import do_daily_work
from app.core.database import transaction
from app.core.settings import Settings
from app.reports.report_mail import ReportMailer
from app.reports.report_reminders import tell_organisations
from tests.support.concurrency import read_state
from tests.support.people import SITE, read_mail
from tests.support.reports import ReportDesk, open_report_desk

MAILER = ReportMailer(SITE, cipher=None, sends_mail=True)


@pytest.fixture
def desk(fresh_database: str) -> Iterator[ReportDesk]:
    with open_report_desk(fresh_database) as desk:
        yield desk


def tell(desk: ReportDesk, days: int = 0, mailer: ReportMailer = MAILER) -> int:
    return tell_organisations(
        read_state(desk.client).write_engine, mailer, datetime.now(UTC) + timedelta(days=days)
    )


def test_municipality_gets_one_mail_about_new_reports(desk: ReportDesk) -> None:
    desk.report()
    desk.report(soort="question")
    assert tell(desk) == 1
    ((kind, receiver, body),) = read_mail(desk.client)
    assert kind == "reports_waiting"
    assert receiver.startswith("gemeente@")
    assert "Nieuwe meldingen van bewoners: 2." in body
    assert f"{SITE}/mijn/meldingen" in body
    assert "De camera hangt" not in body
    assert tell(desk) == 0


def test_due_date_that_is_near_is_reminded_of_once(desk: ReportDesk) -> None:
    desk.report()
    assert [tell(desk, days) for days in (0, 10, 22, 24, 24, 40)] == [1, 0, 0, 1, 0, 0]
    _, _, body = read_mail(desk.client)[-1]
    assert "bijna voorbij of voorbij is: 1." in body


def test_owner_is_reminded_of_what_was_forwarded(desk: ReportDesk) -> None:
    desk.report()
    with transaction(read_state(desk.client).write_engine) as session:
        session.execute(
            text(
                "UPDATE register.report SET status = 'forwarded', forwarded_to = :company, forwarded_at = now()"
            ),
            {"company": desk.company},
        )
    assert tell(desk) == 0
    assert tell(desk, 25) == 1
    assert read_mail(desk.client)[-1][1] == "info@camerabedrijf.example"


def test_no_mail_is_recorded_where_none_is_sent(desk: ReportDesk) -> None:
    desk.report()
    assert tell(desk, mailer=ReportMailer(SITE, cipher=None, sends_mail=False)) == 0
    assert tell(desk) == 1


def test_daily_work_tells_once_and_forgets_addresses(desk: ReportDesk) -> None:
    desk.report(mail="bewoner@example.org")
    desk.report(mail="ander@example.org")
    engine = read_state(desk.client).write_engine
    with transaction(engine) as session:
        session.execute(
            text(
                "UPDATE register.report SET status = 'answered', answer = 'Ja', ended_at = now()"
                " WHERE id = (SELECT min(id::text)::uuid FROM register.report)"
            )
        )
    settings = Settings(public_url=SITE, mail_host="mail.invalid", mail_from="sensoren@register.example")
    noon = datetime.now(UTC).replace(hour=11)

    def count_addresses() -> int:
        with transaction(engine) as session:
            return int(
                session.execute(text("SELECT count(email_encrypted) FROM register.report")).scalar_one()
            )

    for _ in range(2):
        do_daily_work(engine, settings, noon)
    kinds = [kind for kind, _, _ in read_mail(desk.client)]
    assert kinds.count("reports_waiting") == 1
    assert count_addresses() == 2
    do_daily_work(engine, settings, noon + timedelta(days=32))
    assert count_addresses() == 1
