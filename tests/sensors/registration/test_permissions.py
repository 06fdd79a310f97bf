"""Permissions of a municipality for sensors that move inside it alone, for any owner; in Python and in SQL."""

from itertools import product
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.access.permissions import edited_municipalities, edited_organisations
from app.access.principal import Principal
from app.core.errors import NotPermitted
from app.core.expected_version import ANY_VERSION
from app.sensors.bulk import revert_import
from app.sensors.registration.actions import amend_sensor, register_sensor
from app.sensors.registration.permissions import may_change, may_change_sql
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


def test_sensor_that_moves_inside_the_municipality_can_be_amended(
    session: Session, officer: Principal, company: Principal
) -> None:
    record = make_mobile(owner_of(company), "GM0363")
    registered = register_sensor(session, make_context(officer), record)
    amended = amend_sensor(
        session, make_context(officer), registered.sensor_id, {"name": "Veegwagen"}, expected=ANY_VERSION
    )
    assert amended.registration_status == "published"
    assert names(session) == ["Veegwagen"]


def test_sensor_that_moves_inside_the_municipality_can_be_imported_and_restored(
    session: Session, officer: Principal, company: Principal
) -> None:
    context, owner = make_context(officer), owner_of(company)
    import_records(session, context, [make_mobile(owner, "GM0363", name="Oud")])
    import_id, applied = import_records(session, context, [make_mobile(owner, "GM0363", name="Nieuw")])
    assert applied.changed == 1
    assert revert_import(session, context, import_id).restored == 1
    assert names(session) == ["Oud"]


def test_sensor_that_also_moves_elsewhere_is_refused_to_the_municipality(
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


def test_may_change_parity_with_may_change_sql(
    session: Session, officer: Principal, company: Principal, amsterdam: UUID
) -> None:
    statement = text(f"""
        SELECT {may_change_sql("version.owner_id", "place")}
        FROM (SELECT CAST(:owner AS uuid) AS owner_id) AS version
        CROSS JOIN (
            SELECT CAST(:code AS text) AS municipality_code, CAST(:codes AS text[]) AS municipality_codes
        ) AS place
    """)
    owners = (amsterdam, owner_of(company), uuid4())
    places: list[tuple[str | None, list[str]]] = [
        (code, codes)
        for code in (None, "GM0363", "GM0599")
        for codes in ([], ["GM0363"], ["GM0599"], ["GM0363", "GM0599"])
    ]
    outcomes = set()
    for principal, owner, (code, codes) in product((officer, company), owners, places):
        values = {
            "owner": owner,
            "code": code,
            "codes": codes,
            "organisations": list(edited_organisations(principal)),
            "municipalities": list(edited_municipalities(principal)),
        }
        expected = may_change(principal, owner, code, codes)
        assert session.scalar(statement, values) is expected, (principal.name, owner, code, codes)
        outcomes.add(expected)
    assert outcomes == {True, False}
