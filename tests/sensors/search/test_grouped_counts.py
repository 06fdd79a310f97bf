"""Counts by dimension equal a count of the items that the same search finds."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations, product
from random import Random
from typing import Any, Final

import pytest
from sqlalchemy import create_engine, text

from app.core.app_state import get_app_state
from app.core.clock import dutch_date
from app.core.database import sqlalchemy_url, transaction
from app.sensors.search.dimensions import SOURCES, Dimension
from app.sensors.search.grouped_counts import SensorCounts, has_more_matches, read_grouped_counts
from app.sensors.search.parameters import parse_search_text
from app.sensors.search.reference_data import get_reference_data
from tests.support.contrasting_sensors import register_contrasting_sensors
from tests.support.register import Register, fill, open_register
from tests.support.waiting import wait_until

PROVINCES: Final = {"GM0363": "Noord-Holland", "GM0599": "Zuid-Holland", "GM0518": "Zuid-Holland"}

CODES: Final = {"GM0363": "PV27", "GM0599": "PV28", "GM0518": "PV28"}

CRITERIA: Final = (
    "municipality=Amsterdam", "municipality=GM0599", "sensorType=sound", "personalData=yes,indirect", "q=plein",
    "near=4.8932,52.3731&radius=300", "bbox=4.88,52.37,4.9,52.375", "covers=4.8932,52.3735",
    "themes=environment_noise,mobility_car", "operationalStatus=planned,active,removed",
    "province=Zuid-Holland",
    "datetime=2020-01-01/..", "filter=heightM>1 OR mobility='fixed'", "mobility=fixed",
)  # fmt: skip
SEARCHES: Final = 40
EVERY_STATUS: Final = "operationalStatus=planned,active,due_for_confirmation,expired,removed"


@pytest.fixture(scope="module")
def contrasting(module_database: str) -> Iterator[Register]:
    """A register of contrasting sensors, one of them removed, in municipalities with provinces."""
    with open_register(module_database) as register:
        fill(register)
        register_contrasting_sensors(register, module_database)
        removed = register.register(reference="removed", themes=["environment_noise", "mobility_car"])
        answer = register.client.post(
            f"/v1/sensors/{removed['id']}/removal",
            json={"removedOn": dutch_date().isoformat()},
            headers=register.officer | {"If-Match": "*"},
        )
        assert answer.status_code == 200, answer.text
        engine = create_engine(sqlalchemy_url(module_database))
        with transaction(engine) as session:
            for code, province in PROVINCES.items():
                session.execute(
                    text("UPDATE publication.municipality SET province = :province WHERE code = :code"),
                    {"code": code, "province": province},
                )
            # The names in memory are read again after a loading.
            session.execute(text("UPDATE publication.municipality_edition SET loaded_at = clock_timestamp()"))
        engine.dispose()
        wait_until(lambda: register.find("province=Zuid-Holland")["numberMatched"])
        yield register


def draw_searches() -> list[str]:
    """The search for everything, each criterion alone, and criteria joined by chance."""
    chance = Random(10)
    names = [{part.partition("=")[0] for part in one.split("&")} for one in CRITERIA]
    pairs = [
        "&".join((CRITERIA[one], CRITERIA[other]))
        for one, other in combinations(range(len(CRITERIA)), 2)
        if not names[one] & names[other]
    ]
    return ["", *CRITERIA, *chance.sample(pairs, SEARCHES)]


def read_values(dimension: Dimension, sensor: dict[str, Any], owner_types: dict[str, str]) -> Sequence[Any]:
    """The values of a sensor by its published properties."""
    listed = {
        Dimension.MUNICIPALITY: sensor["municipalityCodes"],
        Dimension.PROVINCE: sorted({CODES[code] for code in sensor["municipalityCodes"] if code in CODES}),
        Dimension.THEME: sensor["themes"],
        Dimension.SMART_CITY_THEME: sensor["smartCityTheme"],
        Dimension.LEGAL_GROUND: sensor["gdprBases"]
        or (["not_needed"] if sensor["personalData"] == "none" else []),
        Dimension.FIELD_STATE: [
            f"{name}={'missing' if sensor[name] is None else 'filled'}" for name in list_applying(sensor)
        ],
    }
    if dimension in listed:
        return listed[dimension] or [None]
    today = dutch_date().isoformat()
    ends = {"removed": sensor["removedOn"], "expired": sensor["activeUntil"]}
    ended = ends.get(sensor["operationalStatus"])
    single = {
        Dimension.OWNER_TYPE: owner_types[sensor["owner"]],
        Dimension.PLACED_MONTH: sensor["placedFrom"][:7] if sensor["placedFrom"] <= today else None,
        Dimension.ENDED_MONTH: ended[:7] if ended else None,
        Dimension.NOTIFIED_LATE: "true" if sensor["notifiedLate"] else "false",
        Dimension.CONFIRMED: None
        if sensor["operationalStatus"] == "removed"
        else "overdue"
        if sensor["confirmBy"] < today
        else "confirmed",
    }
    return [single[dimension] if dimension in single else sensor[dimension.value]]


def list_applying(sensor: dict[str, Any]) -> list[str]:
    """The fields that matter of this sensor."""
    names = ["summary", "dataTypes", "moreInfoUrl"]
    if sensor["personalData"] == "none":
        return names
    bases = set(sensor["gdprBases"] or ())
    names += ["gdprBases", "privacyStatementUrl", "dpiaStatus", "retentionKind", "recipients", "processing"]
    if bases & {"legal_obligation", "public_task"}:
        names.append("legalBasisText")
    if "legitimate_interests" in bases:
        names.append("legitimateInterest")
    return [*names, "retentionPeriod"] if sensor["retentionKind"] == "fixed" else names


def count(register: Register, query: str, groupings: list[tuple[Dimension, ...]]) -> SensorCounts:
    """The counts as the application reads them, with its own connections."""
    state = get_app_state(register.client.app)  # type: ignore[arg-type]

    async def read() -> SensorCounts:
        search = parse_search_text(query, await get_reference_data(state))
        return await read_grouped_counts(state.read_pool, search, groupings)

    assert register.client.portal is not None
    return register.client.portal.call(read)


@pytest.fixture(scope="module")
def owner_types(contrasting: Register, module_database: str) -> dict[str, str]:
    engine = create_engine(sqlalchemy_url(module_database))
    with transaction(engine) as session:
        rows = session.execute(text("SELECT id::text, organisation_type FROM publication.organisation")).all()
    engine.dispose()
    return dict(tuple(row) for row in rows)


@pytest.mark.parametrize("query", draw_searches())
def test_counts_by_each_dimension_equal_items(
    contrasting: Register, owner_types: dict[str, str], query: str
) -> None:
    found = [
        feature["properties"] for feature in contrasting.find(f"{query}&limit=1000".lstrip("&"))["features"]
    ]
    pair = Dimension.MUNICIPALITY, Dimension.THEME
    groupings: list[tuple[Dimension, ...]] = [*((dimension,) for dimension in Dimension), pair]

    counts = count(contrasting, query, groupings)

    assert counts.total == len(found)
    for grouping, rows in zip(groupings, counts.rows, strict=True):
        expected = Counter(
            values
            for sensor in found
            for values in product(*(read_values(one, sensor, owner_types) for one in grouping))
        )
        counted = {row.values: row.count for row in rows if row.count}
        assert counted == expected, grouping
        if not any(SOURCES[one].overlaps for one in grouping):
            assert sum(row.count for row in rows) == counts.total


def test_province_selects_the_sensors_of_its_municipalities(contrasting: Register) -> None:
    def find_ids(query: str) -> set[str]:
        return {feature["id"] for feature in contrasting.find(query)["features"]}

    assert len(find_ids("province=PV28")) == 2
    assert find_ids("province=PV28") == find_ids("municipality=GM0599")
    assert find_ids("province=noord-holland") == find_ids("municipality=GM0363")
    assert find_ids("province=Limburg") == set()
    assert find_ids("province=PV28&municipality=Amsterdam") == set()


@pytest.mark.parametrize("query", ["", "municipality=Amsterdam", "near=4.8932,52.3731&radius=300"])
def test_search_has_more_matches_than_any_number_below_its_total(contrasting: Register, query: str) -> None:
    total = len(contrasting.find(f"{query}&limit=1000".lstrip("&"))["features"])
    state = get_app_state(contrasting.client.app)  # type: ignore[arg-type]

    async def read(number: int) -> bool:
        search = parse_search_text(query, await get_reference_data(state))
        return await has_more_matches(state.read_pool, search, number)

    assert contrasting.client.portal is not None
    assert total > 1
    assert contrasting.client.portal.call(read, total - 1)
    assert not contrasting.client.portal.call(read, total)


@pytest.mark.parametrize(
    "query", ["province=PV28", f"province=PV28&{EVERY_STATUS}", "province=PV27&sensorType=optical_camera"]
)
def test_pages_of_a_province_hold_each_of_its_sensors_once(contrasting: Register, query: str) -> None:
    wanted = [feature["id"] for feature in contrasting.find(f"{query}&limit=1000")["features"]]
    path = f"/v1/collections/sensors/items?{query}&limit=1"
    paged = []
    while path:
        page = contrasting.client.get(path).json()
        paged += [feature["id"] for feature in page["features"]]
        path = next((link["href"] for link in page["links"] if link["rel"] == "next"), "")

    assert paged == wanted
    assert len(paged) > 1


def test_sensors_contrast_in_every_dimension(contrasting: Register, owner_types: dict[str, str]) -> None:
    all_of_them = contrasting.find(f"{EVERY_STATUS}&limit=1000")
    for dimension in set(Dimension) - {Dimension.OWNER_TYPE, Dimension.CONFIRMED, Dimension.NOTIFIED_LATE}:
        values = {
            value
            for feature in all_of_them["features"]
            for value in read_values(dimension, feature["properties"], owner_types)
        }
        assert len(values) > 1, dimension
