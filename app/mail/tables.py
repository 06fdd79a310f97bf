"""The outbox: mail that waits, and for a while what became of it; private."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, SmallInteger, Text, func, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base


class OutgoingMail(Base):
    """One mail to one receiver. Its text may hold a secret link: it is stored until it is sent, or of no use any more.

    Until then, mail that was refused can be tried again.
    """

    __tablename__ = "outgoing_mail"
    __table_args__ = (
        CheckConstraint(
            "status IN ('waiting', 'sent', 'refused', 'expired', 'uncertain')", name="status_known"
        ),
        CheckConstraint("language IN ('nl', 'en')", name="language_known"),
        CheckConstraint("(status = 'waiting') = (ended_at IS NULL)", name="end_dated"),
        CheckConstraint(
            "body IS NOT NULL AND status <> 'sent' OR body IS NULL AND status <> 'waiting'",
            name="body_while_waiting",
        ),
        Index(
            "ix_outgoing_mail_next_attempt_at",
            "next_attempt_at",
            postgresql_where=text("status = 'waiting'"),
        ),
        {"schema": "register"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text("register.uuid7()"))
    kind: Mapped[str] = mapped_column(Text)
    receiver: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)
    body: Mapped[str | None] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text, server_default="waiting")
    attempts: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    last_error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    next_attempt_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class MailHandover(Base):
    """The text of a mail was being handed to a mail server, whose answer is not known (any more)."""

    __tablename__ = "mail_handover"
    __table_args__ = ({"schema": "register"},)

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text("register.uuid7()"))
    mail_id: Mapped[UUID] = mapped_column(
        ForeignKey("register.outgoing_mail.id", ondelete="CASCADE"), index=True
    )
    begun_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
