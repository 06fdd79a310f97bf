"""Writing the audit trail."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.audit.tables import AuditEntry
from app.core.observability import current_request_id


def record_action(  # noqa: PLR0913 - who, what, on what, why and from which request are the trail itself
    session: Session,
    *,
    principal_id: UUID | None,
    action: str,
    subject_kind: str,
    subject_ids: Iterable[UUID | str],
    details: Mapping[str, Any] | None = None,
    digest: str | None = None,
    reason: str | None = None,
    on_behalf_of: UUID | None = None,
    request_id: str | None = None,
) -> UUID:
    """Write one entry for one action, in the transaction that does it, and return its id.

    A bulk action names its batch in `subject_ids` and the rows, in order, by their `digest`;
    `principal_id` is None for the command line. `details` must be plain JSON. `request_id` is that of
    the request being answered, unless another is given.
    """
    entry = AuditEntry(
        principal_id=principal_id,
        action=action,
        subject_kind=subject_kind,
        subject_ids=[str(subject_id) for subject_id in subject_ids],
        details=dict(details or {}),
        digest=digest,
        reason=reason,
        on_behalf_of=on_behalf_of,
        request_id=request_id or current_request_id.get(),
    )
    session.add(entry)
    session.flush()
    return entry.id
