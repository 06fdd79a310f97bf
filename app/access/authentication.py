"""Authenticating a caller by the key that it sends."""

from datetime import UTC, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.access.principal import Principal
from app.access.queries import KeySummary, find_key, read_grants
from app.access.tables import ApiKey
from app.core.clock import DUTCH_TIME
from app.core.errors import NotAuthenticated
from app.core.formatting import format_date
from app.core.i18n import LocalizedText


class InvalidToken(NotAuthenticated):
    """A key that is unknown, expired or revoked (RFC 6750, 3.1)."""

    def __init__(self, reason: str, detail: LocalizedText) -> None:
        super().__init__(detail)
        self.reason = reason
        """For the audit trail: unknown, revoked or expired."""
        self.headers["WWW-Authenticate"] += ', error="invalid_token"'


def authenticate(session: Session, token: str, now: datetime) -> Principal:
    """The principal that holds this key, with what the key allows; records the day of its use.

    Raises: NotAuthenticated for an unknown, expired or revoked key. Only a holder of the secret learns which.
    """
    key = find_key(session, token)
    if key is None:
        raise InvalidToken(
            "unknown", LocalizedText("Deze sleutel kennen wij niet.", "This key is not known.")
        )
    if key.revoked_at is not None:
        raise InvalidToken(
            "revoked",
            LocalizedText(
                "Deze sleutel is ingetrokken. Vraag een nieuwe aan.",
                "This key has been revoked. Ask for a new one.",
            ),
        )
    if key.expires_at <= now:
        day = key.expires_at.astimezone(DUTCH_TIME).date()
        raise InvalidToken(
            "expired",
            LocalizedText(
                f"Deze sleutel is verlopen op {format_date(day, 'nl')}. Vraag een nieuwe aan.",
                f"This key expired on {format_date(day, 'en')}. Ask for a new one.",
            ),
        )
    _record_use(session, key, now)
    grants = read_grants(session, key.principal_id, key.grant_id)
    return Principal(key.principal_id, key.principal_name, grants, key.id, key.scopes)


def _record_use(session: Session, key: KeySummary, now: datetime) -> None:
    today = now.astimezone(UTC).date()
    if key.last_used_on is not None and key.last_used_on >= today:
        return
    # The row stays locked until the transaction ends; a concurrent request does not wait for it.
    free = select(ApiKey.id).where(ApiKey.id == key.id).with_for_update(skip_locked=True, key_share=True)
    session.execute(
        update(ApiKey)
        .where(ApiKey.id.in_(free.scalar_subquery()))
        .values(last_used_on=today)
        .execution_options(synchronize_session=False)
    )
