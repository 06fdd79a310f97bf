"""`sortby`: the order asked for on every page, each sensor once, also where values tie or are missing."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.register import Register, open_register

PROJECTS = (None, "a", "a", "a", "b", None, "B", "é", None, "a")
ORIGIN = "http://127.0.0.1:8000"


@pytest.fixture(scope="module")
def register(module_database: str) -> Iterator[Register]:
    """Twenty sensors with observed areas, of which many have the same project, date or place, and some no project."""
    with open_register(module_database) as register:
        for number in range(20):
            register.register(
                reference=f"{number:02}",
                project=PROJECTS[number % 10],
                openData=(None, True, False)[number % 3],
                placedFrom=f"2026-01-{1 + number % 4:02}",
                location={"type": "Point", "coordinates": [4.88 + number % 3 / 100, 52.37]},
                viewDirectionDeg=0,
                viewAngleDeg=90,
                viewRangeM=50,
            )
        yield register


def walk(register: Register, query: str, collection: str = "sensors") -> list[dict[str, Any]]:
    """The properties of every feature, page by page."""
    features: list[dict[str, Any]] = []
    path = f"/v1/collections/{collection}/items?{query}"
    matched = set()
    while path:
        answer = register.client.get(path)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        features += [feature["properties"] | {"id": feature["id"]} for feature in page["features"]]
        matched.add(page["numberMatched"])
        path = next((one["href"] for one in page["links"] if one["rel"] == "next"), "").removeprefix(ORIGIN)
    assert matched == {len(features)}
    return features


def is_ordered(values: list[Any], *, descending: bool) -> bool:
    """Whether what has a value comes first, in order."""
    given = [value for value in values if value is not None]
    return values[: len(given)] == given == sorted(given, reverse=descending)


@settings(max_examples=25, deadline=None)
@given(
    keys=st.lists(
        st.tuples(
            st.sampled_from(["project", "placedFrom", "openData", "updatedAt"]),
            st.sampled_from(["", "+", "-"]),
        ),
        min_size=1,
        max_size=4,
        unique_by=lambda key: key[0],
    ),
    limit=st.integers(1, 25),
    scope=st.sampled_from(["", "&municipality=GM0363", "&bbox=4,52,5,53", "&near=4.88,52.37&radius=9000"]),
)
def test_sortby_with_paging_returns_each_sensor_once_in_order(
    register: Register, keys: list[tuple[str, str]], limit: int, scope: str
) -> None:
    sortby = ",".join(sign + name for name, sign in keys).replace("+", "%2B")
    sensors = walk(register, f"sortby={sortby}&limit={limit}{scope}")

    assert sorted(sensor["reference"] for sensor in sensors) == [f"{number:02}" for number in range(20)]
    assert sensors == walk(register, f"sortby={sortby}&limit=100{scope}")
    name, sign = keys[0]
    if name != "project":
        assert is_ordered([sensor.get(name) for sensor in sensors], descending=sign == "-")
    for (first, _), (second, turned) in pairwise(keys[:2]):
        for value in {sensor.get(first) for sensor in sensors}:
            tied = [sensor.get(second) for sensor in sensors if sensor.get(first) == value]
            if "project" not in (first, second) and first != "updatedAt":
                assert is_ordered(tied, descending=turned == "-")


def test_sortby_puts_features_without_value_last(register: Register) -> None:
    for sign in ("", "-"):
        projects = [sensor.get("project") for sensor in walk(register, f"sortby={sign}project&limit=3")]
        assert projects[-6:] == [None] * 6
        assert None not in projects[:14]
        # Equal ones lie together.
        runs = [
            value for number, value in enumerate(projects) if number == 0 or projects[number - 1] != value
        ]
        assert len(runs) == len(set(projects))


def test_ties_are_broken_by_id(register: Register) -> None:
    sensors = walk(register, "sortby=sensorType&limit=7")
    assert [sensor["id"] for sensor in sensors] == sorted(sensor["id"] for sensor in sensors)


def test_sortby_with_plus_sign_encoded_or_not_is_ascending(register: Register) -> None:
    plain = walk(register, "sortby=reference")
    assert plain == walk(register, "sortby=+reference") == walk(register, "sortby=%2Breference&limit=6")
    assert list(reversed(plain)) == walk(register, "sortby=-reference&limit=6")


@pytest.mark.parametrize("collection", ["sensors", "observed-areas"])
@pytest.mark.parametrize("sign", ["", "-"])
def test_sortby_orders_areas_and_as_of_search(register: Register, collection: str, sign: str) -> None:
    expected = sorted((f"{number:02}" for number in range(20)), reverse=sign == "-")
    # Not that of the last change, which is cut to the second: all of them may be of that second.
    moment = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    for query in ("limit=100", "limit=7", f"limit=100&asOf={moment}", f"limit=7&asOf={moment}"):
        found = walk(register, f"sortby={sign}reference&{query}", collection)
        assert [properties["reference"] for properties in found] == expected, query


def test_sortby_orders_municipalities(register: Register) -> None:
    for limit in (1, 2, 100):
        named = walk(register, f"sortby=-name&limit={limit}", "municipalities")
        assert [one["name"] for one in named] == [
            "Utrecht",
            "Rotterdam",
            "Eindhoven",
            "Amsterdam",
            "'s-Gravenhage",
        ]
        # No province is known of any: the code decides.
        plain = walk(register, f"sortby=-province&limit={limit}", "municipalities")
        assert [one["code"] for one in plain] == ["GM0344", "GM0363", "GM0518", "GM0599", "GM0772"]


@pytest.mark.parametrize("collection", ["sensors", "municipalities"])
def test_cursor_with_other_sortby_is_refused(register: Register, collection: str) -> None:
    items = f"/v1/collections/{collection}/items"
    name = "reference" if collection == "sensors" else "name"
    first = register.client.get(f"{items}?limit=1&sortby={name}").json()
    cursor = next(one["href"] for one in first["links"] if one["rel"] == "next").rpartition("cursor=")[2]
    assert register.client.get(f"{items}?limit=1&sortby={name}&cursor={cursor}").status_code == 200
    for query in (
        f"sortby=-{name}&cursor={cursor}",
        f"cursor={cursor}",
        f"sortby={name}&cursor={cursor[:-4]}AAAA",
    ):
        answer = register.client.get(f"{items}?limit=1&{query}")
        assert answer.status_code == 400, query
        assert [problem["location"] for problem in answer.json()["errors"]] == ["cursor"]
