"""One submission as its reviewers and its submitter see it: the versions side by side, and what was said about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.principal import Principal
from app.core.errors import NotFound
from app.core.i18n import LocalizedText
from app.sensors.registration.earlier_attempts import find_restored, find_sent_back
from app.sensors.registration.own_submissions import explain_own_submission
from app.sensors.registration.permissions import may_change, require_visible
from app.sensors.registration.queries import get_published_version, get_version, version_as_request
from app.sensors.registration.remarks import Remark, list_remarks
from app.sensors.registration.review_permissions import (
    find_review_place,
    may_answer,
    may_comment,
    may_review,
)
from app.sensors.registration.review_queue import SubmissionKind
from app.sensors.registration.review_terms import ReviewTerms, find_review_terms
from app.sensors.registration.version_differences import Difference, find_differences
from app.sensors.registration.version_record import SensorVersion
from app.sensors.registration_status import OPEN_STATUSES, REVIEW_STATUSES, RegistrationStatus
from app.sensors.tables.register import sensor_version


@dataclass(frozen=True, slots=True)
class Submission:
    """A registration in review, and the rights of the reader.

    `version` is the current one: under review, or what the review ended with. `published` is the public version
    beside it, None for a sensor that is new; `is_restored` is whether that one was withdrawn before. `sent_back` is
    the version of this review of which changes were asked, None where none were. `differences` are from `published`
    to `version`. `remarks` are those of this review, `earlier_remarks` those of reviews before it; both oldest
    first. `municipality_code` is that of the municipality that reviews, `commenting_codes` are those of the others
    that are touched. `left_to_others` says who decides where the reader is a reviewer of the place and it is the
    reader's own submission.
    """

    version: SensorVersion
    published: SensorVersion | None
    sent_back: SensorVersion | None
    is_restored: bool
    kind: SubmissionKind
    differences: Sequence[Difference]
    remarks: Sequence[Remark]
    earlier_remarks: Sequence[Remark]
    municipality_code: str | None
    commenting_codes: Sequence[str]
    is_under_review: bool
    submitted_at: datetime
    due_on: date
    is_overdue: bool
    comment_due_on: date
    may_decide: bool
    left_to_others: LocalizedText | None
    may_comment: bool
    may_answer: bool
    may_amend: bool


def get_submission(session: Session, principal: Principal, sensor_id: UUID, today: date) -> Submission:
    """The registration with its review, whatever its status. Raises: NotFound, also where it is not visible."""
    version = get_version(session, sensor_id)
    require_visible(principal, version)
    published = _find_published(session, version)
    place = find_review_place(version)
    terms = find_review_terms(session, [place], today)[place] if place else ReviewTerms()
    numbers = find_review_numbers(session, version)
    remarks = list_remarks(session, principal, sensor_id)
    submitted_at = version.recorded_at
    due_on = terms.find_due_day(submitted_at)
    status = version.registration_status
    under_review = status in REVIEW_STATUSES
    is_submitted = status is RegistrationStatus.SUBMITTED
    left_to_others = explain_own_submission(session, principal, version) if is_submitted else None
    return Submission(
        version=version,
        published=published,
        sent_back=find_sent_back(session, version, numbers),
        is_restored=published is None and bool(find_restored(session, [sensor_id])),
        kind=_find_kind(version, published),
        differences=find_differences(version_as_request(published), version_as_request(version))
        if published
        else [],
        remarks=[one for one in remarks if one.version_number in numbers],
        earlier_remarks=[one for one in remarks if one.version_number not in numbers],
        municipality_code=place,
        commenting_codes=[code for code in version.municipality_codes if code != place],
        is_under_review=under_review,
        submitted_at=submitted_at,
        due_on=due_on,
        is_overdue=is_submitted and due_on < today,
        comment_due_on=terms.find_comment_day(submitted_at),
        may_decide=is_submitted and left_to_others is None and may_review(principal, version),
        left_to_others=left_to_others,
        may_comment=under_review and may_comment(principal, version),
        may_answer=under_review and may_answer(principal, version),
        may_amend=under_review
        and may_change(principal, version.owner_id, version.municipality_code, version.municipality_codes),
    )


def find_review_numbers(session: Session, version: SensorVersion) -> frozenset[int]:
    """The numbers of the versions of one review: this one, and the open ones that it replaced, one after another."""
    rows = session.execute(
        select(
            sensor_version.c.number,
            sensor_version.c.registration_status,
            sensor_version.c.recorded_at,
            sensor_version.c.superseded_at,
        ).where(sensor_version.c.sensor_id == version.sensor_id)
    ).all()
    # A confirmation during the review replaces the published version, and no open one.
    replaced = {row.superseded_at: row for row in rows if row.registration_status in OPEN_STATUSES}
    numbers, moment = {version.number}, version.recorded_at
    while (row := replaced.get(moment)) is not None and row.number not in numbers:
        numbers.add(row.number)
        moment = row.recorded_at
    return frozenset(numbers)


def _find_published(session: Session, version: SensorVersion) -> SensorVersion | None:
    if version.registration_status is RegistrationStatus.PUBLISHED:
        return None
    try:
        return get_published_version(session, version.sensor_id)
    except NotFound:
        return None


def _find_kind(version: SensorVersion, published: SensorVersion | None) -> SubmissionKind:
    if published is None:
        return SubmissionKind.NEW
    removes = version.removed_on is not None and published.removed_on is None
    return SubmissionKind.REMOVAL if removes else SubmissionKind.CHANGE
