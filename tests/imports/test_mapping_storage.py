"""Mappings that an organisation stores under a name."""

from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.core.errors import InvalidRequest
from app.imports import mapping_storage
from app.imports.mapping_storage import (
    delete_saved,
    get_mapping,
    list_mappings,
    list_saved,
    store_mapping,
)
from app.imports.tables import StoredMapping
from app.records.layouts import HeadingMapping

MAPPING = HeadingMapping({"nr": ("reference",), "wijk": ()}, {"mobility": "fixed"}, name="Camera's")


def test_mapping_is_stored_changed_and_deleted(session: Session, amsterdam: UUID, company: UUID) -> None:
    store_mapping(session, amsterdam, MAPPING)
    changed = replace(MAPPING, sheet="Blad1")
    store_mapping(session, amsterdam, changed)
    assert list_mappings(session, amsterdam) == [changed]
    assert list_mappings(session, company) == []
    assert get_mapping(session, amsterdam, "Camera's") == changed
    (stored,) = list_saved(session, [amsterdam, company])
    delete_saved(session, stored, principal_id=None)
    assert list_mappings(session, amsterdam) == []


def test_mapping_of_another_organisation_is_not_found(
    session: Session, amsterdam: UUID, company: UUID
) -> None:
    store_mapping(session, amsterdam, MAPPING)
    with pytest.raises(InvalidRequest) as raised:
        get_mapping(session, company, "Camera's")
    assert "suggestion" not in raised.value.problems[0].detail.en


@pytest.mark.parametrize("name", ["", " ", "x" * 81, "a\x07b", None])
def test_mapping_needs_a_name(session: Session, amsterdam: UUID, name: str | None) -> None:
    with pytest.raises(InvalidRequest):
        store_mapping(session, amsterdam, replace(MAPPING, name=name))


def test_organisation_has_a_limited_number_of_mappings(
    session: Session, amsterdam: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mapping_storage, "MAX_MAPPINGS", 1)
    store_mapping(session, amsterdam, MAPPING)
    store_mapping(session, amsterdam, MAPPING)
    with pytest.raises(InvalidRequest):
        store_mapping(session, amsterdam, replace(MAPPING, name="Meters"))


def test_mapping_with_a_field_that_no_longer_exists_is_left_out(session: Session, amsterdam: UUID) -> None:
    store_mapping(session, amsterdam, MAPPING)
    session.execute(update(StoredMapping).values(document={"columns": {"nr": "reference", "x": "gone"}}))
    assert list_mappings(session, amsterdam) == []
