"""Lateness of a notification, by the duty of the municipality of the place.

`bulk.classify` has the same rule for a set; a test holds them together.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.access.context import ActionContext
from app.duties.duty import Duty
from app.duties.queries import find_duties
from app.organisations.queries import list_kinds
from app.sensors.publication.municipality_assignment import find_touched_municipalities
from app.sensors.registration.validation import CheckedSensor


def is_notified_late(session: Session, context: ActionContext, checked: CheckedSensor) -> bool:
    """Whether the sensor is registered too short before it is placed.

    A mobile sensor is late where it is for one of the municipalities that its area touches.
    """
    if context.is_never_late:
        return False
    (owner,) = list_kinds(session, [checked.values["owner"]])
    code = checked.place.code if checked.place else None
    return any(
        duty.is_late(
            sensor_type=checked.values["sensorType"],
            owner_type=owner.organisation_type,
            placed_from=checked.values["placedFrom"],
            notified_on=context.today,
        )
        for duty in find_place_duties(session, context, code, checked.columns)
    )


def find_place_duties(
    session: Session, context: ActionContext, municipality_code: str | None, columns: Mapping[str, Any]
) -> list[Duty]:
    """The duties of today that a place has: of its municipality, or of each that a mobile sensor's area touches."""
    codes: list[str | None] = [municipality_code]
    if municipality_code is None:
        codes = [*sorted(find_touched_municipalities(session, columns))] or [None]
    return find_duties(session, codes, context.today, default_days=context.notification_term_days)
