"""Erasing what access stores of a person: name, addresses, identities and sessions. Who did what keeps its number."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from app.access.endings import end_principal
from app.access.people import find_person, list_addresses
from app.access.principal_records import record_principal
from app.access.queries import read_principal
from app.access.tables import (
    IdempotencyRow,
    InvitationRow,
    PersonIdentity,
    PrincipalRow,
    SessionRow,
    SignInLinkRow,
    SignInRow,
)
from app.core.errors import Conflict, NotFound
from app.core.i18n import Language, LocalizedText

FORMER: Final = LocalizedText("een vroegere medewerker", "a former member of staff")
"""The name of a person whose name was erased; the Dutch one is stored."""


def show_name(name: str, language: Language) -> str:
    """The name of a principal in the language of a page."""
    return FORMER.render(language) if name == FORMER.nl else name


def read_name(session: Session, principal_id: UUID) -> LocalizedText:
    """The name of a principal in the languages of pages, for colleagues of that principal. Raises: NotFound."""
    name = read_principal(session, principal_id).name
    return LocalizedText(show_name(name, "nl"), show_name(name, "en"))


def erase_principal(
    session: Session, *, erased_by: UUID | None, principal_id: UUID, now: datetime, reason: str | None
) -> list[str]:
    """End a person, and erase name, addresses, identities, sessions and invitations. Returns the addresses.

    Raises: NotFound, also for an application; Conflict where another has erased this person, and where no one would be
    left to manage an organisation or the register.
    """
    row = session.get(PrincipalRow, principal_id, with_for_update={"key_share": True}, populate_existing=True)
    if row is None or find_person(session, principal_id) is None:
        raise NotFound(LocalizedText("Deze persoon bestaat niet.", "There is no such person."))
    if row.erased_at is not None:
        raise Conflict(
            LocalizedText("Deze gegevens zijn al gewist.", "This person’s data were erased already.")
        )
    addresses = list_addresses(session, principal_id)
    if row.ended_at is None:
        end_principal(session, ended_by=erased_by, principal_id=principal_id, now=now)
    row.name, row.handle, row.erased_at = FORMER.nl, None, now
    session.flush()
    session.execute(delete(IdempotencyRow).where(IdempotencyRow.principal_id == principal_id))
    session.execute(delete(SessionRow).where(SessionRow.principal_id == principal_id))
    session.execute(delete(PersonIdentity).where(PersonIdentity.principal_id == principal_id))
    session.execute(delete(SignInLinkRow).where(func.lower(SignInLinkRow.address).in_(addresses)))
    _delete_invitations(session, principal_id, addresses)
    record_principal(session, erased_by, "erase_person", principal_id, details={}, reason=reason)
    return addresses


def _delete_invitations(session: Session, principal_id: UUID, addresses: list[str]) -> None:
    of_person = select(InvitationRow.id).where(
        or_(InvitationRow.accepted_by == principal_id, func.lower(InvitationRow.email).in_(addresses))
    )
    for table in (SignInRow, SignInLinkRow):
        session.execute(
            update(table)
            .where(table.invitation_id.in_(of_person))
            .values(invitation_id=None)
            .execution_options(synchronize_session=False)
        )
    session.execute(
        delete(InvitationRow)
        .where(InvitationRow.id.in_(of_person))
        .execution_options(synchronize_session=False)
    )
