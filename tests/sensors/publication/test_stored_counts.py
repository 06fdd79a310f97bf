"""Stored counts equal counts on request, on the stored day and on days before and after it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from app.core.app_state import get_app_state
from app.core.migrations import migrate_database
from app.sensors.publication.maintenance import advance_day
from app.sensors.publication.stored_counts import has_stored_counts, read_stored_counts, read_stored_pair
from app.sensors.search.dimensions import Dimension
from app.sensors.search.grouped_counts import read_grouped_counts
from app.sensors.search.parameters import parse_search_text
from app.sensors.search.reference_data import get_reference_data
from app.sensors.search.sensor_search import ProvinceScope
from tests.support.contrasting_sensors import register_contrasting_sensors
from tests.support.register import Register, fill
from tests.support.schema import downgrade_to

EVERY_STATUS = "operationalStatus=planned,active,due_for_confirmation,expired,removed"
STORED = (
    "",
    "municipality=GM0363",
    "municipality=GM0599",
    EVERY_STATUS,
    f"municipality=Rotterdam&{EVERY_STATUS}",
    "sensorType=sound",
    f"sensorType=optical_camera,sound&{EVERY_STATUS}",
)
# The two municipalities that have sensors here
PROVINCE = ProvinceScope("PV20", ("GM0363", "GM0599"))
PAIRS = (
    (Dimension.MUNICIPALITY, Dimension.SENSOR_TYPE),
    (Dimension.THEME, Dimension.MUNICIPALITY),
    (Dimension.MUNICIPALITY, Dimension.PROVINCE),
    (Dimension.OWNER_TYPE, Dimension.SENSOR_TYPE),
    (Dimension.SENSOR_TYPE, Dimension.PROVINCE),
)
DAYS = (-2000, -91, -20, 0, 10, 25, 480, 501, 592, 1000)


def run(register: Register, function: Any, *arguments: Any) -> Any:
    assert register.client.portal is not None
    return register.client.portal.call(function, *arguments)


def compare(register: Register) -> set[int]:
    """Compare the counts of every search and day, and give the totals."""
    state = get_app_state(register.client.app)  # type: ignore[arg-type]

    async def read() -> set[int]:
        totals = set()
        searches = [parse_search_text(text, await get_reference_data(state)) for text in STORED]
        for search in (
            *searches,
            *(
                replace(search, province=PROVINCE)
                for search in searches
                if not (search.municipality or search.values)
            ),
        ):
            assert has_stored_counts(search)
            for days in DAYS:
                on_day = replace(search, today=search.today + timedelta(days=days))
                stored = await read_stored_counts(state.read_pool, on_day, tuple(Dimension))
                counted = await read_grouped_counts(state.read_pool, on_day, [(one,) for one in Dimension])
                assert stored == counted, (search, days)
                totals.add(stored.total)
                for by in PAIRS if has_stored_counts(search, PAIRS[0]) else ():
                    pair = await read_stored_pair(state.read_pool, on_day, by)
                    assert pair == await read_grouped_counts(state.read_pool, on_day, [by]), (search, by)
        return totals

    totals: set[int] = run(register, read)
    return totals


def test_stored_counts_equal_counts_on_request_on_every_day(register: Register, fresh_database: str) -> None:
    fill(register)
    register_contrasting_sensors(register, fresh_database)
    register.register(
        reference="both",
        mobility="mobile",
        location=None,
        operatingArea=["GM0363", "GM0599"],
        sensorType="sound",
    )

    assert len(compare(register)) > 3

    state = get_app_state(register.client.app)  # type: ignore[arg-type]
    search = parse_search_text("", run(register, get_reference_data, state))
    assert advance_day(state.write_engine, search.today + timedelta(days=495))
    assert len(compare(register)) > 3


@pytest.mark.parametrize(
    "text",
    [
        "sensorType=sound&municipality=GM0363",
        "sensorType=sound&personalData=none",
        "operationalStatus=active",
        "municipality=GM0363&q=plein",
        "province=Utrecht&sensorType=sound",
    ],
)
def test_other_searches_have_no_stored_counts(filled: Register, text: str) -> None:
    state = get_app_state(filled.client.app)  # type: ignore[arg-type]
    assert not has_stored_counts(parse_search_text(text, run(filled, get_reference_data, state)))


def read_stored(url: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            "SELECT dimension, scope, scope_value, is_shown, value, sensors"
            " FROM publication.sensor_statistic WHERE sensors <> 0"
        )
        return sorted(rows.fetchall())


def test_migration_counts_months_until_today_and_grounds_that_are_not_needed_again(
    register: Register, fresh_database: str
) -> None:
    fill(register)
    register_contrasting_sensors(register, fresh_database)
    stored = read_stored(fresh_database)
    downgrade_to(fresh_database, "0031")
    former = read_stored(fresh_database)
    assert {row[0] for row in set(stored) ^ set(former)} == {"legalGround", "placedMonth", "endedMonth"}

    migrate_database(fresh_database)

    assert read_stored(fresh_database) == stored
