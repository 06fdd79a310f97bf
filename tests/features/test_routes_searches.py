"""Searches of every kind together find what a look at each sensor finds, and count it right."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import create_engine, text

from app.core.clock import dutch_date
from app.core.database import sqlalchemy_url, transaction
from app.sensors.registration.actions import register_sensor
from app.spatial.crs import Crs, lonlat_from_rd, rd_from_lonlat
from tests.support.organisations import make_municipality, make_principal
from tests.support.register import Register, make_today_record, open_register
from tests.support.sensors import CITIES, HALF_SIDE_METRES, make_context

SENSORS = 70

Feature = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Filled:
    """A register of sensors spread at random over two cities, and all of them as features."""

    register: Register
    features: list[Feature]


@pytest.fixture(scope="module")
def filled(module_database: str) -> Iterator[Filled]:
    chance = Random(7)
    with open_register(module_database) as register:
        engine = create_engine(sqlalchemy_url(module_database))
        with transaction(engine) as session:
            for code in ("GM0344", "GM0599"):
                name, x, y = CITIES[code]
                principal = make_principal(session, make_municipality(session, code, name))
                for number in range(SENSORS // 2):
                    # A third stands in a crowd of 400 m, so that there is something to find near.
                    spread = 200 if number % 3 == 0 else HALF_SIDE_METRES
                    place = lonlat_from_rd(
                        x + chance.uniform(-spread, spread), y + chance.uniform(-spread, spread)
                    )
                    record = make_today_record(
                        reference=f"{code}-{number}",
                        sensorType=chance.choice(["sound", "radio", "climate"]),
                        themes=chance.sample(["environment_noise", "mobility_car", "safety_health"], 2),
                        project=chance.choice([None, "Centrum", "Rand"]),
                        openData=chance.choice([None, True, False]),
                        location={"type": "Point", "coordinates": [float(one) for one in place]},
                        viewDirectionDeg=chance.uniform(0, 359),
                        viewAngleDeg=chance.choice([40, 120, 360]),
                        viewRangeM=chance.choice([50, 400]),
                    )
                    register_sensor(session, make_context(principal, dutch_date()), record)
        engine.dispose()
        yield Filled(register, register.find(f"limit={SENSORS}")["features"])


def draw_criteria(chance: Random) -> dict[str, Any]:
    """Some criteria, each drawn round a place in one of the cities."""
    _, x0, y0 = CITIES[chance.choice(["GM0344", "GM0599"])]
    x, y = x0 + chance.uniform(-300, 300), y0 + chance.uniform(-300, 300)
    lon, lat = (float(number) for number in lonlat_from_rd(x, y))
    size = chance.choice([200, 3000])
    every = {
        "near": {"near": f"{lon},{lat}", "radius": str(size)},
        "bbox": {"bbox": f"{lon - 0.01},{lat - 0.005},{lon + 0.01},{lat + 0.005}"},
        "rd": {"bbox": f"{x - size},{y - size},{x + size},{y + size}", "bbox-crs": Crs.RD.uri},
        "municipality": {"municipality": chance.choice(["GM0344", "rotterdam", "GM0363"])},
        "type": {"sensorType": chance.choice(["sound", "sound,radio", "pressure"])},
        "themes": {"themes": chance.choice(["mobility_car", "mobility_car,safety_health"])},
        "project": {"project": chance.choice(["Centrum", "Rand", "Centrum,Rand", "centrum"])},
        "open": {"openData": chance.choice(["true", "false"])},
        "status": {"operationalStatus": chance.choice(["active", "planned", "active,expired,removed"])},
        "datetime": {"datetime": chance.choice(["2020-01-01/..", "../2020-01-01", dutch_date().isoformat()])},
        "asOf": {"asOf": dutch_date().isoformat()},
    }
    chosen = chance.sample(sorted(every), chance.randint(1, 4))
    if "rd" in chosen and "bbox" in chosen:
        chosen.remove("rd")
    return {name: value for kind in chosen for name, value in every[kind].items()}


def is_match(feature: Feature, query: dict[str, Any]) -> bool:
    """Whether one sensor answers a query, by looking at its feature."""
    properties, (lon, lat) = feature["properties"], feature["geometry"]["coordinates"]
    x, y = rd_from_lonlat(lon, lat)
    checks = [True]
    if "near" in query:
        checks.append(measure(feature, query) <= float(query["radius"]))
    if "bbox" in query:
        west, south, east, north = map(float, query["bbox"].split(","))
        across, up = (x, y) if "bbox-crs" in query else (lon, lat)
        checks.append(west <= across <= east and south <= up <= north)
    if "municipality" in query:
        checks.append(query["municipality"].replace("rotterdam", "GM0599") in properties["municipalityCodes"])
    if "sensorType" in query:
        checks.append(properties["sensorType"] in query["sensorType"].split(","))
    if "project" in query:
        # A comma in free text is a part of it.
        checks.append(properties.get("project") == query["project"])
    if "themes" in query:
        checks.append(bool(set(properties["themes"]) & set(query["themes"].split(","))))
    if "openData" in query:
        checks.append(properties.get("openData") is (query["openData"] == "true"))
    if "operationalStatus" in query:
        checks.append("active" in query["operationalStatus"])
    if "datetime" in query:
        checks.append(not query["datetime"].startswith(".."))
    return all(checks)


def measure(feature: Feature, query: dict[str, Any]) -> float:
    """Metres in RD from the spot that is asked for."""
    here = rd_from_lonlat(*map(float, query["near"].split(",")))
    there = rd_from_lonlat(*feature["geometry"]["coordinates"])
    return float(((here[0] - there[0]) ** 2 + (here[1] - there[1]) ** 2) ** 0.5)


def follow(register: Register, query: dict[str, Any], limit: int) -> tuple[list[Feature], set[int | None]]:
    """Every page's features, and each `numberMatched` that was named."""
    features: list[Feature] = []
    counted = set()
    path: str | None = f"/v1/collections/sensors/items?{urlencode(query | {'limit': limit})}"
    while path:
        answer = register.client.get(path)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        assert page["numberReturned"] == len(page["features"]) <= limit
        features += page["features"]
        counted.add(page.get("numberMatched"))
        path = next((link["href"] for link in page["links"] if link["rel"] == "next"), None)
    return features, counted


@pytest.mark.parametrize("seed", range(60))
def test_search_with_random_criteria_finds_the_matching_sensors(filled: Filled, seed: int) -> None:
    chance = Random(seed)
    query = draw_criteria(chance)
    found, counted = follow(filled.register, query, chance.choice([3, 10, 100]))

    expected = {feature["id"] for feature in filled.features if is_match(feature, query)}
    assert {feature["id"] for feature in found} == expected, query
    assert len(found) == len(expected)
    assert counted == {len(expected)}
    if "near" in query:
        distances = [feature["properties"]["distanceM"] for feature in found]
        assert distances == sorted(distances)
        assert distances == pytest.approx([measure(feature, query) for feature in found], abs=0.06)


def test_random_criteria_often_match_some_sensors(filled: Filled) -> None:
    """Random criteria that match nothing or everything would prove little."""
    sizes = [
        sum(is_match(feature, query) for feature in filled.features)
        for query in (draw_criteria(Random(seed)) for seed in range(60))
    ]
    assert sum(0 < size < SENSORS for size in sizes) > 20


def draw_spot(seed: int) -> tuple[float, float]:
    """A position in RD in the crowd of Utrecht."""
    _, x0, y0 = CITIES["GM0344"]
    chance = Random(seed)
    return x0 + chance.uniform(-300, 300), y0 + chance.uniform(-300, 300)


def select_in_view(features: list[Feature], x: float, y: float) -> tuple[set[str], set[str]]:
    """The sensors that certainly have a position (RD) in their field of view, and those that may have it."""
    # Seen from the sensor, clockwise from north; RD's north is within a degree of true north here.
    certain, possible = set(), set()
    for feature in features:
        there = rd_from_lonlat(*feature["geometry"]["coordinates"])
        properties = feature["properties"]
        across, up = x - there[0], y - there[1]
        metres, bearing = math.hypot(across, up), math.degrees(math.atan2(across, up))
        aside = abs((bearing - properties["viewDirectionDeg"] + 180) % 360 - 180)
        reach, width = properties["viewRangeM"], properties["viewAngleDeg"] / 2
        if metres < reach * 0.98 and (aside < width - 1 or width == 180):
            certain.add(feature["id"])
        if metres < reach * 1.01 and aside < width + 1:
            possible.add(feature["id"])
    return certain, possible


@pytest.mark.parametrize("seed", range(15))
def test_covers_finds_sensors_with_the_point_in_their_field_of_view(filled: Filled, seed: int) -> None:
    x, y = draw_spot(seed)
    lon, lat = (float(number) for number in lonlat_from_rd(x, y))
    found = filled.register.find(f"covers={lon},{lat}")["features"]
    areas = filled.register.find(f"covers={lon},{lat}", "observed-areas")["features"]
    assert {area["id"] for area in areas} == {feature["id"] for feature in found}
    certain, possible = select_in_view(filled.features, x, y)
    assert certain <= {feature["id"] for feature in found} <= possible


def test_random_points_are_often_in_view_of_some_sensors(filled: Filled) -> None:
    """Points that no sensor or every sensor certainly sees would prove little."""
    sizes = [len(select_in_view(filled.features, *draw_spot(seed))[0]) for seed in range(15)]
    assert sum(0 < size < SENSORS for size in sizes) > 5


def test_number_matched_above_ten_thousand_is_omitted(fresh_database: str) -> None:
    with open_register(fresh_database) as register:
        identifier = register.register()["id"]
        engine = create_engine(sqlalchemy_url(fresh_database))
        # Copies of one public row suffice: what is counted is rows.
        copy = text("""
            INSERT INTO publication.published_sensor
            SELECT (jsonb_populate_record(sensor, jsonb_build_object(
                'id', gen_random_uuid(), 'public_code', gen_random_uuid(), 'sort_key', number))).*
            FROM publication.published_sensor AS sensor, generate_series(1, :copies) AS number
            WHERE id = :id
        """)
        with transaction(engine) as session:
            session.execute(copy, {"copies": 9_999, "id": identifier})
        assert register.find("sensorType=sound&limit=1")["numberMatched"] == 10_000
        with transaction(engine) as session:
            session.execute(copy, {"copies": 1, "id": identifier})
        page = register.find("sensorType=sound&limit=1")
        assert "numberMatched" not in page
        (after,) = [link["href"] for link in page["links"] if link["rel"] == "next"]
        assert "numberMatched" not in register.client.get(after).json()
        engine.dispose()
