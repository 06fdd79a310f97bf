"""The list of an owner's registrations: what each condition finds, the orders and the pages."""

from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from app.access.principal import Principal
from app.sensors.registration.actions import register_sensor
from app.sensors.registration.owner_list import (
    PAGE_ROWS,
    OwnerSearch,
    OwnerSort,
    find_owner_ids,
    list_owner_ids,
    list_owner_references,
    list_owner_rows,
)
from app.sensors.registration.owner_tasks import OwnerTask
from app.sensors.registration_status import RegistrationStatus
from app.sensors.search.operational_status import OperationalStatus
from tests.support.sensors import TODAY, make_camera, make_context, make_record

ROTTERDAM = {"type": "Point", "coordinates": [4.4868, 51.9094]}


@pytest.fixture
def three(session: Session, officer: Principal, company: Principal) -> None:
    """Three sensors of the municipality: one placed, a planned camera, one that waits in Rotterdam; and another's."""
    context = make_context(officer)
    for record in (
        make_record(reference="a_1", name="Geluid 100%", placedFrom="2025-01-01"),
        make_camera(reference="b-2"),
        make_record(reference="c-3", location=ROTTERDAM, placedFrom="2025-01-01"),
    ):
        register_sensor(session, context, record)
    register_sensor(session, make_context(company), make_record(reference="a_1"))


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(
    ("conditions", "references"),
    [
        ({}, ["a_1", "b-2", "c-3"]),
        ({"words": "GELUID 100%"}, ["a_1"]),
        ({"words": "a_"}, ["a_1"]),
        ({"words": "%"}, ["a_1"]),
        ({"words": "_-"}, []),
        ({"sensor_type": "optical_camera"}, ["b-2"]),
        ({"sensor_type": "niets"}, []),
        ({"registration_status": RegistrationStatus.SUBMITTED}, ["c-3"]),
        ({"operational_status": OperationalStatus.PLANNED}, ["b-2"]),
        ({"task": OwnerTask.OVERDUE}, []),
        ({"task": OwnerTask.END}, []),
        ({"box": (4.8, 52.3, 5.0, 52.4)}, ["a_1", "b-2"]),
        ({"box": (4.8, 52.3, 5.0, 52.4), "words": "geluid"}, ["a_1"]),
    ],
    ids=str,
)
def test_search_finds(
    session: Session, amsterdam: UUID, conditions: dict[str, object], references: list[str]
) -> None:
    search = OwnerSearch(amsterdam, **conditions)  # type: ignore[arg-type]
    rows, total = list_owner_rows(session, search, OwnerSort.REFERENCE, TODAY)
    assert [row.reference for row in rows] == references
    assert total == len(references)
    assert sorted(list_owner_ids(session, search, TODAY)) == sorted(row.id for row in rows)


@pytest.mark.usefixtures("three")
def test_rows_say_what_holds_today(session: Session, amsterdam: UUID) -> None:
    rows, _ = list_owner_rows(session, OwnerSearch(amsterdam), OwnerSort.REFERENCE, TODAY)
    assert [row.operational_status for row in rows] == ["active", "planned", "active"]
    assert [row.registration_status for row in rows] == ["published", "published", "submitted"]
    assert [row.municipality_code for row in rows] == ["GM0363", "GM0363", "GM0599"]


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize("sort", OwnerSort)
def test_every_order_has_every_row(session: Session, amsterdam: UUID, sort: OwnerSort) -> None:
    rows, total = list_owner_rows(session, OwnerSearch(amsterdam), sort, TODAY)
    assert total == len({row.id for row in rows}) == 3
    beyond, again = list_owner_rows(session, OwnerSearch(amsterdam), sort, TODAY, page=2)
    assert (beyond, again) == ([], 3)
    assert PAGE_ROWS > 3


@pytest.mark.usefixtures("three")
def test_numbers_of_others_are_left_out(session: Session, amsterdam: UUID, company: Principal) -> None:
    (owner,) = {grant.organisation_id for grant in company.grants}
    assert owner is not None
    others, _ = list_owner_rows(session, OwnerSearch(owner), OwnerSort.REFERENCE, TODAY)
    own, _ = list_owner_rows(session, OwnerSearch(amsterdam), OwnerSort.REFERENCE, TODAY)
    codes = [row.public_code for row in (*others, *own)]
    found = find_owner_ids(session, amsterdam, codes)
    assert set(found) == {row.id for row in own}
    named = list_owner_references(session, found)
    assert [reference for _, reference, _ in named] == ["a_1", "b-2", "c-3"]


def test_references_are_in_the_order_in_which_people_count(
    session: Session, officer: Principal, amsterdam: UUID
) -> None:
    context = make_context(officer)
    references = ["CAM-2", "CAM-9b", "CAM-010", "CAM-10", "CAM-100", f"CAM-1{19 * '0'}"]
    for reference in reversed(references):
        register_sensor(session, context, make_record(reference=reference))
    search = OwnerSearch(amsterdam)
    rows, _ = list_owner_rows(session, search, OwnerSort.REFERENCE, TODAY)
    assert [row.reference for row in rows] == references
    listed = list_owner_references(session, list_owner_ids(session, search, TODAY))
    assert [reference for _, reference, _ in listed] == references
