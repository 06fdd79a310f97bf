"""Daily work of the job worker. Reminders have their tests at tests/website/todo/test_reminder_mail.py."""

from datetime import UTC, datetime

from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from app.cli.daily_work import do_daily_work
from app.core.daily_tasks import list_daily_tasks
from app.core.database import sqlalchemy_url
from app.core.settings import Settings
from app.privacy.retention import RETENTION_TASK
from app.sensors.publication.term_counts import COUNT_TASK
from tests.support.people import MAIL, read_mail
from tests.support.workplace import SITE, open_workplaces, register_one


def test_organisation_is_told_by_day_and_once_what_was_registered_on_its_behalf(fresh_database: str) -> None:
    engine = create_engine(sqlalchemy_url(fresh_database))
    settings = Settings(public_url=SITE, mail_host="mail.invalid", mail_from="sensoren@register.example")
    noon = datetime.now(UTC).replace(hour=12)
    with open_workplaces(fresh_database, **MAIL) as places:
        register_one(places.sign_in("anna"), wat={"reference": "namens-1", "owner": str(places.company)})
        mails = []
        for now in (noon.replace(hour=3), noon, noon):
            do_daily_work(engine, settings, now)
            mails.append([kind for kind, _, _ in read_mail(places.client) if kind == "behalf_notice"])
        assert mails == [[], ["behalf_notice"], ["behalf_notice"]]
    engine.dispose()


def test_handled_submissions_are_counted_once_a_day(fresh_database: str) -> None:
    engine = create_engine(sqlalchemy_url(fresh_database))
    with open_workplaces(fresh_database) as places:
        numbers = []
        for reference in ("een", "twee"):
            register_one(places.sign_in(reference, places.company), wat={"reference": reference})
            do_daily_work(engine, Settings(public_url=SITE), datetime.now(UTC).replace(hour=3))
            with engine.connect() as connection:
                numbers.append(
                    connection.scalar(text("SELECT sum(submissions) FROM publication.handled_month"))
                )
        assert numbers == [1, 1]
    engine.dispose()


def test_task_that_fails_holds_up_no_other(fresh_database: str) -> None:
    engine = create_engine(sqlalchemy_url(fresh_database))
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE register.term_use"))
    do_daily_work(engine, Settings(public_url=SITE), datetime.now(UTC).replace(hour=12))
    with Session(engine) as session:
        done = {name for name, _ in list_daily_tasks(session)}
    assert RETENTION_TASK in done
    assert COUNT_TASK not in done
    engine.dispose()
