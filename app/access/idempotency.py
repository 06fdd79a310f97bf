"""Idempotent requests: an answer is stored for a day under the caller's Idempotency-Key, and sent again for a repeat.

The answer is stored in the transaction of the change itself: both are committed, or neither.
Source: draft-ietf-httpapi-idempotency-key-header.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, select, text, tuple_
from sqlalchemy.orm import Session

from app.access.tables import IdempotencyRow
from app.core.errors import Conflict
from app.core.i18n import LocalizedText

RETENTION: Final = timedelta(hours=24)
DELETE_BATCH_ROWS: Final = 100
"""Number of old answers that one request deletes at most, so that no request takes long."""


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """An answer as it was sent."""

    status: int
    body: str
    headers: Mapping[str, str] = field(default_factory=dict)


def digest_request(method: str, path: str, body: bytes) -> str:
    """A digest that is equal for equal requests."""
    return sha256(b"\n".join((method.encode(), path.encode(), body))).hexdigest()


def find_stored_answer(session: Session, principal_id: UUID, key: str, digest: str) -> StoredAnswer | None:
    """The stored answer to this request; None for a new request.

    Waits for a running request with the same key, and makes later ones wait until this transaction ends.
    Raises: Conflict when the key was used for another request.
    """
    session.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended(:owner_and_key, 0))"),
        {"owner_and_key": f"{principal_id} {key}"},
    )
    is_same_key = (IdempotencyRow.principal_id == principal_id, IdempotencyRow.key == key)
    session.execute(_delete().where(*is_same_key, _is_old()))
    row = session.execute(
        select(
            IdempotencyRow.request_digest, IdempotencyRow.status, IdempotencyRow.body, IdempotencyRow.headers
        ).where(*is_same_key)
    ).one_or_none()
    if row is None:
        return None
    if row.request_digest != digest:
        raise Conflict(
            LocalizedText(
                "Deze Idempotency-Key hoort bij een ander verzoek. Gebruik voor elk verzoek een nieuwe.",
                "This Idempotency-Key belongs to another request. Use a new one for each request.",
            )
        )
    return StoredAnswer(row.status, row.body, row.headers)


def store_answer(session: Session, principal_id: UUID, key: str, digest: str, answer: StoredAnswer) -> None:
    """Store the answer to this request, after `find_stored_answer` returned None."""
    session.add(
        IdempotencyRow(
            principal_id=principal_id,
            key=key,
            request_digest=digest,
            status=answer.status,
            body=answer.body,
            headers=dict(answer.headers),
        )
    )
    session.flush()
    delete_old_answers(session)


def delete_old_answers(session: Session, limit: int = DELETE_BATCH_ROWS) -> int:
    """Delete at most `limit` answers older than a day; returns the number. Rows locked by others are skipped."""
    identity = tuple_(IdempotencyRow.principal_id, IdempotencyRow.key)
    old = (
        select(IdempotencyRow.principal_id, IdempotencyRow.key)
        .where(_is_old())
        .order_by(IdempotencyRow.created_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return len(session.scalars(_delete().where(identity.in_(old)).returning(IdempotencyRow.key)).all())


def delete_answers_about(session: Session, identifiers: Iterable[UUID]) -> None:
    """Delete the stored answers that mention one of these records: their content was erased."""
    for identifier in identifiers:
        session.execute(_delete().where(IdempotencyRow.body.contains(str(identifier))))


def _delete() -> Any:
    return delete(IdempotencyRow).execution_options(synchronize_session=False)


def _is_old() -> ColumnElement[bool]:
    return IdempotencyRow.created_at < func.now() - RETENTION
