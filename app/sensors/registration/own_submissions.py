"""Submissions about which a reviewer does not decide, though of the right municipality: the own ones.

A person or application decides about no submission of an organisation that it edits for, nor about one that it sent.
All roles count, those that a key or the chosen organisation leaves out too. Source: decision 0085.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.permissions import edited_organisations
from app.access.principal import Principal
from app.access.queries import read_grants
from app.audit.queries import find_last_actors
from app.core.errors import NotPermitted
from app.core.i18n import LocalizedText
from app.organisations.queries import name_organisation
from app.sensors.registration.review_permissions import (
    find_review_place,
    find_reviewing_organisation,
    may_review,
)
from app.sensors.registration.version_record import SensorVersion

SUBMITTING_ACTIONS: Final = (
    "register_sensor",
    "amend_sensor",
    "remove_sensor",
    "submit_sensor",
    "restore_sensor",
)
"""Actions in the audit trail that write an open version."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A sensor of which a version was submitted, its owner, and the import that brought that version."""

    sensor_id: UUID
    owner_id: UUID
    import_id: UUID | None


class OwnReason(StrEnum):
    """Reason why a submission is one's own."""

    EDITS = "edits"
    """The principal is an editor of the owner."""
    SENT = "sent"
    """The principal sent it."""


def find_own_submissions(
    session: Session, principal: Principal, submissions: Collection[Sent]
) -> Mapping[UUID, OwnReason]:
    """The sensors of those submissions that are the principal's own, each with the reason."""
    grants = principal.grants | read_grants(session, principal.id)
    organisations = edited_organisations(replace(principal, grants=grants))
    own = {one.sensor_id: OwnReason.EDITS for one in submissions if one.owner_id in organisations}
    others = {one.sensor_id: one.import_id for one in submissions if one.sensor_id not in own}
    senders = find_submitters(session, others)
    return own | {sensor: OwnReason.SENT for sensor, sender in senders.items() if sender == principal.id}


def find_submitters(session: Session, import_ids: Mapping[UUID, UUID | None]) -> dict[UUID, UUID]:
    """The principal that sent the current version of each sensor, from the import with this id or by itself.

    Those that no one is known of are left out.
    """
    alone = [sensor for sensor, import_id in import_ids.items() if import_id is None]
    imports = {import_id for import_id in import_ids.values() if import_id is not None}
    actors = find_last_actors(session, "sensor", alone, SUBMITTING_ACTIONS) if alone else {}
    if imports:
        actors |= find_last_actors(session, "import", imports, ["import_sensors"])
    return {
        sensor: actor
        for sensor, import_id in import_ids.items()
        if (actor := actors.get(import_id or sensor)) is not None
    }


def explain_own_submission(
    session: Session, principal: Principal, version: SensorVersion
) -> LocalizedText | None:
    """The sentence for a reviewer of the place whose own submission this is: who decides instead; None for others."""
    if not may_review(principal, version):
        return None
    sent = Sent(version.sensor_id, version.owner_id, version.import_id)
    reason = find_own_submissions(session, principal, [sent]).get(version.sensor_id)
    if reason is None:
        return None
    reviewing = find_reviewing_organisation(principal, version)
    municipality = name_organisation(session, reviewing) if reviewing else find_review_place(version)
    owner = name_organisation(session, version.owner_id)
    why = {
        OwnReason.EDITS: LocalizedText(
            f"U registreert zelf voor {owner}", f"You register for {owner} yourself"
        ),
        OwnReason.SENT: LocalizedText("U stuurde deze inzending zelf", "You sent this submission yourself"),
    }[reason]
    return LocalizedText(
        f"{why.nl}. Daarom beslist een andere beoordelaar van {municipality}. Is die er niet? Een beheerder van"
        f" {municipality} kan iemand die rol geven.",
        f"{why.en}. So another reviewer of {municipality} decides about it. Is there none? An administrator of"
        f" {municipality} can give someone that role.",
    )


def require_not_own(session: Session, principal: Principal, version: SensorVersion) -> None:
    """Raises: NotPermitted for a reviewer whose own submission this is, with who decides instead."""
    sentence = explain_own_submission(session, principal, version)
    if sentence is not None:
        raise NotPermitted(sentence)
