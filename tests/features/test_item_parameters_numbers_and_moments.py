"""Searching, filtering and ordering by what is no text, date or code: height, version, moment of the last change."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.support.contrasting_sensors import search_for_each_value
from tests.support.register import Register, amend_at, open_register

HEIGHTS = {"cellar": -2.5, "street": 0, "pole": 4.5, "roof": 25, "tower": 110.25, "unknown": None}
CHANGED_AT = "2026-02-03T04:05:06.789Z"
"""Moment of the last change of the pole, finer than the moment that is published."""


@pytest.fixture(scope="module")
def register(module_database: str) -> Iterator[Register]:
    """Six sensors at different heights, one unknown; the pole is at its second version, the roof generalised."""
    with open_register(module_database) as register:
        for reference, height in HEIGHTS.items():
            sensor = register.register(
                reference=reference,
                heightM=height,
                heightReference=None if height is None else "ground",
                **({"visibility": "generalised", "visibilityReason": "x"} if reference == "roof" else {}),
            )
            if reference == "pole":
                amend_at(register, sensor, module_database, CHANGED_AT)
        yield register


def find(register: Register, collection: str = "sensors", **query: str) -> list[str]:
    """Identify the sensors, in order: by reference, or the generalised one by its height."""
    features = register.find(urlencode(query), collection)["features"]
    return [one["properties"]["reference"] or one["properties"]["heightM"] for one in features]


ROOF = 25.0


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("heightM = 4.5", {"pole"}),
        ("heightM = 0", {"street"}),
        ("heightM > 4", {"pole", ROOF, "tower"}),
        ("heightM BETWEEN -3 AND 0.5", {"cellar", "street"}),
        ("heightM IN (-2.5, 25)", {"cellar", ROOF}),
        ("heightM * 2 > 200", {"tower"}),
        # Neither the root of a cellar nor the inverse of a street has a value, nor what is beyond floating point.
        ("heightM ^ 0.5 > 2", {"pole", ROOF, "tower"}),
        ("heightM ^ -1 < 1", {"cellar", "pole", ROOF, "tower"}),
        ("heightM ^ 1000000 < 1", {"street"}),
        ("heightM ^ 1000000 > 1", set()),
        ("(heightM ^ 2) ^ (1 / 2) = heightM", {"street", "pole", ROOF, "tower"}),
        ("heightM ^ 0 = 1", {"cellar", "street", "pole", ROOF, "tower"}),
        ("heightM IS NULL", {"unknown"}),
        ("version > 1", {"pole"}),
        ("version = 2 AND heightM < 5", {"pole"}),
        ("updatedAt < TIMESTAMP('2026-02-03T04:05:07Z')", {"pole"}),
        ("updatedAt = TIMESTAMP('2026-02-03T04:05:06Z')", {"pole"}),
        ("updatedAt = TIMESTAMP('2026-02-03T05:05:06+01:00')", {"pole"}),
        ("T_BEFORE(updatedAt, TIMESTAMP('2026-02-03T04:05:06Z'))", set()),
        ("T_DURING(updatedAt, INTERVAL('2026-02-01T00:00:00Z', '2026-03-01T00:00:00Z'))", {"pole"}),
    ],
)
def test_filter_compares_numbers_and_timestamps(register: Register, asked: str, found: set[Any]) -> None:
    assert set(find(register, filter=asked)) == found


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        ("heightM", "4.5", {"pole"}),
        ("version", "2", {"pole"}),
        ("updatedAt", "2026-02-03T04:05:06Z", {"pole"}),
        ("updatedAt", "2026-02-03T05:05:06+01:00", {"pole"}),
        ("updatedAt", "2026-02-03T04:05:07Z", set()),
    ],
)
def test_parameter_finds_the_sensors_with_that_value(
    register: Register, name: str, value: str, found: set[Any]
) -> None:
    assert set(find(register, **{name: value})) == found


def test_value_that_was_read_finds_the_sensors_with_that_value(register: Register) -> None:
    names = {"heightM", "version", "updatedAt"}
    assert search_for_each_value(register, "sensors", names) == names


@pytest.mark.parametrize("limit", ["1", "2", "100"])
def test_sortby_numbers_and_timestamps_puts_missing_values_last(register: Register, limit: str) -> None:
    for sortby, expected in (
        ("heightM", ["cellar", "street", "pole", ROOF, "tower", "unknown"]),
        ("-heightM", ["tower", ROOF, "pole", "street", "cellar", "unknown"]),
    ):
        assert walk(register, sortby=sortby, limit=limit) == expected
    assert walk(register, sortby="-version,heightM", limit=limit)[0] == "pole"
    assert walk(register, sortby="updatedAt,heightM", limit=limit)[0] == "pole"


def walk(register: Register, **query: str) -> list[str]:
    found, path = [], f"/v1/collections/sensors/items?{urlencode(query)}"
    while path:
        page = register.client.get(path).json()
        found += [one["properties"]["reference"] or one["properties"]["heightM"] for one in page["features"]]
        links = {link["rel"]: link["href"] for link in page["links"]}
        path = links.get("next", "").removeprefix("http://127.0.0.1:8000")
    return found


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("heightM=high", "invalid_number"),
        ("heightM=NaN", "invalid_number"),
        ("heightM=1,", "invalid_number"),
        ("version=0", "invalid_number"),
        ("version=1.5", "invalid_number"),
        ("version=99999999999", "invalid_number"),
        ("updatedAt=2026-02-03", "invalid_date"),
        ("updatedAt=2026-02-30T00:00:00Z", "invalid_date"),
        ("filter=heightM='4'", "filter_type"),
        ("filter=updatedAt>DATE('2026-02-03')", "filter_type"),
    ],
)
def test_value_of_wrong_kind_is_refused(register: Register, query: str, code: str) -> None:
    answer = register.client.get(f"/v1/collections/sensors/items?{query}")
    assert answer.status_code == 400
    assert [one["code"] for one in answer.json()["errors"]] == [code]


def test_search_as_of_now_filters_by_height(register: Register) -> None:
    # To the microsecond: what is registered may be of this very second.
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    assert find(register, asOf=now, heightM="4.5") == ["pole"]
    assert find(register, asOf=now, filter="heightM > 100") == ["tower"]


def test_schema_documents_have_types_of_numbers_and_timestamps(register: Register) -> None:
    for kind in ("queryables", "sortables", "schema"):
        described = register.client.get(f"/v1/collections/sensors/{kind}").json()["properties"]
        assert (described["heightM"]["type"], described["heightM"]["x-ogc-unit"]) == ("number", "m")
        assert described["version"]["type"] == "integer"
        assert described["updatedAt"]["format"] == "date-time"
