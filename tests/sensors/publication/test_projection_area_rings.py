"""Areas of sensors have anticlockwise outer rings (RFC 7946, 3.1.6), wherever they come from."""

import importlib.util
import json
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
import shapely
from sqlalchemy.orm import Session

from app.bootstrap.paths import ROOT
from app.sensors.registration.named_areas import join_boundaries
from app.spatial.crs import Crs
from tests.support.register import Register, make_today_record, open_register
from tests.support.sensors import load_cities, make_camera

SQUARE = [[4.89, 52.37], [4.90, 52.37], [4.90, 52.38], [4.89, 52.38], [4.89, 52.37]]
MOBILE = {"mobility": "mobile", "location": None}
AREAS: dict[str, dict[str, Any]] = {
    "a field of view": {"viewDirectionDeg": 200, "viewAngleDeg": 340, "viewRangeM": 60},
    "a circle": {"viewDirectionDeg": 0, "viewAngleDeg": 360, "viewRangeM": 60},
    "a ring drawn clockwise": {"observedArea": {"type": "Polygon", "coordinates": [SQUARE[::-1]]}},
    "one municipality": {**MOBILE, "operatingArea": ["GM0363"]},
    "an observed and an operating area": {
        **MOBILE,
        "observedArea": {"type": "Polygon", "coordinates": [SQUARE]},
        "operatingArea": {"type": "Polygon", "coordinates": [[[x + 0.005, y] for x, y in SQUARE]]},
    },
}


@pytest.fixture(scope="module")
def register(module_database: str) -> Iterator[Register]:
    with open_register(module_database) as register:
        today = make_today_record()
        dates = {name: today[name] for name in ("placedFrom", "activeUntil")}
        views = dict.fromkeys(("viewDirectionDeg", "viewAngleDeg", "viewRangeM"))
        for reference, fields in AREAS.items():
            answer = register.post(make_camera(**dates, **{**views, "reference": reference, **fields}))
            assert answer.status_code == 201, answer.text
        yield register


def is_anticlockwise(geometry: dict[str, Any]) -> bool:
    parts = shapely.get_parts(shapely.from_geojson(json.dumps(geometry)))
    return all(shapely.is_ccw(part.exterior) for part in parts)


@pytest.mark.parametrize("crs", [Crs.CRS84, Crs.RD, Crs.WEB_MERCATOR], ids=lambda crs: crs.name)
def test_outer_rings_of_published_areas_are_anticlockwise(register: Register, crs: Crs) -> None:
    features = register.find(f"crs={crs.uri}", "observed-areas")["features"]
    found = {one["properties"]["reference"]: is_anticlockwise(one["geometry"]) for one in features}
    assert found == dict.fromkeys(AREAS, True)


def test_outer_rings_of_two_municipalities_together_are_anticlockwise(session: Session) -> None:
    load_cities(session)
    area = join_boundaries(session, ["GM0363", "GM0599"])
    assert [shapely.is_ccw(part.exterior) for part in area.geoms] == [True, True]


def test_outer_rings_of_the_owners_table_are_anticlockwise(register: Register) -> None:
    table = register.client.get("/v1/exports?f=geojson", headers=register.officer).json()
    areas = [
        one["properties"][name]
        for one in table["features"]
        for name in ("observedArea", "operatingArea")
        if isinstance(one["properties"].get(name), dict)
    ]
    assert len(areas) >= 3
    assert all(map(is_anticlockwise, areas))


def test_migration_turns_the_rings_of_a_filled_database(register: Register, module_database: str) -> None:
    path = ROOT / "migrations" / "versions" / "0020_area_rings.py"
    spec = importlib.util.spec_from_file_location("area_rings", path)
    assert spec is not None
    assert spec.loader is not None
    migration = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(migration)
    with psycopg.connect(module_database, autocommit=True) as connection:
        connection.execute(
            "UPDATE publication.published_area SET area = ST_ForcePolygonCW(area), area_rd = ST_ForcePolygonCW(area_rd)"
        )
        connection.execute(
            "UPDATE register.sensor_version SET operating_area = ST_ForcePolygonCW(operating_area)"
            " WHERE operating_municipalities IS NOT NULL"
        )
        connection.execute(migration.PUBLISHED)
        connection.execute(migration.REGISTERED)
        row = connection.execute(
            "SELECT (SELECT bool_and(ST_IsPolygonCCW(area) AND ST_IsPolygonCCW(area_rd))"
            " FROM publication.published_area),"
            " (SELECT bool_and(ST_IsPolygonCCW(operating_area)) FROM register.sensor_version"
            " WHERE operating_municipalities IS NOT NULL)"
        ).fetchone()
    assert row == (True, True)
