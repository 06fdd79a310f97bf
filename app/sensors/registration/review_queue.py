"""The queue of reviewers: what was submitted in their municipalities, and what they are asked to comment on.

A submission that waits is found by the index of open versions, so that the sensors that are published cost nothing.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    exists,
    false,
    func,
    literal_column,
    not_,
    or_,
    select,
    true,
    tuple_,
)
from sqlalchemy.orm import Session

from app.access.permissions import reviewed_municipalities
from app.access.principal import Principal
from app.core.clock import dutch_date
from app.organisations.queries import list_organisation_names
from app.sensors.registration.own_submissions import Sent, find_own_submissions
from app.sensors.registration.queue_order import QueueOrder, list_order, match_words
from app.sensors.registration.review_permissions import review_place
from app.sensors.registration.review_terms import NEAR_DAYS, ReviewTerms, find_review_terms, start_of_day
from app.sensors.registration_status import RegistrationStatus, has_status, is_published
from app.sensors.tables.register import sensor, sensor_place, sensor_version
from app.sensors.tables.reviews import RemarkKind, ReviewRemark

PAGE_ROWS: Final = 50
"""Submissions on a page of the queue."""

_MAX_AGE_DAYS: Final = 36_500


class QueuePart(StrEnum):
    """Part of the queue, by its name in addresses."""

    REVIEW = "review"
    """To be decided about."""
    COMMENT = "comment"
    """To be decided about by another municipality, which asks for comment that was not given yet."""
    WAITING = "waiting"
    """Sent back: it waits for its submitter."""


class SubmissionKind(StrEnum):
    """Kind of what was submitted."""

    NEW = "new"
    CHANGE = "change"
    REMOVAL = "removal"


@dataclass(frozen=True, slots=True)
class SubmissionFilter:
    """Which submissions of a queue: each condition narrows the list.

    `municipality_code` is one of those that the principal reviews for; without it, all of them. `min_age_days` is the
    least number of days since the submission. `words` are sought in reference, name, registration number and owner.
    """

    part: QueuePart = QueuePart.REVIEW
    municipality_code: str | None = None
    sensor_type: str | None = None
    owner_id: UUID | None = None
    kind: SubmissionKind | None = None
    is_late: bool | None = None
    min_age_days: int | None = None
    is_overdue: bool | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class SubmissionRow:
    """One submission in the queue. `municipality_code` is that of the municipality that reviews.

    `due_on` is the last day of the term, `comment_due_on` that until which the reviewer waits for comments.
    `is_own` is whether the principal sent it, or registers for its owner, and so leaves the decision to others.
    """

    sensor_id: UUID
    version_id: UUID
    version_number: int
    public_code: str
    reference: str
    name: str | None
    sensor_type: str
    owner_id: UUID
    owner: str
    municipality_code: str
    municipality_codes: Sequence[str]
    status: RegistrationStatus
    kind: SubmissionKind
    submitted_at: datetime
    age_days: int
    due_on: date
    is_overdue: bool
    comment_due_on: date
    is_late: bool
    placed_from: date
    removed_on: date | None
    warnings: int
    is_own: bool


@dataclass(frozen=True, slots=True)
class QueueCounts:
    """How many submissions wait for a decision, with a term near or past, for comment, or for submitters."""

    review: int
    near: int
    overdue: int
    comment: int
    waiting: int


_published = sensor_version.alias("published")
# Looked up for each version under review: the planner, which has no statistics of the place of review, would begin with
# the places of all sensors.
_place = (
    select(sensor_place.c.municipality_code, sensor_place.c.municipality_codes)
    .where(sensor_place.c.version_id == sensor_version.c.id)
    .offset(literal_column("0"))
    .lateral("place")
)
_PLACE: Final = review_place(_place)


def _is_found(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether a published version of the sensor meets these conditions.

    It is a subquery for each row: by EXISTS the planner would read every published version once.
    """
    found = select(_published.c.id).where(
        _published.c.sensor_id == sensor_version.c.sensor_id, is_published(_published), *conditions
    )
    return found.limit(literal_column("1")).scalar_subquery().is_not(None)


_HAS_PUBLISHED: Final = _is_found()
_REMOVES: Final = and_(sensor_version.c.removed_on.is_not(None), _is_found(_published.c.removed_on.is_(None)))
_KINDS: Final[dict[SubmissionKind, ColumnElement[bool]]] = {
    SubmissionKind.NEW: not_(_HAS_PUBLISHED),
    SubmissionKind.REMOVAL: _REMOVES,
    SubmissionKind.CHANGE: and_(_HAS_PUBLISHED, not_(_REMOVES)),
}


def list_submissions(  # noqa: PLR0913 - which, for whom, and which page of them
    session: Session,
    principal: Principal,
    search: SubmissionFilter,
    today: date,
    *,
    order: QueueOrder = QueueOrder.OLDEST,
    page: int = 1,
    after: UUID | None = None,
    limit: int = PAGE_ROWS,
) -> tuple[list[SubmissionRow], int]:
    """One page of the queue, from 1, in this order, and the number of submissions that the filter finds.

    `after` begins after the version with this id instead; a version that was decided about still marks its place.
    """
    terms = _find_terms(session, principal, search, today, is_sorted=order is QueueOrder.DUE)
    conditions = _list_conditions(session, principal, search, today, terms)
    version = sensor_version.c
    of_comment = search.part is QueuePart.COMMENT
    days = {code: one.comment_days if of_comment else one.review_days for code, one in terms.items()}
    sorted_by = list_order(order, sensor_version, _PLACE, days)
    statement = (
        _select(
            version.sensor_id,
            version.id.label("version_id"),
            version.number,
            sensor.c.public_code,
            version.reference,
            version.name,
            version.sensor_type,
            version.owner_id,
            _PLACE.label("place"),
            _place.c.municipality_codes,
            version.registration_status,
            _HAS_PUBLISHED.label("has_published"),
            _REMOVES.label("removes"),
            version.recorded_at,
            version.notified_late,
            version.placed_from,
            version.removed_on,
            func.jsonb_array_length(version.warnings).label("warnings"),
            version.import_id,
        )
        .join(sensor, sensor.c.id == version.sensor_id)
        .where(*conditions)
        .order_by(*sorted_by)
        .limit(limit)
    )
    if after is not None:
        marked = sensor_version.alias("marked")
        place = sensor_place.alias("marked_place")
        start = (
            select(*list_order(order, marked, review_place(place), days))
            .select_from(marked.join(place, place.c.version_id == marked.c.id))
            .where(marked.c.id == after)
        )
        statement = statement.where(tuple_(*sorted_by) > start.scalar_subquery())
    else:
        statement = statement.offset((page - 1) * limit)
    total = session.scalar(_select(func.count()).where(*conditions)) or 0
    rows = session.execute(statement).all()
    owners = list_organisation_names(session, {row.owner_id for row in rows})
    found = find_review_terms(session, {row.place for row in rows}, today)
    own = find_own_submissions(
        session, principal, [Sent(row.sensor_id, row.owner_id, row.import_id) for row in rows]
    )
    return [
        _make_row(row, owners[row.owner_id], found[row.place], today, is_own=row.sensor_id in own)
        for row in rows
    ], total


def list_submission_ids(
    session: Session, principal: Principal, search: SubmissionFilter, today: date
) -> Sequence[UUID]:
    """The ids of every sensor of which the filter finds the submission."""
    terms = _find_terms(session, principal, search, today)
    conditions = _list_conditions(session, principal, search, today, terms)
    return session.scalars(
        _select(sensor_version.c.sensor_id).where(*conditions).order_by(sensor_version.c.sensor_id)
    ).all()


def find_submission_ids(
    session: Session, principal: Principal, public_codes: Collection[str]
) -> Sequence[UUID]:
    """The ids of the sensors with these registration numbers that the principal reviews, or has just reviewed."""
    codes = sorted(reviewed_municipalities(principal))
    return session.scalars(
        _select(sensor_version.c.sensor_id)
        .join(sensor, sensor.c.id == sensor_version.c.sensor_id)
        .where(
            sensor.c.public_code.in_(public_codes),
            sensor_version.c.superseded_at.is_(None),
            _PLACE.in_(codes),
        )
        .distinct()
        .order_by(sensor_version.c.sensor_id)
    ).all()


def count_submissions(
    session: Session, principal: Principal, today: date, municipality_code: str | None = None
) -> QueueCounts:
    """How many submissions are in each part of the queue."""

    def count(search: SubmissionFilter, *more: ColumnElement[bool]) -> int:
        conditions = _list_conditions(session, principal, search, today, terms)
        return session.scalar(_select(func.count()).where(*conditions, *more)) or 0

    of_review = SubmissionFilter(municipality_code=municipality_code)
    terms = _find_terms(session, principal, of_review, today)
    near = _is_due_before(today + timedelta(days=NEAR_DAYS + 1), terms)
    return QueueCounts(
        review=count(of_review),
        near=count(of_review, near, not_(_is_due_before(today, terms))),
        overdue=count(SubmissionFilter(municipality_code=municipality_code, is_overdue=True)),
        comment=count(SubmissionFilter(QueuePart.COMMENT, municipality_code)),
        waiting=count(SubmissionFilter(QueuePart.WAITING, municipality_code)),
    )


def _choose_codes(principal: Principal, search: SubmissionFilter) -> list[str]:
    codes = reviewed_municipalities(principal)
    return sorted(codes if search.municipality_code is None else codes & {search.municipality_code})


def _find_terms(
    session: Session, principal: Principal, search: SubmissionFilter, today: date, *, is_sorted: bool = False
) -> dict[str, ReviewTerms]:
    codes = _choose_codes(principal, search)
    if search.part is QueuePart.COMMENT and (is_sorted or search.is_overdue is not None):
        # Others decide, within terms of their own.
        places = _select(_PLACE).where(
            *_list_conditions(session, principal, replace(search, is_overdue=None), today, {})
        )
        codes = list(session.scalars(places.distinct()))
    return dict(find_review_terms(session, codes, today))


def _select(*columns: Any) -> Select[Any]:
    return select(*columns).select_from(sensor_version).join(_place, true())


def _list_conditions(
    session: Session,
    principal: Principal,
    search: SubmissionFilter,
    today: date,
    terms: dict[str, ReviewTerms],
) -> list[ColumnElement[bool]]:
    version, codes = sensor_version.c, _choose_codes(principal, search)
    is_waiting = search.part is QueuePart.WAITING
    status = RegistrationStatus.CHANGES_REQUESTED if is_waiting else RegistrationStatus.SUBMITTED
    conditions = [has_status(sensor_version, status)]
    if search.part is QueuePart.COMMENT:
        conditions += [_place.c.municipality_codes.overlap(codes), _PLACE.not_in(codes)]
        conditions.append(not_(_is_commented_by(principal)))
    else:
        conditions.append(_PLACE.in_(codes))
    if search.sensor_type is not None:
        conditions.append(version.sensor_type == search.sensor_type)
    if search.owner_id is not None:
        conditions.append(version.owner_id == search.owner_id)
    if search.kind is not None:
        conditions.append(_KINDS[search.kind])
    if search.is_late is not None:
        conditions.append(version.notified_late.is_(search.is_late))
    if search.min_age_days is not None:
        days = min(search.min_age_days, _MAX_AGE_DAYS) - 1
        conditions.append(version.recorded_at < start_of_day(today - timedelta(days=days)))
    if search.is_overdue is not None:
        overdue = _is_due_before(today, terms)
        conditions.append(overdue if search.is_overdue else not_(overdue))
    return [*conditions, *match_words(session, search.words)]


def _is_commented_by(principal: Principal) -> ColumnElement[bool]:
    mine = [grant.organisation_id for grant in principal.grants if grant.role == "reviewer"]
    return exists().where(
        ReviewRemark.sensor_id == sensor_version.c.sensor_id,
        ReviewRemark.version_number == sensor_version.c.number,
        ReviewRemark.kind == RemarkKind.COMMENT,
        ReviewRemark.organisation_id.in_(mine),
    )


def _is_due_before(day: date, terms: dict[str, ReviewTerms]) -> ColumnElement[bool]:
    """Whether the last day of the term is before a day; the term is that of the municipality that reviews."""
    return or_(
        *(
            and_(
                _PLACE.in_([code]),
                sensor_version.c.recorded_at < start_of_day(day - timedelta(days=term.review_days)),
            )
            for code, term in terms.items()
        ),
        false(),
    )


def _make_row(row: Any, owner: str, terms: ReviewTerms, today: date, *, is_own: bool) -> SubmissionRow:
    due_on = terms.find_due_day(row.recorded_at)
    kind = SubmissionKind.CHANGE if row.has_published else SubmissionKind.NEW
    return SubmissionRow(
        sensor_id=row.sensor_id,
        version_id=row.version_id,
        version_number=row.number,
        public_code=row.public_code,
        reference=row.reference,
        name=row.name,
        sensor_type=row.sensor_type,
        owner_id=row.owner_id,
        owner=owner,
        municipality_code=row.place,
        municipality_codes=row.municipality_codes,
        status=RegistrationStatus(row.registration_status),
        kind=SubmissionKind.REMOVAL if row.removes else kind,
        submitted_at=row.recorded_at,
        age_days=(today - dutch_date(row.recorded_at)).days,
        due_on=due_on,
        is_overdue=due_on < today,
        comment_due_on=terms.find_comment_day(row.recorded_at),
        is_late=row.notified_late,
        placed_from=row.placed_from,
        removed_on=row.removed_on,
        warnings=row.warnings,
        is_own=is_own,
    )
