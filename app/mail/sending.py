"""Sending what is in the outbox, one mail at a time, by one worker of any number.

A worker holds a lock on the row of its mail while it sends it. Just before the text is handed over, that is noted on
another connection. So a worker that is killed leaves either nothing, and the mail is sent again, or a note: then the
receiver may have it, and it is sent once more and never a third time.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Event
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import Engine, delete, func, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.core.database import transaction
from app.core.threads import working_in_thread
from app.mail.delivery import Delivery, deliver
from app.mail.messages import make_message
from app.mail.server import MailServer
from app.mail.tables import MailHandover, OutgoingMail

_log = logging.getLogger(__name__)

MAX_HANDOVERS: Final = 2
"""Handovers without an answer: the second may be a duplicate, a third is not made."""

FIRST_PAUSE: Final = timedelta(seconds=5)
LONGEST_PAUSE: Final = timedelta(hours=1)
_GROWTH: Final = 4

_POLL_SECONDS: Final = 1.0
_RECONNECT_SECONDS: Final = 5.0
_LEAVE_SECONDS: Final = 10.0
"""A mail that is being sent has this long when the worker ends."""

_UNLOCK_WHEN_SILENT: Final = "SET LOCAL idle_in_transaction_session_timeout TO '15min'"
"""A worker whose machine is gone keeps its mail locked no longer."""


@contextmanager
def sending_mail(engine: Engine, server: MailServer | None) -> Iterator[None]:
    """Send mail in a thread of its own while the block runs: imports that take long do not delay it."""
    if server is None:
        _log.info("no mail is sent: REGISTER_MAIL_HOST is not set")
        yield
        return
    _log.info("the worker sends mail by %s, port %s", server.host, server.port)
    with working_in_thread("send-mail", partial(keep_sending, engine, server), leave_seconds=_LEAVE_SECONDS):
        yield


def keep_sending(engine: Engine, server: MailServer, ending: Event) -> None:
    """Send what is due, every second, until `ending` is set."""
    while not ending.wait(_POLL_SECONDS):
        try:
            while not ending.is_set() and send_next(engine, server, datetime.now(UTC)):
                pass
        except SQLAlchemyError as error:
            _log.warning("the outbox cannot be read or written: %s", type(error).__name__)
            ending.wait(_RECONNECT_SECONDS)


def send_next(engine: Engine, server: MailServer, now: datetime) -> bool:
    """Try the mail that has been due for longest, and store the outcome; False where none is due."""
    with transaction(engine) as session:
        session.execute(text(_UNLOCK_WHEN_SILENT))
        mail = session.scalars(
            select(OutgoingMail)
            .where(OutgoingMail.status == "waiting", OutgoingMail.next_attempt_at <= now)
            .order_by(OutgoingMail.next_attempt_at, OutgoingMail.id)
            .limit(1)
            # A lock that admits the note of the other connection, which refers to this row.
            .with_for_update(skip_locked=True, key_share=True)
        ).one_or_none()
        if mail is None:
            return False
        if mail.expires_at <= now:
            _end(session, mail, "expired", now)
        elif _count_handovers(session, mail) >= MAX_HANDOVERS:
            _end(session, mail, "uncertain", now)
        else:
            handover_id = uuid4()
            delivery = _try(engine, server, mail, handover_id)
            if delivery.outcome != "uncertain":
                session.execute(delete(MailHandover).where(MailHandover.id == handover_id))
            _store(session, mail, delivery, now)
        return True


def _try(engine: Engine, server: MailServer, mail: OutgoingMail, handover_id: UUID) -> Delivery:
    def note_handover() -> None:
        with transaction(engine) as session:
            session.add(MailHandover(id=handover_id, mail_id=mail.id))

    try:
        return deliver(server, make_message(mail, server), mail.receiver, note_handover)
    except SQLAlchemyError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, it is logged and the mail is tried again
        # One mail that cannot be written does not keep the others waiting.
        _log.exception("mail %s could not be made", mail.id)
        return Delivery("postponed", type(error).__name__)


def _store(session: Session, mail: OutgoingMail, delivery: Delivery, now: datetime) -> None:
    pause = min(FIRST_PAUSE * _GROWTH ** min(mail.attempts, 10), LONGEST_PAUSE)
    mail.attempts += 1
    mail.last_error = delivery.error
    if delivery.outcome in ("sent", "refused"):
        _end(session, mail, delivery.outcome, now)
    elif _count_handovers(session, mail) >= MAX_HANDOVERS:
        _end(session, mail, "uncertain", now)
    elif now + pause >= mail.expires_at:
        _end(session, mail, "expired", now)
    else:
        mail.next_attempt_at = now + pause
        _log.info("mail %s (%s) was not sent, and is tried again: %s", mail.id, mail.kind, delivery.error)


def _end(session: Session, mail: OutgoingMail, status: str, now: datetime) -> None:
    mail.status = status
    mail.ended_at = now
    if status in ("sent", "expired"):
        mail.body = None
    session.execute(delete(MailHandover).where(MailHandover.mail_id == mail.id))
    if status != "sent":
        _log.warning(
            "mail %s (%s) was not sent: %s (%s); see `sensor-register mail list`",
            mail.id,
            mail.kind,
            status,
            mail.last_error or "no answer",
        )


def _count_handovers(session: Session, mail: OutgoingMail) -> int:
    statement = select(func.count()).select_from(MailHandover).where(MailHandover.mail_id == mail.id)
    return session.scalars(statement).one()
