"""Query plans of tiles on 100,000 sensors: no tile reads the whole table."""

import psycopg
import pytest

from app.sensors.search.filter_parser import parse_sensor_filter
from app.sensors.search.operational_status import OperationalStatus
from app.sensors.search.sensor_search import MunicipalityScope, SensorSearch
from app.spatial.crs import Crs
from app.tiles.queries import plan_tile
from app.tiles.tile_matrix_sets import NETHERLANDS_RD_NEW_QUAD, WEB_MERCATOR_QUAD, Tile
from tests.sensors.search.test_statements_plans import TODAY

pytestmark = pytest.mark.slow

SEARCHES = {
    "all": SensorSearch(TODAY),
    "type": SensorSearch(TODAY, values={"sensorType": ("radio",)}),
    "status": SensorSearch(TODAY, statuses=(OperationalStatus.ACTIVE,)),
    "personal data": SensorSearch(TODAY, values={"personalData": ("yes", "indirect")}),
}
ZOOMED_IN = SEARCHES | {
    "municipality": SensorSearch(TODAY, municipality=MunicipalityScope("GM0363")),
    "two": SensorSearch(TODAY, values={"sensorType": ("radio",)}, statuses=(OperationalStatus.ACTIVE,)),
}
COUNTED_NOW = {
    "two": ZOOMED_IN["two"],
    "types that process": SensorSearch(
        TODAY, values={"sensorType": ("sound", "climate", "radio"), "personalData": ("yes", "indirect")}
    ),
    "one of two themes": SensorSearch(TODAY, values={"themes": ("mobility_car", "environment_noise")}),
    "fixed": SensorSearch(TODAY, values={"mobility": ("fixed",)}),
    "there today": SensorSearch(TODAY, during=(TODAY, TODAY)),
    "filter": SensorSearch(
        TODAY,
        filter=parse_sensor_filter("sensorType <> 'radio' AND NOT openData", "cql2-text", Crs.CRS84)[0],
    ),
}
WORLD = Tile(WEB_MERCATOR_QUAD, 0, 0, 0)
ZOOMED_OUT = [WORLD, Tile(WEB_MERCATOR_QUAD, 10, 336, 525), Tile(NETHERLANDS_RD_NEW_QUAD, 3, 3, 3)]
AMSTERDAM = [Tile(WEB_MERCATOR_QUAD, zoom, 5384 >> 14 - zoom, 8414 >> 14 - zoom) for zoom in (11, 12, 13, 14)]


@pytest.mark.parametrize("name", SEARCHES)
@pytest.mark.parametrize("tile", ZOOMED_OUT)
def test_zoomed_out_tile_reads_stored_counts_only(
    large_register: psycopg.Connection,
    name: str,
    tile: Tile,
) -> None:
    plan = explain(large_register, tile, SEARCHES[name])
    assert "sensor_cluster" in plan
    assert "Seq Scan on published_sensor" not in plan, plan


@pytest.mark.parametrize("name", COUNTED_NOW)
def test_zoomed_out_tile_of_other_searches_counts_from_an_index_only(
    large_register: psycopg.Connection, name: str
) -> None:
    for tile in (WORLD, Tile(WEB_MERCATOR_QUAD, 6, 21, 32), Tile(NETHERLANDS_RD_NEW_QUAD, 1, 0, 0)):
        plan = explain(large_register, tile, COUNTED_NOW[name])
        assert "Index Only Scan using ix_published_sensor_sort_key" in plan, plan
        assert "Scan on published_sensor" not in plan.replace("Index Only Scan", ""), plan


@pytest.mark.parametrize("name", ZOOMED_IN)
@pytest.mark.parametrize("tile", AMSTERDAM)
def test_zoomed_in_tile_reads_its_own_ranges(
    large_register: psycopg.Connection,
    name: str,
    tile: Tile,
) -> None:
    plan = explain(large_register, tile, ZOOMED_IN[name])
    assert "Seq Scan on published_sensor" not in plan, plan
    assert "Seq Scan on municipality_sensor" not in plan, plan


def explain(connection: psycopg.Connection, tile: Tile, search: SensorSearch) -> str:
    """The plan of a public read: generic when it is cached, otherwise made for these values."""
    statement, values, prepare = plan_tile(tile, search)
    mode = "force_generic_plan" if prepare else "force_custom_plan"
    connection.execute(f"SET plan_cache_mode = {mode}")
    rows = connection.execute(f"EXPLAIN (COSTS OFF) {statement}", values, prepare=prepare)
    return "\n".join(row[0] for row in rows)
