"""Rules of access, decided from a principal's grants and scopes only.

Only editors edit sensors: an administrator manages organisations, their people and their keys. An editor invites other
editors of the own organisation, so that its first one is enough. See docs/decisions/0068-organisations-and-people.md.
"""

from typing import Final
from uuid import UUID

from app.access.principal import ROLES, Grant, Principal, Role, Scope
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


def reviewed_municipalities(principal: Principal) -> frozenset[str]:
    """The codes of the municipalities for which the principal is reviewer; may be empty."""
    return frozenset(
        grant.municipality_code
        for grant in principal.grants
        if grant.role == "reviewer" and grant.municipality_code
    )


def may_see_private(principal: Principal, organisation_id: UUID) -> bool:
    """Whether the principal may see unpublished data of the organisation: with any role for it, or for all."""
    return any(grant.organisation_id in (organisation_id, None) for grant in principal.grants)


def may_audit(principal: Principal, organisation_id: UUID | None) -> bool:
    """Whether the actions of the people of an organisation are shown, or without one those on the whole register.

    Auditors and administrators of it see them, and those of the whole register.
    """
    return any(
        grant.role in ("auditor", "administrator") and grant.organisation_id in (organisation_id, None)
        for grant in principal.grants
    )


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
                "U mag niet registreren of wijzigen voor deze organisatie.",
                "You may not register or change for this organisation.",
            )
        )


def require_administrator(principal: Principal, organisation_id: UUID | None = None) -> None:
    """Raises: NotPermitted unless the principal administers this organisation, or all of the register."""
    if not is_administrator(principal, organisation_id):
        raise NotPermitted(
            LocalizedText("Dit mag alleen een beheerder.", "Only an administrator may do this.")
        )


def administers_municipality(principal: Principal, municipality_code: str) -> bool:
    """Whether the principal administers the municipality with this code, or all of the register."""
    return is_administrator(principal) or any(
        grant.role == "administrator" and grant.municipality_code == municipality_code
        for grant in principal.grants
    )


def require_municipal_administrator(principal: Principal, municipality_code: str) -> None:
    """Raises: NotPermitted unless the principal administers this municipality, or all of the register."""
    if not administers_municipality(principal, municipality_code):
        raise NotPermitted(
            LocalizedText(
                "Dit mag alleen een beheerder van deze gemeente.",
                "Only an administrator of this municipality may do this.",
            )
        )


def require_municipal_role(principal: Principal, municipality_code: str) -> None:
    """Raises: NotPermitted unless the principal has any role for this municipality, or for all of the register."""
    if not any(
        grant.organisation_id is None or grant.municipality_code == municipality_code
        for grant in principal.grants
    ):
        raise NotPermitted(
            LocalizedText(
                "Dit zien alleen medewerkers van deze gemeente.", "Only staff of this municipality see this."
            )
        )


def find_scope(method: str, path: str) -> Scope:
    """The scope that a request needs of the key that it is made with; `path` is that of the request or its route."""
    if method in ("GET", "HEAD"):
        return "read"
    return "import" if path == _IMPORTS or path.startswith(f"{_IMPORTS}/") else "register"


def require_scope(principal: Principal, scope: Scope) -> None:
    """Raises: InsufficientScope unless the principal acts by a key with this scope, or by no key."""
    if scope not in principal.scopes:
        needed, given = _SCOPE_NAMES[scope], [_SCOPE_NAMES[one] for one in sorted(principal.scopes)]
        raise InsufficientScope(
            LocalizedText(
                f"Met deze sleutel mag u niet {needed.nl}, alleen {', '.join(one.nl for one in given)}. Vraag de"
                " beheerder van uw organisatie om een andere sleutel.",
                f"This key does not allow {needed.en}, only {', '.join(one.en for one in given)}. Ask the"
                " administrator of your organisation for another key.",
            ),
            scope,
        )


class InsufficientScope(NotPermitted):
    """A key or access token without the scope that a request needs (RFC 6750, 3.1)."""

    def __init__(self, detail: LocalizedText, scope: str) -> None:
        super().__init__(detail)
        self.headers["WWW-Authenticate"] = (
            f'Bearer realm="sensor-register", error="insufficient_scope", scope="{scope}"'
        )


_IMPORTS: Final = "/v1/imports"

VERIFIERS: Final[frozenset[Role]] = frozenset({"editor", "administrator"})
"""Roles of a municipality that decide whether a company joins."""

_SCOPE_NAMES: Final[dict[Scope, LocalizedText]] = {
    "read": LocalizedText("lezen", "reading"),
    "register": LocalizedText("registreren", "registering"),
    "import": LocalizedText("importeren", "importing"),
}


def invitable_roles(principal: Principal, organisation_id: UUID | None) -> tuple[Role, ...]:
    """The roles for which the principal may invite to an organisation, or to the whole register; may be empty."""
    if is_administrator(principal, organisation_id):
        return ROLES if organisation_id is not None else ("auditor", "administrator")
    if organisation_id is not None and may_edit(principal, organisation_id):
        return ("editor",)
    return ()


def may_see_people(principal: Principal, organisation_id: UUID | None) -> bool:
    """Whether the people, invitations and keys of an organisation are shown; without one, those of the register."""
    if organisation_id is None:
        return is_administrator(principal)
    return may_see_private(principal, organisation_id)


def require_inviter(principal: Principal, organisation_id: UUID | None, role: Role) -> None:
    """Raises: NotPermitted unless the principal may invite to this role, and take such an invitation back."""
    if role not in invitable_roles(principal, organisation_id):
        raise NotPermitted(
            LocalizedText(
                "Hiervoor mag u niemand uitnodigen. Vraag het een beheerder van uw organisatie.",
                "You may not invite anyone for this. Ask an administrator of your organisation.",
            )
        )


def may_verify(principal: Principal, municipality_code: str | None, *, is_government: bool) -> bool:
    """Whether the principal decides whether an organisation joins that will notify this municipality.

    A government organisation could publish at once inside its boundary: only an administrator of all verifies it.
    """
    if is_administrator(principal):
        return True
    return (
        not is_government
        and municipality_code is not None
        and municipality_code in verified_municipalities(principal)
    )


def verified_municipalities(principal: Principal) -> frozenset[str]:
    """The codes of the municipalities for which the principal verifies companies; may be empty."""
    return frozenset(
        grant.municipality_code
        for grant in principal.grants
        if grant.role in VERIFIERS and grant.municipality_code
    )


def _edits(principal: Principal) -> list[Grant]:
    return [grant for grant in principal.grants if grant.role == "editor"]
