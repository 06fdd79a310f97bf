"""One by one or all at once: the same rules, the same versions, the same publication."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.access.principal import Principal
from app.core.errors import InvalidRequest
from app.core.expected_version import ANY_VERSION
from app.sensors.registration.actions import amend_sensor, register_sensor
from tests.support.bulk import import_records, read_versions, take_records
from tests.support.record_variants import PATCHES, RECORDS, UNSOUND, as_shapes
from tests.support.rule_check import check_wording, read_features
from tests.support.sensors import make_camera, make_context, make_record

NEW_EACH_TIME = {
    "id", "sensor_id", "recorded_at", "published_at", "superseded_at", "import_id", "public_code", "registered_at",
}  # fmt: skip
NEW_IN_PUBLIC = {"publicCode", "updatedAt", "registeredAt"}


def read_stored(session: Session) -> list[dict[str, Any]]:
    """Every version without the values that differ each time; near-duplicates without the name of the other."""
    stored = []
    for version in read_versions(session):
        values = {name: value for name, value in asdict(version).items() if name not in NEW_EACH_TIME}
        values["is_published"], values["is_current"] = (
            version.published_at is not None,
            version.superseded_at is None,
        )
        values["warnings"] = [
            warning["code"] if warning["code"] == "near_duplicate" else warning
            for warning in values["warnings"]
        ]
        stored.append(values)
    return stored


def read_public(session: Session) -> list[dict[str, Any]]:
    """Every public version without the values that differ each time."""
    told = [
        feature
        | {
            "id": None,
            "properties": {k: v for k, v in feature["properties"].items() if k not in NEW_IN_PUBLIC},
        }
        for feature in read_features(session)
    ]
    return sorted(told, key=lambda feature: (feature["properties"]["reference"] or "", str(feature)))


def name_records(records: dict[str, dict[str, Any]], owner: UUID, **more: Any) -> list[dict[str, Any]]:
    return [{**record, "reference": name, "owner": str(owner), **more} for name, record in records.items()]


@pytest.fixture(
    params=[
        "municipality",
        pytest.param("company", marks=pytest.mark.slow),
        pytest.param("on behalf", marks=pytest.mark.slow),
    ]
)
def registrar(
    request: pytest.FixtureRequest, session: Session, officer: Principal, company: Principal, amsterdam: UUID
) -> tuple[Principal, UUID]:
    """The principal who registers, and the owner."""
    (grant,) = company.grants
    assert grant.organisation_id
    return {
        "municipality": (officer, amsterdam),
        "company": (company, grant.organisation_id),
        "on behalf": (officer, grant.organisation_id),
    }[request.param]


def test_register_sensor_parity_with_bulk_import(session: Session, registrar: tuple[Principal, UUID]) -> None:
    principal, owner = registrar
    context = make_context(principal)
    records = name_records(choose_records(principal, owner), owner)

    alone = session.begin_nested()
    for record in records:
        register_sensor(session, context, record)
    stored, public = read_stored(session), read_public(session)
    alone.rollback()
    import_records(session, context, [as_shapes(record) for record in records])

    assert read_stored(session) == stored
    assert read_public(session) == public


OUTSIDE = ("far", "named-area")
"""For others a municipality registers inside its boundary alone."""


def choose_records(principal: Principal, owner: UUID) -> dict[str, dict[str, Any]]:
    """Those that this principal may register for this owner."""
    return {
        name: record for name, record in RECORDS.items() if is_own(principal, owner) or name not in OUTSIDE
    }


def is_own(principal: Principal, owner: UUID) -> bool:
    return any(grant.organisation_id == owner for grant in principal.grants)


def test_amend_sensor_parity_with_bulk_import(session: Session, registrar: tuple[Principal, UUID]) -> None:
    principal, owner = registrar
    context = make_context(principal)
    sensors = {
        record["reference"]: register_sensor(session, context, record).sensor_id
        for record in name_records(choose_records(principal, owner), owner)
    }
    changeable = choose_records(principal, owner).keys() - (
        set() if is_own(principal, owner) else {"drawn-area"}
    )
    patches = {name: patch for name, patch in PATCHES.items() if name in changeable}

    alone = session.begin_nested()
    for name, patch in patches.items():
        amend_sensor(session, context, sensors[name], patch, expected=ANY_VERSION)
    stored, public = read_stored(session), read_public(session)
    alone.rollback()
    import_records(session, context, [as_shapes(record) for record in name_records(patches, owner)])

    assert read_stored(session) == stored
    assert read_public(session) == public


STRANGELY_NAMED = ("strange-lists", "too-long", "contact-as-reference", "address-as-reference")


def test_problems_parity_with_bulk_import(session: Session, officer: Principal, amsterdam: UUID) -> None:
    records = [
        record | {"owner": str(amsterdam)} | ({} if name in STRANGELY_NAMED else {"reference": name})
        for name, record in UNSOUND.items()
    ]
    taken = take_records(session, make_context(officer), records, batch=5)

    for key, record in enumerate(records):
        with pytest.raises(InvalidRequest) as refused:
            register_sensor(session, make_context(officer), record)
        assert set(map(repr, taken.problems[key])) == set(map(repr, refused.value.problems)), record
        check_wording(taken.problems[key])
    assert taken.classification.refused == len(records)


VALUES: dict[str, list[Any]] = {
    name: list({repr(value): value for record in (*RECORDS.values(), *UNSOUND.values()) if name in record
                for value in (record[name], None)}.values())
    for name in {name for record in (*RECORDS.values(), *UNSOUND.values()) for name in record}
}  # fmt: skip


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.sampled_from([make_record(), make_camera()]),
            st.dictionaries(st.sampled_from(sorted(VALUES)), st.integers(0, 100), max_size=8),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_any_record_is_judged_alike_by_bulk_import(
    session: Session, officer: Principal, amsterdam: UUID, said: list[tuple[dict[str, Any], dict[str, int]]]
) -> None:
    """Any mixture of right and wrong answers has the same problems at once as by itself."""
    records = [
        record
        | {name: VALUES[name][index % len(VALUES[name])] for name, index in changes.items()}
        | {"owner": str(amsterdam), "reference": f"r-{key}"}
        for key, (record, changes) in enumerate(said)
    ]
    taken = take_records(session, make_context(officer), records, batch=2)
    for key, record in enumerate(records):
        nested = session.begin_nested()
        try:
            register_sensor(session, make_context(officer), record)
            problems: set[str] = set()
        except InvalidRequest as refused:
            problems = set(map(repr, refused.problems))
        nested.rollback()
        assert set(map(repr, taken.problems.get(key, ()))) == problems
