"""The rule of the municipality of the place that is chosen, for the form."""

from dataclasses import dataclass

from app.duties.duty import Duty
from app.duties.queries import find_duty
from app.duties.wording import DutyKinds, name_kinds
from app.website.account.workplace import Workplace
from app.website.registering.place_preview import PlacePreview


@dataclass(frozen=True, slots=True)
class PlaceDuty:
    """The duty of a municipality, the kinds that it concerns in words, and the municipality's name."""

    duty: Duty
    kinds: DutyKinds
    name: str


def find_duty_of(workplace: Workplace, place: PlacePreview | None) -> PlaceDuty | None:
    """The rule of the municipality of a place today; None without a place inside a municipality."""
    if place is None or place.municipality is None:
        return None
    duty = find_duty(
        workplace.own.session,
        place.municipality.code,
        workplace.action.today,
        default_days=workplace.action.notification_term_days,
    )
    return PlaceDuty(duty, name_kinds(duty, workplace.labels.vocabularies), place.municipality.name)
