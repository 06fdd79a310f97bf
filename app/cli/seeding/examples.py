"""Example sensors: templates of the folder `seed/examples/`, put on known squares of the five large cities.

Everything is drawn by the key and the municipality, so that it is the same every time.
"""

import csv
import json
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any, Final

import shapely

from app.cli.seeding.seed_files import FOLDER, SeedEntry, read_toml
from app.spatial.sector import field_of_view

JITTER_METRES: Final = 40
_METRES_A_DEGREE: Final = 111_320


@dataclass(frozen=True, slots=True)
class Period:
    """Days from the day of seeding; up to four weeks earlier, so that sensors of one kind differ."""

    placed: int
    until: int
    confirmed: int | None = None
    removed: int | None = None
    notified_late: bool = False


PERIODS: Final = {
    "planned": Period(placed=40, until=900),
    "active": Period(placed=-200, until=700),
    "late": Period(placed=-60, until=600, notified_late=True),
    "due": Period(placed=-800, until=300, confirmed=-400),
    "expired": Period(placed=-700, until=-30),
    "long_expired": Period(placed=-900, until=-200),
    "removed": Period(placed=-600, until=200, removed=-20),
}
_SPREAD_DAYS: Final = 28
_DRAWN: Final = (*("active",) * 6, "late", "planned", "due", "expired", "removed")


@dataclass(frozen=True, slots=True)
class SeedPlace:
    """A square or street that is known by name."""

    name: str
    lon: float
    lat: float
    address: Mapping[str, str]


def read_examples(today: date) -> list[SeedEntry]:
    """Every example, with its dates around this day."""
    places = read_places()
    templates = [
        template
        for path in sorted((FOLDER / "examples").glob("*.toml"))
        for template in read_toml(path)["example"]
    ]
    return [
        _make_entry(template, code, places[code], today)
        for template in templates
        for code in template.get("municipalities", places)
    ]


def read_places() -> dict[str, list[SeedPlace]]:
    """The known places of each municipality, by its code."""
    places = defaultdict(list)
    with (FOLDER / "places.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            address = {"postcode": row["postcode"], "houseNumber": row["house_number"]}
            place = SeedPlace(row["place"], float(row["lon"]), float(row["lat"]), address)
            places[row["municipality"]].append(place)
    return dict(places)


def _make_entry(template: dict[str, Any], code: str, places: list[SeedPlace], today: date) -> SeedEntry:
    draw = Random(f"{template['key']} {code}")  # noqa: S311 - the same every time is what it is for
    place = _choose_place(template, places, draw)
    period = PERIODS[template.get("period") or draw.choice(_DRAWN)]
    shift = draw.randrange(_SPREAD_DAYS)

    def day(offset: int) -> date:
        return today + timedelta(days=offset - shift)

    # A name is public, and would reveal the place of a generalised sensor.
    is_hidden = template["sensor"].get("visibility") == "generalised"
    is_named = not is_hidden and "area_municipalities" not in template
    submitted = template.get("submitted", False)
    record = {
        "owner": template.get("owner", code),
        "reference": f"VB-{code}-{template['key']}",
        "name": f"Voorbeeld: {template['title']}" + (f", {place.name}" if is_named else ""),
        "placedFrom": day(period.placed).isoformat(),
        "activeUntil": day(period.until).isoformat(),
        "mobility": "fixed",
        **template["sensor"],
        **_place_sensor(template, place, draw),
    }
    record["summary"] = f"Voorbeeld: {record['summary']}"
    record["project"] = f"Voorbeelden/{record['project']}"
    if "viewAngleDeg" in record:
        record.setdefault("viewDirectionDeg", draw.randrange(0, 360, 15))
    return SeedEntry(
        record,
        municipalities=() if submitted else tuple(template.get("area_municipalities", [code])),
        by_owner=submitted,
        notified_late=period.notified_late,
        changes=tuple(template.get("change", ())),
        submitted_changes=tuple(template.get("submitted_change", ())),
        confirmed_on=None if period.confirmed is None else day(period.confirmed),
        removed_on=None if period.removed is None else day(period.removed),
    )


def _choose_place(template: dict[str, Any], places: list[SeedPlace], draw: Random) -> SeedPlace:
    """The named place, the one nearest to an exact location, or any."""
    if chosen := template.get("place"):
        return next(place for place in places if place.name == chosen)
    if location := template.get("location"):
        return min(places, key=lambda place: find_distance(location, (place.lon, place.lat)))
    return draw.choice(places)


def find_distance(one: Sequence[float], other: Sequence[float]) -> float:
    """Metres between two near positions in degrees."""
    east = (one[0] - other[0]) * _METRES_A_DEGREE * math.cos(math.radians(one[1]))
    return math.hypot(east, (one[1] - other[1]) * _METRES_A_DEGREE)


def _place_sensor(template: dict[str, Any], place: SeedPlace, draw: Random) -> dict[str, Any]:
    """Where it stands or goes."""
    if "area_municipalities" in template:
        return {"operatingArea": template["area_municipalities"]}
    if "area_radius_m" in template:
        circle = field_of_view(place.lon, place.lat, 0, 360, template["area_radius_m"])
        return {"operatingArea": json.loads(shapely.to_geojson(circle))}
    lon, lat = template.get("location") or _move(place, draw)
    address = place.address if template["sensor"].get("mounting") == "facade" else {}
    return {
        "location": {"type": "Point", "coordinates": [lon, lat]},
        "locationDescription": f"Bij {place.name}",
        **{name: value for name, value in address.items() if value},
    }


def _move(place: SeedPlace, draw: Random) -> tuple[float, float]:
    """A spot some tens of metres from the middle."""
    east, north = (draw.uniform(-JITTER_METRES, JITTER_METRES) for _ in range(2))
    lon = place.lon + east / (_METRES_A_DEGREE * math.cos(math.radians(place.lat)))
    return round(lon, 6), round(place.lat + north / _METRES_A_DEGREE, 6)
