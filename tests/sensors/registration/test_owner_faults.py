"""Gaps and doubts of an owner's registrations: counted, listed and searched alike."""

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.access.permissions import edited_organisations
from app.access.principal import Principal
from app.core.expected_version import ANY_VERSION
from app.sensors.registration.actions import register_sensor, remove_sensor
from app.sensors.registration.owner_faults import Fault, FaultKind, count_faults, list_faults
from app.sensors.registration.owner_list import OwnerSearch, list_owner_ids
from app.sensors.tables.register import sensor_version
from tests.support.sensors import TODAY, make_camera, make_context, make_record


def test_counts_lists_and_searches_agree(session: Session, officer: Principal, company: Principal) -> None:
    (owner,) = edited_organisations(officer)
    context = make_context(officer)
    register_sensor(
        session, context, make_record(reference="vol", summary="Meet geluid.", placedFrom="2025-01-01")
    )
    blind = make_camera(reference="blind", viewAngleDeg=None, placedFrom="2025-01-01")
    register_sensor(session, context, blind)
    gone = register_sensor(session, context, make_record(reference="weg", placedFrom="2025-01-01"))
    remove_sensor(session, context, gone.sensor_id, {}, expected=ANY_VERSION)
    register_sensor(session, make_context(company), make_record(reference="van-een-ander"))
    # A former register may lack what is mandatory now.
    session.execute(
        update(sensor_version).where(sensor_version.c.reference == "blind").values(legal_basis_text=None)
    )
    counts = {one.fault: one.sensors for one in count_faults(session, owner)}
    assert counts[Fault(FaultKind.EMPTY, "summary")] == 1
    assert counts[Fault(FaultKind.EMPTY, "moreInfoUrl")] == 2
    assert counts[Fault(FaultKind.EMPTY, "legalBasisText")] == 1
    assert Fault(FaultKind.EMPTY, "gdprBases") not in counts
    warned = [one for one in count_faults(session, owner) if one.fault.kind is FaultKind.WARNING]
    assert ("viewDirectionDeg", "field_of_view_unknown") in {
        (one.fault.field, one.fault.code) for one in warned
    }
    assert all(one.example and one.example.nl for one in warned)
    listed = list_faults(session, owner)
    for fault, count in counts.items():
        assert sum(row.fault == fault for row in listed) == count
        assert len(list_owner_ids(session, OwnerSearch(owner, fault=fault), TODAY)) == count
        assert Fault.parse(fault.write()) == fault


@pytest.mark.parametrize(
    "given", ["", "empty", "empty.reference", "empty.summary.x", "warning.summary", "link.x", "link.summary"]
)
def test_other_texts_are_no_fault(given: str) -> None:
    assert Fault.parse(given) is None
