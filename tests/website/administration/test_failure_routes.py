"""Jobs and mail that failed, in the browser: listed with the reason, tried again, and forgotten."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from app.cli.daily_work import do_daily_work
from app.core.database import transaction
from app.core.failed_jobs import record_failure
from app.core.jobs import defer_job
from app.core.settings import Settings
from app.mail.outbox import post_mail
from app.website.administration.failure_routes import TASK_NAMES
from tests.website.administration.conftest import Administration

PAGE = "/mijn/beheer/storingen"
SECRET = "https://register.example/inloggen/link?sleutel=geheim"


def fail_job(office: Administration, status: str) -> int:
    with transaction(office.engine) as session:
        defer_job(session, "import_sensors", lock="lock", import_id="x", step="check")
        session.execute(text("SET LOCAL search_path TO jobs"))
        statement = (
            "UPDATE jobs.procrastinate_jobs SET status = CAST(:status AS jobs.procrastinate_job_status),"
        )
        job_id: int = session.scalars(
            text(f"{statement} attempts = 3, scheduled_at = now() + interval '1 hour' RETURNING id"),
            {"status": status},
        ).one()
    record_failure(office.engine, job_id, ValueError("noor@leiden.nl"))
    return job_id


def fail_mail(office: Administration, status: str, *, lifetime: timedelta = timedelta(days=2)) -> None:
    with transaction(office.engine) as session:
        post_mail(
            session,
            "sign_in_link",
            receiver="noor@leiden.nl",
            language="nl",
            now=datetime.now(UTC),
            lifetime=lifetime,
            address=SECRET,
            minutes=10,
            site="https://register.example",
        )
        session.execute(
            text(
                "UPDATE register.outgoing_mail SET status = :status, attempts = 1, last_error = '550 unknown',"
                " ended_at = now()"
            ),
            {"status": status},
        )


def read_rows(office: Administration, statement: str) -> list[tuple[object, ...]]:
    with transaction(office.engine) as session:
        return [tuple(row) for row in session.execute(text(statement))]


def test_failed_job_is_shown_with_the_kind_of_error_and_tried_again(register_office: Administration) -> None:
    job_id = fail_job(register_office, "failed")
    browser = register_office.administrator
    page = browser.get(PAGE).text
    assert "builtins.ValueError" in page
    assert "Import van sensoren" in page
    assert "noor@leiden.nl" not in page
    assert "(1 storing)" in browser.get("/mijn").text
    answer = browser.post(f"{PAGE}/taken", data={"opnieuw": str(job_id)})
    assert answer.headers["location"] == f"{PAGE}?gedaan=opnieuw"
    assert read_rows(register_office, "SELECT status::text, scheduled_at FROM jobs.procrastinate_jobs") == [
        ("todo", None)
    ]
    assert read_rows(
        register_office, "SELECT action, subject_ids FROM audit.audit_entry WHERE subject_kind = 'job'"
    ) == [("retry_job", [str(job_id)])]


def test_job_that_is_being_done_meanwhile_is_left_alone(register_office: Administration) -> None:
    job_id = fail_job(register_office, "doing")
    for action in ("opnieuw", "vergeten"):
        for named in (str(job_id), "alle"):
            answer = register_office.administrator.post(f"{PAGE}/taken", data={action: named})
            assert answer.headers["location"] == f"{PAGE}?gedaan=niets"
    assert read_rows(register_office, "SELECT status::text FROM jobs.procrastinate_jobs") == [("doing",)]


def test_only_a_job_that_is_not_tried_by_itself_is_forgotten(register_office: Administration) -> None:
    browser = register_office.administrator
    job_id = fail_job(register_office, "todo")
    assert 'name="vergeten"' not in browser.get(PAGE).text
    assert browser.post(f"{PAGE}/taken", data={"vergeten": "alle"}).headers["location"].endswith("niets")
    with transaction(register_office.engine) as session:
        session.execute(text("SET LOCAL search_path TO jobs"))
        session.execute(text("UPDATE jobs.procrastinate_jobs SET status = 'failed'"))
    assert browser.post(f"{PAGE}/taken", data={"vergeten": str(job_id)}).status_code == 303
    assert read_rows(register_office, "SELECT id FROM jobs.procrastinate_jobs") == []
    assert read_rows(register_office, "SELECT job_id FROM register.job_failure") == []


def test_refused_mail_is_shown_without_its_text_and_sent_again(register_office: Administration) -> None:
    fail_mail(register_office, "refused")
    browser = register_office.administrator
    page = browser.get(PAGE).text
    assert "noor@leiden.nl" in page
    assert "550 unknown" in page
    assert "geheim" not in page
    assert "geweigerd door de mailserver" in page
    assert browser.post(f"{PAGE}/mail", data={"opnieuw": "alle"}).status_code == 303
    assert read_rows(
        register_office, "SELECT status, attempts, body IS NULL FROM register.outgoing_mail"
    ) == [("waiting", 0, False)]
    assert "Er is geen mail mislukt" in browser.get(PAGE).text
    again = browser.post(f"{PAGE}/mail", data={"opnieuw": "alle"})
    assert again.headers["location"] == f"{PAGE}?gedaan=niets"


def test_mail_without_its_text_can_only_be_forgotten(register_office: Administration) -> None:
    fail_mail(register_office, "refused")
    with transaction(register_office.engine) as session:
        session.execute(text("UPDATE register.outgoing_mail SET body = NULL, status = 'expired'"))
    browser = register_office.administrator
    assert 'name="opnieuw"' not in browser.get(PAGE).text
    (mail_id,) = read_rows(register_office, "SELECT id::text FROM register.outgoing_mail")[0]
    for named in (str(mail_id), "alle"):
        assert browser.post(f"{PAGE}/mail", data={"opnieuw": named}).headers["location"].endswith("niets")
    assert browser.post(f"{PAGE}/mail", data={"vergeten": str(mail_id)}).status_code == 303
    assert read_rows(register_office, "SELECT id FROM register.outgoing_mail") == []


@pytest.mark.parametrize("hour", [1, 12])
def test_each_daily_task_is_named_in_words(register_office: Administration, hour: int) -> None:
    settings = Settings(mail_host="mail.example", mail_from="sensoren@register.example")
    do_daily_work(register_office.engine, settings, datetime.now(UTC).replace(hour=hour))
    done = read_rows(register_office, "SELECT name FROM register.daily_task")
    assert {str(name) for (name,) in done} <= TASK_NAMES.keys()
