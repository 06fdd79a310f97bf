"""The round of reminders: one mail for an organisation, once, through a real mail server."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import create_engine, text

from app.cli.daily_work import do_daily_work
from app.core.clock import dutch_date
from app.core.database import sqlalchemy_url, transaction
from app.core.settings import Settings
from app.duties.actions import set_duty
from app.mail.sending import FIRST_PAUSE, send_next
from app.mail.texts import write_text
from app.website.todo.reminder_mail import Round
from tests.support.concurrency import read_state
from tests.support.mail_server import Post, serving_mail
from tests.support.people import SITE
from tests.support.reminders import NOW, Owner, open_owner


@pytest.fixture(scope="module")
def owner(module_database: str) -> Iterator[Owner]:
    with open_owner(module_database, sensors=7) as opened:
        yield opened


@pytest.fixture(autouse=True)
def not_reminded(owner: Owner) -> None:
    owner.forget_reminders()


def test_owner_gets_one_mail_however_often_the_round_is_made(owner: Owner) -> None:
    assert owner.remind() == Round(1, [])
    for later in (timedelta(0), timedelta(hours=3), timedelta(days=1)):
        assert owner.remind(NOW + later) == Round(0, [])
    ((kind, receiver, body),) = owner.read_mail()
    assert (kind, receiver) == ("reminder", "info@example.org")
    assert "7 sensoren" in body
    assert body.count("geluid-") == 5
    assert "en nog 2" in body
    assert f"{SITE}/bevestigen?sleutel=" in body


def test_rounds_of_two_workers_at_once_post_one_mail(owner: Owner) -> None:
    with ThreadPoolExecutor(2) as workers:
        rounds = list(workers.map(lambda _: owner.remind(), range(4)))
    assert sum(one.sent for one in rounds) == 1
    assert len(owner.read_mail()) == 1


def test_round_that_breaks_off_leaves_nothing_and_is_made_again(
    owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr("app.website.todo.reminder_mail.post_mail", fail)
        with pytest.raises(RuntimeError):
            owner.remind()
    assert owner.read_mail() == []
    assert owner.remind() == Round(1, [])
    assert len(owner.read_mail()) == 1


def test_mail_whose_answer_is_lost_comes_again_with_the_same_message_id(owner: Owner) -> None:
    owner.remind()
    engine, post = read_state(owner.client).write_engine, Post(drops=1)
    with serving_mail(post) as server:
        assert send_next(engine, server, NOW)
        # A round in between posts nothing: the first mail still waits.
        owner.remind()
        assert send_next(engine, server, NOW + FIRST_PAUSE)
        assert not send_next(engine, server, NOW + timedelta(days=9))
    first, second = post.taken
    assert first["Message-ID"] == second["Message-ID"]
    assert "Bevestig in het sensorregister: 7 sensoren" in first["Subject"]
    html = first.get_body(("html",))
    assert html is not None
    assert re.search(rf'<a href="{SITE}/bevestigen\?sleutel=[\w-]{{43}}">', html.get_content())


def test_organisation_without_address_or_that_ended_gets_none(owner: Owner) -> None:
    with transaction(read_state(owner.client).write_engine) as session:
        session.execute(
            text(
                "UPDATE publication.organisation SET public_email = NULL, public_phone = '14020' WHERE id = :id"
            ),
            {"id": owner.organisation},
        )
    assert owner.remind() == Round(0, [owner.organisation])
    with transaction(read_state(owner.client).write_engine) as session:
        session.execute(
            text("UPDATE publication.organisation SET public_email = 'info@example.org' WHERE id = :id"),
            {"id": owner.organisation},
        )
    assert owner.remind().sent == 1


def test_worker_reminds_by_day_and_only_where_mail_is_sent(owner: Owner) -> None:
    engine = create_engine(sqlalchemy_url(owner.url))
    night = datetime(NOW.year, NOW.month, NOW.day, 3, tzinfo=UTC)
    with_mail = Settings(public_url=SITE, mail_host="mail.invalid", mail_from="sensoren@register.example")
    for settings, now, mails in (
        (Settings(public_url=SITE), NOW, 0),
        (with_mail, night, 0),
        (with_mail, NOW, 1),
    ):
        do_daily_work(engine, settings, now)
        assert len(owner.read_mail()) == mails
    engine.dispose()


def test_text_names_each_kind(owner: Owner) -> None:
    owner.set_dates("active_until", "authorisation_valid_until", confirm_by=NOW.date() + timedelta(days=300))
    owner.remind()
    ((_, _, body),) = owner.read_mail()
    assert "/bevestigen" not in body
    assert f"{SITE}/mijn/sensoren?taak=end" in body
    assert f"{SITE}/mijn/sensoren?taak=authorisation" in body


def test_reminder_of_an_end_names_where_a_removal_must_be_reported(owner: Owner) -> None:
    owner.set_dates("active_until")
    owner.remind()
    asked = "Dat moet in"
    assert asked not in owner.read_mail()[0][2]
    today = dutch_date()
    rules: list[dict[str, object]] = [
        {"removalNotified": True, "sensorTypes": ["radio"]},
        {"removalNotified": True},
        {},
    ]
    for rule, is_asked in zip(rules, (False, True, False), strict=True):
        owner.forget_reminders()
        owner.set_dates("active_until")
        given = {
            "validFrom": today.isoformat(),
            "mandatory": True,
            "legalUrl": "https://example.org/apv",
        } | rule
        with transaction(read_state(owner.client).write_engine) as session:
            set_duty(session, None, "GM0363", given, today=today)
        owner.remind()
        ((_, _, body),) = owner.read_mail()
        assert ("Dat moet in Amsterdam." in body) == is_asked


def test_texts_are_there_in_english() -> None:
    due = {
        "total": 1,
        "first_on": NOW.date(),
        "named": "geluid-1",
        "others": 0,
        "address": "/en/mijn/sensoren",
    }
    values = {"confirm_address": f"{SITE}/en/bevestigen"}
    mail = write_text(
        "reminder",
        "en",
        organisation="Meetbedrijf BV",
        confirm=due,
        end=due,
        authorisation=due,
        removal_asked="Amsterdam",
        last_day=NOW.date(),
        site=SITE,
        **values,
    )
    assert mail.subject == "Confirm in the sensor register: 1 sensor"
    assert "End date reached or near: 1 sensor." in mail.body
    assert "That is mandatory in Amsterdam." in mail.body
