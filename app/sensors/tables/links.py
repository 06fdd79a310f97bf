"""Links in public registrations, and whether they answer; private."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, DateTime, Index, SmallInteger, Text, text
from sqlalchemy.dialects.postgresql import BYTEA
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base


class LinkCheck(Base):
    """One address that public registrations link to, and the outcome of its last check.

    `status` is that of HTTP; without one, `reason` says why none came. `failures` counts the days on which it did not
    answer, since it last did.
    """

    __tablename__ = "link_check"
    __table_args__ = (
        CheckConstraint("octet_length(url_hash) = 32", name="url_hash_is_sha256"),
        CheckConstraint("(failures = 0) = (failing_since IS NULL)", name="failing_since_first_failure"),
        Index("ix_link_check_next_check_at", "next_check_at"),
        Index("ix_link_check_host_asked_at", "host", "asked_at"),
        Index("ix_link_check_answered_at", "answered_at"),
        Index("ix_link_check_failing_since", "failing_since", postgresql_where=text("failures >= 2")),
        {"schema": "register"},
    )

    # A hash, since an address can be longer than an entry of an index.
    url_hash: Mapped[bytes] = mapped_column(BYTEA, primary_key=True)
    url: Mapped[str] = mapped_column(Text)
    host: Mapped[str] = mapped_column(Text)
    next_check_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    asked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    answered_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    status: Mapped[int | None] = mapped_column(SmallInteger)
    reason: Mapped[str | None] = mapped_column(Text)
    failures: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    failing_since: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    last_failed_on: Mapped[date | None] = mapped_column(Date)
