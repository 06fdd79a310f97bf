"""Imports of an organisation that is not trusted land in the queue of reviewers, and are decided about as a set."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.access.principal import Principal
from app.core.errors import Conflict
from app.core.expected_version import ANY_VERSION
from app.sensors.bulk import revert_import
from app.sensors.bulk.many_reviews import publish_many, request_changes_of_many
from app.sensors.registration.actions import amend_sensor
from app.sensors.registration.queries import get_version
from app.sensors.registration.review_queue import (
    SubmissionFilter,
    SubmissionKind,
    list_submission_ids,
    list_submissions,
)
from tests.support.bulk import import_records, read_versions
from tests.support.organisations import make_principal
from tests.support.sensors import TODAY, make_context, make_record


@pytest.fixture
def reviewer(session: Session, amsterdam: UUID) -> Principal:
    return make_principal(session, amsterdam, "reviewer")


def make_records(owner: UUID, *references: str, **fields: Any) -> list[dict[str, Any]]:
    return [
        make_record(owner=str(owner), reference=one, placedFrom="2025-01-01", **fields) for one in references
    ]


def owner_of(company: Principal) -> UUID:
    (grant,) = company.grants
    assert grant.organisation_id is not None
    return grant.organisation_id


def find(session: Session, reviewer: Principal) -> list[tuple[str, SubmissionKind]]:
    rows, _ = list_submissions(session, reviewer, SubmissionFilter(), TODAY)
    return sorted((row.reference, row.kind) for row in rows)


def publish_all(session: Session, reviewer: Principal) -> int:
    ids = list_submission_ids(session, reviewer, SubmissionFilter(), TODAY)
    return len(publish_many(session, make_context(reviewer), ids, mail=None).changed)


def test_new_changed_and_ended_sensors_of_a_file_wait_for_review(
    session: Session, company: Principal, reviewer: Principal
) -> None:
    owner, context = owner_of(company), make_context(company)
    import_records(session, context, make_records(owner, "a", "b"))
    assert find(session, reviewer) == [("a", SubmissionKind.NEW), ("b", SubmissionKind.NEW)]
    assert publish_all(session, reviewer) == 2
    import_records(session, context, make_records(owner, "b", "c", name="Anders"), complete_for=owner)
    assert find(session, reviewer) == [
        ("a", SubmissionKind.REMOVAL),
        ("b", SubmissionKind.CHANGE),
        ("c", SubmissionKind.NEW),
    ]
    assert publish_all(session, reviewer) == 3


def test_import_that_was_reviewed_is_not_undone(
    session: Session, company: Principal, reviewer: Principal
) -> None:
    import_id, _ = import_records(session, make_context(company), make_records(owner_of(company), "a"))
    publish_all(session, reviewer)
    with pytest.raises(Conflict):
        revert_import(session, make_context(company), import_id)


def test_undone_changes_that_wait_for_review_leave_what_is_public(
    session: Session, company: Principal, reviewer: Principal
) -> None:
    owner, context = owner_of(company), make_context(company)
    import_records(session, context, make_records(owner, "a", "b", "d"))
    publish_all(session, reviewer)
    waiting = amend_sensor(
        session, context, find_id(session, "d"), {"name": "Voorstel"}, expected=ANY_VERSION
    )
    changed = make_records(owner, "b", "c", "d", name="Anders")
    import_id, applied = import_records(session, context, changed, complete_for=owner)
    assert (applied.new, applied.changed, applied.ended) == (1, 2, 1)
    undone = revert_import(session, context, import_id)
    assert (undone.withdrawn, undone.restored) == (1, 3)
    current = {
        (each.reference, each.registration_status, each.name)
        for each in read_versions(session)
        if each.superseded_at is None
    }
    # The change that waited before the import waits again, and the others are gone.
    assert current == {
        ("a", "published", None), ("b", "published", None), ("c", "withdrawn", "Anders"),
        ("d", "published", None), ("d", "submitted", "Voorstel"),
    }  # fmt: skip
    assert find(session, reviewer) == [("d", SubmissionKind.CHANGE)]
    assert get_version(session, waiting.sensor_id).name == "Voorstel"
    public = session.scalars(text("SELECT reference FROM publication.published_sensor ORDER BY reference"))
    assert list(public) == ["a", "b", "d"]
    # The same file can be sent again, and decided about.
    again, _ = import_records(session, context, changed, complete_for=owner)
    assert [kind for _, kind in find(session, reviewer)] == ["removal", "change", "new", "change"]
    assert again != import_id
    assert publish_all(session, reviewer) == 4


def find_id(session: Session, reference: str) -> UUID:
    statement = text("SELECT id FROM register.sensor WHERE reference = :reference")
    found: UUID = session.execute(statement, {"reference": reference}).scalar_one()
    return found


def test_file_with_the_changes_that_were_asked_submits_again(
    session: Session, company: Principal, reviewer: Principal
) -> None:
    owner, context = owner_of(company), make_context(company)
    import_records(session, context, make_records(owner, "a"))
    ids = list_submission_ids(session, reviewer, SubmissionFilter(), TODAY)
    request_changes_of_many(session, make_context(reviewer), ids, reason="Geef een naam.", mail=None)
    assert find(session, reviewer) == []
    import_records(session, context, make_records(owner, "a", name="Dam"))
    assert find(session, reviewer) == [("a", SubmissionKind.NEW)]
    assert get_version(session, ids[0]).number == 3
