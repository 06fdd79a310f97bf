"""Stored mappings for those who may see them: any role for the organisation reads, its editors delete."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.permissions import may_see_private, require_editor
from app.access.principal import Principal
from app.core.errors import NotFound
from app.imports.mapping_storage import SavedMapping, delete_saved, get_saved, list_saved

_SUMMARY: Final[dict[str, Any]] = {
    "id": {"type": "string", "format": "uuid"},
    "owner": {"type": "string", "format": "uuid", "description": "The organisation that it belongs to."},
    "name": {"type": "string", "description": "The value of `mapping` at an upload."},
    "changedAt": {"type": "string", "format": "date-time"},
    "usable": {
        "type": "boolean",
        "description": "False where a field of it does not exist any more: no file is read by it.",
    },
}
MAPPINGS_SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {
        "mappings": {
            "type": "array",
            "items": {"type": "object", "properties": _SUMMARY, "required": list(_SUMMARY)},
        }
    },
    "required": ["mappings"],
}
MAPPING_SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "properties": _SUMMARY
    | {
        "mapping": {
            "type": "object",
            "description": "The mapping itself, as the parameter `mapping` of an upload takes it.",
        }
    },
    "required": [*_SUMMARY, "mapping"],
}


def list_own_mappings(
    session: Session, principal: Principal, owner_id: UUID | None = None
) -> list[SavedMapping]:
    """The mappings of one organisation, or of each for which the principal has a role; empty for that of others."""
    own = {grant.organisation_id for grant in principal.grants if grant.organisation_id}
    owners = own if owner_id is None else {owner_id} if may_see_private(principal, owner_id) else set()
    return list_saved(session, owners)


def find_own_mapping(session: Session, principal: Principal, mapping_id: UUID) -> SavedMapping:
    """A mapping that the principal may see. Raises: NotFound."""
    saved = get_saved(session, mapping_id)
    if not may_see_private(principal, saved.owner_id):
        raise NotFound
    return saved


def delete_own_mapping(session: Session, principal: Principal, mapping_id: UUID) -> None:
    """Delete a mapping of an organisation that the principal edits for. Raises: NotFound; NotPermitted."""
    saved = find_own_mapping(session, principal, mapping_id)
    require_editor(principal, saved.owner_id)
    delete_saved(session, saved, principal_id=principal.id)


def write_saved(saved: SavedMapping) -> dict[str, Any]:
    """A mapping as JSON: its summary, and what it says."""
    return write_summary(saved) | {"mapping": dict(saved.document)}


def write_summary(saved: SavedMapping) -> dict[str, Any]:
    """A mapping as JSON, by its name."""
    return {
        "id": str(saved.id),
        "owner": str(saved.owner_id),
        "name": saved.name,
        "changedAt": saved.changed_at.isoformat().replace("+00:00", "Z"),
        "usable": saved.is_usable,
    }
