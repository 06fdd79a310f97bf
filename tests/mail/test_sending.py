"""Sending from the outbox: what is tried again, what ends, and what a killed worker leaves."""

import logging
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, create_engine, select, text
from sqlalchemy.orm import Session

from app.core.database import sqlalchemy_url, transaction
from app.mail.outbox import LIFETIME, list_mail, post_mail
from app.mail.sending import FIRST_PAUSE, LONGEST_PAUSE, send_next, sending_mail
from app.mail.server import MailServer
from app.mail.tables import MailHandover, OutgoingMail
from tests.support.mail_server import Post, make_server, serving_mail
from tests.support.processes import find_free_port, read_until, running
from tests.support.waiting import wait_until

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
PATIENCE_SECONDS = 120
"""A process must start first."""

SECRET = "https://register.example/inloggen/link?sleutel=geheim"


@pytest.fixture
def engine(fresh_database: str) -> Iterator[Engine]:
    engine = create_engine(sqlalchemy_url(fresh_database))
    yield engine
    engine.dispose()


def post_text(
    session: Session, receiver: str = "noor@leiden.nl", now: datetime = NOW, lifetime: timedelta = LIFETIME
) -> None:
    post_mail(
        session,
        "sign_in_link",
        receiver=receiver,
        language="nl",
        now=now,
        lifetime=lifetime,
        address=SECRET,
        minutes=10,
        site="https://register.example",
    )


def post_one(
    engine: Engine,
    *,
    now: datetime = NOW,
    lifetime: timedelta = LIFETIME,
    receiver: str = "noor@leiden.nl",
) -> None:
    with transaction(engine) as session:
        post_text(session, receiver, now, lifetime)


def read_one(engine: Engine) -> OutgoingMail:
    with Session(engine) as session:
        return session.scalars(select(OutgoingMail)).one()


def send_all(engine: Engine, server: MailServer, now: datetime = NOW) -> int:
    sent = 0
    while send_next(engine, server, now):
        sent += 1
    return sent


def test_mail_is_sent_once_and_its_text_deleted(engine: Engine) -> None:
    post_one(engine)
    post = Post()
    with serving_mail(post) as server:
        assert send_all(engine, server) == 1
        assert send_all(engine, server) == 0
    assert SECRET in post.taken[0].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    mail = read_one(engine)
    assert (mail.status, mail.body, mail.last_error) == ("sent", None, None)
    with engine.connect() as connection:
        assert "geheim" not in str(connection.execute(text("SELECT * FROM register.outgoing_mail")).all())


def test_mail_of_a_transaction_that_is_undone_is_not_sent(engine: Engine) -> None:
    with Session(engine) as session:
        post_mail(
            session,
            "sign_in_link",
            receiver="noor@leiden.nl",
            language="nl",
            now=NOW,
            address=SECRET,
            minutes=10,
            site="x",
        )
        session.rollback()
    assert not send_next(engine, make_server(find_free_port()), NOW)


def test_text_to_no_address_is_not_posted(engine: Engine) -> None:
    with pytest.raises(ValueError, match="no address"):
        post_one(engine, receiver="noor")


def test_mail_that_is_refused_for_now_is_tried_again_with_growing_pauses(engine: Engine) -> None:
    post_one(engine)
    post = Post(answers={"RCPT": "450 4.2.0 greylisted"})
    pauses, now = [], NOW
    with serving_mail(post) as server:
        for _ in range(8):
            assert send_next(engine, server, now)
            assert not send_next(engine, server, now)
            later = read_one(engine).next_attempt_at
            pauses.append(later - now)
            now = later
        assert pauses[:3] == [FIRST_PAUSE, FIRST_PAUSE * 4, FIRST_PAUSE * 16]
        assert pauses == sorted(pauses)
        assert pauses[-1] == LONGEST_PAUSE
        post.answers.clear()
        assert send_next(engine, server, now)
    assert read_one(engine).status == "sent"
    assert len(post.taken) == 1


def test_mail_that_is_refused_for_good_ends_and_is_said(
    engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    post_one(engine)
    with (
        serving_mail(Post(answers={"RCPT": "550 5.1.1 unknown"})) as server,
        caplog.at_level(logging.WARNING),
    ):
        assert send_all(engine, server) == 1
        assert send_all(engine, server, NOW + timedelta(days=1)) == 0
    mail = read_one(engine)
    assert (mail.status, mail.last_error) == ("refused", "550 5.1.1 unknown")
    assert SECRET in (mail.body or "")
    assert "sensor-register mail list" in caplog.text
    assert "noor@leiden.nl" not in caplog.text
    with Session(engine) as session:
        assert [(one.receiver, one.status) for one in list_mail(session, NOW)] == [
            ("noor@leiden.nl", "refused")
        ]


def test_mail_ends_when_its_next_attempt_would_be_of_no_use(engine: Engine) -> None:
    post_one(engine, lifetime=timedelta(minutes=10))
    now = NOW
    with serving_mail(Post(answers={"RCPT": "450 later"})) as server:
        while (mail := read_one(engine)).status == "waiting":
            now = mail.next_attempt_at
            send_next(engine, server, now)
    assert (mail.status, mail.body, mail.attempts, mail.last_error) == ("expired", None, 5, "450 later")
    assert now < NOW + timedelta(minutes=10)


def test_mail_that_came_too_late_is_not_sent(engine: Engine) -> None:
    post_one(engine, lifetime=timedelta(minutes=10))
    post = Post()
    with serving_mail(post) as server:
        send_all(engine, server, NOW + timedelta(minutes=10))
    assert (read_one(engine).status, post.taken) == ("expired", [])


@pytest.mark.parametrize(("drops", "status"), [(1, "sent"), (2, "uncertain"), (9, "uncertain")])
def test_server_that_breaks_off_gets_at_most_one_duplicate(drops: int, status: str, engine: Engine) -> None:
    post_one(engine)
    post = Post(drops=drops)
    with serving_mail(post) as server:
        for day in range(4):
            send_all(engine, server, NOW + day * timedelta(hours=1))
    assert len(post.taken) == 2
    assert len({one["Message-ID"] for one in post.taken}) == 1
    mail = read_one(engine)
    assert (mail.status, mail.body is None) == (status, status == "sent")


def test_refusals_between_do_not_count_as_handovers(engine: Engine) -> None:
    """The server said each time that it does not have the mail: the one uncertain handover is made once more."""
    post_one(engine)
    post = Post(drops=1)
    with serving_mail(post) as server:
        send_next(engine, server, NOW)
        post.answers["DATA"] = "451 later"
        for hour in (1, 2, 3):
            send_next(engine, server, NOW + timedelta(hours=hour))
        post.answers.clear()
        send_next(engine, server, NOW + timedelta(hours=5))
    assert (read_one(engine).status, len(post.taken)) == ("sent", 2)


def test_mail_that_cannot_be_made_does_not_keep_others_waiting(engine: Engine) -> None:
    post_one(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE register.outgoing_mail SET subject = E'a\\nBcc: eva@evil.example'"))
    post_one(engine, now=NOW + timedelta(seconds=1), receiver="eva@leiden.nl")
    post = Post()
    with serving_mail(post) as server:
        assert send_all(engine, server, NOW + timedelta(seconds=2)) == 2
    assert post.receivers == ["eva@leiden.nl"]


def test_workers_side_by_side_send_each_mail_once(engine: Engine) -> None:
    for number in range(12):
        post_one(engine, receiver=f"noor{number}@leiden.nl")
    post = Post(slow={"DATA": 0.05})
    with serving_mail(post) as server, ThreadPoolExecutor(4) as workers:
        counts = list(workers.map(lambda _: send_all(engine, server), range(4)))
    assert sum(counts) == 12
    assert sorted(post.receivers) == sorted(f"noor{number}@leiden.nl" for number in range(12))


def test_mail_that_one_worker_is_sending_is_skipped_by_another(engine: Engine) -> None:
    post_one(engine)
    post = Post(slow={"DATA": 30})
    with serving_mail(post) as server, ThreadPoolExecutor(1) as worker:
        first = worker.submit(send_next, engine, server, NOW)
        assert post.has_text.wait(10)
        assert not send_next(engine, server, NOW)
        post.release.set()
        assert first.result(10)
    assert len(post.taken) == 1


def test_thread_of_the_worker_sends_what_is_posted(engine: Engine) -> None:
    post = Post()
    with serving_mail(post) as server, sending_mail(engine, server):
        post_one(engine, now=datetime.now(UTC))
        wait_until(lambda: read_one(engine).status == "sent")
    assert len(post.taken) == 1


def test_worker_without_a_mail_server_says_so(engine: Engine, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO), sending_mail(engine, None):
        pass
    assert "REGISTER_MAIL_HOST" in caplog.text


@pytest.mark.slow
@pytest.mark.parametrize(("step", "copies"), [("RCPT", 1), ("DATA", 2)])
def test_mail_of_a_killed_worker_is_sent_by_another(
    step: str, copies: int, engine: Engine, fresh_database: str
) -> None:
    """Killed before the text, nothing was sent; killed before the outcome is stored, it is sent once more."""
    post_one(engine, now=datetime.now(UTC))
    post = Post(slow={step: 600})
    with serving_mail(post) as server:
        settings = {
            "REGISTER_DATABASE_URL": fresh_database,
            "REGISTER_MAIL_HOST": server.host,
            "REGISTER_MAIL_PORT": str(server.port),
            "REGISTER_MAIL_SECURITY": "none",
            "REGISTER_MAIL_FROM": server.sender,
            "REGISTER_MAIL_TIMEOUT_SECONDS": "120",
        }
        with running("work", **settings) as first:
            read_until(first, "sends mail")
            reached = post.has_text if step == "DATA" else post.has_receiver
            assert reached.wait(PATIENCE_SECONDS)
            first.send_signal(signal.SIGKILL)
            first.wait(20)
        assert read_one(engine).status == "waiting"
        with Session(engine) as session:
            assert len(session.scalars(select(MailHandover)).all()) == copies - 1
        post.slow.clear()
        with running("work", **settings):
            wait_until(lambda: read_one(engine).status == "sent", PATIENCE_SECONDS)
        post.release.set()
    assert len(post.taken) == copies
    assert len({one["Message-ID"] for one in post.taken}) == 1
