"""The rule that someone must be left who manages an organisation, or the whole register."""

from collections.abc import Collection
from typing import Final, cast
from uuid import UUID

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from app.access.principal import Role
from app.access.tables import AccessGrant, ApiKey, MachineIdentity, PersonIdentity, PrincipalRow
from app.core.errors import Conflict
from app.core.i18n import LocalizedText


def require_manager_left(
    session: Session, organisation_id: UUID | None, principal_id: UUID, roles: Collection[Role]
) -> None:
    """Refuse that a person keeps only these roles where no one else manages the organisation.

    An application manages no one. The locks make two administrators wait who end each other's access at the same time.
    Raises: Conflict.
    """
    rows = session.execute(
        select(AccessGrant.principal_id, AccessGrant.role)
        .join(PrincipalRow, PrincipalRow.id == AccessGrant.principal_id)
        .where(is_grant_for(organisation_id), is_person())
        .order_by(AccessGrant.id)
        .with_for_update(of=AccessGrant)
    ).all()
    for role in _MANAGERS:
        holders = {holder for holder, held in rows if held == role}
        if holders:
            if holders == {principal_id} and role not in roles:
                raise Conflict(_LAST[role])
            return


def is_grant_for(organisation_id: UUID | None) -> ColumnElement[bool]:
    """Whether a grant is for an organisation, or without one for the whole register, and has not ended."""
    return AccessGrant.ended_at.is_(None) & AccessGrant.organisation_id.is_not_distinct_from(organisation_id)


def is_person() -> ColumnElement[bool]:
    """Whether a principal signs in, and is no application: those have keys or access tokens alone."""
    return or_(
        PrincipalRow.signed_in_on.is_not(None),
        exists().where(PersonIdentity.principal_id == PrincipalRow.id),
        ~exists().where(ApiKey.principal_id == PrincipalRow.id)
        & ~exists().where(MachineIdentity.principal_id == PrincipalRow.id),
    )


_MANAGERS: Final[tuple[Role, ...]] = ("administrator", "editor")
"""Roles of those who can invite others: administrators, or editors where there is none."""

_LAST: Final = cast(
    dict[Role, LocalizedText],
    {
        "administrator": LocalizedText(
            "Dit is de laatste beheerder. Maak eerst iemand anders beheerder, anders kan niemand de organisatie nog"
            " beheren.",
            "This is the last administrator. Make someone else administrator first, or no one can manage the"
            " organisation any more.",
        ),
        "editor": LocalizedText(
            "Dit is de laatste redacteur, en er is geen beheerder. Nodig eerst iemand anders uit, anders kan niemand"
            " de organisatie nog beheren.",
            "This is the last editor, and there is no administrator. Invite someone else first, or no one can manage"
            " the organisation any more.",
        ),
    },
)
