"""The rules of the municipalities of the place that is chosen, for the form."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from geoalchemy2.shape import from_shape

from app.duties.duty import Duty
from app.duties.wording import DutyKinds, name_kinds
from app.organisations.queries import list_kinds
from app.sensors.registration.drafts import Answers
from app.sensors.registration.lateness import find_place_duties
from app.sensors.registration.named_areas import as_multipolygon
from app.spatial.crs import transform_geometry_to_rd
from app.website.account.workplace import Workplace
from app.website.registering.place_preview import PlacePreview
from app.website.registering.typed_answers import read_answers


@dataclass(frozen=True, slots=True)
class PlaceDuty:
    """The duty of a municipality, the kinds that it concerns in words, and the municipality's name.

    `covers` is whether the rule is about this sensor of this owner; None without a rule, or as long as the kind of
    sensor is not known.
    """

    duty: Duty
    kinds: DutyKinds
    name: str
    covers: bool | None


def find_duties_of(workplace: Workplace, answers: Answers, place: PlacePreview | None) -> list[PlaceDuty]:
    """The rules of today of the place of these answers; empty without a place inside a municipality.

    A mobile sensor has those of each municipality that its area touches: only the rules that were stated where these
    are several.
    """
    code: str | None = None
    columns: Mapping[str, Any] | None = {}
    if answers.get("mobility") == "mobile":
        columns = _read_area(workplace, answers)
    else:
        code = place.municipality.code if place and place.municipality else None
    if columns is None or (code is None and not columns):
        return []
    found = find_place_duties(workplace.own.session, workplace.action, code, columns)
    stated = [duty for duty in found if duty.has_profile]
    return [
        PlaceDuty(
            duty,
            name_kinds(duty, workplace.labels.vocabularies),
            workplace.labels.name_municipality(duty.municipality_code),
            _covers(workplace, answers, duty),
        )
        for duty in (stated if len(found) > 1 else found)
        if duty.municipality_code is not None
    ]


def _read_area(workplace: Workplace, answers: Answers) -> Mapping[str, Any] | None:
    """The operating area as columns of a version; None where none was typed, or it cannot be read."""
    typed = {"operatingArea": answers.get("operatingArea", "")}
    area = read_answers(typed, workplace.reading).request.get("operatingArea")
    if area is None:
        return None
    if isinstance(area, list):
        return {"operating_municipalities": area}
    shape = transform_geometry_to_rd(as_multipolygon(area))
    return {"operating_municipalities": None, "operating_area_rd": from_shape(shape, srid=28992)}


def _covers(workplace: Workplace, answers: Answers, duty: Duty) -> bool | None:
    sensor_type = answers.get("sensorType")
    if not duty.has_profile or not isinstance(sensor_type, str) or not sensor_type:
        return None
    named = read_answers({"owner": answers.get("owner", "")}, workplace.reading).request.get("owner")
    owner_id = UUID(named) if isinstance(named, str) else workplace.organisation_id
    (owner,) = list_kinds(workplace.own.session, [owner_id])
    return duty.covers(sensor_type, owner.organisation_type)
