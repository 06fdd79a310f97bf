"""A place as it was typed, before it is saved: how it was read, its municipality, and what a sensor there would see."""

from dataclasses import dataclass
from typing import Any

from shapely.geometry import mapping
from sqlalchemy.orm import Session

from app.core.i18n import LocalizedText
from app.municipalities.queries import Place, find_municipality_at
from app.places.typed_position import NOT_DUTCH, find_position
from app.records.cell_parsers import parse_number
from app.sensors.fields import FIELD_BY_NAME
from app.sensors.registration.drafts import Answers
from app.sensors.registration.rules import VIEW
from app.spatial.crs import rd_from_lonlat
from app.spatial.sector import field_of_view

_MARGIN_DEGREES = 0.0015
"""Around a place: a street with its surroundings, about 100 m."""


@dataclass(frozen=True, slots=True)
class PlacePreview:
    """A place in degrees (longitude, latitude), a sentence about it, and the field of view as a GeoJSON Polygon.

    `municipality` is None outside all boundaries.
    """

    position: tuple[float, float]
    sentence: LocalizedText
    view: dict[str, Any] | None
    municipality: Place | None = None

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east and north of what a map of it shows."""
        ring = self.view["coordinates"][0] if self.view else [self.position]
        across, up = 1.6 * _MARGIN_DEGREES, _MARGIN_DEGREES
        return (
            min(x for x, _ in (*ring, self.position)) - across,
            min(y for _, y in (*ring, self.position)) - up,
            max(x for x, _ in (*ring, self.position)) + across,
            max(y for _, y in (*ring, self.position)) + up,
        )


def preview_place(session: Session, answers: Answers) -> PlacePreview | None:
    """The place of these answers; None where none was typed, or it cannot be read."""
    typed = answers.get("location")
    position = find_position(typed) if isinstance(typed, str) and typed else None
    if position is None:
        return None
    if not position.is_dutch:
        return PlacePreview((position.lon, position.lat), NOT_DUTCH, None)
    place = find_municipality_at(session, *rd_from_lonlat(position.lon, position.lat))
    where = LocalizedText(f" In {place.name}.", f" In {place.name}.") if place else LocalizedText("", "")
    return PlacePreview(
        (position.lon, position.lat),
        LocalizedText(f"{position.reading.nl}{where.nl}", f"{position.reading.en}{where.en}"),
        _draw_view(position.lon, position.lat, answers),
        place,
    )


def _draw_view(lon: float, lat: float, answers: Answers) -> dict[str, Any] | None:
    """The field of view, where direction, angle and range are numbers within their bounds."""
    numbers = []
    for name in VIEW:
        field, typed = FIELD_BY_NAME[name], answers.get(name)
        number = parse_number(typed) if isinstance(typed, str) and typed else None
        if not isinstance(number, float) or not field.admits(number):
            return None
        numbers.append(number)
    drawn: dict[str, Any] = mapping(field_of_view(lon, lat, *numbers))
    return drawn
