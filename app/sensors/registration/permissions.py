"""Permissions to register: for an organisation one edits, or as the municipality of the place."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.permissions import (
    edited_municipalities,
    edited_organisations,
    is_municipal_editor,
    may_edit,
    may_see_private,
)
from app.access.principal import Principal
from app.core.errors import NotFound, NotPermitted
from app.core.i18n import LocalizedText
from app.duties.queries import find_trusting
from app.duties.set_statements import trusting_sql, trusts_sql
from app.sensors.publication.municipality_assignment import find_touched_municipalities
from app.sensors.registration.queries import SENSOR_UNKNOWN
from app.sensors.registration.validation import CheckedSensor
from app.sensors.registration.version_record import SensorVersion

NOT_FOR_OWNER = LocalizedText(
    "U mag niet registreren voor deze eigenaar.",
    "You may not register for this owner.",
)


def choose_owner(principal: Principal) -> str | None:
    """The default owner: the organisation of a principal who edits for exactly one.

    Raises: NotPermitted when the principal edits for none.
    """
    organisations = edited_organisations(principal)
    if not organisations:
        raise NotPermitted(
            LocalizedText(
                "U kunt niets registreren: u bent van geen organisatie redacteur.",
                "You can register nothing: you are an editor of no organisation.",
            )
        )
    return str(next(iter(organisations))) if len(organisations) == 1 else None


def find_represented(session: Session, principal: Principal, checked: CheckedSensor) -> UUID | None:
    """The organisation on whose behalf the municipality of the place registers; None for one's own.

    Raises: NotPermitted.
    """
    owner: UUID = checked.values["owner"]
    if may_edit(principal, owner):
        return None
    code = checked.place.code if checked.place else None
    if _lies_within(session, edited_municipalities(principal), code, checked.columns):
        return owner
    raise NotPermitted(NOT_FOR_OWNER)


def publishes_at_once(
    session: Session, principal: Principal, municipality_code: str | None, columns: Mapping[str, Any]
) -> bool:
    """Whether no review is needed: for a municipality inside its own boundary, and for an owner that it trusts.

    `municipality_code` is that of the location; a mobile sensor has none: each municipality that its area touches must
    be one of the principal's own, or trust the owner. The trust is for those who edit for the owner.
    """
    codes = edited_municipalities(principal)
    if may_edit(principal, columns["owner_id"]):
        codes |= find_trusting(session, columns["owner_id"])
    return _lies_within(session, codes, municipality_code, columns)


def _lies_within(
    session: Session, codes: frozenset[str], municipality_code: str | None, columns: Mapping[str, Any]
) -> bool:
    if municipality_code is not None:
        return municipality_code in codes
    touched = find_touched_municipalities(session, columns)
    return bool(touched) and touched <= codes


def may_see_unpublished(principal: Principal, owner_id: UUID, municipality_codes: list[str]) -> bool:
    """Whether drafts and internal records are shown: to the owner, and to the municipalities that it touches."""
    if may_see_private(principal, owner_id):
        return True
    return any(grant.municipality_code in municipality_codes for grant in principal.grants)


def require_visible(principal: Principal, version: SensorVersion) -> None:
    """Raises: NotFound, which does not reveal to others whether there is such a registration."""
    if not may_see_unpublished(principal, version.owner_id, version.municipality_codes):
        raise NotFound(SENSOR_UNKNOWN)


def require_changeable(principal: Principal, version: SensorVersion) -> None:
    """Raises: NotFound for a version that is not visible to the principal; NotPermitted for one it may not change."""
    require_visible(principal, version)
    if not may_change(principal, version.owner_id, version.municipality_code, version.municipality_codes):
        raise NotPermitted(
            LocalizedText("Deze sensor mag u niet wijzigen.", "You may not change this sensor."),
        )


def may_change(
    principal: Principal, owner_id: UUID, municipality_code: str | None, municipality_codes: Collection[str]
) -> bool:
    """Whether a registration may be changed: by its owner, or by the municipality that it lies in as a whole.

    `municipality_code` is that of the location, None for a mobile sensor; `municipality_codes` are all it touches.
    """
    if may_edit(principal, owner_id):
        return True
    if municipality_code is not None:
        return is_municipal_editor(principal, municipality_code)
    return bool(municipality_codes) and edited_municipalities(principal).issuperset(municipality_codes)


def may_change_sql(owner_id: str, place: str) -> str:
    """`may_change` as a SQL condition on the column of an owner and a row of `sensor_place`, outer joined.

    Parameters: `organisations` and `municipalities` for which the principal edits.
    """
    return f"({owner_id} = ANY(:organisations) OR {lies_inside_sql(place)})"


def lies_inside_sql(place: str) -> str:
    """Whether a place lies in the municipalities of an editor as a whole, as SQL on a row of `sensor_place`.

    The row may be absent, by an outer join. Parameter: `municipalities`.
    """
    return f"""coalesce(
    CASE WHEN {place}.municipality_code IS NOT NULL THEN {place}.municipality_code = ANY(:municipalities)
         ELSE {place}.municipality_codes <> '{{}}'
            AND {place}.municipality_codes <@ CAST(:municipalities AS text[]) END, false)"""


def publishes_at_once_sql(*, owner_id: str, has_location: str, code: str, codes: str) -> str:
    """`publishes_at_once` as a SQL condition on expressions: the owner, and the municipalities of a place.

    `codes` are those that a mobile sensor touches, without a location; either may be null. Parameters: `organisations`
    and `municipalities` for which the principal edits.
    """
    edits = f"{owner_id} = ANY(:organisations)"
    return f"""coalesce(
    CASE WHEN {has_location} THEN
            {code} = ANY(:municipalities) OR {edits} AND {trusts_sql(code=code, owner=owner_id)}
         ELSE {codes} <> '{{}}' AND {codes} <@ (
            CAST(:municipalities AS text[]) || CASE WHEN {edits} THEN {trusting_sql(owner=owner_id)} END) END, false)"""
