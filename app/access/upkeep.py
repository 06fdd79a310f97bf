"""Forgetting what access no longer needs: ended sessions with the names of their browsers, links and counts."""

from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.access.sessions import IDLE
from app.access.tables import RateLimitRow, RateLimitSalt, SessionRow, SignInLinkRow, SignInRow

_KEPT: Final = timedelta(days=1)
"""So that someone who comes late reads that a link was used, and not that it never existed."""


def delete_old_access(session: Session, now: datetime) -> None:
    """Delete what ended a day ago. That someone signed in and out stays in the audit trail."""
    limit = now - _KEPT
    session.execute(
        delete(SessionRow).where(
            (SessionRow.ended_at <= limit)
            | (SessionRow.expires_at <= limit)
            | (SessionRow.seen_at <= limit - IDLE)
        )
    )
    session.execute(delete(SignInLinkRow).where(SignInLinkRow.expires_at <= limit))
    session.execute(delete(SignInRow).where(SignInRow.expires_at <= now))
    session.execute(delete(RateLimitRow).where(RateLimitRow.free_at <= now))
    session.execute(delete(RateLimitSalt).where(RateLimitSalt.day < now.astimezone(UTC).date()))
