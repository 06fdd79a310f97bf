"""The sensors that concern one spot: those that can see it, those that come by, and those that stand near."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from math import hypot
from typing import Any, Final
from uuid import UUID

from app.municipalities.queries import Place, read_municipality_at
from app.sensors.publication.projection import GENERALISED_CELL_METRES
from app.sensors.recording import is_camera
from app.sensors.search.area_pages import read_area_page
from app.sensors.search.operational_status import STATUS_PROPERTY, OperationalStatus
from app.sensors.search.pages import ReadPool, SensorPage, read_page
from app.sensors.search.sensor_search import Near, SensorSearch, Spot
from app.spatial.crs import Crs

BANDS: Final = (50, 150, 500)
"""Distances in metres by which the sensors near a spot are grouped."""
MAX_AREAS: Final = 100
MAX_NEAR: Final = 300
UNKNOWN_VIEW_METRES: Final = 150
"""A camera as near as this may see the spot, if nothing says where it looks."""

_THERE: Final = frozenset({OperationalStatus.ACTIVE, OperationalStatus.DUE_FOR_CONFIRMATION})
_FIXED: Final = ("fixed", "relocatable")
_MOBILE: Final = ("mobile",)


@dataclass(frozen=True, slots=True)
class SpotSensor:
    """A sensor by its published properties; `distance_metres` is only known of one near at an exact place."""

    id: UUID
    properties: Mapping[str, Any]
    distance_metres: float | None = None

    @property
    def is_there(self) -> bool:
        """Whether it is there today: planned sensors, and those that should have been removed, do not count."""
        return self.properties[STATUS_PROPERTY] in _THERE

    @property
    def is_planned(self) -> bool:
        return bool(self.properties[STATUS_PROPERTY] == OperationalStatus.PLANNED)

    @property
    def is_exact(self) -> bool:
        return bool(self.properties["visibility"] == "public")

    @property
    def is_camera(self) -> bool:
        return is_camera(self.properties)

    @property
    def band(self) -> int | None:
        """The smallest of `BANDS` that has it; None without a distance."""
        if self.distance_metres is None:
            return None
        return next((band for band in BANDS if self.distance_metres <= band), None)


@dataclass(frozen=True, slots=True)
class SpotGroup:
    """Sensors of one group; `is_whole` is false where there are more than the list holds."""

    sensors: tuple[SpotSensor, ...] = ()
    is_whole: bool = True

    @property
    def there(self) -> tuple[SpotSensor, ...]:
        """Those that are there today."""
        return tuple(sensor for sensor in self.sensors if sensor.is_there)


@dataclass(frozen=True, slots=True)
class SpotAnswer:
    """The three groups of a spot, each sensor in one of them, and the municipality; None outside all of them."""

    spot: Spot
    municipality: Place | None
    seeing: SpotGroup
    passing: SpotGroup
    near: SpotGroup
    unknown_views: tuple[SpotSensor, ...] = field(default=())
    """Cameras near by, at an exact place, of which no field of view is registered."""
    looking_away: frozenset[UUID] = frozenset()
    """Cameras near, at an exact place, of which the registered field of view does not have the spot."""


async def read_spot(pool: ReadPool, spot: Spot, today: date) -> SpotAnswer:
    """The sensors of a spot on a day. Raises: psycopg errors, for the exception handlers."""
    seeing = await _read_covering(
        pool, SensorSearch(today, covers=spot, values={"mobility": _FIXED}, limit=MAX_AREAS)
    )
    passing = await _read_covering(
        pool, SensorSearch(today, covers=spot, values={"mobility": _MOBILE}, limit=MAX_AREAS)
    )
    near = await _read_near(pool, spot, today, {sensor.id for sensor in seeing.sensors})
    cameras = [sensor for sensor in near.there if sensor.is_camera and sensor.distance_metres is not None]
    known = await _find_known_views(pool, cameras, today)
    return SpotAnswer(
        spot,
        await read_municipality_at(pool, spot.x, spot.y),
        seeing,
        passing,
        near,
        tuple(
            camera
            for camera in cameras
            if camera.id not in known and (camera.distance_metres or 0) <= UNKNOWN_VIEW_METRES
        ),
        # A list that was cut off may lack a camera that does see the spot.
        known if seeing.is_whole else frozenset(),
    )


async def _read_covering(pool: ReadPool, search: SensorSearch) -> SpotGroup:
    page = await read_page(pool, search, count=False)
    return SpotGroup(tuple(_read_sensor(feature) for feature in _parse(page)), page.after is None)


async def _read_near(pool: ReadPool, spot: Spot, today: date, seen: set[UUID]) -> SpotGroup:
    """Fixed sensors within the largest band, the nearest first; then those in a square that the circle touches."""
    # The middle of a square that touches the circle is at most half its diagonal outside it.
    reach = BANDS[-1] + GENERALISED_CELL_METRES * 0.71
    near = Near(spot.x, spot.y, reach, spot.lonlat)
    search = SensorSearch(today, near=near, values={"mobility": _FIXED}, crs=Crs.RD, limit=MAX_NEAR)
    page = await read_page(pool, search, count=False)
    exact, inexact = [], []
    for feature in _parse(page):
        sensor = _read_sensor(feature)
        if sensor.id in seen:
            continue
        metres = feature["properties"]["distanceM"]
        if not sensor.is_exact:
            if _square_touches(feature["geometry"]["coordinates"], spot):
                inexact.append(sensor)
        elif metres <= BANDS[-1]:
            exact.append(SpotSensor(sensor.id, sensor.properties, metres))
    return SpotGroup((*exact, *inexact), page.after is None)


def _square_touches(middle: list[float], spot: Spot) -> bool:
    """Whether the square of a generalised sensor, by its middle in RD, has a point within the largest band."""
    half = GENERALISED_CELL_METRES / 2
    across, up = (max(abs(m - s) - half, 0.0) for m, s in zip(middle, (spot.x, spot.y), strict=True))
    return hypot(across, up) <= BANDS[-1]


async def _find_known_views(pool: ReadPool, cameras: list[SpotSensor], today: date) -> frozenset[UUID]:
    """The cameras of which a field of view is registered."""
    if not cameras:
        return frozenset()
    search = SensorSearch(today, ids=tuple(camera.id for camera in cameras), limit=len(cameras))
    page = await read_area_page(pool, search)
    return frozenset(UUID(feature["id"]) for feature in _parse(page))


def _parse(page: SensorPage) -> list[dict[str, Any]]:
    features: list[dict[str, Any]] = json.loads(b"[%b]" % page.features)
    return features


def _read_sensor(feature: Mapping[str, Any]) -> SpotSensor:
    # A distance is given by the group: that of a generalised sensor would be one to the middle of its square.
    properties = {name: value for name, value in feature["properties"].items() if name != "distanceM"}
    return SpotSensor(UUID(feature["id"]), properties)
