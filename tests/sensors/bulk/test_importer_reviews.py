"""Imports of an organisation that is not trusted land in the queue of reviewers, and are decided about as a set."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from app.access.principal import Principal
from app.core.errors import Conflict
from app.sensors.bulk import revert_import
from app.sensors.bulk.many_reviews import publish_many, request_changes_of_many
from app.sensors.registration.queries import get_version
from app.sensors.registration.review_queue import (
    SubmissionFilter,
    SubmissionKind,
    list_submission_ids,
    list_submissions,
)
from tests.support.bulk import import_records
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
