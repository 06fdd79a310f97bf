"""The outbox: mail is posted in the transaction of what it announces, listed for administrators, and forgotten."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from psycopg_pool import AsyncConnectionPool
from sqlalchemy import ColumnElement, delete, func, or_, select, true, update
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

    id: UUID
    kind: str
    receiver: str
    status: str
    attempts: int
    last_error: str | None
    created_at: datetime
    next_attempt_at: datetime
    ended_at: datetime | None
    can_be_retried: bool
    """Whether its text is still there, and of use."""


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


def list_mail(
    session: Session, now: datetime, *, limit: int | None = None, only_failed: bool = False
) -> Sequence[MailSummary]:
    """Mail that waits, or ended without being sent; the newest first. Mail that waits for a first try did not fail."""
    statement = (
        select(
            OutgoingMail.id,
            OutgoingMail.kind,
            OutgoingMail.receiver,
            OutgoingMail.status,
            OutgoingMail.attempts,
            OutgoingMail.last_error,
            OutgoingMail.created_at,
            OutgoingMail.next_attempt_at,
            OutgoingMail.ended_at,
            OutgoingMail.body.is_not(None) & (OutgoingMail.expires_at > now),
        )
        .where(_has_failed() if only_failed else OutgoingMail.status != "sent")
        .order_by(OutgoingMail.created_at.desc(), OutgoingMail.id.desc())
        .limit(limit)
    )
    rows: Iterable[Any] = session.execute(statement)
    return [MailSummary(*row) for row in rows]


def count_failed_mail(session: Session) -> int:
    """The number of mails that were not sent in the end, or not at the first try."""
    return session.scalars(select(func.count()).select_from(OutgoingMail).where(_has_failed())).one()


def retry_failed_mail(session: Session, now: datetime, mail_id: UUID | None = None) -> Sequence[UUID]:
    """Let one mail, or each that failed, be tried at once, where its text is still there and of use.

    Returns their ids; none where another was first. A mail whose delivery is uncertain may arrive twice.
    """
    statement = (
        update(OutgoingMail)
        .where(
            _has_failed(), OutgoingMail.body.is_not(None), OutgoingMail.expires_at > now, _is_named(mail_id)
        )
        .values(status="waiting", attempts=0, ended_at=None, next_attempt_at=now)
        .returning(OutgoingMail.id)
    )
    return session.scalars(statement).all()


def forget_failed_mail(session: Session, mail_id: UUID | None = None) -> Sequence[UUID]:
    """Delete one mail, or each, that is not tried any more. Returns their ids."""
    ended = OutgoingMail.status.in_(("refused", "expired", "uncertain"))
    statement = delete(OutgoingMail).where(ended, _is_named(mail_id)).returning(OutgoingMail.id)
    return session.scalars(statement).all()


def _has_failed() -> ColumnElement[bool]:
    return or_(
        OutgoingMail.status.in_(("refused", "expired", "uncertain")),
        (OutgoingMail.status == "waiting") & (OutgoingMail.attempts > 0),
    )


def _is_named(mail_id: UUID | None) -> ColumnElement[bool]:
    return true() if mail_id is None else OutgoingMail.id == mail_id


def delete_mail_to(session: Session, addresses: Collection[str]) -> None:
    """Delete every mail to these addresses, whatever the case of their letters, also mail that waits."""
    receiver = func.lower(OutgoingMail.receiver)
    session.execute(delete(OutgoingMail).where(receiver.in_([one.lower() for one in addresses])))


async def count_waiting(pool: AsyncConnectionPool[Any]) -> tuple[int, datetime | None]:
    """How many mails wait, and since when the oldest does."""
    async with pool.connection() as connection:
        row = await (await connection.execute(_COUNT_WAITING)).fetchone()
    return (row[0], row[1]) if row else (0, None)


def delete_old_mail(session: Session, now: datetime) -> None:
    """Forget mail that ended a month ago, and the text of mail that is of no use any more."""
    session.execute(
        update(OutgoingMail)
        .where(OutgoingMail.status == "waiting", OutgoingMail.expires_at <= now)
        .values(status="expired", body=None, ended_at=now)
    )
    session.execute(
        update(OutgoingMail)
        .where(OutgoingMail.body.is_not(None), OutgoingMail.expires_at <= now)
        .values(body=None)
    )
    session.execute(delete(OutgoingMail).where(OutgoingMail.ended_at <= now - _KEPT))
