"""Where a sensor stands or moves: in which system, in which municipality, and what is too near another."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from geoalchemy2.shape import to_shape
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.access.principal import Principal
from app.core.errors import InvalidRequest
from app.core.expected_version import ExpectedVersion
from app.sensors.fields import FIELDS
from app.sensors.registration.actions import register_sensor, remove_sensor
from app.sensors.registration.version_record import SensorVersion
from app.spatial.crs import Crs, lonlat_from_rd
from tests.support.organisations import make_organisation
from tests.support.places import ANTWERP, DOM_TOWER
from tests.support.rule_check import Desk, check_wording, open_desk
from tests.support.sensors import DAM, HALF_SIDE_METRES, TODAY, make_camera, make_context, make_record

AMSTERDAM_EAST = 121_000 + HALF_SIDE_METRES
"""The eastern border of the square of Amsterdam, in RD."""

SQUARE = [[4.88, 52.36], [4.90, 52.36], [4.90, 52.38], [4.88, 52.38], [4.88, 52.36]]


@pytest.fixture(scope="module")
def desk(module_database: str) -> Iterator[Desk]:
    with open_desk(module_database) as desk:
        yield desk


def point(*coordinates: float) -> dict[str, Any]:
    return {"type": "Point", "coordinates": list(coordinates)}


def point_in_rd(x: float, y: float) -> dict[str, Any]:
    return point(*(float(number) for number in lonlat_from_rd(x, y)))


# One place


def test_rd_is_read_exactly(desk: Desk) -> None:
    checked = desk.check(make_record(location=point(DOM_TOWER.x, DOM_TOWER.y)), crs=Crs.RD)
    # A hundred-millionth of a degree is a millimetre.
    assert checked.values["location"].coords[0] == pytest.approx((DOM_TOWER.lon, DOM_TOWER.lat), abs=1e-8)


@pytest.mark.parametrize(
    ("location", "crs", "code", "suggestion"),
    [
        (point(52.3731, 4.8932), Crs.CRS84, "swapped_axes", (4.8932, 52.3731)),
        (point(4.8932, 52.3731), Crs.WGS84, "swapped_axes", (52.3731, 4.8932)),
        (point(121_359.4, 487_361.6), Crs.CRS84, "wrong_crs", (4.8932, 52.3731)),
        (point(4.8932, 52.3731), Crs.RD, "wrong_crs", (121_359, 487_362)),
        (point(487_361.6, 121_359.4), Crs.RD, "swapped_axes", (121_359, 487_362)),
        (point(2.35, 48.85), Crs.CRS84, "outside_netherlands", None),
        (point(0, 0), Crs.CRS84, "outside_netherlands", None),
    ],
)
def test_swapped_coordinates_get_a_suggestion(
    desk: Desk, location: Any, crs: Crs, code: str, suggestion: Any
) -> None:
    (problem,) = desk.refuse(make_record(location=location), crs=crs)
    assert (problem.location, problem.code) == ("/location/coordinates", code)
    if suggestion:
        assert problem.suggestion == pytest.approx(suggestion, rel=1e-5)


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("4.89,52.37", ("/location", "wrong_type")),
        (["GM0363"], ("/location", "wrong_type")),
        ({}, ("/location/type", "geometry_type")),
        ({"type": "Polygon", "coordinates": [SQUARE]}, ("/location/type", "geometry_type")),
        ({"type": "Point"}, ("/location/coordinates", "invalid_position")),
        (point(4.89), ("/location/coordinates", "invalid_position")),
        (point(4.89, float("nan")), ("/location/coordinates", "invalid_number")),
        (point(4.89, float("inf")), ("/location/coordinates", "invalid_number")),
        (point(4.89, 10**400), ("/location/coordinates", "invalid_number")),
        ({"type": "Point", "coordinates": ["4.89", "52.37"]}, ("/location/coordinates", "invalid_number")),
        (point(*DAM) | {"crs": "EPSG:28992"}, ("/location/crs", "crs_member")),
    ],
    ids=repr,
)
def test_invalid_locations_are_refused(desk: Desk, location: Any, expected: tuple[str, str]) -> None:
    assert desk.name({**make_record(), "location": location}) == {expected}


def test_location_outside_all_municipalities_is_refused(desk: Desk) -> None:
    (problem,) = desk.refuse(make_record(location=point(ANTWERP.lon, ANTWERP.lat)))
    assert (problem.location, problem.code) == ("/location", "outside_municipalities")
    assert problem.value == [ANTWERP.lon, ANTWERP.lat]


def test_location_just_outside_belongs_to_nearest_municipality_with_warning(desk: Desk) -> None:
    inside = desk.check(make_record(location=point_in_rd(AMSTERDAM_EAST - 1, 487_000)))
    assert inside.warnings == ()

    checked = desk.check(make_record(location=point_in_rd(AMSTERDAM_EAST + 4_990, 487_000)))
    assert checked.place is not None
    assert checked.place.code == "GM0363"
    (warning,) = checked.warnings
    assert (warning.location, warning.code, warning.value) == ("/location", "near_municipality", "GM0363")
    assert "4990 m" in warning.detail.nl
    assert "Amsterdam" in warning.detail.nl
    check_wording(checked.warnings)

    further = make_record(location=point_in_rd(AMSTERDAM_EAST + 5_010, 487_000))
    assert desk.name(further) == {("/location", "outside_municipalities")}


# Areas


def test_operating_area_of_mobile_sensor_is_stored_as_multipolygon(desk: Desk) -> None:
    mobile = make_record(mobility="mobile", location=None)
    area = {"type": "Polygon", "coordinates": [SQUARE]}
    checked = desk.check({**mobile, "operatingArea": area})
    assert checked.place is None
    assert to_shape(checked.columns["operating_area"]).geom_type == "MultiPolygon"
    assert checked.columns["operating_municipalities"] is None
    several = {"type": "MultiPolygon", "coordinates": [[SQUARE]]}
    desk.check({**mobile, "operatingArea": several})


def test_operating_area_as_municipality_codes_is_stored_or_refused(desk: Desk) -> None:
    mobile = make_record(mobility="mobile", location=None)
    checked = desk.check({**mobile, "operatingArea": ["GM0363", "GM0599"]})
    assert checked.columns["operating_municipalities"] == ["GM0363", "GM0599"]
    territory = to_shape(checked.columns["operating_area_rd"])
    assert territory.area == pytest.approx(2 * (2 * HALF_SIDE_METRES) ** 2, rel=1e-3)

    problems = desk.refuse({**mobile, "operatingArea": ["GM0363", "GM9999", "Amsterdam", 7]})
    assert {(problem.location, problem.code, problem.value) for problem in problems} == {
        ("/operatingArea/1", "unknown_municipality", "GM9999"),
        ("/operatingArea/2", "unknown_municipality", "Amsterdam"),
        ("/operatingArea/3", "unknown_municipality", 7),
    }
    assert desk.name({**mobile, "operatingArea": []}) == {("/operatingArea", "required")}
    twice = desk.check({**mobile, "operatingArea": ["GM0599", "GM0363", "GM0599"]})
    assert twice.columns["operating_municipalities"] == ["GM0599", "GM0363"]
    assert desk.name({**mobile, "operatingArea": ["GM0363"] * 401}) == {("/operatingArea", "too_many")}


@pytest.mark.parametrize("name", ["operatingArea", "observedArea"])
def test_invalid_areas_are_refused(desk: Desk, name: str) -> None:
    for value, expected in (
        (point(*DAM), (f"/{name}/type", "geometry_type")),
        ({"type": "Polygon", "coordinates": [SQUARE[:-1]]}, (f"/{name}/coordinates/0/3", "open_ring")),
        ({"type": "Polygon", "coordinates": []}, (f"/{name}/coordinates", "wrong_type")),
        ("Centrum", (f"/{name}", "wrong_type")),
    ):
        assert desk.name({**make_record(mobility="relocatable"), name: value}) == {expected}, value


def test_given_view_is_stored_and_a_derived_one_is_marked(desk: Desk) -> None:
    given_view = desk.check(make_camera(observedArea={"type": "Polygon", "coordinates": [SQUARE]}))
    assert given_view.columns["observed_area_derived"] is False
    assert to_shape(given_view.columns["observed_area"]).bounds == (4.88, 52.36, 4.90, 52.38)
    assert desk.check(make_camera()).columns["observed_area_derived"] is True
    assert desk.check(make_camera(viewRangeM=None)).columns["observed_area"] is None


# Near another


def test_near_duplicate_of_same_owner_gets_a_warning(session: Session, officer: Principal) -> None:
    context = make_context(officer)

    def register(x: float, **fields: Any) -> SensorVersion:
        location = point_in_rd(121_000 + x, 487_000)
        return register_sensor(session, context, make_record(location=location, **fields))

    first = register(0, reference="first")
    near = register(4.9, reference="near")
    assert [(one["code"], one["location"], one["value"]) for one in near.warnings] == [
        ("near_duplicate", "/location", first.public_code)
    ]
    assert first.public_code in near.warnings[0]["detail"]["nl"]
    assert register(-5.1, reference="further").warnings == []
    assert register(0, reference="radio", sensorType="radio").warnings == []

    removed = register(100, reference="removed", placedFrom="2026-01-01")
    remove_sensor(
        session,
        context,
        removed.sensor_id,
        {"removedOn": TODAY.isoformat()},
        expected=ExpectedVersion.exactly(removed.number),
    )
    assert register(100, reference="its successor").warnings == []


def test_sensor_of_other_owner_is_not_a_near_duplicate(
    session: Session, officer: Principal, company: Principal
) -> None:
    register_sensor(session, make_context(officer), make_record())
    assert register_sensor(session, make_context(company), make_record()).warnings == []


def test_notification_less_than_five_days_before_placing_is_late(
    session: Session, officer: Principal, amsterdam: UUID
) -> None:
    for placed_from, late in (("2026-03-06", False), ("2026-03-05", True), ("2025-01-01", True)):
        record = make_record(reference=placed_from, placedFrom=placed_from)
        assert register_sensor(session, make_context(officer), record).notified_late is late


# Any value

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.dates(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["type", "coordinates", "crs", "a"]), inner, max_size=3)
    ),
    max_leaves=8,
)
GEOMETRY = st.fixed_dictionaries(
    {
        "type": st.sampled_from(["Point", "Polygon", "MultiPolygon", "LineString"]) | ANYTHING,
        "coordinates": st.lists(
            st.one_of(
                st.floats(), st.lists(st.lists(st.floats(3, 8) | st.floats(50, 54), max_size=3), max_size=5)
            ),
            max_size=3,
        ),
    }
)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(
    changes=st.dictionaries(
        # A third of the names are of geometries.
        st.sampled_from([field.name for field in FIELDS])
        | st.sampled_from([field.name for field in FIELDS])
        | st.sampled_from(["location", "operatingArea", "observedArea"]),
        ANYTHING | GEOMETRY,
        min_size=1,
        max_size=4,
    ),
    crs=st.sampled_from(Crs),
)
def test_record_with_any_value_is_parsed_or_refused(desk: Desk, changes: dict[str, Any], crs: Crs) -> None:
    """Any value is parsed or refused with problems; no other exception is raised."""
    try:
        desk.check({**make_camera(), **changes}, crs=crs)
    except InvalidRequest as refused:
        check_wording(refused.problems)


def test_mobile_sensor_of_company_registered_by_municipality_is_published(
    session: Session, officer: Principal
) -> None:
    company = make_organisation(session)
    record = make_record(mobility="mobile", location=None, operatingArea=["GM0363"], owner=str(company))

    version = register_sensor(session, make_context(officer), record)

    assert version.on_behalf_of_id == company
    assert version.registration_status == "published"


def test_location_of_mobile_sensor_is_refused(session: Session, officer: Principal) -> None:
    with pytest.raises(InvalidRequest) as refused:
        register_sensor(
            session, make_context(officer), make_record(mobility="mobile", operatingArea=["GM0363"])
        )

    assert [problem.code for problem in refused.value.problems] == ["location_of_mobile"]


def test_placing_date_far_ahead_is_refused(session: Session, officer: Principal) -> None:
    with pytest.raises(InvalidRequest) as refused:
        register_sensor(
            session, make_context(officer), make_record(placedFrom="2062-03-01", activeUntil="2063-03-01")
        )

    assert "implausible_date" in {problem.code for problem in refused.value.problems}
