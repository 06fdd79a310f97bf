"""Counts from alike sensors equal counts on request, on the stored day and on days before and after it."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import psycopg
import pytest

from app.core.app_state import get_app_state
from app.core.clock import dutch_date
from app.core.migrations import migrate_database
from app.sensors.publication.alike_counts import has_alike_counts, read_alike_counts
from app.sensors.publication.alike_sensors import STORED_ALIKE
from app.sensors.publication.maintenance import advance_day
from app.sensors.search.dimensions import Dimension
from app.sensors.search.grouped_counts import Grouping, read_grouped_counts
from app.sensors.search.parameters import parse_search_text
from app.sensors.search.reference_data import get_reference_data
from app.sensors.search.sensor_search import ProvinceScope
from tests.support.contrasting_sensors import register_contrasting_sensors
from tests.support.register import Register, fill
from tests.support.schema import downgrade_to

EVERY_STATUS = "operationalStatus=planned,active,due_for_confirmation,expired,removed"
SEARCHES = (
    "",
    "personalData=yes,indirect",
    "mobility=fixed",
    "themes=environment_noise,mobility_car",
    "sensorType=sound&municipality=GM0363",
    "operationalStatus=planned,removed",
    f"gdprBases=public_task&{EVERY_STATUS}",
    "smartCityTheme=smart_mobility&municipality=GM0599",
)
PROVINCE = ProvinceScope("PV20", ("GM0363", "GM0599"))
"""The two municipalities that have sensors here."""
DAYS = (-91, 0, 10, 480)
COUNTED = tuple(
    one
    for one in Dimension
    if one
    not in {Dimension.PLACED_MONTH, Dimension.ENDED_MONTH, Dimension.NOTIFIED_LATE, Dimension.FIELD_STATE}
)
GROUPINGS: list[Grouping] = [*((one,) for one in COUNTED), *pairwise(COUNTED)]


def compare(register: Register) -> set[int]:
    """Compare the counts of every search and day, and give the totals."""
    state = get_app_state(register.client.app)  # type: ignore[arg-type]

    async def read() -> set[int]:
        totals = set()
        searches = [parse_search_text(text, await get_reference_data(state)) for text in SEARCHES]
        provinces = [replace(one, province=PROVINCE) for one in searches if not one.municipality]
        for search in (*searches, *provinces):
            assert has_alike_counts(search, COUNTED)
            for days in DAYS:
                on_day = replace(search, today=search.today + timedelta(days=days))
                alike = await read_alike_counts(state.read_pool, on_day, GROUPINGS)
                assert alike == await read_grouped_counts(state.read_pool, on_day, GROUPINGS), (search, days)
                totals.add(alike.total)
        return totals

    assert register.client.portal is not None
    totals: set[int] = register.client.portal.call(read)
    return totals


def test_counts_of_alike_sensors_equal_counts_on_request_on_every_day(
    register: Register, fresh_database: str
) -> None:
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
    assert advance_day(state.write_engine, dutch_date() + timedelta(days=495))
    assert len(compare(register)) > 3


@pytest.mark.parametrize(
    ("text", "by"),
    [
        ("q=plein", "owner"),
        ("sensorType=sound&bbox=4.88,52.37,4.9,52.375", "owner"),
        ("project=Andere", "owner"),
        ("mobility=fixed", "placedMonth"),
    ],
)
def test_search_or_count_by_what_differs_among_alike_sensors_has_no_such_counts(
    filled: Register, text: str, by: str
) -> None:
    state = get_app_state(filled.client.app)  # type: ignore[arg-type]
    assert filled.client.portal is not None
    reference = filled.client.portal.call(get_reference_data, state)
    assert not has_alike_counts(parse_search_text(text, reference), [Dimension(by)])


def test_migration_counts_alike_sensors(register: Register, fresh_database: str) -> None:
    fill(register)
    register_contrasting_sensors(register, fresh_database)
    stored = read_stored(fresh_database)
    downgrade_to(fresh_database, "0033")

    migrate_database(fresh_database)

    assert len(stored) > 3
    assert read_stored(fresh_database) == stored


def read_stored(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        # As text: Python has no date before or after every other.
        rows = connection.execute(f"SELECT CAST(stored AS text) FROM ({STORED_ALIKE}) AS stored")
        return sorted(text for (text,) in rows)
