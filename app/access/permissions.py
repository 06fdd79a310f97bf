"""Rules of access, decided from a principal's grants only.

Only editors edit sensors: an administrator manages organisations and keys.
"""

from uuid import UUID

from app.access.principal import Grant, Principal
from app.core.errors import NotPermitted
from app.core.i18n import LocalizedText


def edited_organisations(principal: Principal) -> frozenset[UUID]:
    """The organisations for which the principal may register and change; may be empty."""
    return frozenset(grant.organisation_id for grant in _edits(principal) if grant.organisation_id)


def edited_municipalities(principal: Principal) -> frozenset[str]:
    """The codes (`GM0363`) of the municipalities for which the principal is editor; may be empty."""
    return frozenset(grant.municipality_code for grant in _edits(principal) if grant.municipality_code)


def may_edit(principal: Principal, organisation_id: UUID) -> bool:
    """Whether the principal may register and change for this organisation."""
    return organisation_id in edited_organisations(principal)


def is_municipal_editor(principal: Principal, municipality_code: str | None) -> bool:
    """Whether the principal is editor of the municipality with this code, and so publishes inside it at once."""
    return municipality_code in edited_municipalities(principal)


def may_see_private(principal: Principal, organisation_id: UUID) -> bool:
    """Whether the principal may see unpublished data of the organisation: with any role for it, or for all."""
    return any(grant.organisation_id in (organisation_id, None) for grant in principal.grants)


def is_administrator(principal: Principal, organisation_id: UUID | None = None) -> bool:
    """Whether the principal administers this organisation; without one, the whole register."""
    return any(
        grant.role == "administrator" and grant.organisation_id in (organisation_id, None)
        for grant in principal.grants
    )


def administered_organisations(principal: Principal) -> frozenset[UUID] | None:
    """The organisations whose principals the caller manages; None for all. Raises: NotPermitted where it has none."""
    if is_administrator(principal):
        return None
    found = frozenset(
        grant.organisation_id
        for grant in principal.grants
        if grant.role == "administrator" and grant.organisation_id
    )
    if not found:
        require_administrator(principal)
    return found


def require_editor(principal: Principal, organisation_id: UUID) -> None:
    """Raises: NotPermitted unless the principal may register and change for this organisation."""
    if not may_edit(principal, organisation_id):
        raise NotPermitted(
            LocalizedText(
                "Met deze sleutel mag u niet registreren of wijzigen voor deze organisatie.",
                "This key does not allow registering or changing for this organisation.",
            )
        )


def require_administrator(principal: Principal, organisation_id: UUID | None = None) -> None:
    """Raises: NotPermitted unless the principal administers this organisation, or all of the register."""
    if not is_administrator(principal, organisation_id):
        raise NotPermitted(
            LocalizedText("Dit mag alleen een beheerder.", "Only an administrator may do this.")
        )


def _edits(principal: Principal) -> list[Grant]:
    return [grant for grant in principal.grants if grant.role == "editor"]
