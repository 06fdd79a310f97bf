"""Decisions about a submission by a reviewer of the place: publish it, ask for changes, or reject it.

Each is one transaction and writes one version. Of two reviewers at once the first decides;
the other gets a conflict that names who did.
Source: decision 0080.
"""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.access.context import ActionContext
from app.access.erasure import read_name
from app.access.queries import read_grants
from app.audit.queries import list_entries
from app.core.errors import Conflict, InvalidRequest, NotFound
from app.core.expected_version import ExpectedVersion, check_expected_version
from app.core.formatting import format_datetime
from app.core.i18n import LocalizedText
from app.core.problems import Problem, ProblemCode
from app.sensors.registration.lifecycle import Action
from app.sensors.registration.own_submissions import require_not_own
from app.sensors.registration.queries import get_published_version, get_version, lock_sensor
from app.sensors.registration.remarks import (
    FieldRemark,
    find_remark_problems,
    find_text_problem,
    write_remarks,
)
from app.sensors.registration.review_mail import MailSite, ReviewedSensor, ReviewEvent, post_review_mail
from app.sensors.registration.review_permissions import find_reviewing_organisation, require_reviewer
from app.sensors.registration.version_record import SensorVersion
from app.sensors.registration.versions import copy_columns, write_version
from app.sensors.registration_status import RegistrationStatus
from app.sensors.tables.reviews import RemarkKind

_NOTHING_SUBMITTED = LocalizedText(
    "Deze registratie ligt niet ter beoordeling.", "This registration is not submitted for review."
)

_DONE: Final = {
    f"{Action.PUBLISH}_sensor": LocalizedText("gepubliceerd", "published this registration"),
    f"{Action.REJECT}_sensor": LocalizedText("afgewezen", "rejected this registration"),
    f"{Action.REQUEST_CHANGES}_sensor": LocalizedText(
        "teruggestuurd om te wijzigen", "requested changes of this registration"
    ),
    f"{Action.AMEND}_sensor": LocalizedText(
        "gewijzigd en gepubliceerd", "changed and published this registration"
    ),
    f"{Action.REMOVE}_sensor": LocalizedText("als verwijderd gemeld", "reported this sensor removed"),
    f"{Action.WITHDRAW}_sensor": LocalizedText("ingetrokken", "withdrew this registration"),
}

# A reference that someone else has taken meanwhile stays theirs; the sensor then keeps the one that was rejected.
_RESTORE_IDENTITY: Final = """
UPDATE register.sensor SET owner_id = published.owner_id, reference = published.reference
FROM register.sensor_version AS published
WHERE sensor.id = ANY(CAST(:ids AS uuid[])) AND published.sensor_id = sensor.id
    AND published.superseded_at IS NULL AND published.registration_status = 'published'
    AND (sensor.owner_id, sensor.reference) IS DISTINCT FROM (published.owner_id, published.reference)
    AND NOT EXISTS (
        SELECT FROM register.sensor AS other
        WHERE other.owner_id = published.owner_id AND other.reference = published.reference)
"""


def publish_submission(
    session: Session,
    context: ActionContext,
    sensor_id: UUID,
    *,
    expected: ExpectedVersion | None,
    mail: MailSite | None,
) -> SensorVersion:
    """Publish what was submitted: a new sensor, a change or a removal. The version it replaces is superseded.

    Raises: NotFound; NotPermitted; Conflict, with who decided already; PreconditionRequired and PreconditionFailed.
    """
    submitted = _lock_submission(session, context, sensor_id, expected)
    columns = copy_columns(submitted) | _find_confirmation(session, submitted)
    version = _decide(session, context, submitted, columns, Action.PUBLISH, RegistrationStatus.PUBLISHED)
    _post(session, context, mail, ReviewEvent.PUBLISHED, submitted, ())
    return version


def request_changes(  # noqa: PLR0913 - of which version, by whom and why
    session: Session,
    context: ActionContext,
    sensor_id: UUID,
    *,
    remarks: Sequence[FieldRemark] = (),
    reason: str = "",
    expected: ExpectedVersion | None,
    mail: MailSite | None,
) -> SensorVersion:
    """Ask the submitter for changes, with remarks at fields, a reason for the whole, or both.

    Raises: as `publish_submission`; InvalidRequest with all problems of the texts.
    """
    submitted = _lock_submission(session, context, sensor_id, expected)
    asked = check_decision_texts(remarks, reason, reason_required=not remarks)
    version = _decide(
        session,
        context,
        submitted,
        copy_columns(submitted),
        Action.REQUEST_CHANGES,
        RegistrationStatus.CHANGES_REQUESTED,
    )
    _write(session, context, submitted, RemarkKind.CHANGE_REQUEST, asked)
    _post(session, context, mail, ReviewEvent.CHANGES_REQUESTED, submitted, asked)
    return version


def reject_submission(  # noqa: PLR0913 - of which version, by whom and why
    session: Session,
    context: ActionContext,
    sensor_id: UUID,
    *,
    reason: str,
    remarks: Sequence[FieldRemark] = (),
    expected: ExpectedVersion | None,
    mail: MailSite | None,
) -> SensorVersion:
    """Reject what was submitted, with a reason. A version that is public stays public.

    Raises: as `request_changes`.
    """
    submitted = _lock_submission(session, context, sensor_id, expected)
    given = check_decision_texts(remarks, reason, reason_required=True)
    version = _decide(
        session, context, submitted, copy_columns(submitted), Action.REJECT, RegistrationStatus.REJECTED
    )
    restore_identities(session, [sensor_id])
    _write(session, context, submitted, RemarkKind.REJECTION, given)
    _post(session, context, mail, ReviewEvent.REJECTED, submitted, given)
    return version


def check_decision_texts(
    remarks: Sequence[FieldRemark], reason: str, *, reason_required: bool
) -> list[FieldRemark]:
    """The remarks of a decision, its reason first. Raises: InvalidRequest with every problem."""
    problems = find_remark_problems(remarks)
    if reason.strip() and (problem := find_text_problem(reason, "/reason")) is not None:
        problems.append(problem)
    if reason_required and not reason.strip():
        detail = LocalizedText("Geef een reden.", "Give a reason.")
        problems.append(Problem(ProblemCode.REQUIRED, "/reason", detail))
    if problems:
        raise InvalidRequest(problems=problems)
    return [*([FieldRemark(reason)] if reason.strip() else []), *remarks]


def restore_identities(session: Session, sensor_ids: Sequence[UUID]) -> None:
    """Give sensors of which a change was rejected the owner and the reference of their published version again."""
    session.execute(text(_RESTORE_IDENTITY), {"ids": list(sensor_ids)})


def describe_decision(session: Session, context: ActionContext, sensor_id: UUID) -> LocalizedText:
    """The sentence that says who decided about a sensor, what and when; a name only within one's own organisation."""
    for entry in list_entries(session, subject_kind="sensor", subject_id=sensor_id, limit=1):
        done = _DONE.get(entry.action)
        if done is None:
            break
        nl, en = "Een ander", "Someone else"
        if entry.principal_id is not None and _is_colleague(session, context, entry.principal_id):
            nl, en = read_name(session, entry.principal_id)
        moments = [format_datetime(entry.recorded_at, language) for language in ("nl", "en")]
        return LocalizedText(
            f"{nl} heeft deze registratie al {done.nl}, op {moments[0]}.",
            f"{en} already {done.en}, on {moments[1]}.",
        )
    return _NOTHING_SUBMITTED


def _is_colleague(session: Session, context: ActionContext, principal_id: UUID) -> bool:
    own = {grant.organisation_id for grant in context.principal.grants}
    return principal_id == context.principal.id or any(
        grant.organisation_id in own for grant in read_grants(session, principal_id)
    )


def _lock_submission(
    session: Session, context: ActionContext, sensor_id: UUID, expected: ExpectedVersion | None
) -> SensorVersion:
    lock_sensor(session, sensor_id)
    version = get_version(session, sensor_id)
    require_reviewer(context.principal, version)
    require_not_own(session, context.principal, version)
    if version.registration_status is not RegistrationStatus.SUBMITTED:
        raise Conflict(describe_decision(session, context, sensor_id))
    check_expected_version(expected, version.number)
    return version


def _find_confirmation(session: Session, submitted: SensorVersion) -> dict[str, Any]:
    """The confirmation of the published version, where it was confirmed during the review."""
    try:
        published = get_published_version(session, submitted.sensor_id)
    except NotFound:
        return {}
    return {
        name: max(getattr(published, name), getattr(submitted, name))
        for name in ("last_confirmed_on", "confirm_by")
    }


def _decide(  # noqa: PLR0913, PLR0917 - the parts of one transition
    session: Session,
    context: ActionContext,
    submitted: SensorVersion,
    columns: dict[str, Any],
    action: Action,
    status: RegistrationStatus,
) -> SensorVersion:
    return write_version(
        session,
        context,
        submitted.sensor_id,
        columns | {"registration_status": status},
        action=action,
        current=submitted.registration_status,
    )


def _write(
    session: Session,
    context: ActionContext,
    submitted: SensorVersion,
    kind: RemarkKind,
    remarks: Sequence[FieldRemark],
) -> None:
    organisation_id = find_reviewing_organisation(context.principal, submitted)
    if organisation_id is None:
        raise NotFound
    write_remarks(
        session,
        context,
        submitted.sensor_id,
        submitted.number,
        kind,
        remarks,
        organisation_id=organisation_id,
    )


def _post(  # noqa: PLR0913, PLR0917 - the parts of one mail
    session: Session,
    context: ActionContext,
    mail: MailSite | None,
    event: ReviewEvent,
    submitted: SensorVersion,
    remarks: Sequence[FieldRemark],
) -> None:
    organisation_id = find_reviewing_organisation(context.principal, submitted)
    if organisation_id is not None:
        post_review_mail(
            session,
            mail,
            event,
            [ReviewedSensor.of(submitted)],
            organisation_id=organisation_id,
            remarks=remarks,
        )
