"""Two who handle one report at once: the first decides."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import text

from app.core.database import transaction
from app.core.errors import Conflict
from app.reports.actions import Handling, answer_report, forward_report, reject_report
from app.reports.address_cipher import AddressCipher
from app.reports.handlers import Handler
from app.reports.report_mail import ReportMailer
from tests.support.concurrency import read_state
from tests.support.people import SITE, make_person, read_mail
from tests.support.reports import KEY, ReportDesk, open_report_desk


@pytest.fixture
def desk(fresh_database: str) -> Iterator[ReportDesk]:
    with open_report_desk(fresh_database) as desk:
        yield desk


def prepare(desk: ReportDesk) -> list[Handling]:
    """Three colleagues, each with the page of one report before them."""
    desk.report(mail="bewoner@example.org")
    with transaction(read_state(desk.client).write_engine) as session:
        report_id = session.execute(text("SELECT id FROM register.report")).scalar_one()
        people = [
            make_person(session, name, ("editor", desk.municipality)) for name in ("Eva", "Noor", "Bram")
        ]
    mailer = ReportMailer(SITE, AddressCipher(KEY), sends_mail=True)
    return [
        Handling(make_handler(desk, person), mailer, report_id, 1, datetime.now(UTC)) for person in people
    ]


def make_handler(desk: ReportDesk, person: UUID) -> Handler:
    return Handler(person, frozenset({desk.municipality}), frozenset({"GM0363"}), is_administrator=False)


def test_first_of_three_decides(desk: ReportDesk) -> None:
    first, second, third = prepare(desk)
    engine = read_state(desk.client).write_engine

    def act(number: int) -> str:
        try:
            with transaction(engine) as session:
                if number == 0:
                    answer_report(session, first, "Dank u.", None)
                elif number == 1:
                    reject_report(session, second, "Dubbel.")
                else:
                    forward_report(session, third, desk.company)
        except Conflict:
            return "conflict"
        return "done"

    with ThreadPoolExecutor(3) as pool:
        outcomes = sorted(pool.map(act, range(3)))
    assert outcomes == ["conflict", "conflict", "done"]
    kinds = [kind for kind, _, _ in read_mail(desk.client)]
    assert len(kinds) == 2
    assert kinds[0] == "report_received"
    with transaction(engine) as session:
        counted = session.execute(
            text("SELECT received, answered + rejected FROM publication.report_count")
        ).one()
        ended = session.execute(text("SELECT count(ended_at) FROM register.report")).scalar_one()
        trail = session.execute(
            text("SELECT count(*) FROM audit.audit_entry WHERE subject_kind = 'report'")
        ).scalar_one()
    assert counted == (1, ended)
    assert trail == 1


def test_sensor_without_a_municipality_goes_to_its_owner(desk: ReportDesk) -> None:
    with transaction(read_state(desk.client).write_engine) as session:
        session.execute(
            text(
                "UPDATE publication.published_sensor SET municipality_code = NULL, municipality_codes = '{}'"
            )
        )
    desk.report()
    assert [(kind, receiver) for kind, receiver, _ in read_mail(desk.client)] == [
        ("report_forwarded", "info@camerabedrijf.example")
    ]
    assert "Iets klopt niet" in desk.sign_in(desk.company).get("/mijn/meldingen").text
