"""Other sensors around one sensor: near its place, within its area, or in its municipality."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import shapely

from app.core.i18n import LocalizedText
from app.sensors.presentation import Labels
from app.sensors.search.detail import SensorDetail
from app.sensors.search.pages import read_page
from app.sensors.search.sensor_search import MunicipalityScope, Near, SensorSearch
from app.spatial.bbox import Bbox
from app.website.list_row import ListRow, make_list_row
from app.website.queries import ReadPool, read_features
from app.website.sensor.place_words import find_municipality_code, is_generalised, is_mobile

RADIUS_METRES: Final = 500
SHOWN: Final = 5
FIXED: Final = ("fixed", "relocatable")
CANDIDATES: Final = 100
"""Sensors in the box around an area that are compared with the area itself."""

NEAR_BY: Final = LocalizedText("Sensoren in de buurt", "Sensors near by")
IN_AREA: Final = LocalizedText("Sensoren in hetzelfde gebied", "Sensors in the same area")
IN_MUNICIPALITY: Final = LocalizedText(
    "Andere sensoren in de gemeente {name}", "Other sensors in the municipality of {name}"
)
NONE_NEAR: Final = LocalizedText(
    "Binnen 500 meter staat geen andere sensor waarvan het register de plek kent. Dat betekent niet dat er geen zijn.",
    "Within 500 metres there is no other sensor of which the register has the place. This does not mean that there are "
    "none.",
)
NONE_ELSEWHERE: Final = LocalizedText(
    "Er staan hier geen andere sensoren in het register. Dat betekent niet dat er geen zijn.",
    "The register has no other sensors here. This does not mean that there are none.",
)


@dataclass(frozen=True, slots=True)
class Neighbours:
    """At most `SHOWN` other sensors, a heading that says how they were chosen, and a sentence when there are none."""

    heading: str
    rows: tuple[ListRow, ...]
    none_text: str


async def find_neighbours(pool: ReadPool, detail: SensorDetail, today: date, labels: Labels) -> Neighbours:
    """The sensors nearest to an exact place; those in the area of a mobile one; else some of its municipality.

    Nothing is measured from a generalised sensor: a list ordered by distance would reveal its place.
    """
    sensor = detail.feature["properties"]
    operating = detail.areas.get("operating")
    if is_mobile(sensor) and operating:
        features = await _find_in_area(pool, operating, today)
        heading, none_text = labels.render(IN_AREA), NONE_ELSEWHERE
    elif is_mobile(sensor) or is_generalised(sensor):
        code = find_municipality_code(sensor)
        features = await _find_in_municipality(pool, code, today) if code else []
        name = labels.name_municipality(code) if code else ""
        heading, none_text = labels.render(IN_MUNICIPALITY).format(name=name), NONE_ELSEWHERE
    else:
        longitude, latitude = detail.feature["geometry"]["coordinates"]
        near = Near.of_lonlat(longitude, latitude, RADIUS_METRES)
        # The middle of the area of a moving sensor, and that of a square, are no places that are near.
        standing = {"mobility": FIXED, "visibility": ("public",)}
        features = await _read(pool, SensorSearch(today, near=near, values=standing, limit=SHOWN + 1))
        heading, none_text = labels.render(NEAR_BY), NONE_NEAR
    others = [feature for feature in features if feature["id"] != detail.feature["id"]][:SHOWN]
    rows = tuple(make_list_row(feature["properties"], labels) for feature in others)
    return Neighbours(heading, rows, labels.render(none_text))


async def _find_in_area(pool: ReadPool, area: Mapping[str, Any], today: date) -> list[dict[str, Any]]:
    """Sensors at an exact place within a GeoJSON MultiPolygon (lon, lat), in the order of the register."""
    polygon = shapely.geometry.shape(dict(area))
    features = await _read(pool, SensorSearch(today, bbox=Bbox(*polygon.bounds), limit=CANDIDATES))
    return [feature for feature in features if _is_within(feature, polygon)]


def _is_within(feature: Mapping[str, Any], polygon: shapely.Geometry) -> bool:
    sensor = feature["properties"]
    if is_mobile(sensor) or is_generalised(sensor):
        return False
    return bool(shapely.covers(polygon, shapely.Point(feature["geometry"]["coordinates"])))


async def _find_in_municipality(pool: ReadPool, code: str, today: date) -> list[dict[str, Any]]:
    return await _read(pool, SensorSearch(today, municipality=MunicipalityScope(code), limit=SHOWN + 1))


async def _read(pool: ReadPool, search: SensorSearch) -> list[dict[str, Any]]:
    return read_features(await read_page(pool, search, count=False))
