"""The outbox: mail is posted in the transaction of what it announces, listed for administrators, and forgotten."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from psycopg_pool import AsyncConnectionPool
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.core.i18n import Language
from app.mail.mail_address import normalise_address
from app.mail.tables import OutgoingMail
from app.mail.texts import write_text

LIFETIME: Final = timedelta(days=2)
"""How long sending is tried: a mail server that is away longer is a matter for people."""

_KEPT: Final = timedelta(days=30)
"""How long it is stored that a mail was sent, or why not; its text is not."""

_COUNT_WAITING: Final = """
SELECT count(*), min(created_at) FROM register.outgoing_mail WHERE status = 'waiting'
"""


@dataclass(frozen=True, slots=True)
class MailSummary:
    """A mail as an administrator sees it: never its text."""

    kind: str
    receiver: str
    status: str
    attempts: int
    last_error: str | None
    created_at: datetime
    next_attempt_at: datetime
    ended_at: datetime | None


def post_mail(  # noqa: PLR0913 - to whom, what, and for how long
    session: Session,
    kind: str,
    *,
    receiver: str,
    language: Language,
    now: datetime,
    lifetime: timedelta = LIFETIME,
    **context: Any,
) -> None:
    """Post a mail of a kind (a template of `app/templates/mail`); it is sent once this transaction is committed.

    After `lifetime` it is of no use any more, and not sent. Raises: ValueError for a receiver that is no address.
    """
    address = normalise_address(receiver)
    if address is None:
        raise ValueError("the receiver of a mail is no address")
    text = write_text(kind, language, **context)
    session.add(
        OutgoingMail(
            kind=kind,
            receiver=address,
            language=language,
            subject=text.subject,
            body=text.body,
            created_at=now,
            next_attempt_at=now,
            expires_at=now + lifetime,
        )
    )
    session.flush()


def list_mail(session: Session) -> Sequence[MailSummary]:
    """Mail that waits, or ended without being sent; the newest first."""
    statement = (
        select(
            OutgoingMail.kind,
            OutgoingMail.receiver,
            OutgoingMail.status,
            OutgoingMail.attempts,
            OutgoingMail.last_error,
            OutgoingMail.created_at,
            OutgoingMail.next_attempt_at,
            OutgoingMail.ended_at,
        )
        .where(OutgoingMail.status != "sent")
        .order_by(OutgoingMail.created_at.desc(), OutgoingMail.id.desc())
    )
    return [MailSummary(*row) for row in session.execute(statement)]


async def count_waiting(pool: AsyncConnectionPool[Any]) -> tuple[int, datetime | None]:
    """How many mails wait, and since when the oldest does."""
    async with pool.connection() as connection:
        row = await (await connection.execute(_COUNT_WAITING)).fetchone()
    return (row[0], row[1]) if row else (0, None)


def delete_old_mail(session: Session, now: datetime) -> None:
    """Forget mail that ended a month ago, and the text of mail that came too late and that no worker has ended."""
    session.execute(
        update(OutgoingMail)
        .where(OutgoingMail.status == "waiting", OutgoingMail.expires_at <= now)
        .values(status="expired", body=None, ended_at=now)
    )
    session.execute(delete(OutgoingMail).where(OutgoingMail.ended_at <= now - _KEPT))
