"""A municipality registers, changes and takes back what moves within it alone, whoever owns it."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from app.access.principal import Principal
from app.core.errors import NotPermitted
from app.core.expected_version import ANY_VERSION
from app.sensors.bulk import revert_import
from app.sensors.registration.actions import amend_sensor, register_sensor
from app.sensors.tables.publication import published_sensor
from tests.support.bulk import import_records, take_records
from tests.support.rule_check import read_features
from tests.support.sensors import make_context, make_record


def make_mobile(owner: UUID, *codes: str, **fields: Any) -> dict[str, Any]:
    return make_record(
        owner=str(owner), mobility="mobile", location=None, operatingArea=list(codes), **fields
    )


def owner_of(company: Principal) -> UUID:
    (grant,) = company.grants
    assert grant.organisation_id is not None
    return grant.organisation_id


def names(session: Session) -> list[str | None]:
    return [feature["properties"].get("name") for feature in read_features(session, published_sensor)]


def test_what_moves_within_is_changed_one_by_one(
    session: Session, officer: Principal, company: Principal
) -> None:
    record = make_mobile(owner_of(company), "GM0363")
    registered = register_sensor(session, make_context(officer), record)
    amended = amend_sensor(
        session, make_context(officer), registered.sensor_id, {"name": "Veegwagen"}, expected=ANY_VERSION
    )
    assert amended.registration_status == "published"
    assert names(session) == ["Veegwagen"]


def test_and_by_a_file_and_taken_back(session: Session, officer: Principal, company: Principal) -> None:
    context, owner = make_context(officer), owner_of(company)
    import_records(session, context, [make_mobile(owner, "GM0363", name="Oud")])
    import_id, applied = import_records(session, context, [make_mobile(owner, "GM0363", name="Nieuw")])
    assert applied.changed == 1
    assert revert_import(session, context, import_id).restored == 1
    assert names(session) == ["Oud"]


def test_what_also_moves_elsewhere_is_its_owners(
    session: Session, officer: Principal, company: Principal
) -> None:
    owner = owner_of(company)
    record = make_mobile(owner, "GM0363", "GM0599")
    registered = register_sensor(session, make_context(company), record)
    with pytest.raises(NotPermitted):
        amend_sensor(
            session,
            make_context(officer),
            registered.sensor_id,
            {"name": "Van een ander"},
            expected=ANY_VERSION,
        )
    taken = take_records(session, make_context(officer), [record | {"name": "Van een ander"}])
    assert {code for _, _, code in taken.named()} == {"not_permitted"}
