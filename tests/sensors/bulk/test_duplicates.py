"""Near-duplicates: found at the distance they are said to be, and by few comparisons."""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest
from geoalchemy2.shape import from_shape
from shapely import Point
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from app.access.principal import Principal
from app.sensors.bulk.duplicates import FIND, FIND_CANDIDATES, MAX_OF_CELL, write_register_warnings
from app.sensors.bulk.staging import create_tables
from app.sensors.registration.actions import register_sensor
from app.sensors.registration.queries import MAX_DUPLICATES, find_duplicates
from app.sensors.registration.validation import CheckedSensor
from app.sensors.registration.version_record import SensorVersion
from app.sensors.registration_status import RegistrationStatus
from app.sensors.tables.register import sensor_version
from tests.support.bulk import take_records
from tests.support.sensors import TODAY, make_camera, make_context, make_record

CENTRE = (121_000.0, 487_000.0)
"""A corner of a strip, of a cell and of a block."""

# Steps of 3, 4 and 5 m, so that the distance is exactly 5 m.
EXACTLY = [(5, 0), (-5, 0), (0, 5), (0, -5), (3, 4), (-3, 4), (3, -4), (-4, -3)]
FROM = [(x, y) for x in (0.0, 0.25, 2.5, 4.75, 5.0, 9.75) for y in (0.0, 2.5, 4.75, 9.75)]

Places = Sequence[tuple[float, float]]


def beside(place: tuple[float, float], step: tuple[float, float], times: float = 1) -> tuple[float, float]:
    return place[0] + times * step[0], place[1] + times * step[1]


HERE = [(CENTRE[0] + x, CENTRE[1] + y) for x, y in FROM]


@pytest.fixture
def one(session: Session, officer: Principal) -> SensorVersion:
    """A sensor that is registered, of which `put_copies` makes others."""
    return register_sensor(session, make_context(officer), make_record(reference="the one"))


def put_copies(session: Session, one: SensorVersion, places: Places) -> list[UUID]:
    """Register sensors like that one exactly at these places in RD; gives their ids in that order."""
    said = [
        column.name
        for column in sensor_version.columns
        if column.name not in ("id", "sensor_id", "location_rd")
    ]
    ids = [uuid4() for _ in places]
    values = {"ids": ids, "x": [x for x, _ in places], "y": [y for _, y in places], "one": one.sensor_id}
    named = "unnest(CAST(:ids AS uuid[]), CAST(:x AS float8[]), CAST(:y AS float8[])) AS copy (copy_id, x, y)"
    session.execute(
        text(f"""
            INSERT INTO register.sensor (id, owner_id, reference)
            SELECT copy_id, owner_id, copy_id::text FROM register.sensor, {named} WHERE id = :one"""),
        values,
    )
    session.execute(
        text(f"""
            INSERT INTO register.sensor_version (sensor_id, location_rd, {", ".join(said)})
            SELECT copy_id, ST_SetSRID(ST_MakePoint(x, y), 28992), {", ".join(said)}
            FROM register.sensor_version, {named} WHERE sensor_id = :one"""),
        values,
    )
    return ids


def find_near(session: Session, one: SensorVersion, place: tuple[float, float]) -> int:
    """How many duplicates a new sensor like that one would have at this place in RD."""
    columns = {"location_rd": from_shape(Point(place), srid=28992)}
    values = {"owner": one.owner_id, "sensorType": one.sensor_type}
    return len(find_duplicates(session, uuid4(), CheckedSensor(values, columns, (), None), TODAY))


def stage(session: Session, one: SensorVersion, places: Places, types: Sequence[str] = ()) -> None:
    """Stage new records like that sensor at these places in RD; their keys count from 0."""
    create_tables(session)
    rows = [
        {
            "id": key,
            "x": x,
            "y": y,
            "owner": one.owner_id,
            "type": types[key] if types else one.sensor_type,
        }
        for key, (x, y) in enumerate(places)
    ]
    session.execute(
        text("""
            INSERT INTO staged_point VALUES (
                :id, ST_SetSRID(ST_MakePoint(:x, :y), 28992), floor(CAST(:x AS float8) / 5),
                floor(CAST(:y AS float8) / 5), :owner, :type, 'r' || CAST(:id AS text), NULL, true, false)"""),
        rows,
    )
    session.execute(text("INSERT INTO staged_decision (key, state) SELECT id, 'new' FROM staged_point"))
    session.execute(text("CREATE UNIQUE INDEX ON staged_decision (key)"))
    for table in ("staged_point", "staged_decision"):
        session.execute(text(f"ANALYZE {table}"))


def count_warnings(session: Session, officer: Principal) -> dict[int, int]:
    """How many duplicates were found of each staged record that has any, by its key."""
    write_register_warnings(session, make_context(officer))
    rows = session.execute(
        text("SELECT key, jsonb_array_length(last) AS duplicates FROM staged_warning WHERE last IS NOT NULL")
    )
    return {row.key: row.duplicates for row in rows}


# How far


@pytest.mark.parametrize("step", EXACTLY)
def test_find_duplicates_at_five_metres_warns_and_beyond_does_not(
    session: Session, one: SensorVersion, step: tuple[float, float]
) -> None:
    for number, place in enumerate(HERE):
        # Each pair by itself, far from the others.
        here = (place[0], place[1] + 1000 * number)
        put_copies(session, one, [here])
        assert find_near(session, one, beside(here, step)) == 1, here
        assert find_near(session, one, beside(here, step, 1.0002)) == 0, here


@pytest.mark.parametrize("times", [1, 1.0002])
@pytest.mark.parametrize("registered", [False, True])
def test_write_register_warnings_at_five_metres_warns_and_beyond_does_not(
    session: Session, officer: Principal, one: SensorVersion, times: float, registered: bool
) -> None:
    here = [
        (x + 100 * column, y + 1000 * row)
        for row, (x, y) in enumerate(HERE) for column in range(len(EXACTLY))
    ]  # fmt: skip
    there = [beside(place, EXACTLY[number % len(EXACTLY)], times) for number, place in enumerate(here)]
    if registered:
        put_copies(session, one, here)
    stage(session, one, there if registered else [*here, *there])
    first = 0 if registered else len(here)
    expected = dict.fromkeys(range(first, first + len(there)), 1) if times == 1 else {}
    assert count_warnings(session, officer) == expected


def test_write_register_warnings_equals_comparing_each_with_each(
    session: Session, officer: Principal, one: SensorVersion
) -> None:
    chance = Random(11)
    places = [(CENTRE[0] + chance.uniform(0, 60), CENTRE[1] + chance.uniform(0, 60)) for _ in range(400)]
    types = [chance.choice(["sound", "radio", "climate"]) for _ in places]
    known = [(CENTRE[0] + chance.uniform(0, 60), CENTRE[1] + chance.uniform(0, 60)) for _ in range(40)]
    put_copies(session, one, known)
    stage(session, one, places, types)

    expected = {}
    for key, place in enumerate(places):
        before = [places[other] for other in range(key) if types[other] == types[key]]
        beside_it = before + (known if types[key] == one.sensor_type else [])
        near = sum(math.dist(place, other) <= 5 for other in beside_it)
        if near:
            expected[key] = min(near, MAX_DUPLICATES)
    assert 100 < len(expected) < 400
    assert count_warnings(session, officer) == expected


def test_find_duplicates_parity_with_write_register_warnings(
    session: Session, officer: Principal, one: SensorVersion
) -> None:
    """Both find the same near-duplicates, whatever the statuses and removal dates of the registered sensors."""
    chance = Random(7)
    places = [(CENTRE[0] + 100.0 * number, CENTRE[1]) for number in range(60)]
    known = [(x + chance.uniform(-6, 6), y + chance.uniform(-6, 6)) for x, y in places for _ in range(4)]
    ids = put_copies(session, one, known)
    session.execute(
        text(
            "UPDATE register.sensor_version SET registration_status = :status, removed_on = :day WHERE sensor_id = :id"
        ),
        [
            {
                "id": identifier,
                "status": chance.choice(list(RegistrationStatus)),
                "day": chance.choice([None, None, TODAY, TODAY + timedelta(days=1)]),
            }
            for identifier in ids
        ],
    )
    one_by_one = {key: count for key, place in enumerate(places) if (count := find_near(session, one, place))}
    assert 10 < len(one_by_one) < 60
    stage(session, one, places)
    assert count_warnings(session, officer) == one_by_one


def test_record_with_no_owner_or_type_is_no_duplicate(
    session: Session, officer: Principal, one: SensorVersion
) -> None:
    put_copies(session, one, [CENTRE])
    for missing in ("owner_id", "sensor_type"):
        stage(session, one, [CENTRE] * 4)
        session.execute(text(f"UPDATE staged_point SET {missing} = NULL WHERE id IN (0, 3)"))
        assert set(count_warnings(session, officer)) == {1, 2}


# How much is compared


def count_rows(session: Session, statement: str) -> int:
    """Run a statement; the most rows that any of its steps read or passed over."""
    explained = session.execute(
        text(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}"), {"today": TODAY}
    ).scalar_one()
    (plan,) = json.loads(explained) if isinstance(explained, str) else explained
    return int(max(_list_rows(plan["Plan"])))


def _list_rows(step: Mapping[str, Any]) -> Iterator[float]:
    passed = sum(step.get(name, 0) for name in ("Rows Removed by Join Filter", "Rows Removed by Filter"))
    yield step["Actual Loops"] * (step["Actual Rows"] + passed)
    for part in step.get("Plans", ()):
        yield from _list_rows(part)


def test_many_records_in_one_place_are_compared_with_few(session: Session, one: SensorVersion) -> None:
    many = 5_000
    stage(session, one, [CENTRE] * many)
    assert count_rows(session, FIND_CANDIDATES) <= 3 * many
    session.execute(text("ANALYZE staged_candidate (block_x, block_y)"))
    # A step that looks for the registered sensor of each pair may pass over as many again.
    assert count_rows(session, FIND) <= 2 * (MAX_OF_CELL + 1) * many
    named = "SELECT count(*) FROM staged_found WHERE array_length(known_as, 1) = :most"
    assert session.scalar(text(named), {"most": MAX_DUPLICATES}) == many - MAX_DUPLICATES


def test_changed_sensors_in_one_place_are_skipped_once(session: Session, one: SensorVersion) -> None:
    many = 2_000
    ids = put_copies(session, one, [CENTRE] * many)
    stage(session, one, [CENTRE] * many)
    session.execute(
        text("""
            UPDATE staged_decision SET state = 'changed', sensor_id = changed.id
            FROM unnest(CAST(:ids AS uuid[])) WITH ORDINALITY AS changed (id, number) WHERE key = number - 1"""),
        {"ids": ids},
    )
    session.execute(text("ANALYZE staged_decision"))
    assert count_rows(session, FIND_CANDIDATES) <= 3 * many
    assert session.scalar(text("SELECT count(*) FROM staged_candidate WHERE sensor_id IS NOT NULL")) == 0


def test_find_duplicates_uses_the_index_on_strips(session: Session, one: SensorVersion) -> None:
    chance = Random(5)
    put_copies(
        session,
        one,
        [(CENTRE[0] + chance.uniform(0, 5000), CENTRE[1] + chance.uniform(0, 5000)) for _ in range(20_000)],
    )
    session.execute(text("ANALYZE register.sensor_version"))
    session.execute(text("ANALYZE register.sensor"))
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        asked.append((statement, values))

    event.listen(session.connection(), "before_cursor_execute", note)
    try:
        find_near(session, one, (CENTRE[0] + 2500, CENTRE[1] + 2500))
    finally:
        event.remove(session.connection(), "before_cursor_execute", note)
    ((statement, values),) = asked
    rows = session.connection().exec_driver_sql(f"EXPLAIN (COSTS OFF) {statement}", values)
    plan = "\n".join(row[0] for row in rows)
    assert "using ix_sensor_version_owner_id_place" in plan, plan
    (condition,) = [line for line in plan.splitlines() if "Index Cond" in line and "owner_id" in line]
    assert "floor" in condition, plan
    assert "st_y" in condition.lower(), plan


@pytest.mark.parametrize(
    ("directions", "are_warned"),
    [
        ((0, 180), False),
        ((355, 6), False),
        ((355, 4), True),
        ((90, 90), True),
        ((90, None), True),
    ],
)
def test_cameras_that_look_in_different_directions_are_no_duplicates(
    session: Session, officer: Principal, amsterdam: UUID, directions: tuple[Any, Any], *, are_warned: bool
) -> None:
    context = make_context(officer)
    first, second = (
        make_camera(reference=f"camera-{number}", owner=str(amsterdam), viewDirectionDeg=direction)
        for number, direction in enumerate(directions)
    )
    in_one_file = take_records(session, context, [first, second])
    assert [
        one.code for found in in_one_file.warnings.values() for one in found if one.code == "near_duplicate"
    ] == (["near_duplicate"] if are_warned else [])
    register_sensor(session, context, first)
    beside_registered = take_records(session, context, [second])
    warned = [one.code for found in beside_registered.warnings.values() for one in found]
    assert ("near_duplicate" in warned) is are_warned
    alone = register_sensor(session, context, second)
    assert ("near_duplicate" in [warning["code"] for warning in alone.warnings]) is are_warned
