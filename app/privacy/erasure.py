"""Erasing the data of one person, while what was done stays in the history, by a number."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.erasure import erase_principal
from app.mail.outbox import delete_mail_to
from app.organisations.actions import forget_contact
from app.organisations.joining import delete_requests_of
from app.sensors.registration.old_drafts import delete_drafts_of


def erase_person(
    session: Session, *, erased_by: UUID | None, principal_id: UUID, now: datetime, reason: str | None = None
) -> None:
    """Erase name, addresses, identities, sessions, invitations, drafts and mail of a person, whose access ends.

    Raises: NotFound, also for an application; Conflict where this was done already, and where no one would be left to
    manage an organisation or the register.
    """
    addresses = erase_principal(
        session, erased_by=erased_by, principal_id=principal_id, now=now, reason=reason
    )
    delete_drafts_of(session, principal_id)
    delete_mail_to(session, addresses)
    delete_requests_of(session, addresses)
    forget_contact(session, addresses, principal_id=erased_by)
