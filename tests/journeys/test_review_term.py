"""The term of a review passes: the municipality gets its mail once, across a round and a worker that are killed."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime, time, timedelta
from email.message import EmailMessage
from typing import Final

import psycopg
import pytest

from app.bootstrap.paths import ROOT
from app.core.clock import DUTCH_TIME, dutch_date
from tests.support.mail_server import Post, serving_mail
from tests.support.processes import running
from tests.support.reviewing import submit
from tests.support.waiting import stays_so, wait_until
from tests.support.workplace import SITE, Workplaces, open_workplaces

pytestmark = pytest.mark.slow

DAYS_UNTIL_NEAR, DAYS_UNTIL_PAST = 12, 4
"""Days that pass: two days before the end of a term of 14, and two days after it."""

LOCK: Final = "LOCK TABLE register.review_notice IN ACCESS EXCLUSIVE MODE"
COPIES: Final = 2
"""Copies of a mail whose worker was killed after the text was handed over."""

_QUIET_SECONDS: Final = 2.0


@pytest.fixture
def workplaces(fresh_database: str) -> Iterator[Workplaces]:
    with open_workplaces(fresh_database) as found:
        yield found


@contextmanager
def begin_round(settings: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """The daily work as a process that has begun, at a moment that is past at any hour of a day."""
    moment = datetime.combine(dutch_date() - timedelta(days=1), time(12), DUTCH_TIME)
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.support.daily_round", moment.isoformat()],
        cwd=ROOT,
        env={**os.environ, **settings},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == "begun\n"
        yield process
    finally:
        process.kill()
        process.communicate()


def do_round(settings: dict[str, str]) -> None:
    with begin_round(settings) as process:
        assert process.wait() == 0


def let_days_pass(url: str, days: int) -> None:
    """Date submissions and daily work back."""
    with psycopg.connect(url) as connection:
        connection.execute(
            "UPDATE register.sensor_version SET recorded_at = recorded_at - make_interval(days => %s)", [days]
        )
        connection.execute("DELETE FROM register.daily_task")


def is_blocked(connection: psycopg.Connection[tuple[int]]) -> bool:
    """Whether another process waits for the lock of this one."""
    waiting = connection.execute(
        "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
    ).fetchone()
    return waiting is not None and waiting[0] > 0


def list_reviews(post: Post) -> list[EmailMessage]:
    """The mails about reviews that the server took."""
    return [mail for mail in post.taken if "sensorregister" in mail["Subject"]]


def has_reviews(post: Post, number: int) -> Callable[[], bool]:
    """Whether the server took exactly this number of mails about reviews."""
    return lambda: len(list_reviews(post)) == number


def test_municipality_gets_each_mail_of_a_term_once(workplaces: Workplaces) -> None:
    code = submit(workplaces.sign_in("carla", workplaces.company))
    post = Post()
    with serving_mail(post) as server:
        settings = {
            "REGISTER_DATABASE_URL": workplaces.url,
            "REGISTER_PUBLIC_URL": SITE,
            "REGISTER_MAIL_HOST": server.host,
            "REGISTER_MAIL_PORT": str(server.port),
            "REGISTER_MAIL_SECURITY": "none",
            "REGISTER_MAIL_FROM": server.sender,
            "REGISTER_MAIL_TIMEOUT_SECONDS": "5",
        }

        # A round that is killed while it writes leaves nothing; the next one makes up for it.
        with closing(psycopg.connect(workplaces.url)) as other:
            other.execute(LOCK)
            with begin_round(settings) as killed:
                wait_until(lambda: is_blocked(other))
                killed.kill()
            other.rollback()
        do_round(settings)
        let_days_pass(workplaces.url, 0)
        do_round(settings)

        # A worker that is killed while the server holds the text leaves a note: the mail comes once more.
        post.slow["DATA"] = 60
        with running("work", **settings) as worker:
            wait_until(post.has_text.is_set)
            worker.kill()
        post.slow.clear()
        post.release.set()
        with running("work", **settings):
            wait_until(has_reviews(post, COPIES))
            assert len({mail["Message-ID"] for mail in list_reviews(post)}) == 1
            assert {mail["Subject"] for mail in list_reviews(post)} == {
                "Te beoordelen in het sensorregister: 1"
            }
            sent = COPIES
            for days, subject in (
                (DAYS_UNTIL_NEAR, "Termijn bijna voorbij in het sensorregister: 1"),
                (DAYS_UNTIL_PAST, "Termijn voorbij in het sensorregister: 1"),
            ):
                for passing in (days, 0):
                    let_days_pass(workplaces.url, passing)
                    do_round(settings)
                sent += 1
                wait_until(has_reviews(post, sent))
                stays_so(has_reviews(post, sent), _QUIET_SECONDS)
                newest = list_reviews(post)[-1]
                assert newest["Subject"] == subject
                body = newest.get_body(("plain",))
                assert body is not None
                assert code in body.get_content()
