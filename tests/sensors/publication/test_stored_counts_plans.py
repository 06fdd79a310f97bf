"""Query plans of the stored counts on 100,000 sensors: no count reads all sensors, or all of the stored counts."""

from datetime import timedelta

import psycopg
import pytest

from app.sensors.publication.stored_counts import Planned, plan_stored_counts, plan_stored_pair
from app.sensors.search.dimensions import Dimension
from app.sensors.search.sensor_search import MunicipalityScope, ProvinceScope, SensorSearch
from tests.sensors.search.test_statements_plans import TODAY

pytestmark = pytest.mark.slow

WHOLE = SensorSearch(TODAY)
PROVINCE = SensorSearch(TODAY, province=ProvinceScope("PV27", ("GM0363", "GM0392", "GM0394", "GM0361")))
SEARCHES = {
    "whole collection": WHOLE,
    "whole collection tomorrow": SensorSearch(TODAY + timedelta(days=1)),
    "municipality": SensorSearch(TODAY, municipality=MunicipalityScope("GM0363")),
    "kind": SensorSearch(TODAY, values={"sensorType": ("radio",)}),
    "province": PROVINCE,
}
ONE = (Dimension.THEME,)


@pytest.mark.parametrize("dimensions", [ONE, tuple(Dimension)], ids=["one", "each"])
@pytest.mark.parametrize("name", SEARCHES)
def test_counts_are_read_from_indexes(
    large_register: psycopg.Connection, name: str, dimensions: tuple[Dimension, ...]
) -> None:
    plan = explain(large_register, plan_stored_counts(SEARCHES[name], dimensions))
    assert "Seq Scan on published_sensor" not in plan, plan
    if dimensions == ONE:
        assert "pk_sensor_statistic" in plan, plan


@pytest.mark.parametrize("by", [("owner", "municipality"), ("theme", "sensorType")])
def test_pair_reads_no_sensor_that_does_not_change_between_days(
    large_register: psycopg.Connection, by: tuple[str, str]
) -> None:
    plan = explain(large_register, plan_stored_pair(WHOLE, [Dimension(one) for one in by]))
    assert "Seq Scan on published_sensor" not in plan, plan


def test_province_reads_sensors_in_several_municipalities_from_their_index(
    large_register: psycopg.Connection,
) -> None:
    plan = explain(large_register, plan_stored_counts(PROVINCE, ONE))
    assert "ix_published_sensor_several_municipalities" in plan, plan


def explain(connection: psycopg.Connection, planned: Planned) -> str:
    """The generic plan, as of a prepared statement that is used often."""
    connection.execute("SET plan_cache_mode = force_generic_plan")
    statement, values = planned
    rows = connection.execute(f"EXPLAIN (COSTS OFF) {statement}", values, prepare=True)
    return "\n".join(row[0] for row in rows)
