"""Many submissions decided about at once: the decisions about one as set-based statements.

`publish_submission`, `request_changes` and `reject_submission` do the same for one; tests hold the pairs together.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.access.context import ActionContext
from app.access.permissions import reviewed_municipalities
from app.audit.actions import record_action
from app.municipalities.queries import lock_municipalities_shared
from app.sensors.bulk.many import (
    CLOSE,
    PLACE,
    SENSORS_PER_BATCH,
    STAGED,
    Outcome,
    Refusal,
    lock_and_create_table,
    write_insert,
)
from app.sensors.change_kind import ChangeKind
from app.sensors.publication.publish import Publication, project_sensors, record_changes
from app.sensors.registration.lifecycle import Action, render_closing
from app.sensors.registration.own_submissions import Sent, find_own_submissions
from app.sensors.registration.remarks import FieldRemark
from app.sensors.registration.review import check_decision_texts, restore_identities
from app.sensors.registration.review_mail import MailSite, ReviewedSensor, ReviewEvent, post_review_mail
from app.sensors.registration.review_permissions import review_place_sql
from app.sensors.registration_status import JOIN_CURRENT_SQL, RegistrationStatus
from app.sensors.tables.reviews import RemarkKind

_S = RegistrationStatus

_COLLECT: Final = f"""
INSERT INTO staged_many
SELECT sensor.id, sensor.public_code, current.id, register.uuid7(), CAST(:status AS text),
    CASE WHEN current.id IS NULL OR current.registration_status <> '{_S.SUBMITTED}' THEN '{Refusal.NOT_SUBMITTED}'
         WHEN current.recorded_at > CAST(:seen_at AS timestamptz) THEN '{Refusal.CHANGED}' END
FROM register.sensor
LEFT JOIN {JOIN_CURRENT_SQL}
LEFT JOIN LATERAL (
    SELECT version.id FROM register.sensor_version AS version
    WHERE version.sensor_id = sensor.id ORDER BY version.number DESC LIMIT 1
) AS last ON true
JOIN register.sensor_place AS place ON place.version_id = coalesce(current.id, last.id)
WHERE sensor.id = ANY(CAST(:ids AS uuid[])) AND {review_place_sql("place")} = ANY(:municipalities)
"""

_LIST_SENT: Final = """
SELECT base.sensor_id, base.owner_id, base.import_id
FROM staged_many JOIN register.sensor_version AS base ON base.id = base_id
"""

_REFUSE_OWN: Final = f"""
UPDATE staged_many SET reason = '{Refusal.OWN_SUBMISSION}' WHERE sensor_id = ANY(CAST(:own AS uuid[]))
"""

_CLOSING: Final = {
    action: CLOSE.format(closing=render_closing((action,), "staged_many.status", "version"))
    for action in (Action.PUBLISH, Action.REQUEST_CHANGES, Action.REJECT)
}

# A confirmation during the review is that of the published version, which this moment closes.
_CONFIRMED: Final = f"""coalesce((
    SELECT greatest(base.{{name}}, replaced.{{name}}) FROM register.sensor_version AS replaced
    WHERE replaced.sensor_id = base.sensor_id AND replaced.registration_status = '{_S.PUBLISHED}'
        AND replaced.superseded_at = CAST(:moment AS timestamptz) AND CAST(:status AS text) = '{_S.PUBLISHED}'
), base.{{name}})"""

_INSERT: Final = write_insert(
    {name: _CONFIRMED.format(name=name) for name in ("last_confirmed_on", "confirm_by")}
)

_WRITE_REMARK: Final = f"""
INSERT INTO register.review_remark (sensor_id, version_number, kind, field, text, principal_id, organisation_id)
SELECT base.sensor_id, base.number, :kind, :field, :text, :principal, organisation.id
FROM staged_many
JOIN register.sensor_version AS base ON base.id = base_id
JOIN register.sensor_place AS place ON place.version_id = base.id
JOIN unnest(CAST(:codes AS text[]), CAST(:reviewing AS uuid[])) AS organisation (code, id)
    ON organisation.code = {review_place_sql("place")}
WHERE reason IS NULL ORDER BY base.sensor_id
"""

_LIST_DECIDED: Final = f"""
SELECT {review_place_sql("place")} AS code, base.sensor_id, base.owner_id, public_code, base.reference, base.name,
    base.import_id, base.removed_on IS NOT NULL AS is_removal
FROM staged_many
JOIN register.sensor_version AS base ON base.id = base_id
JOIN register.sensor_place AS place ON place.version_id = base.id
WHERE reason IS NULL ORDER BY base.sensor_id
"""


@dataclass(frozen=True, slots=True)
class _Decision:
    action: Action
    status: RegistrationStatus
    event: ReviewEvent
    remark_kind: RemarkKind | None = None


_PUBLISH: Final = _Decision(Action.PUBLISH, _S.PUBLISHED, ReviewEvent.PUBLISHED)
_REQUEST: Final = _Decision(
    Action.REQUEST_CHANGES,
    _S.CHANGES_REQUESTED,
    ReviewEvent.CHANGES_REQUESTED,
    RemarkKind.CHANGE_REQUEST,
)
_REJECT: Final = _Decision(Action.REJECT, _S.REJECTED, ReviewEvent.REJECTED, RemarkKind.REJECTION)


def publish_many(
    session: Session,
    context: ActionContext,
    sensor_ids: Collection[UUID],
    *,
    seen_at: datetime | None = None,
    mail: MailSite | None,
) -> Outcome:
    """Publish these submissions; those that changed after `seen_at`, and the principal's own, are left as they are.

    Sensors that the principal does not review are in neither list of the outcome.
    """
    return _decide(session, context, sensor_ids, _PUBLISH, (), seen_at, mail)


def request_changes_of_many(  # noqa: PLR0913 - of which, by whom and why
    session: Session,
    context: ActionContext,
    sensor_ids: Collection[UUID],
    *,
    reason: str = "",
    remarks: Sequence[FieldRemark] = (),
    seen_at: datetime | None = None,
    mail: MailSite | None,
) -> Outcome:
    """Ask for the same changes of these submissions. Raises: InvalidRequest with all problems of the texts."""
    asked = check_decision_texts(remarks, reason, reason_required=not remarks)
    return _decide(session, context, sensor_ids, _REQUEST, asked, seen_at, mail)


def reject_many(  # noqa: PLR0913 - which, by whom and why
    session: Session,
    context: ActionContext,
    sensor_ids: Collection[UUID],
    *,
    reason: str,
    remarks: Sequence[FieldRemark] = (),
    seen_at: datetime | None = None,
    mail: MailSite | None,
) -> Outcome:
    """Reject these submissions for one reason. Raises: InvalidRequest with all problems of the texts."""
    given = check_decision_texts(remarks, reason, reason_required=True)
    return _decide(session, context, sensor_ids, _REJECT, given, seen_at, mail)


def _decide(  # noqa: PLR0913, PLR0917 - the parts of one decision
    session: Session,
    context: ActionContext,
    sensor_ids: Collection[UUID],
    decision: _Decision,
    remarks: Sequence[FieldRemark],
    seen_at: datetime | None,
    mail: MailSite | None,
) -> Outcome:
    values: dict[str, Any] = {
        "ids": sorted(sensor_ids),
        "status": decision.status,
        "seen_at": seen_at,
        "municipalities": list(reviewed_municipalities(context.principal)),
    }
    lock_municipalities_shared(session)
    lock_and_create_table(session, values["ids"])
    session.execute(text(_COLLECT), values)
    _refuse_own(session, context)
    session.execute(text("ANALYZE staged_many"))
    values["moment"] = session.execute(text("SELECT clock_timestamp()")).scalar_one()
    for statement in (_CLOSING[decision.action], _INSERT, PLACE):
        session.execute(text(statement), values)
    staged = session.execute(text(STAGED)).all()
    changed = [row for row in staged if row.reason is None]
    if decision is _REJECT:
        restore_identities(session, [row.sensor_id for row in changed])
    reviewing = _find_organisations(context)
    _write_remarks(session, context, decision, remarks, reviewing)
    publication = Publication()
    if decision is _PUBLISH:
        for start in range(0, len(changed), SENSORS_PER_BATCH):
            batch = [row.sensor_id for row in changed[start : start + SENSORS_PER_BATCH]]
            project_sensors(session, batch, publication, kind=ChangeKind.AMENDED)
    if changed:
        record_action(
            session,
            principal_id=context.principal.id,
            action=f"{decision.action}_sensor",
            subject_kind="sensor",
            subject_ids=[row.sensor_id for row in changed],
            details={"sensors": len(changed)},
            request_id=context.request_id,
        )
    _post(session, mail, decision, remarks, reviewing)
    record_changes(session, publication)
    return Outcome(
        tuple(row.public_code for row in changed),
        tuple((row.public_code, Refusal(row.reason)) for row in staged if row.reason is not None),
    )


def _refuse_own(session: Session, context: ActionContext) -> None:
    """Leave to others what the principal sent, or what is of an organisation that it registers for."""
    sent = [Sent(*row) for row in session.execute(text(_LIST_SENT))]
    own = find_own_submissions(session, context.principal, sent)
    session.execute(text(_REFUSE_OWN), {"own": list(own)})


def _find_organisations(context: ActionContext) -> dict[str, UUID]:
    """The municipalities that the principal reviews for, by code."""
    return {
        grant.municipality_code: grant.organisation_id
        for grant in context.principal.grants
        if grant.role == "reviewer" and grant.municipality_code and grant.organisation_id
    }


def _write_remarks(
    session: Session,
    context: ActionContext,
    decision: _Decision,
    remarks: Sequence[FieldRemark],
    reviewing: dict[str, UUID],
) -> None:
    for remark in remarks:
        session.execute(
            text(_WRITE_REMARK),
            {
                "kind": decision.remark_kind,
                "field": remark.field,
                "text": remark.text.strip(),
                "principal": context.principal.id,
                "codes": list(reviewing),
                "reviewing": list(reviewing.values()),
            },
        )


def _post(
    session: Session,
    mail: MailSite | None,
    decision: _Decision,
    remarks: Sequence[FieldRemark],
    reviewing: dict[str, UUID],
) -> None:
    if mail is None:
        return
    decided: dict[str, list[ReviewedSensor]] = {}
    for code, *sensor in session.execute(text(_LIST_DECIDED)):
        decided.setdefault(code, []).append(ReviewedSensor(*sensor))
    for code, sensors in decided.items():
        post_review_mail(
            session, mail, decision.event, sensors, organisation_id=reviewing[code], remarks=remarks
        )
