"""Daily work of the job worker, in a thread of its own: notices, reminders, counts, and deleting personal data."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import partial
from threading import Event
from typing import Final

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from app.core.clock import DUTCH_TIME
from app.core.daily_tasks import do_daily
from app.core.database import transaction
from app.core.settings import Settings
from app.core.threads import working_in_thread
from app.privacy.retention import RETENTION_TASK, delete_what_is_due
from app.reports.report_mail import ReportMailer
from app.reports.report_reminders import tell_organisations
from app.sensors.publication.term_counts import COUNT_TASK, count_term_use
from app.sensors.receipts.handled_counts import count_handled
from app.sensors.registration.behalf_notices import tell_represented
from app.sensors.reviews.rounds import mail_municipalities
from app.website.todo.reminder_mail import remind_owners

_log = logging.getLogger(__name__)

_FIRST_HOUR: Final = 7
"""Mail for offices is sent from this hour in the Netherlands, and not at night."""

_POLL_SECONDS: Final = 60.0
_LEAVE_SECONDS: Final = 10.0


@contextmanager
def working_daily(engine: Engine, settings: Settings) -> Iterator[None]:
    """Do the daily work while the block runs."""
    work = partial(_keep_working, engine, settings)
    with working_in_thread("daily-work", work, leave_seconds=_LEAVE_SECONDS):
        yield


def _keep_working(engine: Engine, settings: Settings, ending: Event) -> None:
    while True:
        try:
            do_daily_work(engine, settings, datetime.now(UTC))
        except SQLAlchemyError as error:
            _log.warning("the daily work could not be done, and is tried again: %s", type(error).__name__)
        except Exception:  # noqa: BLE001 - whatever it is, it is logged and tried again
            _log.exception("the daily work failed, and is tried again")
        if ending.wait(_POLL_SECONDS):
            return


def do_daily_work(engine: Engine, settings: Settings, now: datetime) -> None:
    """Do what is due now and was not done today. Repeating it is harmless.

    A task that fails is logged and tried again, and holds up no other: personal data are deleted in time whatever else
    is wrong. Raises: OperationalError where the database is away.
    """
    here = now.astimezone(DUTCH_TIME)
    for name, task in _list_tasks(engine, settings, now, here):
        try:
            do_daily(engine, name, here.date(), task)
        except OperationalError:
            raise
        except SQLAlchemyError as error:
            _log.warning("the daily task %s failed, and is tried again: %s", name, type(error).__name__)
        except Exception:  # noqa: BLE001 - whatever it is, it is logged and tried again
            _log.exception("the daily task %s failed, and is tried again", name)


def _list_tasks(
    engine: Engine, settings: Settings, now: datetime, here: datetime
) -> Iterator[tuple[str, Callable[[], object]]]:
    yield "handled submissions", partial(_count_handled, engine, here.date())
    if here.hour < _FIRST_HOUR:
        return
    yield "notices on behalf", partial(_tell_represented, engine, settings, now)
    # Where no mail is sent, nothing is recorded as reminded.
    if settings.sends_mail:
        yield "residents' reports", partial(_tell_of_reports, engine, settings, now)
        yield "reminders", partial(remind, engine, settings, now)
        yield "reviews", partial(_mail_municipalities, engine, settings, now)
    yield COUNT_TASK, partial(_count_terms, engine)
    yield RETENTION_TASK, partial(delete_what_is_due, engine, settings, now)


def remind(engine: Engine, settings: Settings, now: datetime) -> int:
    """Post the reminders of today. Returns the number of mails."""
    done = remind_owners(engine, site=settings.public_url.rstrip("/"), now=now)
    for organisation_id in done.unreachable:
        _log.warning("organisation %s has no address of mail to send a reminder to", organisation_id)
    if done.sent:
        _log.info("reminders were posted to %s organisations", done.sent)
    return done.sent


def _tell_of_reports(engine: Engine, settings: Settings, now: datetime) -> None:
    # No address of a reporter is read here, so the key is not needed.
    mailer = ReportMailer(settings.public_url.rstrip("/"), cipher=None, sends_mail=True)
    sent = tell_organisations(engine, mailer, now)
    if sent:
        _log.info("%s organisations got mail about reports of residents", sent)


def _count_terms(engine: Engine) -> None:
    with transaction(engine) as session:
        count_term_use(session)


def _count_handled(engine: Engine, today: date) -> None:
    with transaction(engine) as session:
        count_handled(session, today)


def _mail_municipalities(engine: Engine, settings: Settings, now: datetime) -> None:
    done = mail_municipalities(engine, site=settings.public_url.rstrip("/"), now=now)
    for organisation_id in done.unreachable:
        _log.warning("municipality %s has no address of mail to send its reviews to", organisation_id)
    if done.sent:
        _log.info("%s municipalities were sent mail about reviews", done.sent)


def _tell_represented(engine: Engine, settings: Settings, now: datetime) -> None:
    with transaction(engine) as session:
        told = tell_represented(
            session,
            site=settings.public_url.rstrip("/"),
            sends_mail=settings.sends_mail,
            now=now,
        )
    if told:
        _log.info("%s notices tell organisations of what was registered on their behalf", told)
