"""The conversation in a review: comments of municipalities, answers of the owner, and submitting again.

A comment never blocks a decision. Source: decision 0080.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.context import ActionContext
from app.core.errors import Conflict, InvalidRequest
from app.core.expected_version import ExpectedVersion, check_expected_version
from app.sensors.registration.lifecycle import Action
from app.sensors.registration.permissions import publishes_at_once, require_changeable
from app.sensors.registration.queries import get_version, lock_sensor
from app.sensors.registration.remarks import FieldRemark, find_remark_problems, write_remarks
from app.sensors.registration.review import describe_decision
from app.sensors.registration.review_mail import MailSite, ReviewedSensor, ReviewEvent, post_review_mail
from app.sensors.registration.review_permissions import (
    find_reviewing_organisation,
    require_answerer,
    require_commenter,
)
from app.sensors.registration.version_record import SensorVersion
from app.sensors.registration.versions import copy_columns, write_version
from app.sensors.registration_status import REVIEW_STATUSES, RegistrationStatus
from app.sensors.tables.reviews import RemarkKind


def comment_on_submission(
    session: Session,
    context: ActionContext,
    sensor_id: UUID,
    comments: Sequence[FieldRemark],
    *,
    mail: MailSite | None,
) -> SensorVersion:
    """Comment on what is under review, as a reviewer of any municipality that it touches; returns that version.

    Raises: InvalidRequest with all problems; NotFound; NotPermitted; Conflict where nothing is under review.
    """
    lock_sensor(session, sensor_id)
    version = get_version(session, sensor_id)
    require_commenter(context.principal, version)
    _require_under_review(session, context, version)
    _require_texts(comments)
    organisation_id = find_reviewing_organisation(context.principal, version)
    if organisation_id is not None:
        write_remarks(
            session,
            context,
            sensor_id,
            version.number,
            RemarkKind.COMMENT,
            comments,
            organisation_id=organisation_id,
        )
        post_review_mail(
            session,
            mail,
            ReviewEvent.COMMENTED,
            [ReviewedSensor.of(version)],
            organisation_id=organisation_id,
            remarks=comments,
        )
    return version


def answer_remarks(
    session: Session, context: ActionContext, sensor_id: UUID, answers: Sequence[FieldRemark]
) -> SensorVersion:
    """Answer remarks, as an editor of the owner; returns the version under review.

    Raises: as `comment_on_submission`.
    """
    lock_sensor(session, sensor_id)
    version = get_version(session, sensor_id)
    require_answerer(context.principal, version)
    _require_under_review(session, context, version)
    _require_texts(answers)
    _write_answers(session, context, version, answers)
    return version


def resubmit_sensor(
    session: Session,
    context: ActionContext,
    sensor_id: UUID,
    *,
    answers: Sequence[FieldRemark] = (),
    expected: ExpectedVersion | None,
) -> SensorVersion:
    """Submit again, without a change, what changes were asked of; the answers say why it is right as it is.

    To submit it with changes, amend it. Raises: as `comment_on_submission`; PreconditionRequired; PreconditionFailed.
    """
    if answers:
        _require_texts(answers)
    lock_sensor(session, sensor_id)
    previous = get_version(session, sensor_id)
    require_changeable(context.principal, previous)
    if previous.registration_status is not RegistrationStatus.CHANGES_REQUESTED:
        raise Conflict(describe_decision(session, context, sensor_id))
    check_expected_version(expected, previous.number)
    columns = copy_columns(previous)
    at_once = publishes_at_once(session, context.principal, previous.municipality_code, columns)
    columns["registration_status"] = RegistrationStatus.PUBLISHED if at_once else RegistrationStatus.SUBMITTED
    version = write_version(
        session, context, sensor_id, columns, action=Action.SUBMIT, current=previous.registration_status
    )
    if answers:
        require_answerer(context.principal, previous)
        _write_answers(session, context, version, answers)
    return version


def write_replies(
    session: Session, context: ActionContext, version: SensorVersion, replies: Sequence[FieldRemark]
) -> None:
    """Store the answers that came along with a new version, which may be public already.

    Raises: InvalidRequest with all problems of the texts; NotFound; NotPermitted.
    """
    require_answerer(context.principal, version)
    _require_texts(replies)
    _write_answers(session, context, version, replies)


def _write_answers(
    session: Session, context: ActionContext, version: SensorVersion, answers: Sequence[FieldRemark]
) -> None:
    write_remarks(
        session,
        context,
        version.sensor_id,
        version.number,
        RemarkKind.ANSWER,
        answers,
        organisation_id=version.owner_id,
    )


def _require_texts(remarks: Sequence[FieldRemark]) -> None:
    if problems := find_remark_problems(remarks or [FieldRemark("")]):
        raise InvalidRequest(problems=problems)


def _require_under_review(session: Session, context: ActionContext, version: SensorVersion) -> None:
    if version.registration_status not in REVIEW_STATUSES:
        raise Conflict(describe_decision(session, context, version.sensor_id))
