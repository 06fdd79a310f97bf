"""Claims that cannot be: areas out of reach, areas of fixed sensors, and personal data that are denied."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.access.principal import Principal
from app.core.errors import InvalidRequest
from app.core.expected_version import ANY_VERSION
from app.sensors.fields import FIELDS, FieldKind
from app.sensors.registration.actions import amend_sensor, register_sensor
from app.sensors.registration.claims import DESCRIBING_TEXTS, PERSONAL_SUBTYPES
from tests.support.rule_check import Desk, check_wording, open_desk
from tests.support.sensors import DAM, make_camera, make_context, make_record

METRE_NORTH = 1 / 111_250
"""One metre in degrees of latitude."""


@pytest.fixture(scope="module")
def desk(module_database: str) -> Iterator[Desk]:
    with open_desk(module_database) as desk:
        yield desk


def make_square(metres_north: float, size: float = 10) -> dict[str, Any]:
    """A square whose southern edge lies some metres north of Dam square."""
    south, north = (DAM[1] + metres * METRE_NORTH for metres in (metres_north, metres_north + size))
    west, east = DAM[0] - 0.0001, DAM[0] + 0.0001
    return {
        "type": "Polygon",
        "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]],
    }


def warn(desk: Desk, record: dict[str, Any]) -> set[tuple[str, str]]:
    """Location and code of each warning."""
    warnings = desk.check(record).warnings
    check_wording(warnings)
    return {(warning.location, warning.code) for warning in warnings}


OUT_OF_REACH = {("/observedArea", "observed_area_out_of_reach")}


@pytest.mark.parametrize(
    ("fields", "metres", "is_reached"),
    [
        ({"viewRangeM": 80}, 70, True),
        ({"viewRangeM": 80}, 90, False),
        ({"viewRangeM": 5000}, 4900, True),
        ({"viewRangeM": None}, 1980, True),
        ({"viewRangeM": None}, 2020, False),
        ({"locationAccuracy": "approximate", "locationAccuracyM": 20}, 90, True),
        ({"locationAccuracy": "approximate", "locationAccuracyM": 5}, 90, False),
        ({"mobility": "relocatable"}, 90, False),
        ({"mobility": "relocatable", "operatingArea": make_square(0, 500)}, 90, True),
        ({"mobility": "mobile", "location": None, "operatingArea": make_square(0, 500)}, 570, True),
        ({"mobility": "mobile", "location": None, "operatingArea": make_square(0, 500)}, 600, False),
        ({"mobility": "mobile", "location": None, "operatingArea": ["GM0363"]}, 600, True),
        ({"mobility": "mobile", "location": None, "operatingArea": ["GM0599"]}, 600, False),
    ],
    ids=str,
)
def test_observed_area_beyond_the_range_is_a_warning(
    desk: Desk, fields: dict[str, Any], metres: float, *, is_reached: bool
) -> None:
    camera = make_camera(**{"viewRangeM": 80, "observedArea": make_square(metres)} | fields)
    assert warn(desk, camera) == (set() if is_reached else OUT_OF_REACH)


def test_warning_of_an_area_out_of_reach_names_distance_and_range(desk: Desk) -> None:
    (stated,) = desk.check(make_camera(observedArea=make_square(500))).warnings
    assert "ligt 500 m of meer van de sensor" in stated.detail.nl
    assert "het bereik van 80 m" in stated.detail.nl
    (unstated,) = desk.check(make_record(observedArea=make_square(3000))).warnings
    assert "2000 m, en er is geen bereik gegeven" in unstated.detail.nl


def test_area_that_begins_within_reach_has_no_warning(desk: Desk) -> None:
    assert warn(desk, make_camera(observedArea=make_square(70, 5000))) == set()


@pytest.mark.parametrize("area", [make_square(0), ["GM0363"]], ids=["drawn", "named"])
def test_fixed_sensor_with_an_operating_area_is_refused(desk: Desk, area: Any) -> None:
    record = make_record(operatingArea=area)
    assert desk.name(record) == {("/operatingArea", "operating_area_of_fixed")}
    desk.check(record | {"mobility": "relocatable"})


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"gdprBases": ["consent"]}, ("/gdprBases", "basis_without_personal_data")),
        ({"legitimateInterest": "Schade"}, ("/legitimateInterest", "basis_without_personal_data")),
        ({"dataTypes": ["boolean", "personal"]}, ("/dataTypes", "personal_data_contradicted")),
        ({"measures": "MAC-adressen"}, ("/measures", "personal_data_contradicted")),
        *(
            ({name: "Leest kentekens"}, (f"/{name}", "personal_data_contradicted"))
            for name in DESCRIBING_TEXTS
        ),
    ],
    ids=str,
)
def test_record_without_personal_data_that_says_otherwise_has_a_warning(
    desk: Desk, fields: dict[str, Any], expected: tuple[str, str]
) -> None:
    assert warn(desk, make_record(**fields)) == {expected}
    assert expected not in warn(desk, make_camera(**fields))


@pytest.mark.parametrize("subtype", sorted(PERSONAL_SUBTYPES))
def test_camera_of_people_or_number_plates_without_personal_data_has_a_warning(
    desk: Desk, subtype: str
) -> None:
    camera = make_camera(sensorSubtype=subtype, gdprBases=None)
    assert warn(desk, camera | {"personalData": "none"}) == {("/sensorSubtype", "personal_data_contradicted")}
    assert warn(desk, make_camera(sensorSubtype=subtype)) == set()


def test_denial_of_personal_data_has_no_warning(desk: Desk) -> None:
    assert warn(desk, make_record(measures="Aantallen, geen kentekens of gezichten")) == set()


FREE_TEXTS = [field.name for field in FIELDS if field.kind is FieldKind.TEXT and field.pattern is None]


@pytest.mark.parametrize("name", FREE_TEXTS)
def test_contact_details_of_a_person_in_a_free_text_are_refused(desk: Desk, name: str) -> None:
    # The shortest of these texts has 20 characters.
    (problem,) = desk.refuse({**make_record(), name: " P. Bos 0612345678"})
    assert (problem.location, problem.code, problem.value) == (
        f"/{name}", "personal_phone", "P. Bos 0612345678",
    )  # fmt: skip
    assert "Vanaf teken 2 " in problem.detail.nl
    assert desk.name({**make_record(), name: "p.bos@example.org"}) == {(f"/{name}", "personal_email")}
    desk.check({**make_record(), name: "info@example.org"})
    desk.check({**make_record(), name: "bel 14 020"})


@pytest.mark.parametrize("name", [field.name for field in FIELDS if field.kind is FieldKind.URL])
def test_private_mail_address_in_a_web_address_is_refused(desk: Desk, name: str) -> None:
    record = {**make_record(), name: "https://example.org/?mail=p.bos@example.org"}
    assert desk.name(record) == {(f"/{name}", "personal_email")}


# Amendments of one of two fields that contradict each other


@pytest.mark.parametrize(
    ("record", "patch", "expected"),
    [
        (make_camera(observedArea=make_square(70)), {"viewRangeM": 60}, "observed_area_out_of_reach"),
        (
            make_camera(observedArea=make_square(70)),
            {"location": {"type": "Point", "coordinates": [DAM[0] + 0.01, DAM[1]]}},
            "observed_area_out_of_reach",
        ),
        (make_camera(), {"personalData": "none"}, "basis_without_personal_data"),
        (make_record(), {"gdprBases": ["consent"]}, "basis_without_personal_data"),
        (make_record(), {"purpose": "Gezichten herkennen"}, "personal_data_contradicted"),
        (
            make_camera(measures="Kentekens", gdprBases=["consent"]),
            {"personalData": "none", "gdprBases": None},
            "personal_data_contradicted",
        ),
    ],
    ids=str,
)
def test_amendment_of_one_field_keeps_the_warning_with_the_version(
    session: Session, officer: Principal, record: dict[str, Any], patch: dict[str, Any], expected: str
) -> None:
    context = make_context(officer)
    first = register_sensor(session, context, record)
    assert first.warnings == []
    second = amend_sensor(session, context, first.sensor_id, patch, expected=ANY_VERSION)
    assert [warning["code"] for warning in second.warnings] == [expected]
    back = {name: record.get(name) for name in patch}
    third = amend_sensor(session, context, first.sensor_id, back, expected=ANY_VERSION)
    assert third.warnings == []


@pytest.mark.parametrize(
    ("record", "patch", "expected"),
    [
        (make_record(), {"operatingArea": ["GM0363"]}, ("/operatingArea", "operating_area_of_fixed")),
        (
            make_record(mobility="relocatable", operatingArea=["GM0363"]),
            {"mobility": "fixed"},
            ("/operatingArea", "operating_area_of_fixed"),
        ),
        (make_record(), {"name": "Jan de Vries 0612345678"}, ("/name", "personal_phone")),
    ],
    ids=str,
)
def test_amendment_of_one_field_to_what_cannot_be_is_refused(
    session: Session,
    officer: Principal,
    record: dict[str, Any],
    patch: dict[str, Any],
    expected: tuple[str, str],
) -> None:
    context = make_context(officer)
    first = register_sensor(session, context, record)
    with pytest.raises(InvalidRequest) as refused:
        amend_sensor(session, context, first.sensor_id, patch, expected=ANY_VERSION)
    assert [(problem.location, problem.code) for problem in refused.value.problems] == [expected]
